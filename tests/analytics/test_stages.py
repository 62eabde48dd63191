"""The stage model against a team whose truth is known, and on funnels that hardly are one."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from salestui.analytics.events import NEVER, UNDATED, Events, Known, Stays
from salestui.analytics.forecast import stage_counts
from salestui.analytics.forecast.stages import (
    ULTIMATE,
    StageModel,
    fit,
    outlook,
    outlooks,
    recent_factors,
)
from salestui.analytics.history import read_events
from salestui.store.store import Store
from tests.analytics.book import STAGES, Life, Move, make_book
from tests.analytics.test_events import cut
from tests.simulator import (
    BASE,
    COUNT,
    LOST,
    POSTPONED,
    WON,
    Past,
    World,
    events_of,
    hazards,
    leaving,
    lives_of,
    simulate,
    true_wins,
    usual,
)

FIRST, DEMO, OFFER = STAGES
TRUTH = StageModel(hazards(usual()), np.full(COUNT, 99), np.ones(COUNT, bool))
EVERY_DAY = np.array([0, 1, 2, 5, 10, 40, 200])


def at(events: Events, day: int) -> tuple[Known, Stays]:
    return events.known_on(BASE + day), events.stays_on(BASE + day)


def modelled(events: Events, day: int, tracked_from: int = UNDATED) -> StageModel:
    return fit(*at(events, day), tracked_from=tracked_from)


def won_later(events: Events, known: Known, last: int) -> int:
    """How many of the open deals were won by `last`."""
    then = events.known_on(BASE + last)
    winners = then.deal[(then.outcome == 1) & (then.closed > known.day)]
    return int(np.isin(known.deal[known.is_open], winners).sum())


def sane(model: StageModel) -> None:
    """Chances are chances, and none falls with more days left."""
    for stage in range(len(model.hazard)):
        before = np.zeros(len(EVERY_DAY))
        for days in (1, 7, 30, 90, ULTIMATE):
            chances = model.win_within(np.full(len(EVERY_DAY), stage), EVERY_DAY, days)
            assert ((chances >= before - 1e-12) & (chances <= 1 + 1e-9)).all()
            before = chances


def test_the_recursion_gives_what_the_renewal_equation_gives() -> None:
    truth, told = true_wins(usual(), 300), outlook(hazards(usual()), 300)
    assert np.abs(told.entering - truth).max() < 1e-9
    # Of those there after so many days: what is still to come of what left after them.
    table = usual()[2]
    age, days = 10, 40
    there = 1 - table[: age + 1].sum()
    later = table[age + 1 : age + 1 + days, WON].sum()
    back = sum(
        table[age + u, 1] * truth[days + 1 - u, 1] for u in range(1, days + 1)
    )  # fmt: skip
    chance = told_within(2, age, days)
    assert chance == pytest.approx((later + back) / there, abs=1e-9)


def told_within(stage: int, age: int, days: int) -> float:
    return float(TRUTH.win_within(np.array([stage]), np.array([age]), days)[0])


@pytest.mark.parametrize(
    ("world", "tracked"),
    [
        (World(arrivals=25), None),
        (World(arrivals=10, growth=0.006), None),
        (World(arrivals=25, seasons=(0.4, 0.7, 1, 1.3, 1.6, 1.6, 1.3, 1, 0.7, 0.4, 1, 1)), None),
        (World(arrivals=25), 60),
    ],
    ids=["steady", "ramp", "seasons of leads", "begun late"],
)
def test_it_is_right_on_average(world: World, tracked: int | None) -> None:
    expected = true = 0.0
    for seed in range(100, 112):
        past = simulate(world, 0, 330, seed)
        events = events_of(past if tracked is None else imported(past, tracked))
        known, stays = at(events, 330)
        model = fit(known, stays, tracked_from=UNDATED if tracked is None else BASE + tracked)
        for days in (30, 90):
            expected += float(np.nansum(model.open_wins(known, days)))
            true += float(np.nansum(TRUTH.open_wins(known, days)))
    assert abs(expected / true - 1) < 0.03


def test_as_many_are_won_as_it_says() -> None:
    expected = actual = 0.0
    for seed in range(12):
        events = events_of(simulate(World(arrivals=25), 0, 420, seed))
        known, stays = at(events, 330)
        expected += float(np.nansum(fit(known, stays).open_wins(known, 90)))
        actual += won_later(events, known, 420)
    assert actual > 1500
    assert abs(expected / actual - 1) < 0.03 + 1 / np.sqrt(actual)


@pytest.mark.parametrize(("asleep", "least", "most"), [(0, 0.5, 1), (300, 1e-6, 0.01)])
def test_a_deal_that_stays_longer_than_any_that_left_is_dead_only_where_many_stay_so(
    sqlite_store: Store, asleep: int, least: float, most: float
) -> None:
    moves = [[Move(i), Move(i + 5 + i % 9, OFFER), Move(i + 20, OFFER, "won")] for i in range(40)]
    others = [Life([Move(-300)]) for _ in range(asleep)]
    make_book(sqlite_store).add(Life([Move(40)]), *map(Life, moves), *others)
    known, stays = at(sqlite_store.read(read_events), 70)
    chance = fit(known, stays).win_within(np.array([0]), np.array([30]), 60)[0]
    assert least < chance < most


def imported(past: Past, day: int) -> Past:
    """What an import on `day` brings: only deals that had not ended by then."""
    ended = np.full(len(past.created), NEVER)
    is_end = past.outcome > 0
    ended[past.deal[is_end]] = past.day[is_end]
    kept = ended >= day
    number = np.cumsum(kept) - 1
    rows = kept[past.deal]
    return replace(
        past, deal=number[past.deal[rows]], day=past.day[rows], stage=past.stage[rows],
        outcome=past.outcome[rows], created=past.created[kept], amount=past.amount[kept],
        owner=past.owner[kept], currency=past.currency[kept],
    )  # fmt: skip


def test_new_deals_and_every_age_have_their_true_chance() -> None:
    events = events_of(simulate(World(arrivals=40), 0, 700))
    model, truth = modelled(events, 700), true_wins(usual(), ULTIMATE)
    for days in (30, 60, 120, ULTIMATE):
        assert model.within(days).entering[days] == pytest.approx(truth[days], rel=0.04, abs=0.004)
    assert model.within(90).of_new(0) == pytest.approx(truth[90:0:-1, 0], rel=0.06, abs=0.004)
    for stage in range(COUNT):
        for age in (0, 5, 12, 25):
            told = model.win_within(np.array([stage]), np.array([age]), 60)[0]
            assert told == pytest.approx(told_within(stage, age, 60), abs=0.04)


def test_deals_that_were_open_when_the_records_began_do_not_make_it_slow() -> None:
    past = imported(simulate(World(arrivals=20), 0, 400), 200)
    truth = true_wins(usual(), 90)[90, 0]
    late = modelled(events_of(past), 400, BASE + 200).within(90).entering[90, 0]
    unaware = modelled(events_of(past), 400).within(90).entering[90, 0]
    assert abs(late / truth - 1) < 0.06 < abs(unaware / truth - 1)


def test_the_calendar_and_the_last_quarter_are_heeded() -> None:
    world = World(arrivals=20, phases=(0.5, 0.8, 1.7))
    expected = actual = plain = 0.0
    for seed in range(6):
        events = events_of(simulate(world, 0, 760, seed))
        known, _ = at(events, 729)  # the end of 2027
        january = np.full(31, 0.5)
        open_ones = known.is_open
        age = known.day - known.entered
        told = outlook(TRUTH.hazard, 31, january, np.ones(31))
        expected += told.of(known.stage[open_ones], age[open_ones]).sum()
        plain += np.nansum(TRUTH.open_wins(known, 31))
        actual += won_later(events, known, 760)
    assert abs(expected / actual - 1) < 0.12 < plain / actual - 1


@pytest.mark.parametrize("season", [False, True])
def test_side_by_side_is_what_each_is_alone(season: bool) -> None:
    """Of tables with more and fewer ages, and of more than are worked out together."""
    whole = TRUTH.hazard
    tables = [whole[:, : 20 + each] for each in range(130)] * 2
    factors = np.random.default_rng(1).uniform(0.5, 1.5, (2, len(tables), 40))
    told = outlooks(tables, 40, *(factors if season else ()))
    for place in (0, 7, 129, 130, 259):
        by_day = factors[:, place] if season else ()
        alone = outlook(tables[place], 40, *by_day)
        assert np.array_equal(told[place].table, alone.table)
        assert np.array_equal(told[place].entering, alone.entering)


def test_a_change_of_regime_shows_in_the_recent_factors() -> None:
    changed = World(arrivals=15, changes_on=310, changed=usual(forward=0.3))
    events = events_of(simulate(changed, 0, 400))
    model = modelled(events, 300)
    won, lost = recent_factors(model, *at(events, 400))
    assert won < 0.75 < 1.1 < lost
    steady = events_of(simulate(World(arrivals=15), 0, 400))
    assert recent_factors(modelled(steady, 300), *at(steady, 300)) == pytest.approx((1, 1), abs=0.1)
    nearer, old = model.scaled(won, lost), model
    known, _ = at(events, 350)
    assert np.nansum(nearer.open_wins(known, 50)) < np.nansum(old.open_wins(known, 50))
    sane(nearer)


def test_what_came_later_changes_nothing() -> None:
    events = events_of(simulate(World(), 0, 300))
    then = modelled(cut(events, BASE + 200), 200)
    assert np.array_equal(modelled(events, 200).hazard, then.hazard)


def test_the_order_of_the_deals_does_not_matter() -> None:
    past = simulate(World(), 0, 200)
    mirrored = len(past.created) - 1 - past.deal
    order = np.argsort(mirrored, kind="stable")
    turned = replace(
        past, deal=mirrored[order], day=past.day[order], stage=past.stage[order],
        outcome=past.outcome[order], created=past.created[::-1], amount=past.amount[::-1],
        owner=past.owner[::-1], currency=past.currency[::-1],
    )  # fmt: skip
    assert np.array_equal(
        modelled(events_of(past), 200).hazard, modelled(events_of(turned), 200).hazard
    )


def test_a_stage_with_few_exits_borrows_from_its_neighbours() -> None:
    past = simulate(World(arrivals=1), 0, 60)
    events = events_of(past)
    known, stays = at(events, 60)
    counts = stage_counts.count_stays(known, stays, UNDATED)
    assert counts.exits[2] < 30
    leaving_, at_risk = stage_counts.pooled(counts, known.names.stages, 2, 30)
    assert leaving_.sum() > counts.leaving[2].sum() and at_risk.sum() > counts.at_risk[2].sum()
    # From the stage before, a move to this one counts as one beyond the last: as won.
    before = counts.leaving[1].sum(axis=0)
    own = counts.leaving[2].sum(axis=0)
    if leaving_.sum() == own.sum() + before.sum():
        assert leaving_.sum(axis=0)[WON] == own[WON] + before[WON] + before[2]
    sane(fit(known, stays))


def test_the_same_from_a_store(store: Store) -> None:
    past = simulate(World(arrivals=0.8, currencies=("EUR", "PLN")), -300, 70, seed=3)
    book = make_book(store)
    book.add(*lives_of(past))
    read, direct = store.read(read_events), events_of(past)
    for day in (-100, 0, 70):
        here, there = modelled(read, day), modelled(direct, day)
        assert np.array_equal(here.exits[:COUNT], there.exits)
        for days in (30, ULTIMATE):
            assert here.within(days).entering[days][:COUNT] == pytest.approx(
                there.within(days).entering[days]
            )


EDGES: dict[str, tuple[Life, ...]] = {
    "no history": (),
    "one deal": (Life([Move(3)]),),
    "all lost": tuple(Life([Move(i), Move(i + 4, DEMO), Move(i + 9, DEMO, "lost")]) for i in range(40)),
    "no losses recorded": tuple(
        Life([Move(i), Move(i + 4, OFFER), *([Move(i + 9, OFFER, "won")] if i % 2 else [])])
        for i in range(40)
    ),
    "closed on the day created": tuple(
        Life([Move(i), Move(i, OFFER), Move(i, OFFER, "won" if i % 3 else "lost")]) for i in range(40)
    ),
    "won before created": tuple(Life([Move(i), Move(i - 5, FIRST, "won")]) for i in range(40)),
    "opened again": tuple(
        Life([Move(i), Move(i + 2, DEMO, "lost"), Move(i + 6, DEMO), Move(i + 9, OFFER, "won")])
        for i in range(40)
    ),
    "several currencies": tuple(
        Life([Move(i), Move(i + 5, DEMO)], currency=("EUR", "PLN", "JPY")[i % 3]) for i in range(40)
    ),
    "nobody's": tuple(Life([Move(i), Move(i + 5, DEMO)], owner=None) for i in range(40)),
    "no days": tuple(Life([Move(None)]) for i in range(40)),
}  # fmt: skip


@pytest.mark.parametrize("lives", EDGES.values(), ids=EDGES)
def test_funnels_that_hardly_are_one(sqlite_store: Store, lives: tuple[Life, ...]) -> None:
    book = make_book(sqlite_store)
    if lives:
        book.add(*lives)
    events = sqlite_store.read(read_events)
    known, stays = at(events, 70)
    model = fit(known, stays)
    sane(model)
    chances = model.open_wins(known, 90)
    assert np.isnan(chances[~known.is_open]).all()
    if any(move.outcome == "lost" for life in lives for move in life.moves) and not any(
        move.outcome == "won" for life in lives for move in life.moves
    ):
        assert not np.nansum(model.open_wins(known, ULTIMATE))
    assert all(np.isfinite(factor) for factor in recent_factors(model, known, stays))


def test_what_is_won_at_once_is_won_at_once() -> None:
    at_once = (
        leaving({1: (1.0, 0.01, 1)}, 3), leaving({2: (1.0, 0.01, 1)}, 3),
        leaving({WON: (0.4, 0.01, 1), LOST: (0.4, 0.01, 1), POSTPONED: (0.2, 0.01, 1)}, 3),
    )  # fmt: skip
    model = modelled(events_of(simulate(World(at_once), 0, 100)), 100)
    assert model.within(1).entering[1, 0] == pytest.approx(0.4, abs=0.06)


def test_one_dated_stage_is_no_way_through_the_stages(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(
        *(Life([Move(None)]) for _ in range(5)),
        *(Life([Move(i, DEMO), Move(i + 9, DEMO, "won")]) for i in range(40)),
    )
    model = modelled(sqlite_store.read(read_events), 70)
    assert not model.is_usable
    assert model.reason.startswith("Only one stage has dates: deals are judged by their age")


def test_a_store_without_days_says_so(sqlite_store: Store) -> None:
    make_book(sqlite_store).add(Life([Move(None)]))
    model = modelled(sqlite_store.read(read_events), 70)
    assert model.reason.startswith("No stage has dates")
    assert not modelled(cut(sqlite_store.read(read_events), BASE - 999), 70).is_usable


def test_stays_have_all_that_is_counted() -> None:
    events = events_of(simulate(World(), 0, 200))
    known, stays = at(events, 200)
    counts = stage_counts.count_stays(known, stays, UNDATED)
    assert counts.exits.sum() == (stays.left != NEVER).sum()
    assert counts.at_risk[:, 0].sum() == len(stays.row)
    assert {each.name for each in fields(counts)} == {"leaving", "at_risk", "is_dated"}
