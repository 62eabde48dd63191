"""The reps who won most: what they do stands beside what the others do, and need not be why they win."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from salestui.analytics.facts import closed
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.scope import Scope
from salestui.analytics.selling.winning import stages_of
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader

LEAST_REPS = 4
"""Reps who won something from which a third of them is more than one person's way."""

_CURRENCY = """
SELECT currency FROM deal WHERE outcome = 'won' AND deleted_at IS NULL
GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
"""


def best_third(won: Mapping[str, int]) -> list[str]:
    """The third of those who won anything that won most; at least one."""
    ranked = sorted((key for key in won if won[key] > 0), key=lambda key: (-won[key], key))
    return ranked[: max(round(len(ranked) / 3), 1)]


def main_currency(then: Reader) -> str:
    """The currency that most deals were won in: amounts of others are not compared."""
    return str(then.value(_CURRENCY) or "")


def best_sellers(reader: Reader, scope: Scope) -> tuple[list[str], int]:
    """The best third of all reps by what they won in the scope's days, and of how many; ([], …) of few."""
    whole = replace(scope, owner_ids=None)
    won: Counter[str] = Counter()
    with known_on(reader, scope.as_of) as then:
        currency = main_currency(then)
        stage_ids = stages_of(read_pipelines(reader), whole)
        for fact in closed(then, whole, ("owner_id",), stage_ids=stage_ids):
            if fact.outcome == Outcome.WON and fact.currency == currency and fact.groups[0]:
                won[str(fact.groups[0])] += fact.amount
    count = sum(amount > 0 for amount in won.values())
    return (best_third(won) if count >= LEAST_REPS else []), count
