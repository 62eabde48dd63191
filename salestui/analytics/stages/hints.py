"""What a meeting should hear of a stage that differs: figures, chance, cost, and where to look first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from salestui.analytics.facts import Value, closed
from salestui.analytics.groups import GROUPS, Group, Label, labels
from salestui.analytics.periods import to_next
from salestui.analytics.scope import Scope
from salestui.analytics.stages.comparison import Case
from salestui.analytics.stages.decisions import Shares, decisions
from salestui.analytics.stages.deviation import (
    LEAST_DEALS,
    LEAST_GAP,
    MOST_FALSE,
    is_wide,
    unlike_the_rest,
)
from salestui.analytics.stages.reference import year_before
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader
from salestui.text import Period, about_money

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
            about_money(abs(minor), currency) for currency, minor in case.cost.items() if minor
        )
        worth = f", about {cost} in later wins" if cost else ""
        parts.append(f"At the reference rate: {count} {more} to {case.following}{worth}.")
    return " ".join(parts)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _times(p: float) -> str:
    times = round(100 * p)
    return "less than once" if p < 0.005 else "once" if times <= 1 else f"{times} times"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is to know beside the shares: by stage, who and what was decided, and why it was lost."""

    units: Mapping[str, Mapping[str, Sequence[tuple[str, Shares]]]]
    """"rep" or "product" -> stage -> (name, shares)."""
    reasons: Mapping[str, Counter[str]]
    before: Mapping[str, Counter[str]]
    """Stage -> losses by reason, in the period and in the year before it."""


def evidence(reader: Reader, then: Reader, scope: Scope) -> Evidence:
    """Each fact read once, for all stages. `then` reads what was known as of a day."""
    first = scope.period.first
    earlier = scope if first is None else replace(scope, period=year_before(first))
    label = labels(reader, GROUPS["reason"])
    return Evidence(
        {by: _units(reader, then, scope, GROUPS[by]) for by in ("rep", "product")},
        _reasons(then, scope, label),
        _reasons(then, earlier, label),
    )


def _units(
    reader: Reader, then: Reader, scope: Scope, group: Group
) -> dict[str, list[tuple[str, Shares]]]:
    label = labels(reader, group, scope.as_of)
    shares: defaultdict[tuple[str, Label], Shares] = defaultdict(Shares)
    for each in decisions(then, scope, group.column):
        key = label(each.group)
        if key[0]:
            shares[each.stage_id, key].add(each)
    found: dict[str, list[tuple[str, Shares]]] = {}
    for (stage_id, key), counted in shares.items():
        found.setdefault(stage_id, []).append((key[1], counted))
    return found


def _reasons(
    then: Reader, scope: Scope, label: Callable[[Value], Label]
) -> dict[str, Counter[str]]:
    """The losses by stage left and reason, by the day of closing; those without a reason as ""."""
    found: dict[str, Counter[str]] = {}
    for fact in closed(then, replace(scope, pipeline_id=None)):
        if fact.outcome == Outcome.LOST:
            name = label(fact.reason_id)[1] if fact.reason_id is not None else ""
            found.setdefault(fact.stage_id, Counter())[name] += fact.count
    return found


def hint(case: Case, known: Evidence) -> str:
    """The sentence, the reasons that rose, and who or what in the stage differs by a test of its own."""
    key = case.stage.id
    parts = [sentence(case)]
    risen = list(_risen(known.reasons.get(key, Counter()), known.before.get(key, Counter())))
    if risen and case.missing > 0:
        parts.append(f"Reasons that rose: {', '.join(risen)}.")
    unlike = [name for units in known.units.values() for name in _named(units.get(key, ()), case)]
    if unlike:
        parts.append(f"Look first at: {', '.join(unlike)}.")
    return " ".join(parts)


def _risen(now: Counter[str], before: Counter[str]) -> Iterator[str]:
    """Reasons given at least 5 times whose share of the losses is 5 points above the year before."""
    if not before:
        return
    shares = {
        name: (before[name] / before.total(), count / now.total())
        for name, count in now.items()
        if name and count >= _LEAST_REASONS
    }
    risen = sorted(shares.items(), key=lambda item: item[1][0] - item[1][1])
    for name, (was, is_now) in risen[:_MOST_REASONS]:
        if is_now > was and is_wide(is_now - was):
            yield f"{name} {_percent(was)} → {_percent(is_now)}"


def _named(listed: Sequence[tuple[str, Shares]], case: Case) -> Iterator[str]:
    """Those whose own share differs from that of all, in the direction of the stage.

    Nobody is named without a test of their own that holds among all of them.
    """
    whole = case.now.passed / case.now.deals
    qs = unlike_the_rest([(each.passed, each.deals) for _, each in listed], least=LEAST_DEALS)
    for (name, each), q in zip(listed, qs, strict=True):
        gap = whole - each.passed / each.deals
        if q is not None and q < MOST_FALSE and gap * case.missing > 0 and is_wide(gap):
            yield f"{name} ({each.passed} of {each.deals})"


def no_difference(cases: Sequence[Case]) -> str | None:
    """What to say where nothing is flagged, and how much would have been seen; of judged stages only."""
    tested = [case.verdict for case in cases if case.verdict is not None]
    if not tested:
        return "Nothing was decided in this period that could be compared."
    judged = [verdict for verdict in tested if verdict.reference.swing is not None]
    if not judged:
        return None
    largest = max(judged, key=lambda verdict: verdict.deals)
    if largest.deals < LEAST_DEALS:
        return (
            f"Too few deals to judge a stage: {largest.deals} at most, {LEAST_DEALS} are needed "
            "before a gap is named."
        )
    share, visible = largest.reference.share, max(largest.visible, LEAST_GAP)
    seen = (
        f"only gaps over {100 * visible:.0f} points would be visible."
        if visible < max(share, 1 - share)
        else "no gap would be visible."
    )
    return f"No stage differs from the reference beyond chance; with {largest.deals:,} deals {seen}"


def unknown_swings(cases: Sequence[Case], period: Period) -> str | None:
    """Which stages of the period cannot be judged, for nobody knows yet how they swing."""
    tested = [case for case in cases if case.verdict is not None]
    blind = [
        case.stage.name
        for case in tested
        if case.verdict is not None and case.verdict.reference.swing is None
    ]
    if not blind:
        return None
    where = "" if len(blind) == len(tested) else f"{', '.join(dict.fromkeys(blind))}: "
    return (
        f"{where}{'f' if where else 'F'}ewer than 4 earlier periods are known, so nothing is flagged"
        f"{' there' if where else ''}: chance is that of two plain shares, not corrected for usual "
        f"{to_next(period)} swings."
    )
