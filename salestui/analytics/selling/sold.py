"""The lines of won and lost deals: which products were offered, at what price, with what result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from salestui.analytics.facts import Value
from salestui.analytics.past import known_on
from salestui.analytics.scope import Scope, conditions
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader
from salestui.text import line_minor

_DEALS = """
SELECT id, outcome, amount_minor, currency, {group}
FROM deal WHERE outcome IN ('won', 'lost') AND deleted_at IS NULL {conditions}
"""

_LINES = """
SELECT l.deal_id, l.product_id, l.quantity_milli, l.unit_price_minor, l.discount_bp, l.currency,
       CASE WHEN p.currency = l.currency THEN p.price_minor END
FROM deal_line l JOIN product p ON p.id = l.product_id
WHERE l.deleted_at IS NULL ORDER BY l.deal_id, l.position, l.id
"""


class Line(NamedTuple):
    """A product in a deal. `price` and `list_price` for one, in minor units, before the discount."""

    product_id: str
    quantity_milli: int
    price: int | None
    discount_bp: int
    currency: str
    list_price: int | None

    @property
    def amount(self) -> int:
        """What the line comes to, in minor units."""
        return line_minor(self.quantity_milli, self.price or 0, self.discount_bp)

    @property
    def of_list(self) -> float | None:
        """The price after discount as a share of today's list price."""
        if self.price is None or not self.list_price:
            return None
        return self.price * (10_000 - self.discount_bp) / (10_000 * self.list_price)


@dataclass(frozen=True, slots=True)
class Sale:
    """A won or lost deal with its lines; `amount` of the deal in minor units."""

    deal_id: str
    outcome: str
    amount: int | None
    currency: str
    group: Value
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Record:
    """What became of the deals in which a product was offered. Amounts by currency.

    `discounts` and `of_list` are sums over the won lines that have a price, and a list price.
    """

    won: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    amount: Counter[str] = field(default_factory=Counter)
    units_milli: int = 0
    discounts: float = 0
    priced: int = 0
    of_list: float = 0
    listed: int = 0

    def count(self, sale: Sale) -> None:
        """Count the deal, once."""
        (self.won if sale.outcome == Outcome.WON else self.lost).append(sale.deal_id)

    def add(self, line: Line) -> None:
        """Add a won line."""
        self.amount[line.currency] += line.amount
        self.units_milli += line.quantity_milli
        if line.price is not None:
            self.discounts += line.discount_bp / 10_000
            self.priced += 1
        if line.of_list is not None:
            self.of_list += line.of_list
            self.listed += 1


def sales(reader: Reader, scope: Scope, column: str | None = None) -> list[Sale]:
    """The deals closed in the scope, as known on its day, with the lines they have today."""
    narrowed, values = conditions(scope, "closed_on")
    if scope.pipeline_id is not None:
        narrowed += " AND pipeline_id = :pipeline_id"
        values["pipeline_id"] = scope.pipeline_id
    sql = _DEALS.replace("{group}", f"{column} AS part" if column else "NULL")
    with known_on(reader, scope.as_of) as then:
        rows = then.rows(sql.replace("{conditions}", narrowed), **values)
    lines = _lines(reader, {row[0] for row in rows})
    return [
        Sale(deal_id, outcome, amount, currency, group, tuple(lines.get(deal_id, ())))
        for deal_id, outcome, amount, currency, group in rows
    ]


def _lines(reader: Reader, wanted: set[str]) -> Mapping[str, Sequence[Line]]:
    found: dict[str, list[Line]] = {}
    for deal_id, *line in reader.rows(_LINES):
        if deal_id in wanted:
            found.setdefault(deal_id, []).append(Line(*line))
    return found
