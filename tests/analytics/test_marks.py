"""Few deals are found by their keys, many by marks for their numbers: the reports count the same."""

from __future__ import annotations

from typing import Any

import pytest

from salestui.analytics import marks
from salestui.analytics.groups import GROUPS
from salestui.analytics.scope import ask, narrowed
from salestui.analytics.stages.conversion import conversion
from salestui.analytics.stages.decisions import decisions, fates
from salestui.analytics.stages.overview import overview
from salestui.store.reader import Reader
from salestui.store.store import Store
from tests.analytics.book import Book, make_book, on
from tests.analytics.test_only import LIVES, slices


@pytest.fixture
def book(store: Store) -> Book:
    made = make_book(store)
    made.add(*LIVES)
    return made


def counted(reader: Reader) -> dict[Any, Any]:
    """What is counted of every slice, today and on an earlier day."""
    found = {}
    for day in (reader.today, on(22)):
        for key, label in slices(reader):
            scope = narrowed(reader, ask(reader, as_of=day), GROUPS[key], [label])
            found[day, key, label] = (
                overview(reader, scope),
                conversion(reader, scope, "clients"),
                sorted(map(str, decisions(reader, scope, "product_id"))),
                fates(reader, scope),
            )
    return found


def test_marks_and_keys_mean_the_same_deals(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    by_key = book.store.read(counted)
    monkeypatch.setattr(marks, "_FEW", -1)
    by_mark = book.store.read(counted)
    assert by_key == by_mark
    assert len({each[0].funnel.n for each in by_mark.values()}) > 5


def test_several_wishes_leave_what_all_of_them_leave(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "_FEW", -1)
    for only, deals in (
        (["size=10-49", "clients=new"], 3),
        (["product=Pump", "clients=existing"], 1),
        (["product=Pump", "clients=none"], 0),
        (["clients=new", "clients=none"], 8),
    ):
        found = book.store.read(lambda reader, o=only: overview(reader, ask(reader, only=o)))
        assert found.funnel.n == deals, only


def test_the_deals_are_found_once_for_all_that_a_screen_shows(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "_FEW", -1)

    def asked(reader: Reader) -> int:
        plain, narrow = ask(reader), ask(reader, only=["kind=repeat"])
        start = reader.statements
        overview(reader, plain)
        middle = reader.statements
        overview(reader, narrow)
        return (reader.statements - middle) - (middle - start)

    told = "the largest number, whether any is left out, and the numbers that are left"
    assert book.store.read(asked) == 3, told


def test_where_all_deals_are_left_nothing_is_narrowed(book: Book) -> None:
    def left(reader: Reader) -> str:
        everything = ask(reader, only=["pipeline=Sales", "pipeline=Service"])
        return marks.marked(reader, everything, "created_on")[0]

    assert book.store.read(left) == ""
