"""The forecast report: what was won of a period, what open and new deals will add, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from math import isfinite

import numpy as np

from salestui.analytics.events import UNDATED, Events, Flags, Known
from salestui.analytics.forecast.blend import BOTH, HALVES, Method
from salestui.analytics.forecast.ledger import Ledger, make_ledger
from salestui.analytics.forecast.study import Study
from salestui.analytics.forecast.total import Forecast, forecast_in
from salestui.analytics.kept import made_once, read_once
from salestui.analytics.outlook.undated import left_out
from salestui.analytics.periods import named, this
from salestui.analytics.rendering.wording import percent
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.slices import within
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.text import Period, inert, to_day

_SAID = (
    "Won: in the period until the as-of day. To come until its end: {}. Open: of that, what deals open "
    "then will add, never more than they bring by themselves. New: the rest, which they do not "
    "explain: deals not yet created, and whatever the past carried on has beyond both. Low to high holds "
    "the truth 8 times in 10 if the past is a guide; ? marks a forecast to doubt, for the reason below. At "
    "best: the mean accuracy that chance allows for as many wins as are forecast here."
)
METHODS_SAID: dict[Method, str] = {
    "both": _SAID.format(
        "past wins carried on, and what open and new deals bring, weighed by the errors that both have had"
    ),
    "past": _SAID.format("past wins carried on alone, whatever is open"),
    "deals": _SAID.format(
        "what open and new deals bring alone: the open ones by their way through the stages where those "
        "are dated, else by their age"
    ),
}

BY_ITSELF = (
    " Of these deals by themselves, whatever all others do: what --by gives them is another figure, their "
    "share in the forecast of all, with which parts add up."
)
"""What the forecast of a part says of itself."""

_UNEQUAL = 0.1
"""What a quarter's months may differ from it by, as a share, before it is worth a sentence."""

_FARTHEST = 3660
"""Days ahead that are reckoned, one by one."""

_RECENT = 365
"""Days in which something must have been won for a currency to be forecast without open deals."""

NOTHING_AHEAD = (
    f"Nothing is open on a known day, and nothing was won in the last {_RECENT} days: there is nothing to "
    "forecast from."
)


Made = Sequence[tuple[Period, Forecast]]
"""Forecasts with their periods, row by row of the report."""


def forecast(reader: Reader, scope: Scope, by: str | None = None, method: str = BOTH) -> Report:
    """The forecast of the scope's period, or of this and the next month and quarter.

    `by` a rep, a team … splits it into parts that add up. Raises `Refused` for a period that is over
    and a method that there is none of.
    """
    return forecast_with(reader, scope, by, method)[0]


def forecast_with(
    reader: Reader, scope: Scope, by: str | None = None, method: str = BOTH
) -> tuple[Report, Made]:
    """The same, and the forecasts that stand in its rows or are split there."""
    way = method_named(method)
    if way != BOTH:
        scope = by_method(scope, way)
    periods = periods_of(scope)
    with read_once():
        studies = studies_in(reader, scope)
        told = made_once(
            reader, ("left out", *key_of(scope)), lambda events: left_out(events, scope)
        )
    asked_for = [(study, period) for study in studies for period in periods]
    made = forecasts_of(scope, asked_for, way)
    if not studies:
        told = (*told, NOTHING_AHEAD)
    if by is not None:
        from salestui.analytics.outlook.forecast_parts import split_by

        return split_by(reader, scope, asked_for, made, by, way).warned(told), made
    return build(scope, made, way).warned(told), made


def method_named(name: str) -> Method:
    """The method of that name. Raises `Refused` with those that there are."""
    known: tuple[Method, ...] = (BOTH, *HALVES)
    for each in known:
        if each == name:
            return each
    raise Refused(f"There is no method '{inert(name)[:30]}': there are {', '.join(known)}.")


def by_method(scope: Scope, method: Method) -> Scope:
    """The scope, which says in its words what was asked for."""
    return replace(scope, words={**scope.words, "method": method})


def build(scope: Scope, made: Made, method: Method = BOTH) -> Report:
    """The report of forecasts already made."""
    several = len({each.currency for _, each in made}) > 1
    lead = [Column("currency", "Currency", "text")] if several else []
    rows: list[tuple[Cell, ...]] = []
    for period, each in made:
        currency = (each.currency,) if several else ()
        rows.append((*currency, period.label, *_cells(each), method))
    is_sure = not any(each.is_doubtful for _, each in made)
    return Report(
        name="forecast",
        title="Forecast",
        **asked(spanning(scope)),
        columns=(
            *lead,
            *(replace(c, is_extra=is_sure) if c.key == "doubt" else c for c in _COLUMNS),
        ),
        rows=tuple(rows),
        totals={},
        n=counted(made),
        method=METHODS_SAID[method] + ("" if scope.is_of_everything else BY_ITSELF),
        warnings=(*cautions_of(made), *unequal(made, method)),
    )


