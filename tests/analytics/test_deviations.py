"""The deviations report: what differs from the reference is found and worded, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from salestui.analytics.drill import deals_behind
from salestui.analytics.past import rebuilt
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.report import Money
from salestui.analytics.scope import ask
from salestui.analytics.stages.comparison import past
from salestui.analytics.stages.decisions import Decision
from salestui.analytics.stages.reference import measured
from salestui.analytics.stages.reference_report import reference
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import Period, about_money, parse_period, to_day
from salestui.usecases.reference import StageFigures, freeze_reference, set_reference
from tests.analytics.book import START, Life, Move, make_book, on
from tests.analytics.funnels import DEMO, FEBRUARY, FIRST, run, steady
from tests.simulator import World, lives_of, simulate, true_wins, usual


def test_a_bad_month_is_found_and_worded(store: Store) -> None:
    book = make_book(store)
    steady(book, 0.55, range(-365, 31))
    steady(book, 0.30, range(31, 59), seed=2, owner="Zofia", reason="Timing")
    report = run(book, period=FEBRUARY, pipeline="Sales")
    row = dict(zip((c.key for c in report.columns), report.rows[0], strict=True))
    assert row["stage"] == FIRST and row["decided"] == 112
    assert row["share"] < 0.42 and 0.5 < row["reference"] < 0.6
    assert row["verdict"] == "lower"
    assert row["missing"] == round((row["reference"] - row["share"]) * 112)
    # Half of the demos are won, of 1,000 each.
    cost = row["missing_sum"]
    assert isinstance(cost, Money) and cost.currency == "EUR"
    assert cost.minor == pytest.approx(row["missing"] * 0.5 * 1000_00, rel=0.15)
    assert report.cells("verdict")[1:] == ("usual", None)
    words = report.warnings[0]
    assert words.startswith(f"{FIRST} → {DEMO} differs: {row['passed']} of 112 (")
    assert "usual 90 % range" in words and " in 100." in words
    worth = about_money(cost.minor, "EUR")
    assert (
        f"At the reference rate: {row['missing']} more to {DEMO}, about {worth} in later" in words
    )
    assert worth.endswith("000 EUR") and ".00" not in words
    assert "Reasons that rose: Timing 0 % → 100 %." in words
    # All of the stage is Zofia's: she is not unlike the others, for there are none.
    assert "Look first" not in words and "caused" not in words


def test_only_who_differs_by_a_test_of_their_own_is_named(store: Store) -> None:
    book = make_book(store)
    steady(book, 0.6, range(-365, 31))
    steady(book, 0.15, range(31, 59), seed=2, owner="Zofia")
    steady(book, 0.55, range(31, 59), seed=3, owner="Jonas")
    words = run(book, period=FEBRUARY, pipeline="Sales").warnings[0]
    assert "Look first at: Zofia (" in words
    assert "Jonas" not in words


def test_the_days_that_a_reference_is_measured_from_are_told(store: Store) -> None:
    """Of February the twelve months before it; of no period those before the current month."""
    book = make_book(store)
    steady(book, 0.55, range(-365, 59))
    report = run(book, period=FEBRUARY, pipeline="Sales")
    told = "The reference is measured from 2025-02-01..2026-01-31, the 12 periods of this length before."
    assert told in report.warnings
    days = Period(date(2025, 2, 1), date(2026, 1, 31), "those days")
    then = run(book, period=days, pipeline="Sales")
    assert report.cells("reference")[:2] == then.cells("share")[:2]
    shown = store.read(lambda r: reference(r, ask(r, pipeline="Sales")))
    assert shown.warnings[0].startswith(
        "Measured from 2025-03-01..2026-02-28. The deviations report"
    )


def test_where_nothing_differs_it_says_how_much_would_be_seen(store: Store) -> None:
    book = make_book(store)
    steady(book, 0.55, range(-365, 59))
    report = run(book, period=FEBRUARY, pipeline="Sales")
    assert set(report.cells("verdict")) == {"usual", None}
    scope = book.store.read(lambda reader: ask(reader, period=FEBRUARY))
    for behind, count in zip(report.subjects, report.cells("decided"), strict=True):
        assert book.store.read(deals_behind, scope, behind).count == count
    assert report.warnings[0].startswith(
        "No stage differs from the reference beyond chance; with 112 deals"
    )
    assert report.cells("missing") == (None, None, None)
    # The last four weeks unless a period is asked for.
    assert run(book).period.label == "2026-02-19..2026-03-18"


def test_few_periods_flag_nothing(store: Store) -> None:
    book = make_book(store)
    steady(book, 0.9, range(-27, 31))
    steady(book, 0.1, range(31, 59), seed=2)
    report = run(book, period=FEBRUARY, pipeline="Sales")
    assert report.cells("verdict")[0] == "unjudged"
    for typed, swings in (
        ("2026-02", "month-to-month"),
        ("2025-12-22..2025-12-28", "week-to-week"),
        ("2026-02-01..2026-02-20", "period-to-period"),
        ("2026-Q1", "quarter-to-quarter"),
        ("2026", "year-to-year"),
    ):
        told = run(book, period=parse_period(typed, date(2026, 3, 18))).warnings
        assert any(f"not corrected for usual {swings} swings" in each for each in told), typed


def test_against_a_version_a_template_and_past_periods(store: Store) -> None:
    book = make_book(store)
    steady(book, 0.55, range(-365, 59))
    write, ids = store.write, {"pipeline_id": book["Sales"]}
    kept = StageFigures(book[FIRST], 9000, entered=400)
    write(
        freeze_reference,
        stages=[kept],
        first_on=date(2025, 1, 1),
        last_on=date(2025, 12, 31),
        **ids,
    )

    def first(against: str) -> tuple[Any, ...]:
        report = run(book, against=against, period=FEBRUARY, pipeline="Sales")
        keys = ("source", "reference", "verdict")
        return tuple(report.cells(key)[0] for key in keys)

    assert first("reference") == ("version 1", 0.9, "lower")
    beside = run(book, against="reference", period=FEBRUARY, pipeline="Sales")
    assert beside.title == "Deviations from the reference, version 1"
    source, share, verdict = first("template")
    assert (source, share, verdict) == ("template", pytest.approx(1 / 3), "higher")
    write(set_reference, stage_id=book[FIRST], forward_bp=5500, **ids)
    assert first("template") == ("template 2", 0.55, "usual")
    # A version that says nothing of money takes wins and values from what was measured.
    write(set_reference, stage_id=book[FIRST], forward_bp=9000, **ids)
    report = run(book, against="template", period=FEBRUARY, pipeline="Sales")
    missing, cost = report.cells("missing")[0], report.cells("missing_sum")[0]
    assert isinstance(cost, Money) and isinstance(missing, int)
    # The percentages of the template say that 30 % of the demos are won.
    assert cost.minor == pytest.approx(missing * 0.3 * 1000_00, rel=0.02)
    write(set_reference, stage_id=book[FIRST], forward_bp=5500, **ids)
    assert first("reference") == ("template 4", 0.55, "usual")
    source, share, verdict = first("last-period")
    assert source == "2026-01" and 0.4 < share < 0.7 and verdict == "usual"
    source, share, verdict = first("last-year")
    assert source == "2025-02-01..2025-02-28" and 0.4 < share < 0.7 and verdict == "usual"
    shown = store.read(lambda r: reference(r, ask(r, pipeline="Sales")))
    assert shown.title == "Reference funnel, template 4"


def test_what_makes_no_sense_is_refused(store: Store) -> None:
    book = make_book(store)
    with pytest.raises(Refused, match="Compare with one of reference, same-months, template"):
        run(book, against="wishes")
    with pytest.raises(Refused, match="has not begun"):
        run(book, period=Period(date(2026, 4, 1), date(2026, 4, 30), "2026-04"))
    with pytest.raises(Refused, match="only by rep"):
        run(book, "weather")
    with pytest.raises(Refused, match="no version 9"):
        store.read(lambda r: reference(r, ask(r), number=9))


EDGES = {
    "no deals": (),
    "one": (Life([Move(3)]),),
    "no days": tuple(Life([Move(None), Move(None, FIRST, "lost")]) for _ in range(40)),
    "wins only": tuple(Life([Move(i), Move(i + 5, FIRST, "won")]) for i in range(60)),
    "all lost": tuple(Life([Move(i), Move(i + 5, FIRST, "lost")]) for i in range(60)),
    "won before created": tuple(Life([Move(i), Move(i - 5, FIRST, "won")]) for i in range(60)),
    "at once": tuple(Life([Move(i, FIRST, "won")]) for i in range(60)),
    "opened again": tuple(
        Life([Move(i), Move(i + 2, DEMO, "lost"), Move(i + 4, DEMO)]) for i in range(60)
    ),
    "currencies": tuple(
        Life(
            [Move(i), Move(i + 5, DEMO, "won" if i % 2 else "lost")],
            100_00,
            ("EUR", "PLN")[i % 4 > 1],
        )
        for i in range(60)
    ),
    "no amount": tuple(Life([Move(i), Move(i + 2, DEMO, "won")], None) for i in range(60)),
}


@pytest.mark.parametrize("lives", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("against", ["reference", "template", "last-period", "last-year"])
def test_funnels_that_hardly_are_one(
    sqlite_store: Store, lives: tuple[Life, ...], against: str
) -> None:
    book = make_book(sqlite_store)
    if lives:
        book.add(*lives)
    for scope in ({}, {"period": FEBRUARY}, {"as_of": on(60)}, {"team": "South"}):
        report = run(book, against=against, **scope)
        report.to_json()
        assert len(report.rows) == 6 and report.warnings
    shown = sqlite_store.read(lambda reader: reference(reader, ask(reader)))
    for key in ("forward", "lost", "win"):
        assert all(cell is None or 0 <= cell <= 1 for cell in shown.cells(key))  # type: ignore[operator]


def test_currencies_are_never_added(store: Store) -> None:
    book = make_book(store)
    random = Random(4)
    for share, days in ((0.7, range(-365, 31)), (0.2, range(31, 59))):
        book.add(
            *(
                Life(
                    [Move(day - 4), Move(day, DEMO, "won")]
                    if random.random() < share
                    else [Move(day - 4), Move(day, FIRST, "lost")],
                    1000_00, ("EUR", "PLN")[day % 2],
                )
                for day in days for _ in range(4)
            )
        )  # fmt: skip
    report = run(book, period=FEBRUARY, pipeline="Sales")
    cells = [report.cells(f"missing_sum_{code}")[0] for code in ("eur", "pln")]
    assert [cell.currency for cell in cells] == ["EUR", "PLN"]  # type: ignore[union-attr]
    missing = report.cells("missing")[0]
    assert sum(cell.minor for cell in cells) == pytest.approx(missing * 1000_00, rel=0.02)  # type: ignore[union-attr,operator]
    assert " EUR and " in report.warnings[0] and " PLN in later wins" in report.warnings[0]


def test_as_of_a_day_it_is_what_it_was_then(sqlite_store: Store) -> None:
    book = make_book(sqlite_store)
    steady(book, 0.55, range(-365, 59))
    then = run(book, as_of=date(2026, 1, 31), pipeline="Sales")
    book.add(*(Life([Move(25), Move(28, FIRST, "lost", recorded=70)]) for _ in range(60)))
    assert run(book, as_of=date(2026, 1, 31), pipeline="Sales") == then

    def same(reader: Reader) -> None:
        scope = replace(ask(reader), as_of=reader.today)
        with rebuilt(reader, reader.today) as again:
            pipelines = read_pipelines(reader)
            assert measured(reader, scope, pipelines, START) == measured(
                again, scope, pipelines, START
            )

    sqlite_store.read(same)


def test_earlier_periods_are_of_the_same_length() -> None:
    base = to_day(START)

    def decided(day: int, count: int = 1) -> Decision:
        return Decision("s", True, False, base + day, "EUR", None, count)

    found = [
        decided(30),
        decided(3, 2),
        decided(2, 4),
        decided(-25, 8),
        decided(-26, 99),
        decided(31, 7),
    ]
    assert past(found, FEBRUARY)["s"] == [(107, 107), (7, 7)]
    four_weeks = Period(date(2026, 2, 2), date(2026, 3, 1), "2026-02-02..2026-03-01")
    assert past(found, four_weeks)["s"] == [(107, 107), (6, 6), (8, 8)]
    assert past([], FEBRUARY) == {}


def test_a_team_whose_truth_does_not_change_is_left_in_peace(sqlite_store: Store) -> None:
    book = make_book(sqlite_store)
    book.add(*lives_of(simulate(World(arrivals=8, growth=0.001), -760, 76, seed=11)))
    verdicts: list[Any] = []
    for back in range(12):
        last = date(2026, 3, 18) - timedelta(days=28 * back)
        period = Period(last - timedelta(days=27), last, str(back))
        verdicts += run(book, period=period, pipeline="Sales").cells("verdict")
    assert sum(each in ("lower", "higher") for each in verdicts) <= 0.06 * len(verdicts)


def test_a_change_of_regime_is_found_where_it_is(sqlite_store: Store) -> None:
    book = make_book(sqlite_store)
    before = usual()
    changed = (usual(forward=0.35)[0], *before[1:])
    world = World(arrivals=8, changes_on=30, changed=changed)
    book.add(*lives_of(simulate(world, -400, 76, seed=2)))
    report = run(book, pipeline="Sales")
    assert report.cells("verdict") == ("lower", "usual", "usual")
    missing, cost = report.cells("missing")[0], report.cells("missing_sum")[0]
    win = true_wins(before, 730)[730, 1]
    assert isinstance(cost, Money) and isinstance(missing, int)
    assert cost.minor == pytest.approx(missing * win * 1000_00, rel=0.25)


def test_a_quarters_last_month_is_compared_with_others_of_its_kind(store: Store) -> None:
    book = make_book(store)
    lives = []
    for day in range(-420, 77, 3):
        goes = 4 if on(day).month % 3 == 0 else 2  # type: ignore[union-attr]
        for i in range(5):
            end = [Move(day, DEMO, "won")] if i < goes else [Move(day, FIRST, "lost")]
            lives.append(Life([Move(day - 5), *end], owner="Ona" if i else "Jonas"))
    book.add(*lives)
    march = Period(date(2026, 3, 1), date(2026, 3, 15), "2026-03-01..2026-03-15")
    usual = run(book, period=march)
    assert usual.cells("reference")[0] == pytest.approx(0.54, abs=0.02)
    same = run(book, against="same-months", period=march)
    assert same.title == "Deviations from the reference, month 3 of other quarters"
    assert same.cells("source")[0] == "same months"
    assert (same.cells("reference")[0], same.cells("share")[0]) == (0.8, 0.8)
    assert same.cells("verdict")[0] == "usual"
    shown = book.store.read(lambda reader: reference(reader, ask(reader), has_same_months=True))
    assert (shown.cells("source")[0], shown.cells("forward")[0]) == ("same months", 0.8)
    quarter = run(
        book, against="same-months", period=Period(date(2026, 1, 1), date(2026, 3, 31), "Q1")
    )
    assert "Q1 holds every month of a quarter: all months stand in." in quarter.warnings
    default = run(book, against="same-months", as_of=date(2026, 2, 28))
    assert default.period.label == "2026-02" and "pooled" not in " ".join(default.warnings)
    assert run(book, against="same-months", as_of=date(2026, 2, 27)).period.label == "2026-01"
    two = Period(date(2026, 2, 16), date(2026, 3, 15), "four weeks")
    pooled = run(book, against="same-months", period=two)
    assert "lies in months 2 and 3 of a quarter, which differ but are pooled" in pooled.warnings[-1]
    few = run(book, against="same-months", period=march, owner="Jonas")
    assert few.cells("source")[0] == "12 months"
    assert (
        "Sales: 2 stages have fewer than 100 decided deals in month 3 of other quarters; all months "
        "stand in." in few.warnings
    )
