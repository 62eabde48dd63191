"""Whatever a store is like, every report answers: in sentences, with valid figures that add up."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from salestui.analytics import agenda
from salestui.analytics.rendering.tables import fitted, rows_in_words
from salestui.analytics.rendering.wording import head_line, notes
from salestui.analytics.report import Cell, Interval, Money, Report
from salestui.analytics.reports import REPORTS, STAGED, report_named
from salestui.analytics.scope import ask
from salestui.analytics.stages.deviations import deviations
from salestui.analytics.stages.reference_report import reference
from salestui.errors import Refused
from salestui.models.people import Rep
from salestui.store.opening import open_store
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.store.unit import Unit
from tests.analytics.book import Book, Life, Move, make_book, on
from tests.conftest import NOON

DEMO, OFFER = "Demo", "Offer"


def won(day: int, stage: str = OFFER) -> Move:
    return Move(day, stage, "won")


def lost(day: int | None, stage: str = DEMO, reason: str | None = "Price") -> Move:
    return Move(day, stage, "lost", reason)


def lives(*moves: Sequence[Move], every: int = 3, times: int = 12) -> list[Life]:
    """Each of these ways some times, a few days apart, with growing amounts and changing owners."""
    return [
        Life(
            [Move(None if m.day is None else m.day + every * i, *_rest(m)) for m in way],
            100_00 + 7_00 * i,
            owner=("Ona", "Jonas", None)[i % 3],
            client=("Acme", "Łódź Foods", None)[i % 3],
            product=("Pump", None)[i % 2],
        )
        for way in moves
        for i in range(times)
    ]


def _rest(move: Move) -> tuple[Any, ...]:
    return move.stage, move.outcome, move.reason, move.competitor, move.recorded


EDGES: dict[str, Sequence[Life] | None] = {
    "an empty store": None,
    "stages without deals": (),
    "deals without history": lives([Move(None)], [Move(None, OFFER, "won")], [lost(None)]),
    "one open deal": [Life([Move(0)])],
    "one won deal": [Life([Move(0), Move(3, OFFER), won(9)])],
    "all lost": lives([Move(0), lost(9)], [Move(0), Move(4, DEMO), lost(15, DEMO, None)]),
    "no losses recorded": lives([Move(0)], [Move(1), won(14)], [Move(2), Move(5, DEMO)]),
    "closed on the day created": lives([Move(1), won(1)], [Move(1), lost(1)]),
    "won before they were created": lives([Move(30), won(10)], [Move(20)], [Move(9), lost(2)]),
    "re-opened": lives(
        [Move(0), Move(3, DEMO), lost(5), Move(9, DEMO)],
        [Move(0), Move(3, DEMO), lost(5), Move(9, DEMO), won(20)],
        [Move(0), Move(4, OFFER), won(8), Move(9, OFFER), lost(22, OFFER)],
        [Move(0), Move(4, DEMO), lost(8), Move(12, "Enquiry"), lost(30, DEMO, "Timing")],
    ),
    "came back": lives([Move(0), Move(4, DEMO), Move(9, "Enquiry"), lost(22, "Enquiry")]),
    "several currencies": [
        Life(life.moves, life.amount, ("EUR", "PLN", "JPY")[i % 3], life.owner)
        for i, life in enumerate(
            lives([Move(0), won(9)], [Move(0), Move(2, DEMO)], [Move(1), lost(6)])
        )
    ],
    "reps who left": lives([Move(0), Move(3, DEMO), won(30)], [Move(1), lost(12)], [Move(40)]),
}


def by_rep(name: str) -> Callable[[Reader], Report]:
    return lambda reader: report_named(name)(reader, ask(reader), "rep")


def of_stage(name: str) -> Callable[[Reader], Report]:
    return lambda reader: report_named(name, is_of_stage=True)(
        reader, ask(reader, pipeline="Sales", stage=DEMO)
    )


ASKED: dict[str, Callable[[Reader], Report]] = {
    **{name: lambda reader, name=name: report_named(name)(reader, ask(reader)) for name in REPORTS},
    **{f"{name}, one stage": of_stage(name) for name in STAGED},
    "same months": lambda reader: deviations(reader, ask(reader), against="same-months"),
    "reference": lambda reader: reference(reader, ask(reader)),
    "reference, same months": lambda reader: reference(reader, ask(reader), has_same_months=True),
}
BY_REP = ("deals without history", "re-opened", "several currencies", "reps who left")
"""Where it matters whose they are."""


@pytest.fixture(scope="session")
def edges(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Store]]:
    """The stores by name, each made when it is first asked for."""
    folder, made = tmp_path_factory.mktemp("edges"), dict[str, Store]()
    with ExitStack() as stack:

        def store_of(edge: str) -> Store:
            if edge not in made:
                path = folder / f"{len(made)}.db"
                shutil.copy(sqlite_template, path)
                made[edge] = open_store(str(path), clock=lambda: NOON)
                stack.callback(made[edge].close)
                _fill(made[edge], edge)
            return made[edge]

        yield store_of


def _fill(store: Store, edge: str) -> None:
    deals = EDGES[edge]
    if deals is None:
        return
    book = make_book(store)
    book.add(*deals)
    if edge == "reps who left":
        store.write(_leave, book)


def _leave(unit: Unit, book: Book) -> None:
    for name in ("Ona", "Jonas"):
        rep = unit.get(Rep, book[name], "rep")
        rep.started_on, rep.left_on = on(-400), NOON.date() - timedelta(days=20)


@pytest.mark.parametrize("name", ASKED)
def test_every_report_answers(edges: Callable[[str], Store], name: str) -> None:
    for edge in EDGES:
        with naming(edge):
            answers(edges(edge), ASKED[name])


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_by_rep_answers(edges: Callable[[str], Store], name: str) -> None:
    for edge in BY_REP:
        with naming(edge):
            answers(edges(edge), by_rep(name))


@contextmanager
def naming(edge: str) -> Iterator[None]:
    """Say on which store it went wrong."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"on the store: {edge}")
        raise


