"""The forecast by rep, team, product …: parts that add up to it, each with its own range."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from salestui.analytics.events import WON, Ints, Known
from salestui.analytics.forecast.blend import BOTH, Method
from salestui.analytics.forecast.groups import gathered, split
from salestui.analytics.forecast.settings import ACTIVE_DAYS
from salestui.analytics.forecast.study import Study
from salestui.analytics.groups import DEALS, PEOPLE, group_of
from salestui.analytics.outlook.forecasting import Made, cautions_of, counted, spanning
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.slices import codes_by, parts
from salestui.store.reader import Reader
from salestui.text import Period, to_day

BY = (*PEOPLE, "pipeline", *(key for key in DEALS if key != "client"))

METHOD = (
    "The forecast of all, split: half by what each group's open and new deals should bring, half by what "
    "it has won, shrunken to the mean as far as chance alone may explain the difference. Whoever had no "
    f"deal for {ACTIVE_DAYS} days gets none; a team or an office is what its reps are together. Low to "
    "high holds a part 8 times in 10; the parts add up to the whole. "
    "Narrowed to one of them the forecast is another: that of its own deals by themselves, which do not "
    "add up to the whole."
)


def split_by(
    reader: Reader,
    scope: Scope,
    asked_for: Sequence[tuple[Study, Period]],
    made: Made,
    by: str,
    method: Method = BOTH,
) -> Report:
    """The report, a row for each group and period; `made` are the forecasts that are split."""
    group = group_of(by, BY, "The forecast")
    several = len({study.currency for study, _ in asked_for}) > 1
    rows: list[tuple[Cell, ...]] = []
    for (study, period), (_, whole) in zip(asked_for, made, strict=True):
        known = study.events.known_on(to_day(scope.as_of))
        place, labels = parts(
            reader, study.events.names, group, codes_by(known, group), scope.as_of
        )

        def label(_: Known, place: Ints = place) -> Ints:
            return place

        won = _won(study, known, place, len(labels), whole.first)
        if by in PEOPLE:
            own = split(study, whole, lambda deals: deals.owner)
            teams = dict(zip(known.owner.tolist(), place.tolist(), strict=True))
            found = gathered(own, teams, whole, study.settings.claim_wins)
        else:
            found = split(study, whole, label)  # type: ignore[arg-type]
        listed = sorted(found, key=lambda part: -(part.value + won[part.code]))
        for part in listed:
            past = int(won[part.code])
            if not (part.value and whole.is_known) and not past:
                continue
            minor = [past, part.value, past + part.value, past + part.low, past + part.high]
            told = minor if whole.is_known else minor[:1]
            lead = (study.currency,) if several else ()
            rows.append(
                (
                    labels[part.code][1],
                    *lead,
                    period.label,
                    *(Money(round(each), study.currency) for each in told),
                    *(None for _ in minor[len(told) :]),
                    round(part.wins) if whole.is_known else None,
                    method,
                )
            )
    return Report(
        name="forecast",
        title="Forecast",
        **asked(spanning(scope)),
        columns=(
            Column(group.key, group.label, "text"),
            *((Column("currency", "Currency", "text"),) if several else ()),
            *_COLUMNS,
        ),
        rows=tuple(rows),
        totals={},
        n=counted(made),
        method=METHOD,
        warnings=(*cautions_of(made), _FEW),
    )


_FEW = "Below 25 expected wins of a group look at its range, not at its figure."
_COLUMNS = (
    Column("period", "Period", "text"),
    Column("won", "Won", "money"),
    Column("rest", "To come", "money"),
    Column("forecast", "Forecast", "money"),
    Column("low", "Low", "money"),
    Column("high", "High", "money"),
    Column("wins_to_come", "Wins to come", "count"),
    Column("method", "Method", "text", is_extra=True),
)


def _won(study: Study, known: Known, place: Ints, size: int, first: int) -> Ints:
    """What each group has won since `first`, in minor units of the study's currency."""
    code = study.events.names.currencies.index(study.currency)
    mine = (known.outcome == WON) & (known.currency == code) & (known.closed >= first)
    mine &= (known.closed <= known.day) & (known.amount > 0)
    if study.chosen is not None:
        mine &= study.chosen(known)
    sums = np.zeros(size, np.int64)
    np.add.at(sums, place[mine], known.amount[mine])
    return sums
