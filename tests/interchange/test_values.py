"""Date orders and decimal signs, found from whole columns; nothing is guessed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.errors import Refused
from salestui.interchange.values import (
    DateOrder,
    date_format,
    decimal_sign,
    has_time,
    read_day,
    read_instant,
    read_whole,
)

VILNIUS = ZoneInfo("Europe/Vilnius")


@pytest.mark.parametrize(
    ("values", "order"),
    [
        ([], "iso"),
        (["", "n/a", "2017-03-01", "2017/3/1", "20170301", "1 Mar 2017"], "iso"),
        (["03/04/2017", "25/12/2017"], "day-first"),
        (["03/04/2017", "12/25/2017 10:30 PM"], "month-first"),
        (["03.04.2017"], "day-first"),
        (["12.25.2017"], "month-first"),
        (["3-4-2017 08:15:00", "31-1-2017 08:15:00"], "day-first"),
        (["4/4/2017"], "iso"),
        (["03/04/2017", "2017-12-25", "13/04/2017"], "day-first"),
    ],
)
def test_the_whole_column_tells_its_order(values: list[str], order: str) -> None:
    assert date_format(values, column="day") == order
    assert date_format(reversed(values), column="day") == order


@pytest.mark.parametrize("values", [["03/04/2017"], ["3-4-2017", "12/12/2017"], ["17-03-01"]])
def test_an_ambiguous_column_is_asked_about(values: list[str]) -> None:
    with pytest.raises(Refused, match='Column "close_date" may have the day or the month first'):
        date_format(values, column="close_date")
    with pytest.raises(Refused, match="--dates day-first or --dates month-first"):
        date_format(values, column="close_date")


def test_a_column_written_in_two_ways_is_refused_with_both() -> None:
    with pytest.raises(Refused, match='first in "25/12/2017" and the month first in "12/25/2017"'):
        date_format(["25/12/2017", "12/25/2017"], column="day")


@pytest.mark.parametrize(
    ("value", "order", "day"),
    [
        ("2017-03-01", "month-first", date(2017, 3, 1)),
        ("2017.3.1", "iso", date(2017, 3, 1)),
        ("20170301", "iso", date(2017, 3, 1)),
        ("01/03/2017", "day-first", date(2017, 3, 1)),
        ("03/01/2017", "month-first", date(2017, 3, 1)),
        ("1. 3. 2017", "day-first", date(2017, 3, 1)),
        ("1.3.17", "day-first", date(2017, 3, 1)),
        ("1.3.69", "day-first", date(1969, 3, 1)),
        ("1 March 2017", "iso", date(2017, 3, 1)),
        ("Mar 1, 2017", "iso", date(2017, 3, 1)),
        ("01-Mar-2017", "iso", date(2017, 3, 1)),
        (" 2017-03-01T23:59:59.123Z ", "iso", date(2017, 3, 1)),
        ("3/1/2017 11:05 PM", "month-first", date(2017, 3, 1)),
    ],
)
def test_a_date_of_a_known_order(value: str, order: DateOrder, day: date) -> None:
    assert read_day(value, order) == day


@pytest.mark.parametrize(
    ("value", "order"),
    [
        ("01/03/2017", "iso"),
        ("2017-13-01", "iso"),
        ("2017-02-29", "iso"),
        ("31/02/2017", "day-first"),
        ("25/12/2017", "month-first"),
        ("0001-01-01", "iso"),
        ("2017-03/01", "iso"),
        ("42795", "iso"),
        ("soon", "iso"),
        ("٢٠١٧-٠٣-٠١", "iso"),
        ("2017-03-01" + " " * 50_000 + "x", "iso"),
    ],
)
def test_no_date_is_refused(value: str, order: DateOrder) -> None:
    with pytest.raises(Refused, match="not a date"):
        read_day(value, order)


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2017-03-01T10:00:00Z", datetime(2017, 3, 1, 10, tzinfo=UTC)),
        ("2017-03-01 10:00:00.000+0200", datetime(2017, 3, 1, 8, tzinfo=UTC)),
        ("2017-03-01 10:00 -05:30", datetime(2017, 3, 1, 15, 30, tzinfo=UTC)),
        ("2017-03-01 10:00", datetime(2017, 3, 1, 8, tzinfo=UTC)),
        ("2017-07-01 10:00", datetime(2017, 7, 1, 7, tzinfo=UTC)),
        ("2017-07-01 12:05 am", datetime(2017, 6, 30, 21, 5, tzinfo=UTC)),
        ("2017-07-01 12:05 PM", datetime(2017, 7, 1, 9, 5, tzinfo=UTC)),
        ("2017-03-01", datetime(2017, 2, 28, 22, tzinfo=UTC)),
    ],
)
def test_a_time_stamp_is_an_instant(value: str, instant: datetime) -> None:
    assert read_instant(value, "iso", VILNIUS) == instant
    assert has_time(value) == (":" in value)


@pytest.mark.parametrize("value", ["2017-03-01 25:00", "2017-03-01 10:61", "2017-03-01 13:00 PM"])
def test_no_time_of_the_day_is_refused(value: str) -> None:
    with pytest.raises(Refused, match="not a time"):
        read_instant(value, "iso", UTC)


@pytest.mark.parametrize(
    ("values", "sign"),
    [
        ([], None),
        (["12", "1 234", "n/a"], None),
        (["1.234", "12.5"], "."),
        (["1,234", "12,50 €"], ","),
        (["1.234,50"], ","),
        (["(1,234.50)"], "."),
        (["1,234,567"], "."),
        (["1.234.567", "1.234"], ","),
        (["0.125"], "."),
        (["1 234,567"], ","),
    ],
)
def test_the_whole_column_tells_its_decimal_sign(values: list[str], sign: str | None) -> None:
    assert decimal_sign(values, column="price") == sign


def test_an_ambiguous_decimal_sign_is_asked_about() -> None:
    with pytest.raises(Refused, match='Column "price" may have thousands or decimals in "1.234"'):
        decimal_sign(["1.234", "12"], column="price")


def test_two_decimal_signs_in_a_column_are_refused() -> None:
    with pytest.raises(Refused, match='decimal point in "12.5" and a decimal comma in "12,5"'):
        decimal_sign(["12.5", "12,5"], column="price")


@pytest.mark.parametrize(
    ("value", "count"),
    [("2822", 2822), ("2,822", 2822), ("2.822", 2822), ("1 234 567", 1234567), ("12.0", 12)],
)
def test_counts(value: str, count: int) -> None:
    assert read_whole(value) == count


@pytest.mark.parametrize("value", ["", "-1", "12.5", "1,23", "1e3", "9" * 20, "2147483648", "x"])
def test_no_count_is_refused(value: str) -> None:
    with pytest.raises(Refused):
        read_whole(value)


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)), st.sampled_from(["-", "/", "."]))
def test_every_date_is_read_in_the_order_it_was_written(day: date, sign: str) -> None:
    day_first = sign.join((f"{day.day:02}", f"{day.month:02}", str(day.year)))
    month_first = sign.join((str(day.month), str(day.day), str(day.year)))
    assert read_day(day_first, "day-first") == read_day(month_first, "month-first") == day
    assert read_day(day.isoformat(), "month-first") == day


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused(value: str) -> None:
    for order in ("iso", "day-first", "month-first"):
        try:
            read_instant(value, order, VILNIUS)  # type: ignore[arg-type]
        except Refused:
            pass
