"""Money as whole minor units and an ISO 4217 code: read from what people type, and worded."""

import re

from salestui.errors import Refused
from salestui.text.clean import inert
from salestui.text.patterns import pattern

_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED
VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
_CURRENCIES = frozenset(_CODES.split())
_NO_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_MINOR_DIGITS = (
    dict.fromkeys(_NO_MINOR.split(), 0) | dict.fromkeys(_THOUSANDTHS.split(), 3) | {"CLF": 4}
)
# A sign several countries use is taken for the amount's own currency if that is among them.
_SIGNS = {
    "€": {"EUR"}, "£": {"GBP", "EGP", "FKP", "GIP", "SHP", "SSP", "SYP", "LBP"},
    "$": {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "TWD", "BRL"},
    "¥": {"JPY", "CNY"}, "₴": {"UAH"}, "₽": {"RUB"}, "₺": {"TRY"}, "₹": {"INR"}, "₩": {"KRW"},
    "₪": {"ILS"}, "₸": {"KZT"}, "₾": {"GEL"}, "₼": {"AZN"}, "₫": {"VND"}, "₦": {"NGN"},
    "zł": {"PLN"}, "Kč": {"CZK"}, "Ft": {"HUF"}, "kr": {"SEK", "NOK", "DKK", "ISK"},
    "lei": {"RON", "MDL"}, "Fr": {"CHF"}, "грн": {"UAH"},
}  # fmt: skip

MAX_MINOR = 10**15
"""Largest amount kept: sums of thousands of them still fit the store's 64-bit integers."""

_LONGEST_TYPED = 60
_SCALES = {"k": 1_000, "m": 1_000_000}
_BLANKS = pattern(r"\s+")
_BARE = pattern(r"[-+0-9 .,'()]*[kKmM]?")
_NUMBER = pattern(r"[0-9 '.,]*[0-9]")
_GROUPED = pattern(r"[0-9]{1,3}(?:([ '.,])[0-9]{3})(?:\1[0-9]{3})*|[0-9]+")
_SCALES_SHOWN = ((10**3, "k"), (10**6, "M"), (10**9, "B"), (10**12, "T"))


def is_currency(code: str) -> bool:
    """Whether `code` is a current ISO 4217 code, in capitals."""
    return code in _CURRENCIES


def minor_digits(currency: str) -> int:
    """Return how many decimals the currency has: 2, but 0 for JPY, 3 for KWD …"""
    return _MINOR_DIGITS.get(currency, 2)


def parse_money(text: str, currency: str, *, decimal: str | None = None, unit: int = 1) -> int:
    """Read an amount as people write it and return it in minor units of `currency`.

    `decimal` ("." or ",") says which sign starts the decimals where the text alone is ambiguous
    ("1.234"); `unit` is what the amount is counted in (a million, in some tables). Raises
    `Refused` for what is no amount, is ambiguous, or needs rounding.
    """
    sign, bare = _sign(_without_currency(_tidy(text), currency, text))
    bare = _without_currency(bare, currency, text)
    if not sign:
        sign, bare = _sign(bare)
    scale = _SCALES.get(bare[-1:].lower(), 1)
    if scale > 1:
        bare = bare[:-1].rstrip()
    whole, fraction = _split(bare, decimal, text)
    minor = _minor(whole, fraction, scale * unit, currency, text)
    return -minor if sign == "-" else minor


def parse_number(text: str, places: int, *, decimal: str | None = None) -> int:
    """Read a plain number, grouped or not, and return it in units of 10 ** -`places`.

    Quantities are kept in thousandths, percentages in hundredths. Raises `Refused` as
    `parse_money` does.
    """
    sign, bare = _sign(_tidy(text))
    whole, fraction = _split(bare, decimal, text)
    kept, rest = fraction[:places].ljust(places, "0"), fraction[places:]
    if rest.strip("0"):
        raise Refused(f"{_shown(text)} has more than {places} decimals.")
    number = int(whole + kept)
    if number > MAX_MINOR:
        raise Refused(f"{_shown(text)} is too large a number.")
    return -number if sign == "-" else number


def _tidy(text: str) -> str:
    return _BLANKS.sub(" ", text.replace("\u2212", "-").replace("’", "'")).strip()


def _without_currency(bare: str, currency: str, text: str) -> str:
    """`bare` without a currency code or sign at either end, which must be that of `currency`."""
    if _BARE.fullmatch(bare):
        return bare
    for code in re.findall(r"(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])", bare):
        if code.upper() == currency:
            return bare.replace(code, "", 1).strip()
        if code.upper() in _CURRENCIES:
            raise Refused(f"{_shown(text)} is in {code.upper()}, not in {currency}.")
    for sign, currencies in _SIGNS.items():
        if bare.startswith(sign) or bare.endswith(sign):
            if currency not in currencies:
                raise Refused(f"{_shown(text)} is not in {currency}.")
            return bare.removeprefix(sign).removesuffix(sign).strip()
    return bare


