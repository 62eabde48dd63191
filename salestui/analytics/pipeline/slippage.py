"""Slippage: of the deals that were due in the period, what was closed, and what was pushed out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.events import NO_AMOUNT, Flags, Ints, Known
from salestui.analytics.groups import DEALS, GROUPS, PEOPLE, TIMES, Label, group_of, labels
from salestui.analytics.kept import events_of
from salestui.analytics.measures import ratio
from salestui.analytics.periods import this
from salestui.analytics.pipeline.slipped import slipped
from salestui.analytics.pipeline.slips import FATES, Dates, became, dates_on, due, titles
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.slices import codes_by, parts, within
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.text import from_day, to_day

BY = ("pipeline", "stage", *PEOPLE, *DEALS, "pushes", *TIMES, "deal", "slipped")

METHOD = (
    "Open deals whose expected close, as known on the day before the period, lay in it; their number "
    "and sum stay fixed from then on. Moved: it lies later now, or was taken away. A push is a change "
    "to a later day; slip: days from the first expected close to the last. Pushes count from the "
    "deal's first day; by pushes those before the period do."
)

_WORDS = {
    "won": "won", "lost": "lost", "postponed": "postponed", "moved": "moved",
    "overdue": "overdue", "not_due": "not due yet", "deleted": "deleted",
}  # fmt: skip
_PUSHED = (("0", "never"), ("1", "once"), ("2", "twice"), ("3", "three times or more"))


@dataclass(frozen=True, slots=True)
class _Due:
    """The deals that were due: one element for each, as known before the period; and what they became.

    `all` are all that were known then, `chosen` tells which of them were due.
    """

    all: Known
    chosen: Flags
    known: Known
    fate: Ints
    before: Dates
    after: Dates


@dataclass(slots=True)
class _Pile:
    """Deals of one row; amounts by currency."""

    fates: Counter[str] = field(default_factory=Counter)
    amount: Counter[str] = field(default_factory=Counter)
    won: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    pushes: int = 0
    slip: int = 0
    listed: list[str] = field(default_factory=list)


def quartered(scope: Scope) -> Scope:
    """The scope, of this quarter where it names no period."""
    return replace(scope, period=this("quarter", scope.as_of)) if scope.is_always else scope


def slippage(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The slippage report, by pipeline unless said otherwise.

    By deal it lists those that were due, by "slipped" the open ones that were pushed or are past.
    """
    scope = quartered(scope)
    if by not in ("pushes", "deal", "slipped"):
        group_of(by or "pipeline", BY, "Slippage")
    _refuse_endless(scope)
    if by == "slipped":
        return slipped(reader, scope)
    found = _due(reader, scope)
    used = _currencies(found.known)
    if by == "deal":
        return _by_deal(reader, scope, found, used)
    places, listed = _grouped(reader, found, by or "pipeline", scope.as_of)
    piles = [_Pile() for _ in listed]
    total = _Pile()
    for i, place in enumerate(places.tolist()):
        _add(piles[place], found, i)
        _add(total, found, i)
    is_time = by in TIMES or by == "pushes"
    order = sorted(
        (i for i in range(len(listed)) if piles[i].listed),
        key=lambda i: (
            not listed[i][0],
            listed[i][0] if is_time else "",
            -piles[i].fates.total(),
            listed[i][1],
        ),
    )
    columns = _columns(used)
    head = ("pushed", "Pushed") if by == "pushes" else _head(by or "pipeline")
    return Report(
        name="slippage",
        title="Slippage",
        **asked(scope),
        columns=(Column(*head, "text"), *columns),
        rows=tuple((listed[i][1], *_cells(piles[i], used)) for i in order),
        totals=dict(zip((c.key for c in columns), _cells(total, used), strict=True)),
        n=total.fates.total(),
        method=METHOD,
        warnings=tuple(_warnings(scope, total)),
        subjects=tuple(Behind("listed", deal_ids=tuple(piles[i].listed)) for i in order),
    )


def _head(key: str) -> tuple[str, str]:
    return key, GROUPS[key].label


def _refuse_endless(scope: Scope) -> tuple[date, date]:
    """Both ends of the period. Raises `Refused` where it lacks one."""
    first, last = scope.period.first, scope.period.last
    if first is None or last is None:
        raise Refused("Slippage is of a period with a first and a last day, as --period 2026-Q3.")
    return first, last


def _due(reader: Reader, scope: Scope) -> _Due:
    first, last = _refuse_endless(scope)
    events = events_of(reader)
    before = events.known_on(min(to_day(first) - 1, to_day(scope.as_of)))
    after = events.known_on(min(to_day(last), to_day(scope.as_of)))
    chosen = due(before, to_day(first), to_day(last)) & within(before, scope)
    known = before.where(chosen)
    fate = became(known, after, to_day(last))
    return _Due(
        before, chosen, known, fate, dates_on(events, before.day), dates_on(events, after.day)
    )


