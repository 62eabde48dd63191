"""The coaching page: what is put in is found, luck is not, and the best third's luck is taken off."""

from __future__ import annotations

from datetime import date
from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.analytics.people.beside import (
    prior_of,
    share_beside,
    shrunken_share,
    value_beside,
    welch,
)
from salestui.analytics.people.coaching import best_third, coaching, lines
from salestui.analytics.people.habits import Habit, Habits
from salestui.analytics.report import Report
from salestui.analytics.scope import ask
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.usecases.people import create_rep
from tests.analytics.book import Book, Life, Move, make_book

REPS = ("Ona", "Jonas", "Zofia", "Petras", "Rasa", "Tomas")


def run(store: Store, **scope: Any) -> Report:
    made: Report = store.read(lambda reader: coaching(reader, ask(reader, **scope), None))
    return made


def fill(store: Store, *, weak: str | None, deals: int = 120) -> Book:
    """Six reps; whoever is `weak` loses four of five at the demo, the others two of five."""
    book = make_book(store)
    for name in REPS[3:]:
        book.keys[name] = store.write(create_rep, name=name).id
    random = Random(4)
    lives = []
    for rep in REPS:
        for _ in range(deals):
            day = random.randint(-280, 40)
            moves = [Move(day), Move(day + 4, "Demo")]
            if random.random() < (0.2 if rep == weak else 0.6):
                moves += [
                    Move(day + 9, "Offer"),
                    Move(day + random.randint(12, 30), "Offer", "won"),
                ]
            else:
                moves.append(Move(day + 9, "Demo", "lost", "Price"))
            lives.append(Life(moves, random.randint(100_00, 900_00), owner=rep))
    book.add(*lives)
    book.log(
        *({"day": random.randint(-280, 70), "rep": rep} for rep in REPS[:3] for _ in range(150)),
        *({"day": random.randint(-280, 70), "rep": "Ona", "kind": "visit"} for _ in range(100)),
    )
    return book


def verdicts(report: Report) -> dict[Any, Any]:
    return dict(zip(report.cells("measure"), report.cells("verdict"), strict=True))


def test_a_gap_is_found_where_it_is_and_nowhere_else(store: Store) -> None:
    fill(store, weak="Jonas")
    page = run(store, owner="Jonas")
    found = verdicts(page)
    assert found["Demo passed"] == "gap" and found["Win rate"] == "gap"
    assert found["Enquiry passed"] == found["Days to win"] == found["Won deal"] == "as all"
    assert any(text.startswith("Demo passed differs, and not for") for text in page.warnings)
    own, best = page.cells("own")[0], page.cells("best_third")[0]
    assert isinstance(own, float) and isinstance(best, float) and own < 35 < 50 < best
    assert page.period.label == "the year before"
    others = [verdicts(run(store, owner=rep)) for rep in REPS if rep != "Jonas"]
    assert not any("gap" in each.values() for each in others)
    assert any("Nothing here differs" in text for text in run(store, owner="Rasa").warnings)
    assert verdicts(run(store, owner="Ona"))["Of them: visit"] == "more", "no strength and no gap"


def test_nobody_is_flagged_where_all_are_alike() -> None:
    """Of teams of six equals with eight measures, at most one in twenty sees anybody flagged."""
    random = Random(7)
    flagged = 0
    for _ in range(60):
        habits = [
            Habit(str(number), "ratio", "more", partial(share_beside, shares, least=20))
            for number in range(5)
            if (
                shares := {rep: (sum(random.random() < 0.4 for _ in range(60)), 60) for rep in REPS}
            )
        ] + [
            Habit(str(number), "days", "less", partial(value_beside, days, least=20))
            for number in range(3)
            if (days := {rep: [random.lognormvariate(3, 1) for _ in range(40)] for rep in REPS})
        ]
        made = Habits(tuple(habits), dict.fromkeys(REPS, 1), "EUR", 1)
        flagged += any(line.is_flagged for rep in REPS for line in lines(made, rep))
    assert flagged / 60 <= 0.08


