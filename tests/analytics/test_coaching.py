"""The coaching page: what is put in is found, luck is not, and the best third's luck is taken off."""

from __future__ import annotations

from datetime import date
from functools import partial
from math import log
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.analytics.people.coaching import coaching, lines
from salestui.analytics.people.habits import Habit, Habits
from salestui.analytics.people.same_mix import share_beside, value_beside
from salestui.analytics.report import Report
from salestui.analytics.scope import ask
from salestui.analytics.selling.best_third import best_third
from salestui.analytics.selling.winning import win_rate
from salestui.analytics.shrinkage import prior_of, shrunken_share
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
    assert found["Enquiry passed"] == found["Median cycle"] == found["Average won deal"] == "as all"
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
            Habit(str(number), "days", "less", partial(value_beside, days, least=20, scale=log))
            for number in range(3)
            if (
                days := {
                    rep: {"": [random.lognormvariate(3, 1) for _ in range(40)]} for rep in REPS
                }
            )
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
    assert not any(mine.cells("best_third"))
    assert mine.cells("own")[0] == 100 and mine.cells("unit")[0] == "%"


def test_figures_of_one_name_are_the_same_in_every_report(store: Store) -> None:
    book = make_book(store)
    ends = [(Move(day, "Offer", "won"), 10_00 * (day % 7) ** 3) for day in range(5, 65)]
    book.add(*(Life([Move(1), end], amount) for end, amount in ends))
    book.add(*(Life([Move(2), end], 2 * amount, owner="Jonas") for end, amount in ends))
    # What has no amount, was won before its creation, or in another currency counts alike, too.
    book.add(
        Life([Move(9), Move(20, "Offer", "won")], None), Life([Move(40), Move(30, "Offer", "won")])
    )
    book.add(Life([Move(9), Move(20, "Offer", "won")], 7_00, currency="PLN"))
    for owner in ("Ona", "Jonas"):
        page = run(store, owner=owner)
        own = dict(zip(page.cells("measure"), page.cells("own"), strict=True))
        everybody = dict(zip(page.cells("measure"), page.cells("everybody"), strict=True))
        rates = store.read(lambda reader: win_rate(reader, ask(reader), "rep"))
        average = "average_eur"
        row = dict(
            zip(
                (c.key for c in rates.columns),
                next(r for r in rates.rows if r[0] == owner),
                strict=True,
            )
        )
        assert own["Average won deal"] == row[average].minor / 100
        assert everybody["Average won deal"] == rates.totals[average].minor / 100  # type: ignore[union-attr]
        assert own["Median cycle"] == row["median_cycle"]
        assert everybody["Median cycle"] == rates.totals["median_cycle"]
        assert everybody["Win rate"] == 100 == own["Win rate"]
    assert any(
        "1 deal was won in other currencies than EUR" in w for w in run(store, owner="Ona").warnings
    )


def test_a_product_mix_is_named_and_nobody_blamed(store: Store) -> None:
    book = make_book(store)
    random = Random(3)
    for rep, pumps in (("Ona", 40), ("Jonas", 10), ("Zofia", 10)):
        book.add(
            *(
                Life(
                    [Move(1), Move(10 + 7 * number % 50, "Offer", "won")],
                    random.randint(90_00, 110_00) * (1 if number < pumps else 20),
                    owner=rep, product="Pump" if number < pumps else "Valve",
                )
                for number in range(50)
            )
        )  # fmt: skip
    page = run(store, owner="Ona")
    assert verdicts(page)["Average won deal"] == "as all"
    said = next(text for text in page.warnings if text.startswith("Average won deal"))
    assert (
        said.startswith("Average won deal is a matter of what is sold: 4")
        and "with the same mix 4" in said
    )
    assert not any("not for the better" in text for text in page.warnings)
    assert any("Nothing here differs" in text for text in page.warnings)


