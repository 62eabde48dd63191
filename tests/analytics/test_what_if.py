"""What-if: what another conversion, deal size, cycle or number of sellers would make of the forecast."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salestui.analytics.events import StageOf
from salestui.analytics.forecast.onward import going_on, share_on
from salestui.analytics.forecast.stages import StageModel
from salestui.analytics.forecast.study import Parts
from salestui.analytics.kept import Kept
from salestui.analytics.outlook.forecast_overview import ground
from salestui.analytics.outlook.whatif import (
    Change,
    Ground,
    changed_parts,
    sellers_by_day,
    sellers_stepped,
    shares_on,
    stage_stepped,
    stepped,
    what_if,
)
from salestui.analytics.wish import Wish
from salestui.store.store import Store
from salestui.text import parse_period
from tests.analytics.book import STAGES, Life, Move, make_book
from tests.analytics.test_forecasting import lives


def staged_lives(count: int, seed: int = 1) -> list[Life]:
    """Deals that go through three dated stages of a week or so each; half go on from each."""
    random = Random(seed)
    found = []
    for _ in range(count):
        day = random.randint(-150, 75)
        moves = [Move(day)]
        for place in range(len(STAGES)):
            day += random.randint(3, 12)
            if day > 76:
                break
            if random.random() < 0.5:
                moves.append(Move(day, STAGES[place], "lost", "Price"))
                break
            if place + 1 == len(STAGES):
                moves.append(Move(day, STAGES[place], "won"))
            else:
                moves.append(Move(day, STAGES[place + 1]))
        found.append(Life(moves, random.randint(50, 150) * 100))
    return found


def ground_of(store: Store, period: str = "2026-Q2") -> Ground:
    wish = Wish(period=parse_period(period, store.today()))
    found = store.read(lambda reader: ground(reader, wish, Kept()))
    assert found is not None
    return found


def test_nothing_changed_changes_nothing(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(300))
    base = ground_of(sqlite_store)
    before = base.study.bottom_up(base.window, base.season, "revenue")
    as_is = changed_parts(base, Change())
    assert (as_is.open, as_is.new) == (before.open, pytest.approx(before.new))
    assert what_if(base, Change()) == pytest.approx(base.value)
    assert what_if(base, Change(size=1.1)) == pytest.approx(1.1 * base.value)
    twice = changed_parts(base, Change(arrivals=2.0))
    assert twice == Parts(before.open, pytest.approx(2 * before.new))
    assert what_if(base, Change(conversion=1.5)) > base.value
    assert what_if(base, Change(cycle=1.5)) < base.value


def test_without_dates_of_stages_conversion_is_that_of_all_deals(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(300))
    base = ground_of(sqlite_store)
    assert base.stages == () and base.model is None


def test_the_conversion_of_a_stage_carries_to_deals_in_it_before_it_and_to_come(
    sqlite_store: Store,
) -> None:
    make_book(sqlite_store).add(*staged_lives(900))
    base = ground_of(sqlite_store, "2026-03-19..2026-04-30")
    assert [name for _, name in base.stages] == [f"Sales: {name}" for name in STAGES]
    before = changed_parts(base, Change())
    as_is = base.study.bottom_up(base.window, base.season, "revenue")
    assert (before.open, before.new) == (as_is.open, pytest.approx(as_is.new))
    for code, _ in base.stages:
        more, less = (stage_stepped(Change(), code, by) for by in (4, -4))
        now, then = shares_on(base, more, code)
        assert now == pytest.approx(0.5, abs=0.07) and then == pytest.approx(1.2 * now)
        better, worse = changed_parts(base, more), changed_parts(base, less)
        assert better.open > before.open > worse.open
        # A deal that is still to come has to go through every stage.
        assert better.new == pytest.approx(1.2 * before.new, rel=1e-6)
        assert worse.new == pytest.approx(0.8 * before.new, rel=1e-6)


def test_a_tenth_more_of_all_deals_won_brings_a_tenth_more_and_never_more_than_there_is(
    sqlite_store: Store,
) -> None:
    make_book(sqlite_store).add(*staged_lives(900))
    base = ground_of(sqlite_store, "2026-03-19..2026-04-30")
    before = changed_parts(base, Change())
    more, less = (changed_parts(base, Change(conversion=each)) for each in (1.1, 0.5))
    assert (more.open, more.new) == (
        pytest.approx(1.1 * before.open),
        pytest.approx(1.1 * before.new),
    )
    assert less.open == pytest.approx(before.open / 2)
    whole = base.study.view(base.window.day).open_sum("revenue").sum()
    assert changed_parts(base, Change(conversion=1000.0)).open == pytest.approx(whole)


@pytest.mark.parametrize("is_staged", [True, False])
def test_the_slower_deals_go_the_less_comes_in_the_period(
    sqlite_store: Store, is_staged: bool
) -> None:
    make_book(sqlite_store).add(*(staged_lives(600) if is_staged else lives(300)))
    base = ground_of(sqlite_store)
    assert (base.model is not None) == is_staged
    values = [what_if(base, Change(cycle=cycle)) for cycle in (0.5, 0.8, 1, 1.1, 1.5, 3)]
    assert values == sorted(values, reverse=True) and values[0] > 1.2 * values[-1]


def test_a_later_stage_matters_to_all_open_deals_and_the_first_only_to_those_in_it(
    sqlite_store: Store,
) -> None:
    make_book(sqlite_store).add(*staged_lives(900))
    base = ground_of(sqlite_store, "2026-03-19..2026-04-30")
    opened = [changed_parts(base, stage_stepped(Change(), code, 2)).open for code, _ in base.stages]
    assert opened == sorted(opened) and opened[0] < opened[-1]
    last = base.stages[-1][0]
    as_is = changed_parts(base, Change()).open
    assert opened[-1] == pytest.approx(1.1 * as_is, rel=1e-6), "every way to a win leads through it"
    assert stage_stepped(stage_stepped(Change(), last, 1), last, -1) == Change()


def test_new_sellers_bring_in_deals_as_they_learn_and_leavers_none(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*staged_lives(600))
    base = replace(ground_of(sqlite_store), sellers=4)
    assert base.ramp == (0.25, 0.5, 0.75) and not base.is_ramp_measured
    more, fewer = (sellers_stepped(base, Change(), by) for by in (2, -2))
    days = sellers_by_day(base, more)
    assert (days[0], days[40], days[75], days[-1]) == (1.125, 1.25, 1.375, 1.5)
    before = changed_parts(base, Change())
    grown, shrunk = changed_parts(base, more), changed_parts(base, fewer)
    assert grown.open == before.open == shrunk.open
    assert before.new * 1.125 < grown.new < before.new * 1.5
    assert shrunk.new == pytest.approx(before.new / 2)
    assert sellers_stepped(base, Change(), -9).sellers == -3, "somebody takes over what is open"
    nobody = replace(base, sellers=0)
    assert sellers_stepped(nobody, Change(), 1) == Change()


def test_who_sells_today_is_counted(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(*lives(300))
    assert ground_of(sqlite_store).sellers == 2, "Ona and Zofia own deals"


def test_a_step_is_five_percent_and_has_an_end() -> None:
    assert stepped(Change(), "size", 1) == Change(size=1.05)
    assert stepped(Change(size=1.05), "size", -1) == Change()
    assert stepped(Change(), "cycle", -100).cycle == 0.25


STAGES_OF = tuple(StageOf(str(i), "p", i, "sale", 50) for i in range(3))


@given(
    seed=st.integers(0, 10_000),
    stage=st.integers(0, 2),
    factor=st.floats(0.25, 3),
)
@settings(max_examples=60, deadline=None)
def test_a_share_changes_and_the_days_in_a_stage_do_not(
    seed: int, stage: int, factor: float
) -> None:
    """As many leave at every age, nothing is below 0, and other stages stay as they are."""
    random = np.random.default_rng(seed)
    hazard = random.random((3, 5, 6)) * random.integers(0, 2, (3, 5, 6)) / 6
    changed = going_on(hazard, STAGES_OF, stage, factor)
    assert changed.min() >= 0
    assert changed.sum(axis=2) == pytest.approx(hazard.sum(axis=2))
    others = [each for each in range(3) if each != stage]
    assert (changed[others] == hazard[others]).all()
    exits, dated = np.ones(3, np.int64), np.ones(3, bool)
    now = share_on(StageModel(hazard, exits, dated), STAGES_OF, stage)
    then = share_on(StageModel(changed, exits, dated), STAGES_OF, stage)
    assert (now is None) == (then is None)
    if now is not None and then is not None:
        assert then <= min(factor * now, 1.0) + 1e-9
        assert factor > 1 or then == pytest.approx(factor * now)