def unequal(made: Made, method: Method = BOTH) -> Iterator[str]:
    """Where two months that are all that is left of a quarter add up to much more or less than it."""
    why = "each is weighed by its own errors" if method == BOTH else "each is reckoned by itself"
    currencies = list(dict.fromkeys(each.currency for _, each in made))
    for currency in currencies:
        head = f"{currency} " if len(currencies) > 1 else ""
        told = [(period, each) for period, each in made if each.currency == currency]
        for (period, whole), *rest in permutations(told, 3):
            if not is_made_of(whole, [part for _, part in rest]) or not whole.is_point:
                continue
            gap = sum(part.value for _, part in rest) / whole.value - 1 if whole.value else 0.0
            if abs(gap) > _UNEQUAL:
                yield (
                    f"{head}{period.label}: what is to come of its months is {percent(abs(gap), short=True)} "
                    f"{'more' if gap > 0 else 'less'} than of itself: {why}."
                )


def is_made_of(whole: Forecast, parts: Sequence[Forecast]) -> bool:
    """Whether these, in this order, are all the days of it that are still to come."""
    begin = max(whole.first, whole.as_of + 1)
    for part in parts:
        if max(part.first, part.as_of + 1) != begin:
            return False
        begin = part.last + 1
    return begin == whole.last + 1


_COLUMNS = (
    Column("period", "Period", "text"),
    Column("won", "Won", "money"),
    Column("open", "Open", "money"),
    Column("new", "New", "money"),
    Column("forecast", "Forecast", "money"),
    Column("doubt", "?", "text"),
    Column("low", "Low", "money"),
    Column("high", "High", "money"),
    Column("wins", "Wins", "count"),
    Column("ceiling", "At best", "ratio", is_extra=True),
    Column("past", "Past carried on", "money", is_extra=True),
    Column("deals", "Open and new deals", "money", is_extra=True),
    Column("weight", "Weight of past", "ratio", is_extra=True),
    Column("method", "Method", "text", is_extra=True),
)


_WINS = 6
"""The place of the wins in a row, after the period and what was won."""


def _cells(made: Forecast) -> list[Cell]:
    """A row; won + open + new is the forecast to the last minor unit.

    Where nothing is known to forecast from there are no figures: 0 to 0 would claim to be sure of it.
    """
    told, wins = made.revenue, round(made.count.won_to_date + made.count.value)
    won, total = round(told.won_to_date), round(told.total)
    if not made.is_known or (not told.total and not told.high):
        blank: list[Cell] = [None] * (len(_COLUMNS) - 3)
        blank[_WINS] = wins if made.is_known else None
        return [Money(won, made.currency), *blank]
    opened = min(int(told.of_open), total - won)

    def money(minor: float) -> Money | None:
        return Money(round(minor), made.currency) if isfinite(minor) else None

    low, high = told.total_range
    return [
        money(won), money(opened), money(total - won - opened), money(total),
        "?" if made.is_doubtful else "", money(low), money(high),
        wins, told.ceiling, money(told.top_down), money(told.bottom_up), told.weight,
    ]  # fmt: skip


def counted(made: Made) -> int:
    """Deals behind the report, those of each currency once."""
    each = {one.currency: one.wins + one.losses + one.open_deals for _, one in made}
    return sum(each.values())


def cautions_of(made: Made) -> Iterator[str]:
    """Each sentence once, with the periods it is about where it is not about all."""
    several = len({each.currency for _, each in made}) > 1
    about: dict[str, list[tuple[str, str, str]]] = {}
    for period, each in made:
        for text in each.warnings:
            row = (text, each.currency if several else "", period.label)
            about.setdefault(_NUMBER.sub("#", text), []).append(row)
    labels = {period.label for period, _ in made}
    for rows in (part for alike in about.values() for part in _tellable(alike)):
        told = merged([text for text, _, _ in rows])
        where = list(_where(rows, labels)) if len(rows) < len(made) else []
        yield f"{'; '.join(where)}: {told}" if any(where) else told


_Row = tuple[str, str, str]


