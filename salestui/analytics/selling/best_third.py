"""The reps who won most: what they do stands beside what the others do, and need not be why they win."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from salestui.analytics.facts import Closed, closed
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.scope import Scope
from salestui.analytics.selling.winning import stages_of
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader

LEAST_REPS = 4
"""Reps who won something from which a best third is told: of fewer it is one person out of two or three."""

_CURRENCY = """
SELECT currency FROM deal WHERE outcome = 'won' AND deleted_at IS NULL
GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
"""


def best_third(won: Mapping[str, int]) -> list[str]:
    """The third of those who won anything that won most; nobody where they are too few."""
    ranked = sorted((key for key in won if won[key] > 0), key=lambda key: (-won[key], key))
    return ranked[: round(len(ranked) / 3)] if len(ranked) >= LEAST_REPS else []


def amounts_won(currency: str, facts: Iterable[Closed]) -> Counter[str]:
    """What each rep won, of facts grouped by owner first; amounts in other currencies are left out."""
    won: Counter[str] = Counter()
    for fact in facts:
        if fact.outcome == Outcome.WON and fact.currency == currency and fact.groups[0]:
            won[str(fact.groups[0])] += fact.amount
    return won


def main_currency(then: Reader) -> str:
    """The currency that most deals were won in: amounts of others are not compared."""
    return str(then.value(_CURRENCY) or "")


def best_sellers(reader: Reader, scope: Scope) -> tuple[list[str], int]:
    """The best third of all reps by what they won in the scope's days, and of how many; ([], …) of few."""
    whole = replace(scope, owner_ids=None)
    with known_on(reader, scope.as_of) as then:
        stage_ids = stages_of(read_pipelines(reader), whole)
        won = amounts_won(
            main_currency(then), closed(then, whole, ("owner_id",), stage_ids=stage_ids)
        )
    return best_third(won), sum(amount > 0 for amount in won.values())
