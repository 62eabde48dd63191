"""The lines of a deal as they are shown, summed and typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from salestui.errors import Refused
from salestui.queries.deal_card import Deal, Line
from salestui.screens import typed
from salestui.screens.columns import GAP, laid_out
from salestui.text import format_money, line_minor, parse_number
from salestui.widgets.line_list import Line as Row
from salestui.widgets.line_list import Piece, line

Prices = Mapping[str, int | None]
"""List prices by product, in minor units of the deal's currency."""

_STYLES = ("text", "text", "muted", "muted", "title")


def line_rows(lines: Sequence[Line], prices: Prices, width: int) -> Iterator[Row]:
    """A row for each line, with its place from 0 as key."""
    if not lines:
        yield line(("No products yet: n adds one.", "hint"))
        return
    texts = [_texts(each, prices) for each in lines]
    for place, row in enumerate(laid_out(texts, [False, *[True] * 4], width)):
        pieces = [Piece(text + GAP, style) for text, style in zip(row, _STYLES, strict=True)]
        yield Row(tuple(pieces), str(place))


def _texts(each: Line, prices: Prices) -> tuple[str, ...]:
    price = _price(each, prices)
    return (
        each.product,
        shown(each.quantity_milli, 3),
        "no price" if price is None else f"x {typed.shown_money(price, each.currency)}",
        f"-{shown(each.discount_bp, 2)} %" if each.discount_bp else "",
        format_money(_sum(each, prices), each.currency),
    )


def sum_words(lines: Sequence[Line], prices: Prices, deal: Deal) -> str:
    """The sum of the lines, or the amount that a deal without any keeps."""
    if lines:
        total = sum(_sum(each, prices) for each in lines)
        return f"Sum of {len(lines)}: {format_money(total, deal.currency)}"
    stays = "no amount"
    if deal.amount_minor is not None:
        stays = format_money(deal.amount_minor, deal.currency)
    return f"Without products the deal stays at {stays}"


def _price(each: Line, prices: Prices) -> int | None:
    own = each.unit_price_minor
    return prices.get(each.product_id) if own is None else own


def _sum(each: Line, prices: Prices) -> int:
    return line_minor(each.quantity_milli, _price(each, prices) or 0, each.discount_bp)


def quantity(text: str) -> int:
    """Reads a quantity in thousandths; nothing is one."""
    number = parse_number(text, 3) if text.strip() else 1000
    if number <= 0:
        raise Refused("A quantity is above 0.")
    return number


def discount(text: str) -> int:
    """Reads a discount in hundredths of a percent, with or without sign; nothing is none."""
    bare = text.strip().removesuffix("%").strip().lstrip("-−")
    number = parse_number(bare, 2) if bare else 0
    if not 0 <= number <= 10_000:
        raise Refused("From 0 to 100 percent.")
    return number


def shown(number: int, places: int) -> str:
    """A number kept in units of 10 ** -`places`, as one types it."""
    whole, part = divmod(number, 10**places)
    return f"{whole}.{part:0{places}}".rstrip("0").rstrip(".") if part else str(whole)
