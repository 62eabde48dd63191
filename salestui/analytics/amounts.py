"""Amounts in a report: a column for each currency, so that none is ever added to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from salestui.analytics.measures import ratio
from salestui.analytics.pipelines import Pipeline
from salestui.analytics.report import Cell, Column, Kind, Money


def currencies(seen: Iterable[str], pipelines: Iterable[Pipeline]) -> tuple[str, ...]:
    """The currencies in use, in order; those of the pipelines where there is no deal yet."""
    found = {currency for currency in seen if currency}
    return tuple(sorted(found or {p.currency for p in pipelines if p.is_live}))


def amount_columns(
    key: str, label: str, used: Iterable[str], *, is_extra: bool = False
) -> list[Column]:
    """`sum`, or `sum_eur`, `sum_pln` … where there are several currencies."""
    return own_columns(key, label, "money", used, is_extra=is_extra)


def share_columns(
    key: str, label: str, used: Iterable[str], *, is_extra: bool = True
) -> list[Column]:
    """The ratio of two amounts, for each currency."""
    return own_columns(key, label, "ratio", used, is_extra=is_extra)


def own_columns(
    key: str, label: str, kind: Kind, used: Iterable[str], *, is_extra: bool = False
) -> list[Column]:
    """What is counted in each currency by itself, named as `amount_columns` are."""
    listed = tuple(used)
    if len(listed) < 2:
        return [Column(key, label, kind, is_extra)] if listed else []
    return [Column(f"{key}_{c.lower()}", f"{label} {c}", kind, is_extra) for c in listed]


def amount_cells(amounts: Mapping[str, int], used: Iterable[str]) -> list[Money]:
    """A cell for each currency."""
    return [Money(amounts.get(currency, 0), currency) for currency in used]


def own_cells(minor: int | None, currency: str, used: Iterable[str]) -> list[Money | None]:
    """One deal's amount under its own currency."""
    return [Money(minor, c) if c == currency and minor is not None else None for c in used]


def amount_totals(key: str, totals: Mapping[str, int], used: Iterable[str]) -> dict[str, Cell]:
    """The cells of `amount_columns` by key, for the totals of a report."""
    listed = tuple(used)
    keys = (column.key for column in amount_columns(key, "", listed))
    return dict(zip(keys, amount_cells(totals, listed), strict=True))


def share_cells(
    parts: Mapping[str, int], wholes: Mapping[str, int], used: Iterable[str]
) -> list[float | None]:
    """The share of each currency's amount."""
    return [ratio(parts.get(currency, 0), wholes.get(currency, 0)) for currency in used]


def mean_cells(
    amounts: Mapping[str, int], counts: Mapping[str, int], used: Iterable[str]
) -> list[Money | None]:
    """The mean amount in each currency, rounded to its minor unit, half away from zero."""
    cells: list[Money | None] = []
    for currency in used:
        count = counts.get(currency, 0)
        amount = (2 * amounts.get(currency, 0) + count) // (2 * count) if count else 0
        cells.append(Money(amount, currency) if count else None)
    return cells


def unpriced_words(won: Mapping[str, int], priced: Mapping[str, int]) -> Iterator[str]:
    """For each currency, how many of the won deals are in no mean for want of an amount."""
    for currency, count in won.items():
        if lacking := count - priced.get(currency, 0):
            have = "has" if lacking == 1 else "have"
            told = "they are in no average" if lacking < count else "no average is known"
            yield f"{lacking:,} of the {count:,} deals won in {currency} {have} no amount: {told}."