def test_the_rep_sees_the_same_page(store: Store) -> None:
    make_book(store).add(Life([Move(1), Move(9, "Offer", "won")], 5_00))
    store.actor_id = store.read(lambda r: r.value("SELECT id FROM rep WHERE name = 'Ona'"))
    mine, theirs = run(store, me=True), run(store, owner="Ona")
    assert mine == theirs
    assert set(verdicts(mine).values()) == {"too few"}
    assert "Too few deals" in mine.warnings[0]
    assert "fewer than four reps" in mine.warnings[-1]
    assert mine.cells("own")[0] == 100 and mine.cells("unit")[0] == "%"


def test_it_is_of_one_rep(store: Store) -> None:
    make_book(store)
    for scope in ({}, {"team": "North"}):
        with pytest.raises(Refused, match="--owner REP, or --mine"):
            run(store, **scope)
    assert run(store, owner="Ona", as_of=date(2025, 1, 1)).n == 0


def test_luck_of_equals_is_seldom_taken_for_a_difference() -> None:
    random = Random(11)
    false = 0
    for _ in range(200):
        units = {str(i): (sum(random.random() < 0.4 for _ in range(60)), 60) for i in range(8)}
        p = share_beside(units, "0", ["1"], least=50).p
        assert p is not None
        false += p < 0.05
    assert false / 200 <= 0.06
    false = 0
    for _ in range(200):
        samples = {str(i): [random.lognormvariate(5, 1) for _ in range(30)] for i in range(5)}
        p = value_beside(samples, "0", ["1"], least=20).p
        assert p is not None
        false += p < 0.05
    assert false / 200 <= 0.07


def test_shrinking_goes_as_far_as_units_are_alike() -> None:
    random = Random(2)
    alike = [(sum(random.random() < 0.4 for _ in range(50)), 50) for _ in range(30)]
    apart = [
        (sum(random.random() < share for _ in range(500)), 500) for share in (0.2, 0.4, 0.6) * 5
    ]
    assert prior_of(alike)[1] > 200
    mean, worth = prior_of(apart)
    assert mean == pytest.approx(0.4, abs=0.02) and worth < 20
    assert shrunken_share((300, 500), (mean, worth)) == pytest.approx(0.6, abs=0.01)
    assert shrunken_share((3, 3), prior_of([(1, 2), (1, 2), (3, 3)])) < 1


units = st.dictionaries(
    st.text("abc", min_size=1, max_size=2),
    st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)


@given(units)
def test_shares_stay_shares(given_units: dict[str, tuple[int, int]]) -> None:
    for rep in [*given_units, "nobody"]:
        made = share_beside(given_units, rep, list(given_units), least=5)
        for value in (made.own, made.shrunk, made.everybody, made.best, made.p):
            assert value is None or -1e-9 <= value <= 1 + 1e-9


@given(
    st.dictionaries(st.text("ab", min_size=1, max_size=2), st.lists(st.floats(0, 1e6), max_size=9))
)
def test_values_of_any_size(samples: dict[str, list[float]]) -> None:
    for rep in [*samples, "nobody"]:
        made = value_beside(samples, rep, list(samples), least=2)
        assert made.p is None or 0 <= made.p <= 1


def test_the_test_of_means_is_welchs() -> None:
    # Worked by hand: means 3 and 6, variances 2.5 and 2.5 of five each: t^2 = 9, v = 8.
    assert welch([1, 2, 3, 4, 5], [4, 5, 6, 7, 8]) == pytest.approx(0.01707, abs=1e-5)
    assert welch([1, 1], [1, 1]) == 1 and welch([1, 1], [2, 2]) == 0


def test_the_best_third_is_at_least_one() -> None:
    assert best_third({}) == []
    assert best_third({"a": 0, "b": 5}) == ["b"]
    assert best_third({"a": 5, "b": 9, "c": 5, "d": 1, "e": 2, "f": 0}) == ["b", "a"]
