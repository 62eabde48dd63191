"""Products: in how many deals each was won and lost, for how much, and at what price."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.facts import Value
from salestui.analytics.groups import DEALS, GROUPS, PEOPLE, TIMES, Label, group_of, labels
from salestui.analytics.measures import ratio
from salestui.analytics.report import Cell, Column, Report, share_interval
from salestui.analytics.scope import Scope, asked
from salestui.analytics.selling.sold import Line, Record, Sale, sales
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader
from salestui.text import so_many

BY = (*DEALS, *PEOPLE, "pipeline", *TIMES)

METHOD = (
    "Deals by the day they were closed; one with several products counts for each, and once in all. "
    "Win rate: won / (won + lost) with the 95 % Wilson interval. Sum, units and prices are of won lines; "
    "discount and price against today's list are means over these lines. Lines are today's."
)

_FIGURES = (
    Column("won", "Won", "count"),
    Column("lost", "Lost", "count"),
    Column("win_rate", "Win rate", "ratio"),
    Column("interval", "95 %", "interval"),
)
_PRICES = (
    Column("discount", "Discount", "ratio"),
    Column("price_of_list", "Of list", "ratio"),
    Column("units", "Units", "days", is_extra=True),
)
_NONE: Label = ("", "no product")

Pair = tuple[Label, Label]
"""(group, product); the same twice where the report is by product alone."""


def products(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The products report; `by` a rep, a client … gives each product once for each."""
    group = group_of(by or "product", BY, "Products")
    is_plain = group.key == "product"
    product = labels(reader, GROUPS["product"])
    label = labels(reader, group, scope.as_of)
    records: dict[Pair, Record] = {}
    total = Record()
    unpriced = 0
    for sale in sales(reader, scope, None if is_plain else group.column_for("closed_on")):
        total.count(sale)
        lead = _NONE if is_plain else label(sale.group)
        for name, lines in _by_product(sale, product):
            pair = (name if is_plain else lead, name)
            own = records.setdefault(pair, Record())
            own.count(sale)
            for line in lines if sale.outcome == Outcome.WON else ():
                own.add(line)
                total.add(line)
                unpriced += line.price is None
            if sale.outcome == Outcome.WON and not lines:
                own.amount[sale.currency] += sale.amount or 0
                total.amount[sale.currency] += sale.amount or 0
    used = amounts.currencies(+total.amount, ())
    ordered = _ordered(records, is_time=group.is_time)
    columns = (*_FIGURES, *amounts.amount_columns("sum", "Sum won", used), *_PRICES)
    lead_columns = [] if is_plain else [Column(group.key, group.label, "text")]
    return Report(
        name="products",
        title="Products",
        **asked(scope),
        columns=(*lead_columns, Column("product", "Product", "text"), *columns),
        rows=tuple(
            (*(() if is_plain else (pair[0][1],)), pair[1][1], *_cells(records[pair], used))
            for pair in ordered
        ),
        totals=dict(zip((c.key for c in columns), _cells(total, used), strict=True)),
        n=len(total.won) + len(total.lost),
        method=METHOD,
        warnings=tuple(_warnings(unpriced, len({pair[1] for pair in ordered}))),
        subjects=tuple(
            Behind("listed", deal_ids=(*records[pair].won, *records[pair].lost)) for pair in ordered
        ),
    )


def _by_product(
    sale: Sale, product: Callable[[Value], Label]
) -> Iterator[tuple[Label, Sequence[Line]]]:
    """The products of a deal, each with its lines; a deal without lines has none."""
    found: dict[Label, list[Line]] = {}
    for line in sale.lines:
        found.setdefault(product(line.product_id), []).append(line)
    yield from found.items() if found else [(_NONE, ())]


def _ordered(records: dict[Pair, Record], *, is_time: bool) -> list[Pair]:
    """Groups by their size, time in its order; in each the products by how many were closed."""
    sizes: dict[Label, int] = {}
    for (lead, _), own in records.items():
        sizes[lead] = sizes.get(lead, 0) + len(own.won) + len(own.lost)

    def order(pair: Pair) -> tuple[object, ...]:
        lead, name = pair
        own = records[pair]
        return (
            not lead[0],
            lead[0] if is_time else "",
            -sizes[lead],
            lead[1],
            not name[0],
            -len(own.won) - len(own.lost),
            name[1],
        )

    return sorted(records, key=order)


def _cells(own: Record, used: Sequence[str]) -> Iterator[Cell]:
    won, lost = len(own.won), len(own.lost)
    yield from (won, lost, ratio(won, won + lost))
    yield share_interval(won, won + lost)
    yield from amounts.amount_cells(own.amount, used)
    yield ratio(own.discounts, own.priced)
    yield ratio(own.of_list, own.listed)
    yield own.units_milli / 1000


def _warnings(unpriced: int, count: int) -> Iterator[str]:
    if unpriced:
        yield f"{so_many(unpriced, 'won line has', 'won lines have')} no price: sums are low."
    if count > 1:
        yield "Products with overlapping intervals do not differ by more than chance may explain."
