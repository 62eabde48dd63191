"""The reference funnel and the deviations report, on counts by hand and on a team whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from salestui.analytics.drill import deals_behind
from salestui.analytics.past import rebuilt
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.report import Beyond, Money, Report
from salestui.analytics.scope import ask
from salestui.analytics.stages.comparison import past
from salestui.analytics.stages.conversion import conversion
from salestui.analytics.stages.decisions import Decision
from salestui.analytics.stages.deviations import deviations
from salestui.analytics.stages.reference import Funnel, measured
from salestui.analytics.stages.reference_report import reference
from salestui.analytics.stages.same_months import SameMonths
from salestui.errors import Refused
from salestui.models.implied import implied
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import Period, parse_period, to_day
from salestui.usecases.reference import StageFigures, freeze_reference, set_reference
from tests.analytics.book import STAGES, START, Book, Life, Move, make_book, on
from tests.simulator import World, lives_of, simulate, true_wins, usual

FIRST, DEMO, OFFER = STAGES
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28), "2026-02")


def run(book: Book, by: str | None = None, against: str = "reference", **scope: Any) -> Report:
    return book.store.read(
        lambda reader: deviations(reader, ask(reader, **scope), by, against=against)
    )


def funnel(book: Book, before: date, **scope: Any) -> Funnel:
    def read(reader: Reader) -> Funnel:
        return measured(reader, ask(reader, **scope), read_pipelines(reader), before)[0]

    return book.store.read(read)


def steady(book: Book, share: float, days: range, *, seed: int = 1, **about: Any) -> None:
    """Four enquiries a day; of each day the same share goes on to a demo, the rest is lost in it."""
    random = Random(seed)
    lives = []
    for day in days:
        for _ in range(4):
            goes = random.random() < share
            moves = [Move(day - 5), Move(day, DEMO)]
            moves.append(
                Move(day + 3, DEMO, "won")
                if random.random() < 0.5
                else Move(day + 3, DEMO, "lost", "Timing")
            )
            if not goes:
                moves = [Move(day - 5), Move(day, FIRST, "lost", about.get("reason", "Price"))]
            lives.append(
                Life(moves, 1000_00, owner=about.get("owner", random.choice(("Ona", "Jonas"))))
            )
    book.add(*lives)


def test_stage_percentages_imply_how_many_go_on() -> None:
    assert implied([10, 20, 50]) == [(0.5, 0.1), (0.4, 0.2), (0.5, 0.5)]
    assert implied([50, 20, 0]) == [(1, 0.5), (0, 0.2), (0, 0)]
    assert implied([]) == []


def test_a_stage_by_hand(store: Store) -> None:
    book = make_book(store)
    book.add(
        *(Life([Move(-60), Move(-50, DEMO), Move(-40, DEMO, "won")], 500_00) for _ in range(24)),
        *(Life([Move(-60), Move(-40, FIRST, "lost")]) for _ in range(16)),
        *(Life([Move(-20)]) for _ in range(10)),
    )
    found = funnel(book, START).figures
    first, demo = found[book[FIRST]], found[book[DEMO]]
    assert (first.source, first.entered, first.decided) == ("12 months", 50, 40)
    assert (first.forward, first.lost) == (24 / 40, 16 / 40)
    # The ten that came on day -20 are still there after 96 days and are watched all along.
    assert first.win == pytest.approx(0.48)
    assert (first.quarter_days, first.median_days, first.three_quarter_days) == (10, 20, 20)
    assert first.values == {"EUR": 500_00}
    assert (demo.source, demo.forward) == ("template", 0.6)
    assert (demo.win, demo.entered) == (0.3, None)


def test_twelve_months_count_and_everything_where_they_are_too_few(store: Store) -> None:
    book = make_book(store)
    old = [Life([Move(-900), Move(-890, FIRST, "lost")]) for _ in range(60)]
    book.add(*old, *(Life([Move(-90), Move(-80, DEMO)]) for _ in range(99)))
    assert funnel(book, START).figures[book[FIRST]].decided == 159
    book.add(Life([Move(-90), Move(-80, DEMO)]))
    first = funnel(book, START).figures[book[FIRST]]
    assert (first.source, first.decided, first.forward) == ("12 months", 100, 1)
    # The current period does not count.
    book.add(*(Life([Move(1), Move(2, FIRST, "lost")]) for _ in range(50)))
    assert funnel(book, START).figures[book[FIRST]].decided == 100


def test_moves_without_a_day_count_on_the_day_the_deal_was_closed(store: Store) -> None:
    """Most files have the days of losses and none of moves: the losses alone are not the stage."""
    book = make_book(store)
    book.add(
        *(Life([Move(-90), Move(None, DEMO), Move(-40, DEMO, "won")]) for _ in range(60)),
        *(Life([Move(-90), Move(-50, FIRST, "lost")]) for _ in range(40)),
        *(Life([Move(-90), Move(None, DEMO)]) for _ in range(7)),
        *(Life([Move(20), Move(None, DEMO), Move(40, DEMO, "lost")]) for _ in range(6)),
        *(Life([Move(20), Move(41, FIRST, "lost")]) for _ in range(4)),
    )
    first = funnel(book, START).figures[book[FIRST]]
    assert (first.decided, first.forward) == (100, 0.6)
    report = run(book, period=FEBRUARY)
    assert (report.cells("decided")[0], report.cells("share")[0]) == (10, 0.6)
    scope = book.store.read(lambda reader: ask(reader, period=FEBRUARY))
    assert book.store.read(deals_behind, scope, report.subjects[0]).count == 10


def test_losses_that_are_all_from_the_first_stage_are_pointed_at(store: Store) -> None:
    """Few lists say in which stage a deal was lost; the import takes the first, and 100 % is no share."""
    book = make_book(store)
    book.add(
        *(Life([Move(-90), Move(None, OFFER), Move(-40, OFFER, "won")]) for _ in range(20)),
        *(Life([Move(-90), Move(-50, FIRST, "lost")]) for _ in range(40)),
    )
    said = "Sales: all 40 losses are from Enquiry. If that is only because nobody noted the stage"
    assert store.read(lambda r: conversion(r, ask(r))).warnings[-1].startswith(said)
    book.add(Life([Move(-90), Move(-80, DEMO), Move(-50, DEMO, "lost")]))
    assert not any(
        "losses are" in each for each in store.read(lambda r: conversion(r, ask(r))).warnings
    )


def test_a_stage_that_files_name_only_where_deals_were_lost_has_no_share(store: Store) -> None:
    book = make_book(store)
    book.add(
        *(Life([Move(-90), Move(None, OFFER), Move(-40, OFFER, "won")]) for _ in range(60)),
        *(Life([Move(-90), Move(-70, DEMO), Move(-50, DEMO, "lost")]) for _ in range(40)),
    )
    found = funnel(book, START).figures
    assert found[book[DEMO]].source == "template" and found[book[OFFER]].forward == 1
    said = "Sales: 40 deals were lost from Demo and none went on, though later stages were passed."
    for made in (store.read(lambda r: conversion(r, ask(r))), run(book, period=FEBRUARY)):
        assert any(each.startswith(said) for each in made.warnings)
    # One that went on is enough to know that such are noted.
    book.add(Life([Move(-90), Move(-70, DEMO), Move(-50, OFFER)]))
    assert round(funnel(book, START).figures[book[DEMO]].forward or 0, 3) == 0.024


def test_moves_without_a_day_of_earlier_years_are_history_too(store: Store) -> None:
    book = make_book(store)
    book.add(*(Life([Move(-900), Move(None, DEMO), Move(-800, DEMO, "won")]) for _ in range(60)))
    first = funnel(book, START).figures[book[FIRST]]
    assert (first.decided, first.forward) == (60, 1)


def test_a_stage_that_deals_do_not_leave_has_no_median(store: Store) -> None:
    book = make_book(store)
    book.add(
        *(Life([Move(-90), Move(-80, DEMO)]) for _ in range(40)),
        *(Life([Move(-90)]) for _ in range(60)),
    )
    figures = funnel(book, START).figures[book[FIRST]]
    assert (figures.quarter_days, figures.median_days) == (10, Beyond(166))


def test_it_measures_the_truth(sqlite_store: Store) -> None:
    book = make_book(sqlite_store)
    book.add(*lives_of(simulate(World(arrivals=6), -420, 70, seed=5)))
    found, truth = funnel(book, on(60) or START).figures, true_wins(usual(), 730)[730]
    for place, stage in enumerate(STAGES):
        figures = found[book[stage]]
        assert figures.source == "12 months"
        assert figures.win == pytest.approx(truth[place], abs=0.04)
        value = figures.values["EUR"]
        assert value == pytest.approx(1000_00, rel=0.2)
    # Of the enquiries that are ever decided, .55 in .9 go on.
    assert found[book[FIRST]].forward == pytest.approx(0.55 / 0.9, abs=0.04)


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
    assert f"At the reference rate: {row['missing']} more to {DEMO}, about " in words
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


def test_days_of_the_quarter_itself_are_not_of_other_quarters() -> None:
    first, last = date(2025, 11, 10), date(2026, 3, 20)
    for same in (SameMonths(3, frozenset({2}), START), SameMonths(12, frozenset({2, 11}), START)):
        assert [each.first for each in same.between(first, last)] == [date(2025, 12, 1)]
        assert same.has(to_day(date(2025, 12, 31))) and not same.has(to_day(last))


def test_same_months_refuse_a_kept_version(sqlite_store: Store) -> None:
    make_book(sqlite_store)
    with pytest.raises(Refused, match="kept of all months"):
        sqlite_store.read(
            lambda reader: reference(reader, ask(reader), number=1, has_same_months=True)
        )


def test_it_can_be_shown_as_it_stands_beside_an_earlier_period(store: Store) -> None:
    """Measured from the year before it, as a period is compared with; not with what came in it."""
    book = make_book(store)
    steady(book, 0.9, range(-365, 0))
    steady(book, 0.1, range(59), seed=2)

    def shown(**scope: Any) -> Report:
        return store.read(lambda r: reference(r, ask(r, pipeline="Sales", **scope)))

    january = shown(period=Period(date(2026, 1, 1), date(2026, 1, 31), "2026-01"))
    assert january.cells("forward")[0] == pytest.approx(0.9, abs=0.03)
    assert "12 months before 2026-01:" in january.method
    now = shown()
    assert now.cells("forward")[0] != january.cells("forward")[0]
    assert "12 months before the current month:" in now.method
    with pytest.raises(Refused, match="a period with a first day"):
        shown(period=Period(None, date(2026, 1, 31), ".."))