def answers(store: Store, made: Callable[[Reader], Report]) -> None:
    try:
        report = store.read(made)
    except Refused as refusal:
        is_one_sentence(str(refusal))
    else:
        is_sound(report)


@pytest.mark.parametrize("edge", EDGES)
def test_the_meeting_answers(edges: Callable[[str], Store], edge: str) -> None:
    page = edges(edge).read(lambda reader: agenda.meeting(reader, ask(reader), None))
    json.loads(json.dumps(page.to_json(), allow_nan=False))
    is_clean(page.to_markdown())


def is_one_sentence(text: str) -> None:
    assert "\n" not in text
    assert text[0].isupper() and text.endswith(".")
    is_clean(text)


def is_clean(text: str) -> None:
    assert not re.search(r"\b(nan|NaN|inf|None|null)\b", text), text


def is_sound(report: Report) -> None:
    """Valid JSON and CSV, no words of programmers, shares from 0 to 1, rows that add up."""
    json.loads(json.dumps(report.to_json(), allow_nan=False))
    is_clean(report.to_csv())
    layout = fitted(report, 100)
    rows = zip(*(report.cells(column.key) for column in layout.columns), strict=True)
    shown = [" ".join(texts) for texts in rows_in_words(layout, rows)]
    is_clean(" ".join((head_line(report), *shown, *notes(report))))
    assert not report.rows or any(column.kind != "text" for column in report.columns)
    for column in report.columns:
        cells, total = report.cells(column.key), report.totals.get(column.key)
        for cell in (*cells, total):
            is_share(cell, column.kind, column.key)
        if column.kind == "days":
            assert all(cell >= 0 for cell in cells if isinstance(cell, (int, float))), column.key
        is_sum = column.kind in ("count", "money") and not column.key.startswith(RATES)
        if is_sum and total is not None and report.rows and not is_nested(report):
            assert added(cells) == total, column.key


RATES = ("average", "flow", "actual", "classic")
"""Amounts for a deal or a day: what they are of adds up, they do not."""


def is_nested(report: Report) -> bool:
    """A deal stands in the funnel's row of each stage that it reached."""
    return "of_first" in {column.key for column in report.columns}


def is_share(cell: Cell, kind: str, key: str) -> None:
    if isinstance(cell, Interval):
        assert 0 <= cell.low <= cell.high <= 1
    elif kind == "ratio" and isinstance(cell, (int, float)):
        assert (-1 if key == "gap" else 0) <= cell <= 1, key


def added(cells: Sequence[Cell]) -> Cell:
    known = [cell for cell in cells if cell is not None]
    money = [cell for cell in known if isinstance(cell, Money)]
    if money:
        return Money(sum(cell.minor for cell in money), money[0].currency)
    return sum(cell for cell in known if isinstance(cell, (int, float)))


@pytest.mark.parametrize(
    ("edge", "name", "said"),
    [
        ("an empty store", "coverage", "Nothing was open, won or planned in the period."),
        ("deals without history", "velocity", "No deal has a day created, so nobody knows"),
        (
            "came back",
            "losses",
            "had entered before the period, or had come back: Sales: Enquiry.",
        ),
        (
            "all lost",
            "forecast",
            "No win with a day is known yet: there is nothing to forecast from.",
        ),
        ("no losses recorded", "forecast", "No losses are recorded"),
    ],
)
def test_it_says_what_it_cannot_know(
    edges: Callable[[str], Store], edge: str, name: str, said: str
) -> None:
    report = edges(edge).read(ASKED[name])
    assert said in " ".join(report.warnings)


def test_a_forecast_is_not_of_all_time(edges: Callable[[str], Store]) -> None:
    report = edges("reps who left").read(ASKED["forecast"])
    assert report.period.label == "2026-01-01..2026-06-30"  # this and the next quarter