def _currencies(known: Known) -> tuple[str, ...]:
    return amounts.currencies(
        {known.names.currencies[code] for code in np.unique(known.currency).tolist()}, ()
    )


def _grouped(reader: Reader, found: _Due, by: str, day: date) -> tuple[Ints, Sequence[Label]]:
    if by == "pushes":
        return np.minimum(found.before.pushes[found.known.deal], 3), _PUSHED
    group = GROUPS[by]
    codes = codes_by(found.all, group, found.all.expected)[found.chosen]
    return parts(reader, found.known.names, group, codes, day)


def _add(pile: _Pile, found: _Due, i: int) -> None:
    known, fate = found.known, FATES[int(found.fate[i])]
    deal, amount = int(known.deal[i]), max(int(known.amount[i]), 0)
    currency = known.names.currencies[int(known.currency[i])]
    pile.fates[fate] += 1
    pile.amount[currency] += amount
    if fate == "won":
        pile.won[currency] += amount
    elif fate == "moved":
        pile.moved[currency] += amount
    pile.pushes += int(found.after.pushes[deal])
    pile.slip += int(found.after.slip[deal])
    pile.listed.append(known.names.deals[deal])


def _columns(used: Sequence[str]) -> list[Column]:
    return [
        Column("due", "Due", "count"),
        Column("won", "Won", "count"),
        Column("lost", "Lost", "count"),
        Column("moved", "Moved", "count"),
        Column("overdue", "Overdue", "count"),
        Column("not_due", "Not due", "count", is_extra=True),
        Column("postponed", "Postp.", "count", is_extra=True),
        Column("deleted", "Deleted", "count", is_extra=True),
        Column("share_won", "Of due", "ratio"),
        Column("pushes", "Pushes", "days"),
        Column("slip_days", "Slip d", "days"),
        *amounts.amount_columns("sum", "Sum due", used, is_extra=len(used) > 1),
        *amounts.share_columns("share_won_of_sum", "Won of sum", used),
        *amounts.share_columns("share_moved_of_sum", "Moved of sum", used),
    ]


def _cells(pile: _Pile, used: Sequence[str]) -> Iterator[Cell]:
    count = pile.fates.total()
    yield count
    for fate in ("won", "lost", "moved", "overdue", "not_due", "postponed", "deleted"):
        yield pile.fates[fate]
    yield ratio(pile.fates["won"], count)
    for whole in (pile.pushes, pile.slip):
        average = ratio(whole, count)
        yield None if average is None else round(average, 2)
    yield from amounts.amount_cells(pile.amount, used)
    yield from amounts.share_cells(pile.won, pile.amount, used)
    yield from amounts.share_cells(pile.moved, pile.amount, used)


def _warnings(scope: Scope, total: _Pile) -> Iterator[str]:
    if not total.fates:
        yield "No open deal was expected to close in the period as known before it."
    last = scope.period.last
    if last is not None and last > scope.as_of:
        yield f"The period is not over: it is followed up to {scope.as_of.isoformat()}."


def _by_deal(reader: Reader, scope: Scope, found: _Due, used: Sequence[str]) -> Report:
    known, names = found.known, found.known.names
    rep = labels(reader, GROUPS["rep"])
    named = titles(reader, (names.deals[deal] for deal in known.deal.tolist()))
    total = _Pile()
    rows: list[tuple[Cell, ...]] = []
    codes = [names.currencies[code] for code in known.currency.tolist()]
    for i in sorted(range(len(codes)), key=lambda i: (codes[i], -int(known.amount[i]))):
        _add(total, found, i)
        deal, minor = int(known.deal[i]), int(known.amount[i])
        number, title = named[names.deals[deal]]
        owner = names.owners[known.owner[i]] if known.owner[i] >= 0 else None
        rows.append(
            (
                str(number),
                title,
                rep(owner)[1],
                _WORDS[FATES[int(found.fate[i])]],
                from_day(int(found.after.first[deal])),
                from_day(int(found.after.last[deal])),
                int(found.after.pushes[deal]),
                int(found.after.slip[deal]),
                *amounts.own_cells(None if minor == NO_AMOUNT else minor, codes[i], used),
            )
        )
    return Report(
        name="slippage",
        title="Slippage",
        **asked(scope),
        columns=(
            Column("number", "Deal", "text"),
            Column("title", "Title", "text"),
            Column("rep", "Rep", "text", is_extra=True),
            Column("fate", "Became", "text"),
            Column("first_close", "First close", "day", is_extra=True),
            Column("last_close", "Last close", "day"),
            Column("pushes", "Pushes", "count"),
            Column("slip_days", "Slip d", "days"),
            *amounts.amount_columns("sum", "Sum", used),
        ),
        rows=tuple(rows),
        totals={},
        n=total.fates.total(),
        method=METHOD,
        warnings=tuple(_warnings(scope, total)),
        subjects=tuple(Behind("listed", deal_ids=(deal_id,)) for deal_id in total.listed),
    )
