"""How forms read what is typed, and word what is stored so that it can be typed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from salestui.errors import Refused
from salestui.queries.choices import Choice
from salestui.queries.deal_card import Line
from salestui.text import (
    decimal_text,
    fold,
    is_currency,
    parse_day,
    parse_duration,
    parse_money,
    parse_number,
)


def day(today: Callable[[], date]) -> Callable[[str], date | None]:
    """Reads a day, or nothing."""

    def read(typed: str) -> date | None:
        return parse_day(typed, today()) if typed.strip() else None

    return read


def needed_day(today: Callable[[], date]) -> Callable[[str], date]:
    """Reads a day."""

    def read(typed: str) -> date:
        if not typed.strip():
            raise Refused("Say when: fri, +3d, 2026-10-01.")
        return parse_day(typed, today())

    return read


def money(currency: Callable[[], str]) -> Callable[[str], int | None]:
    """Reads an amount in minor units of the currency chosen by then, or nothing."""

    def read(typed: str) -> int | None:
        if not typed.strip():
            return None
        minor = parse_money(typed, currency())
        if minor < 0:
            raise Refused("An amount cannot be negative.")
        return minor

    return read


def minutes(typed: str) -> int | None:
    """Reads a duration, or nothing."""
    return parse_duration(typed) if typed.strip() else None


def needed(what: str) -> Callable[[str], str]:
    """Reads a text that must be there."""

    def read(typed: str) -> str:
        if not typed.strip():
            raise Refused(f"{what} is missing.")
        return typed.strip()

    return read


def number(typed: str) -> int | None:
    """Reads a whole number, or nothing."""
    digits = typed.strip().replace(" ", "").replace(",", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise Refused("Write a whole number.")
    return int(digits)


def hundredths(typed: str) -> int | None:
    """Reads a percentage, in hundredths of a percent, or nothing."""
    bare = typed.strip().removesuffix("%").strip()
    if not bare:
        return None
    points = parse_number(bare, 2)
    if points < 0:
        raise Refused("A percentage is not below 0 here.")
    return points


def currency(typed: str) -> str:
    """Reads a currency code."""
    code = typed.strip().upper()
    if not is_currency(code):
        raise Refused("Use a currency code such as EUR or USD.")
    return code


def parts(typed: str) -> list[str]:
    """Reads several values parted by commas."""
    return [part.strip() for part in typed.split(",") if part.strip()]


def shown_money(minor: int | None, code: str) -> str:
    """An amount as it can be typed; none is empty."""
    return "" if minor is None else decimal_text(minor, code)


def shown_percent(points: int | None) -> str:
    """Hundredths of a percent as they can be typed; none is empty."""
    return "" if points is None else f"{points / 100:g}"


def shown_day(value: date | None) -> str:
    """A day as it can be typed; none is empty."""
    return "" if value is None else value.isoformat()


_LINE = re.compile(
    r"(?:(?P<count>\d+(?:[.,]\d{1,3})?)\s*[x×]?\s+)?(?P<name>.+?)"
    r"(?:\s*@\s*(?P<price>[^@%]+?))?(?:\s+-\s*(?P<off>\d{1,3}(?:[.,]\d{1,2})?)\s*%)?"
)


def offered(sold: Sequence[Choice], lines: Sequence[Line]) -> list[Choice]:
    """What is sold, and what the deal has: its own goes before another product of the same name."""
    own = {fold(each.product): Choice(each.product_id, each.product) for each in lines}
    return [*own.values(), *(each for each in sold if fold(each.name) not in own)]


def product_lines(
    typed: str, products: Sequence[Choice], code: str
) -> list[tuple[str, int, int | None, int]]:
    """Reads "2 Pump @ 1200 -10%", a product a line: (id, thousandths, unit price or none, discount bp)."""
    found = []
    for row in (row.strip() for row in typed.splitlines()):
        if not row:
            continue
        match = _LINE.fullmatch(row)
        if match is None:
            raise Refused(f"'{row[:40]}' is no product line; write 2 Pump @ 1200 -10%.")
        product = _product(match["name"], products)
        price = parse_money(match["price"], code) if match["price"] else None
        count = _scaled(match["count"] or "1", 1000)
        found.append((product.id, count, price, _scaled(match["off"] or "0", 100)))
    return found


def _product(name: str, products: Sequence[Choice]) -> Choice:
    wanted = fold(name)
    exact = [product for product in products if fold(product.name) == wanted]
    begun = exact or [product for product in products if fold(product.name).startswith(wanted)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise Refused(f"'{name[:40]}' may be {' or '.join(p.name for p in begun[:3])}.")
    raise Refused(f"There is no product '{name[:40]}'.")


def _scaled(text: str, scale: int) -> int:
    whole, _, fraction = text.replace(",", ".").partition(".")
    digits = len(str(scale)) - 1
    return int(whole) * scale + int((fraction + "0" * digits)[:digits] or 0)


def shown_lines(lines: Sequence[Line]) -> str:
    """Product lines as they can be typed."""
    return "\n".join(_shown_line(each) for each in lines)


def _shown_line(each: Line) -> str:
    whole, part = divmod(each.quantity_milli, 1000)
    count = f"{whole}.{part:03}".rstrip("0").rstrip(".") if part else str(whole)
    price = shown_money(each.unit_price_minor, each.currency)
    off = f" -{each.discount_bp / 100:g}%" if each.discount_bp else ""
    return f"{count} {each.product}{f' @ {price}' if price else ''}{off}"
