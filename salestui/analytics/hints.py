"""What a meeting should hear of a stage that differs: figures, chance, cost, and where to look first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from salestui.analytics.comparison import Case
from salestui.analytics.decisions import Shares, decisions
from salestui.analytics.deviation import LEAST_DEALS, LEAST_GAP, MOST_FALSE, unlike_the_rest
from salestui.analytics.facts import closed
from salestui.analytics.groups import GROUPS, labels
from salestui.analytics.reference import year_before
from salestui.analytics.scope import Scope
from salestui.store.reader import Reader
from salestui.text import format_money

_LEAST_REASONS = 5
_MOST_REASONS = 2


def sentence(case: Case) -> str:
    """The stage in words. It "differs": what it comes from, figures cannot tell."""
    verdict = case.verdict
    assert verdict is not None
    low, high = verdict.usual
    parts = [
        f"{case.stage.name} → {case.following} differs: {verdict.passed} of {verdict.deals} "
        f"({_percent(verdict.share)}), reference {_percent(verdict.reference.share)}, usual 90 % "
        f"range {100 * low:.0f}–{100 * high:.0f} %.",
        f"A gap this size happens by chance {_times(verdict.p)} in 100.",
    ]
    count = round(abs(case.missing))
    if count:
        more = "more" if case.missing > 0 else "fewer"
        cost = " and ".join(
            format_money(abs(minor), currency) for currency, minor in case.cost.items() if minor
        )
        worth = f", about {cost} in later wins" if cost else ""
        parts.append(f"At the reference rate: {count} {more} to {case.following}{worth}.")
    return " ".join(parts)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _times(p: float) -> str:
    times = round(100 * p)
    return "less than once" if p < 0.005 else "once" if times <= 1 else f"{times} times"


def hint(reader: Reader, then: Reader, scope: Scope, case: Case) -> str:
    """The sentence, the reasons that rose, and who or what in the stage differs by a test of its own."""
    parts = [sentence(case)]
    risen = list(_risen(reader, then, scope, case))
    if risen:
        parts.append(f"Reasons that rose: {', '.join(risen)}.")
    first = [
        *_unlike(reader, then, scope, case, "rep"),
        *_unlike(reader, then, scope, case, "product"),
    ]
    if first:
        parts.append(f"Look first at: {', '.join(first)}.")
    return " ".join(parts)


def _risen(reader: Reader, then: Reader, scope: Scope, case: Case) -> Iterator[str]:
    """Reasons of the stage's losses with a share at least 5 points above that of the year before."""
    first = scope.period.first
    if first is None:
        return
    now = _reasons(then, scope, case)
    before = _reasons(then, replace(scope, period=year_before(first)), case)
    if not sum(before.values()):
        return
    name = labels(reader, GROUPS["reason"])
    shares = {
        key: (before.get(key, 0) / sum(before.values()), count / sum(now.values()))
        for key, count in now.items()
        if key is not None and count >= _LEAST_REASONS
    }
    risen = sorted(shares.items(), key=lambda item: item[1][0] - item[1][1])
    for key, (was, is_now) in risen[:_MOST_REASONS]:
        if is_now - was >= LEAST_GAP:
            yield f"{name(key)[1]} {_percent(was)} → {_percent(is_now)}"


def _reasons(then: Reader, scope: Scope, case: Case) -> dict[str | None, int]:
    """The stage's losses by reason, by the day of closing."""
    found: dict[str | None, int] = {}
    inside = replace(scope, pipeline_id=case.pipeline.id)
    for fact in closed(then, inside, stage_ids=(case.stage.id,)):
        if fact.outcome == "lost":
            found[fact.reason_id] = found.get(fact.reason_id, 0) + fact.count
    return found


def _unlike(reader: Reader, then: Reader, scope: Scope, case: Case, by: str) -> list[str]:
    """Reps or products whose own share in the stage differs from the others', in its direction.

    Nobody is named without a test of their own that holds among all of them.
    """
    group = GROUPS[by]
    label = labels(reader, group)
    shares: dict[tuple[str, str], Shares] = {}
    for each in decisions(then, scope, group.column):
        key = label(each.group)
        if each.stage_id == case.stage.id and key[0]:
            shares.setdefault(key, Shares()).add(each)
    listed = list(shares.items())
    return list(_named(listed, case))


def _named(listed: Sequence[tuple[tuple[str, str], Shares]], case: Case) -> Iterator[str]:
    whole = case.now.passed / case.now.deals
    qs = unlike_the_rest([(each.passed, each.deals) for _, each in listed], least=LEAST_DEALS)
    for (label, each), q in zip(listed, qs, strict=True):
        gap = whole - each.passed / each.deals
        if q is not None and q < MOST_FALSE and gap * case.missing > 0 and abs(gap) >= LEAST_GAP:
            yield f"{label[1]} ({each.passed} of {each.deals})"


def no_difference(cases: Sequence[Case]) -> str:
    """What to say where nothing is flagged, and how much would have been seen."""
    tested = [case.verdict for case in cases if case.verdict is not None]
    if not tested:
        return "Nothing was decided in this period that could be compared."
    largest = max(tested, key=lambda verdict: verdict.deals)
    return (
        "No stage differs from the reference beyond chance; with "
        f"{largest.deals:,} deals only gaps over {100 * max(largest.visible, LEAST_GAP):.0f} points "
        "would be visible."
    )


UNKNOWN_SWINGS = (
    "Fewer than 4 earlier periods are known, so nothing is flagged: chance is that of two plain "
    "shares, not corrected for usual week-to-week swings."
)
