"""The deviations report: which stages differ from their reference beyond chance, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.groups import GROUPS, Label, labels
from salestui.analytics.measures import ratio
from salestui.analytics.past import known_on
from salestui.analytics.periods import stepped, this
from salestui.analytics.pipelines import Pipeline, chosen, read_pipelines
from salestui.analytics.report import Cell, Column, Interval, Report, share_interval
from salestui.analytics.scope import Scope, asked
from salestui.analytics.selling.winning import OVERLAP
from salestui.analytics.stages.against import AGAINST, SAME_MONTHS
from salestui.analytics.stages.comparison import (
    A_YEAR,
    Case,
    bounds,
    judged,
    measured_from,
)
from salestui.analytics.stages.decisions import Decision, Shares, by_stage, decisions, has_more
from salestui.analytics.stages.deviation import LEAST_DEALS
from salestui.analytics.stages.hints import evidence, hint, no_difference, unknown_swings
from salestui.analytics.stages.reference import (
    ALL,
    ENOUGH,
    MEASURED,
    Funnel,
    by_hand,
    kept,
    measured,
    priced,
    stood_in,
)
from salestui.analytics.stages.same_months import SameMonths, same_months
from salestui.analytics.stages.unlike import unlike
from salestui.analytics.stages.unnoted import Passed, unnoted_words
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.text import Period

SPAN = 28
"""Days that are compared unless a period is asked for: four whole weeks."""

METHOD = (
    "Of the deals for which a stage was decided in the period, the share that went on, beside the "
    "reference. Usual: where 9 in 10 such periods lie, by how much earlier ones swung "
    "(beta-binomial). Chance: how often a gap like this comes by itself. A stage differs with at "
    "least 20 deals and 5 points, chance below 5 % and, over all stages, a false-discovery rate (q) "
    "below 10 %. Missing: deals that the reference rate would have brought further, and their wins."
)

_FIGURES = (
    Column("verdict", "Verdict", "text"),
    Column("decided", "Decided", "count"),
    Column("passed", "Went on", "count", is_extra=True),
    Column("share", "Share", "ratio"),
    Column("reference", "Ref.", "ratio"),
    Column("usual", "Usual", "interval"),
    Column("gap", "Gap", "ratio", is_extra=True),
    Column("chance", "Chance", "ratio", is_extra=True),
    Column("q", "q", "ratio", is_extra=True),
    Column("missing", "Missing", "count"),
)


def deviations(
    reader: Reader, scope: Scope, by: str | None = None, *, against: str = "reference"
) -> Report:
    """The stages of the period beside the reference; `by` rep, product …: who is unlike the whole.

    Raises `Refused` for a word that is no reference, and for a period that has not begun.
    """
    if by is not None:
        return unlike(reader, scope, by)
    if against not in AGAINST:
        raise Refused(f"Compare with one of {', '.join(AGAINST)}.")
    scope = recent(scope, is_by_month=against == SAME_MONTHS)
    pipelines = [each for each in read_pipelines(reader) if each.is_live and each.before_sale]
    pipelines = list(chosen(pipelines, scope.pipeline_id))
    with known_on(reader, scope.as_of) as then:
        alike = None if against != SAME_MONTHS else same_months(then, scope.period, scope.as_of)
        same = alike if isinstance(alike, SameMonths) else None
        found = _decided(then, scope, pipelines, same)
        funnels = _funnels(reader, then, scope, pipelines, against, same)
        cases = judged(pipelines, found, funnels, scope.period, against, same)
        flagged = [case for case in cases if case.is_flagged]
        known = evidence(reader, then, scope) if flagged else None
        words = [hint(case, known) for case in flagged if known is not None]
    shares = by_stage(found)
    for pipeline in pipelines:
        passed = ((stage.name, shares.get(stage.id, Shares())) for stage in pipeline.before_sale)
        words += unnoted_words(pipeline.name, [Passed(n, s.passed, s.lost) for n, s in passed])
    words += stood_in(funnels.values(), alike)
    if same is not None and same.pooled is not None:
        words.append(same.pooled)
    return _report(scope, cases, funnels, _named(funnels, against, same), words)


def _decided(
    then: Reader, scope: Scope, pipelines: Sequence[Pipeline], same: SameMonths | None
) -> list[Decision]:
    """The decisions of the period and the year before it, or all before it where that is too little."""
    first, last = bounds(scope.period)
    begin = first - A_YEAR
    found = decisions(then, replace(scope, period=Period(begin, last, "")))
    usable = found if same is None else [each for each in found if same.has(each.day)]
    earlier = by_stage(usable, Period(None, first - timedelta(days=1), ""))
    stages = [stage.id for pipeline in pipelines for stage in pipeline.before_sale]
    few = [key for key in stages if earlier.get(key, Shares()).deals < ENOUGH]
    if any(has_more(then, key, begin) for key in few):
        return decisions(then, replace(scope, period=Period(None, last, "")))
    return found


def recent(scope: Scope, *, is_by_month: bool = False) -> Scope:
    """The scope with a period that can be compared: the last four weeks unless one was asked for.

    With `is_by_month` the last whole month: four weeks mostly lie in two, which may differ.
    """
    if scope.period.first is None or scope.period.last is None:
        if is_by_month:
            month = this("month", scope.as_of)
            is_whole = month.last == scope.as_of
            return replace(scope, period=month if is_whole else stepped(month, -1))
        first = scope.as_of - timedelta(days=SPAN - 1)
        return replace(scope, period=Period(first, scope.as_of, f"{first}..{scope.as_of}"))
    if scope.period.first > scope.as_of:
        raise Refused(f"{scope.period.label} has not begun on {scope.as_of.isoformat()}.")
    return scope


def _funnels(
    reader: Reader,
    then: Reader,
    scope: Scope,
    pipelines: Sequence[Pipeline],
    against: str,
    same: SameMonths | None,
) -> dict[str, Funnel]:
    """What each pipeline is compared with, or has its wins and values from: kept, or measured now."""
    if against == "template":
        own = {each.id: Funnel(each, by_hand(each), is_template=True) for each in pipelines}
        own |= kept(reader, pipelines, scope.as_of, is_template=True)
    else:
        own = kept(reader, pipelines, scope.as_of) if against == "reference" else {}
    silent = [each for each in pipelines if each.id not in own or not own[each.id].is_priced]
    found = measured(then, scope, silent, bounds(scope.period)[0], same) if silent else []
    for each in found:
        known = own.get(each.pipeline.id)
        own[each.pipeline.id] = each if known is None else priced(known, each)
    return own


def _report(
    scope: Scope,
    cases: Sequence[Case],
    funnels: Mapping[str, Funnel],
    beside: str,
    words: Sequence[str],
) -> Report:
    used = sorted({currency for case in cases for currency in case.cost})
    is_many = len(funnels) > 1
    is_any = any(case.is_flagged for case in cases)
    said = (
        None if is_any else no_difference(cases),
        *words,
        _window(cases, funnels.values(), scope.period),
        unknown_swings(cases, scope.period),
    )
    return Report(
        name="deviations",
        title=f"Deviations from the {beside}",
        **asked(scope),
        columns=tuple(_columns(used, is_many=is_many)),
        rows=tuple(tuple(_cells(case, used, is_many=is_many)) for case in cases),
        totals={},
        n=sum(case.now.deals for case in cases),
        method=METHOD,
        warnings=tuple(text for text in said if text is not None),
        subjects=tuple(
            Behind("decided", pipeline_id=case.pipeline.id, stage_id=case.stage.id)
            for case in cases
        ),
    )


def _window(cases: Sequence[Case], funnels: Iterable[Funnel], period: Period) -> str | None:
    """The days that the reference was measured from, which are none of those compared."""
    sources = {case.source for case in cases}
    parts = [
        f"{each.period.label} ({each.name})"
        for each in funnels
        if each.number is not None and each.period.label
    ]
    near = measured_from(period)
    if MEASURED in sources and near is not None:
        length = "period" if near.label == "1" else "periods of this length"
        parts.append(f"{near.first}..{near.last}, the {near.label} {length} before")
    if ALL in sources:
        parts.append(
            f"all that was decided before {bounds(period)[0]} for stages with fewer than {ENOUGH} "
            "decided deals in the 12 months before"
        )
    return f"The reference is measured from {'; '.join(dict.fromkeys(parts))}." if parts else None


def _named(funnels: Mapping[str, Funnel], against: str, same: SameMonths | None) -> str:
    if same is not None:
        return f"reference, {same.name}"
    if against.startswith("last-"):
        return "period before" if against == "last-period" else "same period last year"
    names = {funnel.name for funnel in funnels.values()}
    name = next(iter(names)) if len(names) == 1 else ""
    if name == "measured":
        return "measured reference"
    if name.startswith("version"):
        return f"reference, {name}"
    return name or "reference"


def _columns(used: Sequence[str], *, is_many: bool) -> Iterator[Column]:
    if is_many:
        yield Column("pipeline", "Pipeline", "text")
    yield Column("stage", "Stage", "text")
    yield Column("source", "From", "text", is_extra=True)
    yield from _FIGURES
    yield from amounts.amount_columns("missing_sum", "In wins", used)


def _cells(case: Case, used: Sequence[str], *, is_many: bool) -> Iterator[Cell]:
    verdict = case.verdict
    if is_many:
        yield case.pipeline.name
    yield case.stage.name
    yield case.source
    yield _verdict(case)
    yield case.now.deals
    yield case.now.passed
    yield None if verdict is None else verdict.share
    yield None if case.reference is None else case.reference.share
    yield None if verdict is None else Interval(*verdict.usual)
    yield None if verdict is None else verdict.gap
    yield None if verdict is None else verdict.p
    yield None if verdict is None else verdict.q
    yield round(case.missing) if case.is_flagged else None
    cost = case.cost if case.is_flagged else {}
    yield from (cost_cell(cost, currency) for currency in used)


def cost_cell(cost: Mapping[str, int], currency: str) -> Cell:
    """An amount that may be unknown, in its own currency."""
    return amounts.own_cells(cost.get(currency), currency, (currency,))[0]


def _verdict(case: Case) -> str | None:
    verdict = case.verdict
    if verdict is None:
        return None
    if verdict.is_flagged:
        return "lower" if verdict.gap < 0 else "higher"
    if verdict.reference.swing is None:
        return "unjudged"
    return "too few" if verdict.deals < LEAST_DEALS else "usual"


def decided_by_rep(reader: Reader, scope: Scope, behind: Behind) -> Report:
    """A row of the report, rep by rep."""
    group = GROUPS["rep"]
    label = labels(reader, group, scope.as_of)
    found: dict[Label, Shares] = {}
    whole = Shares()
    with known_on(reader, scope.as_of) as then:
        for each in decisions(then, scope, "owner_id"):
            if each.stage_id == behind.stage_id:
                found.setdefault(label(each.group), Shares()).add(each)
                whole.add(each)
    ordered = sorted(found, key=lambda each: (not each[0], -found[each].deals, each[1]))
    columns = (
        Column("decided", "Decided", "count"),
        Column("passed", "Went on", "count"),
        Column("lost", "Lost", "count"),
        Column("share", "Share", "ratio"),
        Column("interval", "95 %", "interval"),
    )
    return Report(
        name="deviations",
        title="Decided",
        **asked(scope),
        columns=(Column("rep", "Rep", "text"), *columns),
        rows=tuple((each[1], *_shares(found[each])) for each in ordered),
        totals=dict(zip((each.key for each in columns), _shares(whole), strict=True)),
        n=whole.deals,
        method="Of the deals for which the stage was decided in the period, the share that went on.",
        warnings=(OVERLAP,) if len(ordered) > 1 else (),
        subjects=tuple(behind.of_owner(each[0] or None) for each in ordered),
    )


def _shares(shares: Shares) -> tuple[Cell, ...]:
    share = ratio(shares.passed, shares.deals)
    interval = share_interval(shares.passed, shares.deals)
    return (shares.deals, shares.passed, shares.lost, share, interval)
