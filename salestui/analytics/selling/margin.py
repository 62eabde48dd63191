"""Turnover and margin: what won deals came to, and what is left of it after what the goods cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.facts import Value
from salestui.analytics.groups import DEALS, PEOPLE, TIMES, Label, group_of, labels
from salestui.analytics.past import known_on
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked, conditions
from salestui.store.reader import Reader
from salestui.text import so_many

BY = (*PEOPLE, "pipeline", *DEALS, *TIMES)

METHOD = (
    "Turnover: won deals that have an amount, by the day they were closed. Margin: amount - Σ cost x "
    "quantity over the deal's lines, of those deals alone whose lines all have a cost, the line's own or "
    "else its product's (costed); margin %: of the turnover of these. Lines and costs are today's."
)

_WON = """
SELECT id, currency, amount_minor, {group}
FROM deal WHERE outcome = 'won' AND deleted_at IS NULL AND amount_minor IS NOT NULL {conditions}
"""
_COSTS = """
SELECT l.deal_id, l.currency,
  CAST(sum((coalesce(l.cost_minor, p.cost_minor) * l.quantity_milli + 500) / 1000) AS BIGINT)
FROM deal_line l LEFT JOIN product p ON p.id = l.product_id AND p.currency = l.currency
WHERE l.deleted_at IS NULL
GROUP BY l.deal_id, l.currency HAVING count(*) = count(coalesce(l.cost_minor, p.cost_minor))
"""


class Costed(NamedTuple):
    """A won deal: `amount` and what its lines cost in minor units, `None` where that is not known."""

    deal_id: str
    currency: str
    amount: int
    cost: int | None
    group: Value


def won_deals(reader: Reader, scope: Scope, column: str) -> Iterator[Costed]:
    """The deals won in the scope as known on its day, each with the value of a column.

    A deal with lines in another currency than its own has no known cost.
    """
    narrowed, values = conditions(scope, "closed_on")
    if scope.pipeline_id is not None:
        narrowed += " AND pipeline_id = :pipeline_id"
        values["pipeline_id"] = scope.pipeline_id
    sql = _WON.replace("{group}", f"{column} AS part").replace("{conditions}", narrowed)
    costs: dict[str, dict[str, int]] = {}
    for deal_id, currency, cost in reader.rows(_COSTS):
        costs.setdefault(deal_id, {})[currency] = cost
    with known_on(reader, scope.as_of) as then:
        rows = then.rows(sql, **values)
    for deal_id, currency, amount, group in rows:
        own = costs.get(deal_id, {})
        cost = own.get(currency) if len(own) == 1 else None
        yield Costed(deal_id, currency, amount, cost, group)


@dataclass(slots=True)
class _Sums:
    """Won deals of one group; amounts by currency. `costed` are those whose cost is known."""

    deals: list[str] = field(default_factory=list)
    costed: Counter[str] = field(default_factory=Counter)
    turnover: Counter[str] = field(default_factory=Counter)
    of_costed: Counter[str] = field(default_factory=Counter)
    margin: Counter[str] = field(default_factory=Counter)

    def add(self, deal: Costed) -> None:
        self.deals.append(deal.deal_id)
        self.turnover[deal.currency] += deal.amount
        if deal.cost is not None:
            self.costed[deal.currency] += 1
            self.of_costed[deal.currency] += deal.amount
            self.margin[deal.currency] += deal.amount - deal.cost


def margin(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report by rep, client, product, month …; by product unless said otherwise."""
    group = group_of(by or "product", BY, "The margin")
    label = labels(reader, group, scope.as_of)
    parts: dict[Label, _Sums] = {}
    total = _Sums()
    for deal in won_deals(reader, scope, group.column_for("closed_on")):
        total.add(deal)
        parts.setdefault(label(deal.group), _Sums()).add(deal)
    used = amounts.currencies(total.turnover, ())

    def order(each: Label) -> tuple[object, ...]:
        return (not each[0], each[0] if group.is_time else "", -len(parts[each].deals), each[1])

    ordered = sorted(parts, key=order)
    columns = _columns(used)
    return Report(
        name="margin",
        title="Turnover and margin",
        **asked(scope),
        columns=(Column(group.key, group.label, "text"), *columns),
        rows=tuple((name, *_cells(parts[key, name], used)) for key, name in ordered),
        totals=dict(zip((column.key for column in columns), _cells(total, used), strict=True)),
        n=len(total.deals),
        method=METHOD,
        warnings=tuple(_warnings(total)),
        subjects=tuple(Behind("listed", deal_ids=tuple(parts[each].deals)) for each in ordered),
    )


def _columns(used: tuple[str, ...]) -> list[Column]:
    return [
        Column("won", "Won", "count"),
        *amounts.amount_columns("turnover", "Turnover", used),
        *amounts.amount_columns("margin", "Margin", used),
        *amounts.share_columns("margin_share", "Margin %", used, is_extra=False),
        Column("costed", "Costed", "count"),
        *amounts.amount_columns("of_costed", "Their turnover", used, is_extra=True),
    ]


def _cells(sums: _Sums, used: tuple[str, ...]) -> Iterator[Cell]:
    yield len(sums.deals)
    yield from amounts.amount_cells(sums.turnover, used)
    for currency in used:
        yield Money(sums.margin[currency], currency) if sums.costed[currency] else None
    yield from amounts.share_cells(sums.margin, sums.of_costed, used)
    yield sums.costed.total()
    yield from amounts.amount_cells(sums.of_costed, used)


def _warnings(total: _Sums) -> Iterator[str]:
    lack = len(total.deals) - total.costed.total()
    if lack:
        yield (
            f"{lack:,} of {so_many(len(total.deals), 'won deal')} {'has' if lack == 1 else 'have'} a line "
            "without a cost, or none: counted in the turnover, not in the margin."
        )
