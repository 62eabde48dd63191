"""Versions of the reference funnel: numbered, kept together, audited, undoable."""

from __future__ import annotations

from datetime import date

import pytest

from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.stages.reference import Funnel, kept
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.usecases import process, undo
from salestui.usecases.reference import StageFigures, freeze_reference, set_reference
from tests.analytics.book import STAGES, Book, make_book

FIRST, DEMO, OFFER = STAGES
WHEN = {"first_on": date(2025, 3, 1), "last_on": date(2026, 2, 28)}


@pytest.fixture
def book(store: Store) -> Book:
    return make_book(store, after_sale=True)


def newest(store: Store, **which: object) -> Funnel | None:
    def read(reader: Reader) -> Funnel | None:
        pipelines = read_pipelines(reader)
        return kept(reader, pipelines, reader.today, **which).get(pipelines[0].id)  # type: ignore[arg-type]

    return store.read(read)


def freeze(book: Book, *stages: StageFigures) -> int | None:
    write = book.store.write
    return write(freeze_reference, pipeline_id=book["Sales"], stages=stages, **WHEN).number


def test_versions_are_numbered_and_the_newest_counts(book: Book) -> None:
    one = StageFigures(
        book[FIRST], 5500, 4000, 1800, 412, 3, 9, 20, value_minor=12_000_00, currency="EUR"
    )
    assert newest(book.store) is None
    assert freeze(book, one) == 1
    assert freeze(book, one, StageFigures(book[DEMO], 7000)) == 2
    found = newest(book.store)
    assert found is not None
    assert (found.number, found.name, found.period.first) == (2, "version 2", WHEN["first_on"])
    first = found.figures[book[FIRST]]
    assert (first.forward, first.lost, first.win, first.decided) == (0.55, 0.4, 0.18, 412)
    assert (first.quarter_days, first.median_days, first.three_quarter_days) == (3, 9, 20)
    assert first.values == {"EUR": 12_000_00}
    older = newest(book.store, number=1)
    assert older is not None and set(older.figures) == {book[FIRST]}


def test_a_template_begins_with_the_percentages_and_keeps_what_was_set(book: Book) -> None:
    def put(stage: str, **changes: int) -> int | None:
        write = book.store.write
        saved = write(set_reference, pipeline_id=book["Sales"], stage_id=book[stage], **changes)
        return saved.number

    assert put(DEMO, forward_bp=6500) == 1
    assert put(OFFER, forward_bp=4000, lost_bp=5000, value_minor=900_00) == 2
    found = newest(book.store, is_template=True)
    assert found is not None and found.is_template and found.name == "template 2"
    # 10, 30 and 50 % of the stages: a third of the enquiries goes on.
    assert found.figures[book[FIRST]].forward == pytest.approx(1 / 3, abs=1e-4)
    assert found.figures[book[DEMO]].forward == 0.65
    assert found.figures[book[OFFER]].forward == 0.4
    assert found.figures[book[OFFER]].win == 0.5
    assert book["Delivery"] not in found.figures
    assert newest(book.store, is_template=False) is None


def test_what_is_set_after_a_freeze_leaves_the_other_stages_as_they_were_frozen(book: Book) -> None:
    demo = StageFigures(
        book[DEMO], 7670, 2000, 3100, 210, 3, 9, 20, value_minor=12_000_00, currency="EUR"
    )
    freeze(book, StageFigures(book[FIRST], 5500, 4000, entered=412, median_days=9), demo)
    write, ids = book.store.write, {"pipeline_id": book["Sales"], "stage_id": book[FIRST]}
    assert write(set_reference, forward_bp=6000, **ids).number == 2
    found = newest(book.store)
    assert found is not None and found.name == "template 2"
    other, first = found.figures[book[DEMO]], found.figures[book[FIRST]]
    assert (other.forward, other.lost, other.win, other.decided) == (0.767, 0.2, 0.31, 210)
    assert other.values == {"EUR": 12_000_00} and other.median_days == 9
    assert (first.forward, first.lost, first.median_days) == (0.6, 0.4, 9)
    assert first.decided is None, "a share that was set was measured of no deals"
    # A stage that the version does not have begins with its percentages.
    assert found.figures[book[OFFER]].win == 0.5


def test_one_undo_takes_a_whole_version_back(book: Book) -> None:
    freeze(book, StageFigures(book[FIRST], 5000), StageFigures(book[DEMO], 6000))
    freeze(book, StageFigures(book[FIRST], 5100))
    book.store.write(undo.undo)
    found = newest(book.store)
    assert found is not None and found.number == 1
    book.store.write(undo.redo)
    again = newest(book.store)
    assert again is not None and again.figures[book[FIRST]].forward == 0.51
    trail = book.store.read(
        lambda r: r.rows("SELECT summary, change_count FROM audit_entry ORDER BY id DESC LIMIT 4")
    )
    assert ("Kept reference 1 of Sales", 3) in [tuple(row) for row in trail]


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"forward_bp": 10_001}, "between 0 and 100 percent"),
        ({"forward_bp": 6000, "lost_bp": 5000}, "more than all"),
        ({"forward_bp": 6000, "median_days": -1}, "not below 0"),
        ({"forward_bp": 6000, "value_minor": -1}, "not below 0"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    book: Book, figures: dict[str, int], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        freeze(book, StageFigures(book[FIRST], **figures))
    with pytest.raises(Refused, match="nothing to freeze"):
        freeze(book)
    with pytest.raises(Refused, match="before the sale"):
        book.store.write(
            set_reference, pipeline_id=book["Sales"], stage_id=book["Delivery"], forward_bp=1
        )
    assert newest(book.store) is None


def test_a_version_keeps_nobody_from_deleting_a_stage(book: Book) -> None:
    freeze(book, StageFigures(book[DEMO], 5000))
    book.store.write(process.delete_stage, stage_id=book[DEMO])
    book.store.write(process.delete_pipeline, pipeline_id=book["Sales"])
