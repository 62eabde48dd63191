"""Clients that were named as deals closed: what goes by them looks ahead, and is said to."""

from __future__ import annotations

import json
from datetime import date

import pytest

from salestui.analytics.agenda import POINTS, meeting
from salestui.analytics.hindsight import hindsight, is_apart
from salestui.analytics.outlook.accuracy import UNCLAIMED, accuracy
from salestui.analytics.outlook.trusted import forecast
from salestui.analytics.reports import report_named
from salestui.analytics.scope import ask
from salestui.analytics.stages.overview import look
from salestui.analytics.wish import Wish
from salestui.store.store import Store
from tests.analytics.book import STAGES, Life, Move, make_book

SAID = (
    "30 of 40 open deals name no client, 0 of 1,040 closed ones: whether a deal has one tells whether it is "
    "decided, so what goes by {} looks ahead."
)


@pytest.fixture
def filled_in(store: Store) -> Store:
    fill_in(store)
    return store


def fill_in(store: Store) -> None:
    """Every deal that closed has a client, of those still open one in four."""
    book = make_book(store)
    ends = ("won", "won", "lost")
    book.add(
        *(
            Life([Move(day), Move(day + 12, STAGES[0], ends[day % 3])], client="Acme")
            for day in [*range(-200, 60)] * 4
        ),
        *(Life([Move(60)], client="Acme" if number < 10 else None) for number in range(40)),
    )


@pytest.mark.parametrize("key", ["client", "sector", "size", "territory", "clients"])
def test_what_goes_by_the_client_says_that_it_looks_ahead(filled_in: Store, key: str) -> None:
    win_rate = report_named("win-rate")
    given = filled_in.read(lambda r: win_rate(r, ask(r), key))
    assert given.warnings[0] == SAID.format(key)
    value = {"client": "Acme", "sector": "trade", "size": "10-49", "territory": "Baltic"}
    only = (f"{key}={value.get(key, 'existing')}",)
    assert filled_in.read(lambda r: win_rate(r, ask(r, only=only))).warnings[0] == SAID.format(key)
    assert not any(
        "ahead" in text for text in filled_in.read(lambda r: win_rate(r, ask(r))).warnings
    )


def test_an_activity_has_a_client_of_its_own(filled_in: Store) -> None:
    """Only whether its client had bought before hangs on the deal."""
    activity = report_named("activity")

    def ahead(by: str | None, *only: str) -> list[str]:
        made = filled_in.read(lambda r: activity(r, ask(r, only=only), by))
        return [text for text in made.warnings if "looks ahead" in text]

    for key in ("client", "sector", "size", "territory"):
        assert ahead(key) == []
    assert ahead("kind", "sector=trade") == []
    assert ahead("clients") == ahead("kind", "clients=existing") == [SAID.format("clients")]


def test_the_funnel_screen_says_it_too(filled_in: Store) -> None:
    wish = Wish(only=(("sector", ("trade", "trade")),))
    assert filled_in.read(lambda r: look(r, wish)).funnel.warnings[0] == SAID.format("sector")


def test_a_meeting_says_it_once_for_all_its_points(filled_in: Store) -> None:
    page = filled_in.read(lambda r: meeting(r, ask(r, only=("sector=trade",))))
    said = SAID.format("sector")
    assert page.warnings == (said,) and len(page.sections) == len(POINTS) + 1
    assert not any(said in each.warnings for part in page.sections for each in part.reports)
    told = (page.to_text(300), json.dumps(page.to_json()), page.to_csv(), page.to_html())
    assert [text.count("looks ahead") for text in told] == [1] * len(told)
    assert page.to_markdown().count("looks ahead") == 1
    assert filled_in.read(lambda r: meeting(r, ask(r))).warnings == ()


def test_no_accuracy_is_claimed_of_such_a_forecast(filled_in: Store) -> None:
    def of(*only: str) -> tuple[object, ...]:
        return filled_in.read(
            lambda r: (accuracy(r, ask(r, only=only)), forecast(r, ask(r, only=only)))
        )

    measured, told = of()
    assert any(each is not None for each in measured.cells("mean"))  # type: ignore
    measured, told = of("sector=trade")
    assert UNCLAIMED in measured.warnings and set(measured.cells("mean")) == {None}  # type: ignore
    assert all(str(each).startswith("–") for each in told.cells("had"))  # type: ignore


def test_it_is_judged_by_what_was_known_on_the_day(filled_in: Store) -> None:
    """Of the deals open in January all have ended since, and got their client then: nobody can tell."""
    january = date(2026, 1, 31)
    assert filled_in.read(lambda r: hindsight(r, ask(r, as_of=january), "sector")) == ()


def test_clients_that_are_named_from_the_first_day_tell_nothing(store: Store) -> None:
    closed = [
        Life([Move(1), Move(2, STAGES[0], "won")], client="Acme" if each % 3 else None)
        for each in range(60)
    ]
    still = [Life([Move(1)], client="Acme" if each % 3 else None) for each in range(40)]
    make_book(store).add(*closed, *still)
    assert store.read(lambda r: hindsight(r, ask(r), "sector")) == ()


def test_far_apart_beyond_chance() -> None:
    assert is_apart(1088, 1589, 0, 6711) and is_apart(0, 1589, 3000, 6711)
    assert not is_apart(3, 5, 0, 9), "that may be chance"
    assert not is_apart(500, 10_000, 0, 10_000), "sure, but hardly any"
    assert not is_apart(0, 0, 3, 9) and not is_apart(5, 5, 9, 9)
