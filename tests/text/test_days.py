"""Days, instants, durations and periods."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.errors import Refused
from salestui.text import (
    Period,
    day_words,
    from_day,
    from_micros,
    month_label,
    parse_day,
    parse_duration,
    parse_period,
    to_day,
    to_micros,
)

TODAY = date(2026, 11, 21)  # a Saturday


@given(st.dates(), st.datetimes(timezones=st.timezones()))
def test_days_and_instants_survive_the_store(day: date, instant: datetime) -> None:
    assert from_day(to_day(day)) == day
    if date(2, 1, 1) < instant.date() < date(9998, 1, 1):
        assert from_micros(to_micros(instant)) == instant.astimezone(UTC)


def test_the_integers_count_from_1970() -> None:
    assert to_day(date(1970, 1, 2)) == 1
    paris = timezone(timedelta(hours=2))
    assert to_micros(datetime(1970, 1, 1, 2, 0, 0, 7, tzinfo=paris)) == 7
    with pytest.raises(ValueError, match="time zone"):
        to_micros(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-10-01", date(2026, 10, 1)),
        ("1.10.2026", date(2026, 10, 1)),
        (" Today ", TODAY),
        ("tomorrow", date(2026, 11, 22)),
        ("yesterday", date(2026, 11, 20)),
        ("fri", date(2026, 11, 27)),
        ("Friday", date(2026, 11, 27)),
        ("sat", date(2026, 11, 28)),
        ("sunday", date(2026, 11, 22)),
        ("+3d", date(2026, 11, 24)),
        ("+2w", date(2026, 12, 5)),
        ("+3m", date(2027, 2, 21)),
        ("-3d", date(2026, 11, 18)),
        ("-1y", date(2025, 11, 21)),
        ("25/12/2026", date(2026, 12, 25)),
        ("12/25/2026", date(2026, 12, 25)),
        ("4/4/2026", date(2026, 4, 4)),
    ],
)
def test_a_day_as_people_write_it(typed: str, day: date) -> None:
    assert parse_day(typed, TODAY) == day


def test_a_month_later_ends_on_the_last_day_of_a_short_month() -> None:
    assert parse_day("+1m", date(2027, 1, 31)) == date(2027, 2, 28)
    assert parse_day("-1m", date(2028, 3, 31)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "typed",
    ["", "f", "2026-02-30", "31.4.2026", "soon", "1.1.26", "0001-01-01", "+9999y", "13/13/2026"],
)
def test_no_day_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        parse_day(typed, TODAY)


def test_a_day_that_may_be_two_is_refused_with_both() -> None:
    with pytest.raises(Refused, match="2026-03-04 or 2026-04-03"):
        parse_day("03/04/2026", TODAY)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY, "today"),
        (date(2026, 11, 22), "tomorrow"),
        (date(2026, 11, 27), "fri 27 Nov"),
        (date(2026, 11, 18), "3 d late"),
        (date(2027, 11, 21), "2027-11-21"),
        (date(2025, 11, 21), "2025-11-21"),
    ],
)
def test_day_words(day: date, words: str) -> None:
    assert day_words(day, TODAY) == words


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("15m", 15), ("1h30", 90), ("1h30m", 90), ("90", 90), ("2h", 120), ("1.5h", 90), ("1:30", 90)]
    + [("2 h 15 min", 135), ("0", 0)],
)
def test_durations(typed: str, minutes: int) -> None:
    assert parse_duration(typed) == minutes


@pytest.mark.parametrize("typed", ["", "h", "m", "-5", "1e3", "1.5h30", "9999999", "a lot", "1:75"])
def test_no_duration_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        parse_duration(typed)


@pytest.mark.parametrize(
    ("typed", "first", "last", "label"),
    [
        ("this-month", date(2026, 11, 1), date(2026, 11, 30), "2026-11"),
        ("last month", date(2026, 10, 1), date(2026, 10, 31), "2026-10"),
        ("this-quarter", date(2026, 10, 1), date(2026, 12, 31), "2026-Q4"),
        ("last-quarter", date(2026, 7, 1), date(2026, 9, 30), "2026-Q3"),
        ("this-year", date(2026, 1, 1), date(2026, 12, 31), "2026"),
        ("last-year", date(2025, 1, 1), date(2025, 12, 31), "2025"),
        ("all", None, None, "all"),
        ("2017", date(2017, 1, 1), date(2017, 12, 31), "2017"),
        ("2017-03", date(2017, 3, 1), date(2017, 3, 31), "2017-03"),
        ("this-week", date(2026, 11, 16), date(2026, 11, 22), "2026-W47"),
        ("last week", date(2026, 11, 9), date(2026, 11, 15), "2026-W46"),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), "2026-W53"),
        ("2017-w9", date(2017, 2, 27), date(2017, 3, 5), "2017-W09"),
        ("2017-W01..2017-W02", date(2017, 1, 2), date(2017, 1, 15), "2017-01-02..2017-01-15"),
        ("9999-W52", date(9999, 12, 27), date(9999, 12, 31), "9999-W52"),
        ("2017-q2", date(2017, 4, 1), date(2017, 6, 30), "2017-Q2"),
        ("2017-03-01..2017-05-31", date(2017, 3, 1), date(2017, 5, 31), "2017-03-01..2017-05-31"),
        ("2017-03..2017-05", date(2017, 3, 1), date(2017, 5, 31), "2017-03-01..2017-05-31"),
        ("2017-Q2..", date(2017, 4, 1), None, "2017-04-01.."),
        ("..", None, None, "all"),
    ],
)
def test_periods(typed: str, first: date | None, last: date | None, label: str) -> None:
    assert parse_period(typed, TODAY) == Period(first, last, label)
    assert parse_period(label, TODAY) == Period(first, last, label)


@pytest.mark.parametrize("typed", ["2026-10", "this-month", "2026-10-01..2026-10-31"])
def test_a_whole_month_is_a_month_however_it_is_typed(typed: str) -> None:
    assert month_label(typed, date(2026, 10, 9)) == "2026-10"


@pytest.mark.parametrize(
    "typed", ["2026-10-05", "2026-10-05..2026-10-09", "2026-W42", "2026-Q4", "2026-10-01..", "all"]
)
def test_a_part_of_a_month_is_none(typed: str) -> None:
    with pytest.raises(Refused, match="Write a month such as 2026-10"):
        month_label(typed, date(2026, 10, 9))


def test_the_last_month_and_quarter_of_january_lie_in_the_old_year() -> None:
    january = date(2027, 1, 5)
    assert parse_period("last-month", january).label == "2026-12"
    assert parse_period("last-quarter", january).label == "2026-Q4"
    assert parse_period("last-week", january).label == "2026-W53"
    assert parse_period("this-week", date(2027, 1, 3)).label == "2026-W53"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "2025-W53",
        "2017-W00",
        "0000-W01",
        "next-week",
        "2017-13",
        "2017-Q5",
        "0000",
        "2017-02-30",
        "2018..2017",
        "next-month",
        "2017...",
        "x",
    ],
)
def test_no_period_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        parse_period(typed, TODAY)
