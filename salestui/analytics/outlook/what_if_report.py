"""What-if as a report: what each change alone, and all of them together, would make of a forecast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from salestui.analytics.outlook import forecasting
from salestui.analytics.outlook.ground import ground_of, longest_begun
from salestui.analytics.outlook.whatif import (
    ASSUMED,
    LEAST,
    MOST,
    NONE_NEW,
    NOTHING,
    Change,
    Ground,
    learning,
    sellers_between,
    shares_on,
    together,
    what_if,
)
from salestui.analytics.rendering.wording import percent
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked
from salestui.errors import Refused
from salestui.queries.names import find_stage_anywhere
from salestui.store.reader import Reader
from salestui.text import inert, so_many

_MORE = 1.1
"""What is tried where nothing was asked for: a tenth more, or less time, and one seller."""

_METHOD = (
    "The forecast of the period with one thing changed, and where several are, at the end with all of them. "
    "Of a stage it is the share of deals that goes on from it. " + ASSUMED
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The changes asked for, as factors; `stages` by the names typed. `sellers` are so many more or fewer."""

    conversion: float | None = None
    stages: tuple[tuple[str, float], ...] = ()
    size: float | None = None
    cycle: float | None = None
    arrivals: float | None = None
    sellers: int | None = None

    @property
    def factors(self) -> tuple[float, ...]:
        """All that were named."""
        named = (self.conversion, self.size, self.cycle, self.arrivals)
        return (*(each for each in named if each is not None), *(each for _, each in self.stages))


def what_if_report(
    reader: Reader, scope: Scope, by: str | None = None, *, wanted: Wanted | None = None
) -> Report:
    """The report of the scope's period, or of the longest forecast that has begun.

    Without anything `wanted`, what a tenth more of each would bring. Raises `Refused` for a stage that
    there is none of or whose conversion is not known, and for factors beyond those of the sliders.
    """
    if by is not None:
        raise Refused("What-if is of all deals together: narrow it by --owner, --team or --only.")
    stages = () if wanted is None else _stages_of(reader, scope, wanted)
    for factor in () if wanted is None else wanted.factors:
        _refuse_beyond(factor)
    period = longest_begun(scope, forecasting.periods_of(scope))
    studies = forecasting.studies_in(reader, scope)
    made = forecasting.forecasts_of(scope, [(study, period) for study in studies])
    grounds = [
        ground_of(reader, scope, study, period, each)
        for study, (_, each) in zip(studies, made, strict=True)
        if each.is_known and each.is_priced
    ]
    several = len(grounds) > 1
    rows: list[tuple[Cell, ...]] = []
    for ground in grounds:
        changes = list(_tenths(ground) if wanted is None else _changes(ground, wanted, stages))
        rows += _rows(ground, changes, several=several)
    lead = (Column("currency", "Currency", "text"),) if several else ()
    return Report(
        name="what-if",
        title="What if",
        **asked(replace(scope, period=period)),
        columns=(*lead, *_COLUMNS),
        rows=tuple(rows),
        totals={},
        n=forecasting.counted(made),
        method=_METHOD,
        warnings=(
            *forecasting.cautions_of(made),
            *_warnings(grounds, has_new=wanted is None or (wanted.sellers or 0) > 0),
        ),
    )


_COLUMNS = (
    Column("change", "Change", "text"),
    Column("now", "Now", "text"),
    Column("then", "Then", "text"),
    Column("forecast", "Forecast", "money"),
    Column("difference", "Difference", "money"),
    Column("share", "Of it", "ratio"),
)

_Named = tuple[str, str, str, Change]
"""What is changed, from what to what."""


def _rows(
    ground: Ground, changes: Sequence[_Named], *, several: bool
) -> Iterator[tuple[Cell, ...]]:
    currency = ground.study.currency
    as_is = ground.won + ground.value
    lead = (currency,) if several else ()
    yield (*lead, "as things are", None, None, Money(round(as_is), currency), None, None)
    if len(changes) > 1:
        whole = together(change for *_, change in changes)
        changes = [*changes, ("all of these", "", "", whole)]
    for label, now, then, change in changes:
        made = ground.won + what_if(ground, change)
        more = Money(round(made) - round(as_is), currency)
        share = more.minor / as_is if as_is > 0 else None
        yield (
            *lead, label, now or None, then or None, Money(round(made), currency), more, share,
        )  # fmt: skip