def _sign(bare: str) -> tuple[str, str]:
    """The sign (accounting parentheses are a minus; none is an empty text) and the rest."""
    if bare.startswith("(") and bare.endswith(")"):
        return "-", bare[1:-1].strip()
    if bare.startswith(("+", "-")):
        return bare[0], bare[1:].strip()
    return "", bare


def _split(bare: str, decimal: str | None, text: str) -> tuple[str, str]:
    """The digits before and after the decimal sign, its role worked out or refused."""
    if decimal not in (None, ".", ","):
        raise ValueError(f"decimal is '.' or ',', not {decimal!r}")
    if len(bare) > _LONGEST_TYPED or not _NUMBER.fullmatch(bare):
        raise Refused(f"{_shown(text)} is not a number; write it like 1234.50, 12k or 1.5m.")
    mark = decimal or _decimal_sign(bare, text)
    whole, found, fraction = bare.partition(mark) if mark else (bare, "", "")
    grouped = _GROUPED.fullmatch(whole or "0")
    if grouped is None or (mark and grouped[1] == mark) or (found and not fraction.isdigit()):
        raise Refused(f"{_shown(text)} is not a number: its digits are grouped oddly.")
    return re.sub("[^0-9]", "", whole) or "0", fraction


def _decimal_sign(bare: str, text: str) -> str:
    """The sign that starts the decimals, empty if none does; ambiguous is refused."""
    signs = {sign for sign in ".," if sign in bare}
    if not signs:
        return ""
    if len(signs) == 2:
        return max(signs, key=bare.rindex)
    (sign,) = signs
    before, after = bare.split(sign, 1)
    if sign in after:
        return ""  # several of them can only part groups
    if len(after) == 3 and before.isdigit() and len(before) <= 3 and before[0] != "0":
        raise Refused(
            f"{_shown(text)} may be thousands or decimals; write {before}{after} "
            f"or {before}{sign}{after[:2]}, or say which sign starts the decimals."
        )
    return sign


def _minor(whole: str, fraction: str, scale: int, currency: str, text: str) -> int:
    digits = minor_digits(currency)
    amount: int = int(whole + fraction) * scale * 10**digits
    parts: int = 10 ** len(fraction)
    minor, rest = divmod(amount, parts)
    if rest:
        raise Refused(f"{_shown(text)} has more decimals than {currency} has ({digits}).")
    if minor > MAX_MINOR:
        raise Refused(f"{_shown(text)} is more than an amount can be.")
    return minor


def _shown(text: str) -> str:
    return f'"{inert(text[:40])}"'


def line_minor(quantity_milli: int, unit_price_minor: int, discount_bp: int) -> int:
    """The sum of a deal's line, rounded half up: thousandths of a piece, hundredths of a percent."""
    share = quantity_milli * (10_000 - discount_bp)
    return (unit_price_minor * share + 5_000_000) // 10_000_000


def decimal_text(minor: int, currency: str) -> str:
    """Return the exact amount with a point and no grouping: "10005534.00"."""
    digits = minor_digits(currency)
    if not digits:
        return str(minor)
    whole, fraction = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}.{fraction:0{digits}}"


def format_money(minor: int, currency: str, *, short: bool = False) -> str:
    """Return the amount for people: "10,005,534.00 USD"; `short`, for a board head: "10.0M"."""
    if short:
        return _short(minor, 10 ** minor_digits(currency))
    whole, point, fraction = decimal_text(abs(minor), currency).partition(".")
    return f"{'-' if minor < 0 else ''}{int(whole):,}{point}{fraction} {currency}"


def about_money(minor: int, currency: str) -> str:
    """The amount as people say it after "about", to two digits and no less than one: "38,000 EUR"."""
    unit = 10 ** minor_digits(currency)
    whole = max((abs(minor) * 2 + unit) // (unit * 2), 1)
    step = 10 ** max(len(str(whole)) - 2, 0)
    return f"{'-' if minor < 0 else ''}{(whole * 2 + step) // (step * 2) * step:,} {currency}"


def _short(minor: int, unit: int) -> str:
    """One decimal of the first scale with less than four digits; half is rounded away from 0.

    Beyond thousands of trillions, which only a sum of mistyped amounts reaches, a power of ten: "9.8e18".
    """
    sign = "-" if minor < 0 else ""
    whole = (abs(minor) * 2 + unit) // (unit * 2)
    if whole < 1000:
        return f"{sign if whole else ''}{whole}"
    for scale, letter in _SCALES_SHOWN:
        tenths = (abs(minor) * 20 + scale * unit) // (scale * unit * 2)
        if tenths < 10_000:
            return f"{sign}{tenths // 10}.{tenths % 10}{letter}"
    power = len(str(whole)) - 1
    tenths = (whole * 20 + 10**power) // (10**power * 2)
    if tenths == 100:
        power, tenths = power + 1, 10
    return f"{sign}{tenths // 10}.{tenths % 10}e{power}"