def _tellable(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """The rows together, or text by text: "46 to 58 of 54 to 71" would tell nobody which of which."""
    columns = zip(*(_NUMBER.findall(text) for text, _, _ in rows), strict=True)
    if sum(len(set(column)) > 1 for column in columns) <= 1:
        yield list(rows)
        return
    for told in dict.fromkeys(text for text, _, _ in rows):
        yield [row for row in rows if row[0] == told]


def _where(rows: Sequence[tuple[str, str, str]], labels: set[str]) -> Iterator[str]:
    """The currencies and periods of the rows: "EUR 2026-03, 2026-Q1; PLN"."""
    by_currency: dict[str, list[str]] = {}
    for _, currency, label in rows:
        by_currency.setdefault(currency, []).append(label)
    for currency, periods in by_currency.items():
        listed = "" if set(periods) == labels else ", ".join(periods)
        yield " ".join(part for part in (currency, listed) if part)


_NUMBER = re.compile(r"\d(?:[\d,.]*\d)?")


def merged(texts: Sequence[str]) -> str:
    """Sentences that differ in figures alone as one, each figure as "least to most"."""
    figures = [_NUMBER.findall(text) for text in texts]
    columns = iter([sorted(set(column), key=_value) for column in zip(*figures, strict=True)])

    def put(_: re.Match[str]) -> str:
        column = next(columns)
        return column[0] if len(column) == 1 else f"{column[0]} to {column[-1]}"

    return _NUMBER.sub(put, texts[0])


def _value(figure: str) -> float:
    return float(figure.replace(",", ""))


def forecast_of(study: Study, as_of: date, period: Period, method: Method = BOTH) -> Forecast:
    """The forecast of one period."""
    if period.first is None or period.last is None:
        raise Refused("A forecast needs a period with a beginning and an end, such as 2026-Q3.")
    refuse_too_far(period.label, period.last, as_of)
    days = to_day(as_of), to_day(period.first), to_day(period.last)
    return forecast_in(study, *days, method)


def refuse_too_far(label: str, last: date, as_of: date) -> None:
    """Raise `Refused` for a period that ends more than ten years after the day."""
    if (last - as_of).days > _FARTHEST:
        raise Refused(
            f"{inert(label)} is too far ahead: a forecast looks ten years ahead at most, and is worth "
            "little long before."
        )


def forecasts_of(
    scope: Scope, asked_for: Sequence[tuple[Study, Period]], method: Method = BOTH
) -> Made:
    """The forecast of each study's period, as of the scope's day."""
    return [
        (period, forecast_of(study, scope.as_of, period, method)) for study, period in asked_for
    ]


def studies_of(events: Events, scope: Scope, ledger: Ledger | None = None) -> list[Study]:
    """A study of each currency that is in use, the one with most wins first; of one ledger."""
    known = events.known_on(to_day(scope.as_of))
    is_aged = known.is_open & (known.created != UNDATED)
    is_recent = ~known.is_open & (known.closed > to_day(scope.as_of) - _RECENT)
    live = within(known, scope) & (is_aged | is_recent)
    codes, counts = np.unique(known.currency[live], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    names = [events.names.currencies[code] for code in codes[order].tolist()]

    def of_scope(then: Known) -> Flags:
        return within(then, scope)

    choice = None if scope.is_of_everything else of_scope
    lent = ledger or make_ledger(events)
    return [Study(events, name, choice, lent=lent) for name in names]


def studies_in(reader: Reader, scope: Scope) -> list[Study]:
    """The same of the store, or what is lent of it."""

    def make(events: Events) -> list[Study]:
        return studies_of(events, scope, made_once(reader, "ledger", make_ledger))

    with read_once():
        return made_once(reader, ("studies", *key_of(scope)), make)


def key_of(scope: Scope) -> tuple[Hashable, ...]:
    """What the studies of a scope depend on."""
    return scope.as_of, scope.owner_ids, scope.pipeline_id, scope.only


def spanning(scope: Scope) -> Scope:
    """The scope with the stretch that its forecasts are of: no forecast is of all time."""
    periods = periods_of(scope)
    if len(periods) == 1:
        return replace(scope, period=periods[0])
    first = min(period.first for period in periods if period.first is not None)
    last = max(period.last for period in periods if period.last is not None)
    return replace(scope, period=named(first, last))


def periods_of(scope: Scope) -> list[Period]:
    """The scope's own period, or else this and the next month and quarter, as of its day.

    Raises `Refused` for one that is over, and one that is too far ahead.
    """
    own = scope.period
    if own.first is not None and own.last is not None:
        if own.last <= scope.as_of:
            raise Refused(
                f"{own.label} is over: a forecast looks ahead. --as-of shows what it once said."
            )
        refuse_too_far(own.label, own.last, scope.as_of)
        return [own]
    found: list[Period] = []
    for unit in ("month", "quarter"):
        now = this(unit, scope.as_of)
        assert now.last is not None
        if now.last > scope.as_of:
            found.append(now)
        found.append(this(unit, now.last + timedelta(days=1)))
    return found
