"""The reference funnel: what stages usually do, measured or set by hand, to compare a period with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from salestui.analytics.measures import kaplan_meier, ratio
from salestui.analytics.passages import Tally, tallies
from salestui.analytics.pipelines import Pipeline
from salestui.analytics.report import Beyond
from salestui.analytics.scope import ALWAYS, Scope
from salestui.analytics.stages.decisions import Fates, Shares, by_stage, decisions, fates, has_more
from salestui.analytics.stages.same_months import SameMonths
from salestui.analytics.stages.unnoted import Passed, unnoted
from salestui.models.implied import implied
from salestui.store.reader import Reader
from salestui.text import Period, from_day, so_many, to_day

YEAR = 365
"""Days before the current period that a reference is measured from."""

ENOUGH = 100
"""Decided deals that a stage needs in them; with fewer all that is known counts."""

LEAST = 30
"""Decided deals below which nothing is measured and the template counts."""

MEASURED, ALL, TEMPLATE, SAME = "12 months", "all", "template", "same months"

Days = int | Beyond | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What one stage usually does. Shares are of decided deals, `win` of all that enter.

    `source` says where it comes from: `MEASURED`, `ALL`, `TEMPLATE`, `SAME`, or a version. `values` is
    the mean amount of the winners by currency in minor units, the days are those spent in the stage.
    """

    stage_id: str
    source: str
    entered: int | None = None
    decided: int | None = None
    forward: float | None = None
    lost: float | None = None
    win: float | None = None
    quarter_days: Days = None
    median_days: Days = None
    three_quarter_days: Days = None
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Funnel:
    """A pipeline's reference, by stage. `number`: its version, `None` if measured just now."""

    pipeline: Pipeline
    figures: Mapping[str, Figures]
    period: Period = ALWAYS
    number: int | None = None
    is_template: bool = False
    frozen_on: date | None = None

    @property
    def name(self) -> str:
        """ "template 2", "version 3", "measured"."""
        if self.number is None:
            return TEMPLATE if self.is_template else "measured"
        return f"{TEMPLATE if self.is_template else 'version'} {self.number}"

    @property
    def is_priced(self) -> bool:
        """Whether it says of every stage what is won in the end, and what a winner is worth."""
        return all(each.win is not None and each.values for each in self.figures.values())


def year_before(first: date) -> Period:
    """The twelve months that end the day before `first`."""
    begin, end = first - timedelta(days=YEAR), first - timedelta(days=1)
    return Period(begin, end, f"{begin}..{end}")


def measured(
    then: Reader,
    scope: Scope,
    pipelines: Sequence[Pipeline],
    before: date,
    same: SameMonths | None = None,
) -> list[Funnel]:
    """The pipelines' references from what was decided in the twelve months before a day.

    A stage with fewer than `ENOUGH` decided deals in them is measured from all that was decided
    before; one with fewer than `LEAST` has its template. Where `same` is given, stages with `ENOUGH`
    decided deals in such months are measured from them. `then` reads what was known as of a day.
    """
    near, far = year_before(before), Period(None, before - timedelta(days=1), "all")
    found = _figures(then, _in(scope, near), MEASURED)
    stages = [stage.id for pipeline in pipelines for stage in pipeline.before_sale]
    few = [key for key in stages if key not in found or (found[key].decided or 0) < ENOUGH]
    if any(has_more(then, key, before - timedelta(days=YEAR)) for key in few):
        further = _figures(then, _in(scope, far), ALL)
        found = {
            key: found[key] if key in found and (found[key].decided or 0) >= ENOUGH else each
            for key, each in further.items()
        }
    alike = {} if same is None else _alike(then, scope, stages, before, same)
    funnels = []
    for pipeline in pipelines:
        figures = by_hand(pipeline)
        own = {key: found[key] for key in figures if key in found}
        for key in _unnoted(pipeline, own):
            own.pop(key)
        figures |= {key: each for key, each in own.items() if (each.decided or 0) >= LEAST}
        figures |= {key: alike[key] for key in figures if key in alike}
        funnels.append(Funnel(pipeline, figures, near))
    return funnels


def _unnoted(pipeline: Pipeline, found: Mapping[str, Figures]) -> list[str]:
    """The stages that nobody is known to have passed, though later ones were: not 0 %, but unknown."""
    stages = []
    for stage in pipeline.before_sale:
        each = found.get(stage.id, Figures(stage.id, MEASURED))
        decided = each.decided or 0
        passed, lost = (round(decided * (share or 0)) for share in (each.forward, each.lost))
        stages.append(Passed(stage.id, passed, lost))
    return [stage.name for stage in unnoted(stages)]


def _alike(
    then: Reader, scope: Scope, stages: Sequence[str], before: date, same: SameMonths
) -> dict[str, Figures]:
    """The stages that such months decide often enough: those of a year, else all that are known."""
    year, last = before - timedelta(days=YEAR), before - timedelta(days=1)
    found: dict[str, Figures] = {}
    for first in (year, min(known_from(then), year)):
        few = [key for key in stages if key not in found]
        if few and (first == year or any(has_more(then, key, year) for key in few)):
            months = same.between(first, last)
            own = replace(_in(scope, Period(first, last, "")), months=months)
            for key, each in _figures(then, own, SAME).items():
                if key in few and (each.decided or 0) >= ENOUGH:
                    found[key] = each
    return found


