"""The reference funnel, measured on counts by hand and on a team whose truth is known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from salestui.analytics.drill import deals_behind
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.report import Beyond, Report
from salestui.analytics.scope import ask
from salestui.analytics.stages.conversion import conversion
from salestui.analytics.stages.reference import Funnel, measured
from salestui.analytics.stages.reference_report import reference
from salestui.analytics.stages.same_months import SameMonths
from salestui.errors import Refused
from salestui.models.implied import implied
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.text import Period, to_day
from tests.analytics.book import STAGES, START, Book, Life, Move, make_book, on
from tests.analytics.funnels import DEMO, FEBRUARY, FIRST, OFFER, run, steady
from tests.simulator import World, lives_of, simulate, true_wins, usual


def funnel(book: Book, before: date, **scope: Any) -> Funnel:
    def read(reader: Reader) -> Funnel:
        return measured(reader, ask(reader, **scope), read_pipelines(reader), before)[0]

    return book.store.read(read)


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