def _tenths(ground: Ground) -> Iterator[_Named]:
    for code, name in ground.stages:
        yield _of_stage(ground, code, name, _MORE)
    if not ground.stages:
        yield _factor("conversion of all deals", "conversion", _MORE)
    yield _factor("deal size", "size", _MORE)
    yield _factor("days a deal takes", "cycle", 2.0 - _MORE)
    yield _factor("deals each seller brings in", "arrivals", _MORE)
    if ground.sellers:
        yield _of_sellers(ground, 1)


def _changes(
    ground: Ground, wanted: Wanted, stages: Sequence[tuple[str, str, float]]
) -> Iterator[_Named]:
    known = {
        ground.study.events.names.stages[code].id: (code, name) for code, name in ground.stages
    }
    for stage_id, typed, factor in stages:
        if stage_id not in known:
            raise Refused(
                f"What share of the deals goes on from {inert(typed)[:40]} is not known here: too few "
                "were decided in it on a known day. --conversion +10% is of all deals."
            )
        yield _of_stage(ground, *known[stage_id], factor)
    if wanted.conversion is not None:
        yield _factor("conversion of all deals", "conversion", wanted.conversion)
    if wanted.size is not None:
        yield _factor("deal size", "size", wanted.size)
    if wanted.cycle is not None:
        yield _factor("days a deal takes", "cycle", wanted.cycle)
    if wanted.arrivals is not None:
        yield _factor("deals each seller brings in", "arrivals", wanted.arrivals)
    if wanted.sellers is not None:
        yield _of_sellers(ground, wanted.sellers)


def _stages_of(reader: Reader, scope: Scope, wanted: Wanted) -> tuple[tuple[str, str, float], ...]:
    """Key and name of each stage that was named, and its factor."""
    found = []
    for typed, factor in wanted.stages:
        stage = find_stage_anywhere(reader, typed, scope.pipeline_id)[1]
        found.append((stage.id, stage.name, factor))
    return tuple(found)


def _of_stage(ground: Ground, code: int, name: str, factor: float) -> _Named:
    change = Change(stages={code: factor})
    now, then = shares_on(ground, change, code)
    return name, percent(now), percent(then), change


def _factor(label: str, name: str, factor: float) -> _Named:
    change = Change(**{name: factor})  # type: ignore[arg-type]
    return label, "100 %", f"{100 * factor:.0f} %", change


def _refuse_beyond(factor: float) -> None:
    if not LEAST <= factor <= MOST:
        asked_for = f"{100 * factor:,.2f}".rstrip("0").rstrip(".")
        raise Refused(
            f"{asked_for}% of what is now is beyond what is reckoned with: name {100 * LEAST:.0f}% to "
            f"{100 * MOST:.0f}%, or more and less of it as +10% and -10%."
        )


def _of_sellers(ground: Ground, more: int) -> _Named:
    fewest, most = sellers_between(ground)
    if not fewest <= more <= most:
        raise Refused(
            f"Of {so_many(ground.sellers, 'seller')} {more:+,d} is beyond what is reckoned with, {fewest} "
            f"to +{most}: one at least takes over what leavers have open."
        )
    return "sellers", str(ground.sellers), str(ground.sellers + more), Change(sellers=more)


def _warnings(grounds: Sequence[Ground], *, has_new: bool) -> Iterator[str]:
    for ground in grounds:
        head = f"{ground.study.currency}: " if len(grounds) > 1 else ""
        if not ground.bottom_up.sum:
            yield head + NOTHING
        elif has_new and not ground.bottom_up.new:
            yield head + NONE_NEW
    if grounds and has_new:
        yield learning(grounds[0])