def stood_in(funnels: Iterable[Funnel], alike: SameMonths | str | None) -> Iterator[str]:
    """Where all months had to stand in for the same ones, and why."""
    if isinstance(alike, str):
        yield f"{alike}: all months stand in."
    elif alike is not None:
        for funnel in funnels:
            few = sum(each.source in (MEASURED, ALL) for each in funnel.figures.values())
            if few:
                stages = so_many(few, "stage has", "stages have")
                yield (
                    f"{funnel.pipeline.name}: {stages} fewer than {ENOUGH} decided deals in "
                    f"{alike.name}; all months stand in."
                )


_FIRST = "SELECT min(entered_on) FROM passage"


def known_from(then: Reader) -> date:
    """The first day on which any deal is known to have entered a stage."""
    day = then.value(_FIRST)
    return date.max if day is None else from_day(day)


def priced(kept: Funnel, found: Funnel) -> Funnel:
    """A version with measured wins and values where it says nothing of them."""
    figures = {}
    for key, own in kept.figures.items():
        other = found.figures.get(key, own)
        win = own.win if own.win is not None else other.win
        figures[key] = replace(own, win=win, values={**other.values, **own.values})
    return replace(kept, figures=figures)


def by_hand(pipeline: Pipeline) -> dict[str, Figures]:
    """What the percentages of a pipeline's stages imply; nothing where nobody has given any."""
    stages = pipeline.before_sale
    if not pipeline.is_weighed:
        return {stage.id: Figures(stage.id, TEMPLATE) for stage in stages}
    return {
        stage.id: Figures(stage.id, TEMPLATE, forward=forward, win=win)
        for stage, (forward, win) in zip(
            stages, implied([stage.probability for stage in stages]), strict=True
        )
    }


def _in(scope: Scope, period: Period) -> Scope:
    return replace(scope, period=period)


def _figures(then: Reader, scope: Scope, source: str) -> dict[str, Figures]:
    """Decided: by the day of the decision. Days, wins and values: of those that entered in the days.

    Both kinds count a deal as long as it has been watched, so neither favours what is quick.
    """
    decided, ended = by_stage(decisions(then, scope)), fates(then, scope)
    stayed: dict[str, Tally] = {key: tally for (_, key), tally in tallies(then, scope).items()}
    figures = {}
    for key in {**decided, **stayed}:
        shares, tally = decided.get(key, Shares()), stayed.get(key, Tally())
        fate = ended.get(key, Fates())
        quarter, median, three_quarters = _days(tally)
        figures[key] = Figures(
            key,
            source,
            entered=tally.entered,
            decided=shares.deals,
            forward=ratio(shares.passed, shares.deals),
            lost=ratio(shares.lost, shares.deals),
            win=fate.win,
            quarter_days=quarter,
            median_days=median,
            three_quarter_days=three_quarters,
            values=fate.values,
        )
    return figures


def _days(tally: Tally) -> tuple[Days, ...]:
    """The quartiles of the days in a stage; where so many have not left, how long was watched."""
    curve = kaplan_meier(tally.leaving, tally.staying, tally.entering)
    return tuple(
        each if each is not None or curve.last is None else Beyond(curve.last)
        for each in curve.quartiles
    )


_VERSIONS = """
SELECT r.pipeline_id, r.id, r.number, r.is_template, r.first_on, r.last_on, r.frozen_on
FROM reference r WHERE r.deleted_at IS NULL AND r.frozen_on <= :day {conditions}
ORDER BY r.pipeline_id, r.number
"""

_STAGES = """
SELECT stage_id, entered, forward_bp, lost_bp, win_bp, quarter_days, median_days,
       three_quarter_days, value_minor, currency
FROM reference_stage WHERE reference_id = :id AND deleted_at IS NULL
"""


def kept(
    reader: Reader,
    pipelines: Sequence[Pipeline],
    day: date,
    *,
    number: int | None = None,
    is_template: bool | None = None,
) -> dict[str, Funnel]:
    """The newest version of each pipeline that was kept by `day`, by pipeline; or one by its number."""
    sql, values = _VERSIONS, {"day": to_day(day)}
    narrowed = ""
    if number is not None:
        narrowed, values["number"] = " AND r.number = :number", number
    rows = reader.rows(sql.replace("{conditions}", narrowed), **values)
    newest = {row[0]: row for row in rows if is_template in (None, bool(row[3]))}
    return {
        pipeline.id: _read(reader, pipeline, newest[pipeline.id])
        for pipeline in pipelines
        if pipeline.id in newest
    }


def _read(reader: Reader, pipeline: Pipeline, version: tuple[object, ...]) -> Funnel:
    _, key, number, is_template, first, last, frozen_on = version
    period = Period(_day(first), _day(last), f"{_day(first)}..{_day(last)}" if first else "")
    source = f"{TEMPLATE if is_template else 'version'} {number}"
    figures = {}
    for row in reader.rows(_STAGES, id=key):
        stage, decided, forward, lost, win, quarter, median, three_quarters, value, currency = row
        figures[stage] = Figures(
            stage,
            source,
            decided=decided,
            forward=forward / 10_000,
            lost=_share(lost),
            win=_share(win),
            quarter_days=quarter,
            median_days=median,
            three_quarter_days=three_quarters,
            values={} if value is None else {currency: value},
        )
    frozen = _day(frozen_on)
    return Funnel(pipeline, figures, period, int(str(number)), bool(is_template), frozen)


def _day(number: object) -> date | None:
    return None if number is None else from_day(int(str(number)))


def _share(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 10_000