def test_more_or_less_is_said_and_not_denied(store: Store) -> None:
    book = make_book(store)
    book.log(*({"day": day, "rep": rep} for rep in ("Jonas", "Zofia") for day in range(-280, 70)))
    book.log(*({"day": day, "rep": "Ona"} for day in range(-280, 70, 4)))
    page = run(store, owner="Ona")
    assert verdicts(page)["Activities a week"] == "less"
    assert any(
        w.startswith("Activities a week: less than others, neither good") for w in page.warnings
    )
    assert not any("Nothing here differs" in text for text in page.warnings)


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
        samples = {str(i): {"": [random.lognormvariate(5, 1) for _ in range(30)]} for i in range(5)}
        p = value_beside(samples, "0", ["1"], least=20, scale=log).p
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


values = st.dictionaries(
    st.text("ab", min_size=1, max_size=2),
    st.dictionaries(st.sampled_from("xy"), st.lists(st.floats(0, 1e6), max_size=9), max_size=2),
)


@given(values, st.sampled_from(["mean", "median"]))
def test_an_estimate_lies_between_the_own_figure_and_that_of_all(
    samples: dict[str, dict[str, list[float]]], middle: Any
) -> None:
    for rep in [*samples, "nobody"]:
        made = value_beside(samples, rep, list(samples), least=2, middle=middle)
        assert made.p is None or 0 <= made.p <= 1
        if made.own is not None:
            assert made.shrunk is not None and made.everybody is not None
            low, high = sorted((made.own, made.everybody))
            assert low * (1 - 1e-9) - 1e-9 <= made.shrunk <= high * (1 + 1e-9) + 1e-9


def test_with_one_kind_the_test_of_means_is_welchs() -> None:
    # Worked by hand: means 3 and 6, variances 2.5 and 2.5 of five each: t^2 = 9, v = 8.
    def p(one: list[float], other: list[float]) -> float | None:
        return value_beside({"a": {"": one}, "b": {"": other}}, "a", (), least=2).p

    assert p([1, 2, 3, 4, 5], [4, 5, 6, 7, 8]) == pytest.approx(0.01707, abs=1e-5)
    assert p([1, 1], [1, 1]) == 1 and p([1, 1], [2, 2]) == 0


def test_what_there_is_to_sell_is_no_ones_strength_or_gap() -> None:
    """Of sixty teams where one sells more of what is cheap, at most one in twenty sees that one flagged."""
    random = Random(5)
    false = 0
    for _ in range(200):
        samples = {
            str(rep): {
                kind: [random.lognormvariate(middle, 0.5) for _ in range(cheap if rep else dear)]
                for kind, middle, cheap, dear in (("pump", 3, 20, 60), ("line", 7, 40, 8))
            }
            for rep in range(5)
        }
        made = value_beside(samples, "0", (), least=20, scale=log)
        assert made.own is not None and made.everybody is not None
        assert made.own < 0.7 * made.everybody
        assert made.p is not None
        false += made.p < 0.05
    assert false / 200 <= 0.07
    weaker = samples | {"0": {kind: [0.6 * v for v in each] for kind, each in samples["0"].items()}}
    made = value_beside(weaker, "0", (), least=20, scale=log)
    assert made.p is not None and made.p < 0.001 and not made.is_more


def test_the_median_of_a_mix_is_that_of_the_others_in_it() -> None:
    samples = {"a": {"x": [1.0] * 3, "y": [9.0]}, "b": {"x": [2.0, 3.0], "y": [50.0] * 20}}
    made = value_beside(samples, "a", (), least=2, middle="median")
    # Three parts of 2 and 3, one of 50: half of the weight lies below 3.
    assert (made.own, made.alike, made.everybody) == (1, 3, 50)
    assert value_beside({"a": {"": [4.0, 2.0]}}, "a", (), least=2, middle="median").own == 3


def test_a_best_third_is_told_from_four_reps_on() -> None:
    assert best_third({}) == best_third({"a": 0, "b": 5}) == []
    assert best_third({"a": 1, "b": 5, "c": 2, "d": 0}) == [], "d won nothing"
    assert best_third({"a": 1, "b": 5, "c": 2, "d": 1}) == ["b"]
    assert best_third({"a": 5, "b": 9, "c": 5, "d": 1, "e": 2, "f": 0}) == ["b", "a"]
