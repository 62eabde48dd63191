"""The open deals that slipped in a period, one by one: pushed in it, or past their expected close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.events import NO_AMOUNT, UNDATED, Events, Ints, Known
from salestui.analytics.groups import GROUPS, labels
from salestui.analytics.kept import events_of
from salestui.analytics.pipeline.slips import Dates, dates_on, titles
from salestui.analytics.report import Cell, Column, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.slices import within
from salestui.store.reader import Reader
from salestui.text import from_day, to_day

METHOD = (
    "Open deals whose expected close was moved to a later day in the period or taken away, beside what it "
    "was before it, and those whose expected close is past. Slip: days from what it was to what it is, or "
    "since it is past. Pushes: changes to a later day since the deal began. Largest first, currency by "
    "currency."
)


def slipped(reader: Reader, scope: Scope) -> Report:
    """The deals that slipped in the scope's period, which has a first day, as known at its end."""
    assert scope.period.first is not None
    events, end = events_of(reader), to_day(scope.as_of)
    if scope.period.last is not None:
        end = min(to_day(scope.period.last), end)
    before = dates_of(events, min(to_day(scope.period.first) - 1, end))
    after, known = dates_on(events, end), events.known_on(end)
    was = np.where(before == UNDATED, after.first, before)[known.deal]
    is_pushed = (was != UNDATED) & ((known.expected > was) | (known.expected == UNDATED))
    is_past = (known.expected != UNDATED) & (known.expected < end)
    chosen = known.is_open & (is_pushed | is_past) & within(known, scope)
    return _report(reader, scope, known.where(chosen), was[chosen], after)


def dates_of(events: Events, day: int) -> Ints:
    """The expected close of each deal of the store as known on `day`, `UNDATED` where there was none."""
    known = events.known_on(day)
    found = np.full(len(events.names.deals), UNDATED, np.int64)
    found[known.deal] = known.expected
    return found


def _report(reader: Reader, scope: Scope, known: Known, was: Ints, after: Dates) -> Report:
    names = known.names
    rep = labels(reader, GROUPS["rep"])
    named = titles(reader, (names.deals[deal] for deal in known.deal.tolist()))
    codes = [names.currencies[code] for code in known.currency.tolist()]
    used = amounts.currencies(codes, ())
    order = sorted(
        range(len(known)),
        key=lambda i: (codes[i], -int(known.amount[i]), names.deals[known.deal[i]]),
    )
    rows: list[tuple[Cell, ...]] = []
    sums: Counter[str] = Counter()
    for i in order:
        deal, minor = int(known.deal[i]), int(known.amount[i])
        number, title = named[names.deals[deal]]
        owner = names.owners[known.owner[i]] if known.owner[i] >= 0 else None
        sums[codes[i]] += max(minor, 0)
        rows.append(
            (
                str(number),
                title,
                rep(owner)[1],
                *_fate(int(was[i]), int(known.expected[i]), known.day),
                int(after.pushes[deal]),
                *amounts.own_cells(None if minor == NO_AMOUNT else minor, codes[i], used),
            )
        )
    return Report(
        name="slippage",
        title="What slipped",
        **asked(scope),
        columns=(
            Column("number", "Deal", "text"),
            Column("title", "Title", "text"),
            Column("rep", "Rep", "text", is_extra=True),
            Column("how", "How", "text"),
            Column("was", "Was due", "day"),
            Column("now", "Due now", "day"),
            Column("slip_days", "Slip d", "days"),
            Column("pushes", "Pushes", "count", is_extra=True),
            *amounts.amount_columns("sum", "Sum", used),
        ),
        rows=tuple(rows),
        totals=amounts.amount_totals("sum", sums, used),
        n=len(known),
        method=METHOD,
        warnings=tuple(_warnings(scope, known)),
        subjects=tuple(
            Behind("listed", deal_ids=(names.deals[int(known.deal[i])],)) for i in order
        ),
    )


def _fate(was: int, now: int, day: int) -> tuple[Cell, ...]:
    """How it slipped, when it was due and is now, and by how many days."""
    if now == UNDATED:
        return "taken away", from_day(was), None, None
    how = ["pushed"] if was != UNDATED and now > was else []
    how += ["past"] if now < day else []
    days = now - was if how[0] == "pushed" else day - now
    return ", ".join(how), from_day(was) if was != UNDATED else None, from_day(now), days


def _warnings(scope: Scope, known: Known) -> Iterator[str]:
    if not len(known):
        yield "No open deal was pushed in the period, and none is past its expected close."
    last = scope.period.last
    if last is not None and last > scope.as_of:
        yield f"The period is not over: it is followed up to {scope.as_of.isoformat()}."
