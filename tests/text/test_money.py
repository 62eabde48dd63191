"""Amounts: exact in minor units, refused where the text says two things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.errors import Refused
from salestui.text import (
    MAX_MINOR,
    about_money,
    decimal_text,
    format_money,
    is_currency,
    minor_digits,
    parse_money,
    parse_number,
)

CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD", "CLF", "UAH"])
AMOUNTS = st.integers(-MAX_MINOR, MAX_MINOR)


def test_minor_digits_follow_iso_4217() -> None:
    assert [minor_digits(code) for code in ("USD", "JPY", "KWD", "CLF", "XXX")] == [2, 0, 3, 4, 2]
    assert is_currency("EUR") and is_currency("UAH")
    assert not any(map(is_currency, ("eur", "EU", "ZZZ", "")))


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("12k", 1_200_000),
        ("1.5m", 150_000_000),
        ("1 234,50", 123_450),
        ("1\u202f234,50", 123_450),
        ("1.234,50", 123_450),
        ("1,234.50", 123_450),
        ("1'234.50", 123_450),
        ("1,234,567", 123_456_700),
        ("12.50", 1_250),
        ("12,5", 1_250),
        (".5", 50),
        ("0.5000", 50),
        ("1234", 123_400),
        ("1054.00", 105_400),
        ("(12,00)", -1_200),
        ("-12", -1_200),
        ("\u221212", -1_200),
        ("-€ 5", -500),
        ("€-5", -500),
        ("€ 5", 500),
        ("5 EUR", 500),
        ("eur 5k", 500_000),
    ],
)
def test_an_amount_as_people_write_it(typed: str, minor: int) -> None:
    assert parse_money(typed, "EUR") == minor


@pytest.mark.parametrize(
    "typed",
    ["", " ", "1e9", "NaN", "inf", "١٢", "1.234.50", "1,23,456", "1 2", "--5", "(-5)", "5.", "k"]
    + [
        "1_000",
        "+-5",
        "-(5)",
        "0x10",
        "1.2345",
        "9" * 61,
        "9" * 20,
        "12 USD",
        "$12",
        "1.2.3",
        ",",
        "=1",
        "²",
    ],
)
def test_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        parse_money(typed, "EUR")


@pytest.mark.parametrize("typed", ["1.234", "12,345", "999.000"])
def test_an_ambiguous_amount_is_refused_until_the_decimal_sign_is_said(typed: str) -> None:
    with pytest.raises(Refused, match="thousands or decimals"):
        parse_money(typed, "KWD")
    whole, fraction = typed.replace(",", ".").split(".")
    sign, other = ("." if "." in typed else ","), ("," if "." in typed else ".")
    assert parse_money(typed, "KWD", decimal=sign) == int(whole + fraction)
    assert parse_money(typed, "KWD", decimal=other) == int(whole + fraction) * 1000


def test_nothing_is_rounded() -> None:
    with pytest.raises(Refused, match="more decimals than JPY has"):
        parse_money("12.50", "JPY")
    assert parse_money("12.00", "JPY") == 12


def test_the_refusal_shows_no_control_bytes() -> None:
    with pytest.raises(Refused) as refusal:
        parse_money("\x1b[31m12", "EUR")
    assert "\x1b" not in str(refusal.value)


def test_an_amount_may_be_counted_in_thousands_or_millions() -> None:
    assert parse_money("1100.0425", "USD", unit=1_000_000) == 110_004_250_000
    assert parse_money("(1 100,5)", "USD", unit=1_000) == -110_050_000


@pytest.mark.parametrize(
    ("typed", "places", "number"),
    [("1,5", 3, 1_500), ("-12", 0, -12), ("12.50", 2, 1_250), ("1 234.5000", 3, 1_234_500)],
)
def test_a_plain_number(typed: str, places: int, number: int) -> None:
    assert parse_number(typed, places) == number


@pytest.mark.parametrize("typed", ["", "1.2345", "1.234", "12k", "5 EUR", "1e3", "x", "+-5"])
def test_no_plain_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        parse_number(typed, 3)


@given(AMOUNTS, CURRENCIES)
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    assert parse_money(decimal_text(minor, currency), currency, decimal=".") == minor
    assert parse_money(format_money(minor, currency), currency, decimal=".") == minor


@given(st.text("0123456789.,' km-€()+", max_size=14))
def test_any_typing_is_an_amount_or_refused(typed: str) -> None:
    try:
        minor = parse_money(typed, "EUR")
    except Refused:
        return
    assert abs(minor) <= MAX_MINOR


@pytest.mark.parametrize(
    ("minor", "currency", "long", "exact"),
    [
        (1_000_553_400, "USD", "10,005,534.00 USD", "10005534.00"),
        (-5, "USD", "-0.05 USD", "-0.05"),
        (1_234_567, "JPY", "1,234,567 JPY", "1234567"),
        (1_234_567, "KWD", "1,234.567 KWD", "1234.567"),
    ],
)
def test_format(minor: int, currency: str, long: str, exact: str) -> None:
    assert format_money(minor, currency) == long
    assert decimal_text(minor, currency) == exact


@pytest.mark.parametrize(
    ("minor", "short"),
    [
        (0, "0"),
        (49, "0"),
        (-49, "0"),
        (99_949, "999"),
        (99_950, "1.0k"),
        (1_250_000, "12.5k"),
        (-1_250_000, "-12.5k"),
        (99_994_999, "999.9k"),
        (99_995_000, "1.0M"),
        (1_000_553_400, "10.0M"),
        (10**14, "1.0T"),
        (99_994_999_999_999_999, "999.9T"),
        (99_995_000_000_000_000, "1.0e15"),
        (-975_551_950_000_000_000, "-9.8e15"),
        (99_999 * 10**15, "1.0e18"),
    ],
)
def test_short(minor: int, short: str) -> None:
    assert format_money(minor, "USD", short=True) == short


def test_an_amount_as_people_say_it() -> None:
    assert about_money(382_568_39, "EUR") == "380,000 EUR"
    assert about_money(38_412_00, "EUR") == "38,000 EUR"
    assert about_money(99_500_00, "EUR") == "100,000 EUR"
    assert about_money(1_250_00, "PLN") == "1,300 PLN"
    assert about_money(12_40, "EUR") == "12 EUR"
    assert about_money(7_60, "EUR") == "8 EUR"
    assert about_money(3, "EUR") == "1 EUR"
    assert about_money(-38_412_00, "EUR") == "-38,000 EUR"
    assert about_money(38_412, "JPY") == "38,000 JPY"
