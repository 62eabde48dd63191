"""Reports as of an earlier day: what was known then, no more and no less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from salestui.analytics.facts import closed, cycles, reached
from salestui.analytics.passages import sums, tallies
from salestui.analytics.past import known_on, rebuilt
from salestui.analytics.report import Report
from salestui.analytics.scope import Scope, ask, members
from salestui.analytics.selling.activity import activity
from salestui.analytics.selling.winning import win_rate
from salestui.analytics.stages.conversion import conversion
from salestui.analytics.stages.funnel import funnel
from salestui.analytics.stages.losses import losses
from salestui.queries.choices import load_choices
from salestui.store import driver
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.usecases import deals, outcomes, undo
from salestui.usecases.activities import delete_activity, log_activity
from tests.analytics.book import STAGES, START, Life, Move, make_book, on
from tests.conftest import Clock
from tests.team import make_team

TODAY = 76
"""The clock's 18 March 2026, counted from the book's first day."""


def everything(reader: Reader, scope: Scope) -> dict[str, Any]:
    """All facts that reports are made of, in an order of their own."""
    columns = ("owner_id", "product_id", "client_id", "competitor_id", "kind", "closed_on")
    found = {
        "reached": reached(reader, scope, "owner_id"),
        "closed": closed(reader, scope, columns),
        "cycles": cycles(reader, scope, "stage_id"),
    }
    listed: dict[str, Any] = {name: sorted(map(repr, rows)) for name, rows in found.items()}
    listed["tallies"] = tallies(reader, scope, "owner_id")
    listed["sums"] = sums(reader, scope, "owner_id")
    return listed


@pytest.mark.demo
def test_rebuilt_for_today_it_is_what_the_store_says(store: Store, clock: Clock) -> None:
    someone = store.read(
        lambda r: r.rows("SELECT id FROM deal WHERE outcome = 'open' ORDER BY id LIMIT 9")
    )
    reason = store.read(load_choices).loss_reasons[0].id
    ids = [row[0] for row in someone]
    store.write(outcomes.win_deal, deal_id=ids[0])
    store.write(outcomes.lose_deal, deal_id=ids[1], loss_reason_id=reason)
    store.write(outcomes.reopen_deal, deal_id=ids[1])
    store.write(outcomes.lose_deal, deal_id=ids[2], loss_reason_id=reason)
    store.write(undo.undo)
    clock.forward(hours=30)
    store.write(deals.edit_deal, deal_id=ids[3], amount_minor=777)
    store.write(outcomes.postpone_deal, deal_id=ids[4], until_on=store.today() + timedelta(days=9))

    def compare(reader: Reader) -> None:
        team_id = reader.value("SELECT min(id) FROM team")
        with rebuilt(reader, reader.today) as then:
            for owners in (None, members(reader, team_id)):
                scope = replace(ask(reader), owner_ids=owners)
                assert everything(then, scope) == everything(reader, scope)
                assert everything(reader, scope)["closed"]

    store.read(compare)


def _lives(random: Random, count: int) -> list[Life]:
    """Deals that wander through the stages: on, back, skipping, won, lost, reopened."""
    lives = []
    for _ in range(count):
        day = random.randint(0, TODAY)
        moves = [Move(day, random.choice(STAGES))]
        while random.random() < 0.75:
            day += random.randint(0, 12)
            if day > TODAY:
                break
            outcome = random.choice(("open", "open", "open", "won", "lost", "postponed"))
            reason = random.choice((None, "Price", "Timing")) if outcome == "lost" else None
            stage = random.choice(STAGES) if outcome == "open" else moves[-1].stage
            if (stage, outcome) != (moves[-1].stage, moves[-1].outcome):
                moves.append(Move(day, stage, outcome, reason))
        lives.append(
            Life(
                moves,
                random.choice((None, 5_00, 90_00)),
                random.choice(("EUR", "PLN")),
                random.choice(("Ona", "Jonas", "Zofia", None)),
                random.choice((None, "Pump")),
            )
        )
    return lives


def _until(lives: list[Life], day: int) -> list[Life]:
    """The same deals with all that came later cut off."""
    cut = [replace(life, moves=[m for m in life.moves if (m.day or 0) <= day]) for life in lives]
    return [life for life in cut if life.moves]


REPORTS: tuple[Callable[..., Report], ...] = (funnel, conversion, win_rate, losses)


@pytest.mark.parametrize("seed", range(3))
def test_what_came_later_changes_nothing(
    store: Store, seed: int, tmp_path: Any, sqlite_template: Any, open_at: Any
) -> None:
    import shutil

    random = Random(seed)
    lives, day = _lives(random, 120), random.randint(20, 60)
    make_book(store).add(*lives)
    other = tmp_path / "then.db"
    shutil.copy(sqlite_template, other)
    then = open_at(str(other))
    make_book(then).add(*_until(lives, day))
    for report in REPORTS:
        for by in (None, "rep"):
            asked = store.read(lambda r, f=report, b=by: f(r, ask(r, as_of=on(day)), b))
            # The other store knows nothing later, so it may be asked as of the same day too.
            told = then.read(lambda r, f=report, b=by: f(r, replace(ask(r), as_of=on(day)), b))
            assert asked.to_json() | {"filters": 0} == told.to_json() | {"filters": 0}
            assert asked.n > 0


def test_a_change_undone_later_was_so_until_then(store: Store, clock: Clock) -> None:
    team = make_team(store)
    clock.forward(days=1)
    store.write(outcomes.win_deal, deal_id=team.deals[0])
    won_on = store.today()
    clock.forward(days=2)
    store.write(undo.undo)
    assert _won(store, won_on - timedelta(days=1)) == 0
    assert _won(store, won_on) == 1
    assert _won(store, won_on + timedelta(days=1)) == 1
    assert _won(store, store.today()) == 0


def test_a_deal_reopened_after_it_was_won_counts_by_what_became_of_it(store: Store) -> None:
    book = make_book(store)
    moves = [Move(0), Move(5, outcome="won"), Move(10), Move(15, outcome="lost", reason="Price")]
    book.add(Life(moves), Life([Move(0), Move(3, STAGES[1])]))

    def fates(day: int | None) -> tuple[Any, ...]:
        """Of the first stage: advanced, lost and open; then the deals won and lost."""

        def read(reader: Reader) -> tuple[Any, ...]:
            scope = ask(reader, as_of=on(day), pipeline="Sales")
            passed, came = conversion(reader, scope), funnel(reader, scope)
            figures = (passed.cells(key)[0] for key in ("advanced", "lost", "open"))
            return (*figures, came.totals["won"], losses(reader, scope).n)

        return store.read(read)

    assert fates(4) == (1, 0, 1, 0, 0)
    assert fates(9) == (2, 0, 0, 1, 0)
    assert fates(14) == (1, 0, 1, 0, 0)
    assert fates(None) == fates(15) == (1, 1, 0, 0, 1)


def test_what_is_recorded_later_is_not_known_before(store: Store) -> None:
    book = make_book(store)
    book.add(Life([Move(0), Move(10, "Offer", "won", recorded=30)]), Life([Move(5, recorded=20)]))
    assert [_won(store, on(day)) for day in (9, 10, 29, 30)] == [0, 0, 0, 1]
    counts = [store.read(lambda r, d=day: funnel(r, ask(r, as_of=on(d))).n) for day in (4, 19, 20)]
    assert counts == [1, 1, 2]


def test_a_deal_deleted_later_was_there(store: Store, clock: Clock) -> None:
    team = make_team(store)
    made_on = store.today()
    clock.forward(days=3)
    store.write(deals.delete_deal, deal_id=team.deals[4])
    count = len(team.deals)
    assert store.read(lambda r: funnel(r, ask(r, as_of=made_on)).n) == count
    assert store.read(lambda r: funnel(r, ask(r)).n) == count - 1
    assert store.read(lambda r: funnel(r, ask(r, as_of=made_on - timedelta(days=1))).n) == 0


def test_activities_count_from_the_day_they_were_recorded(store: Store, clock: Clock) -> None:
    team = make_team(store)
    before = _done(store, store.today())
    made_on = store.today()
    clock.forward(days=2)
    store.write(log_activity, kind="call", client_id=team.clients[0], done_on=made_on)
    late = store.write(log_activity, kind="call", client_id=team.clients[0])
    logged_on = store.today()
    assert before == 2
    assert _done(store, made_on) == 2
    clock.forward(days=2)
    assert _done(store, logged_on) == 4
    assert _done(store, made_on) == 2
    store.write(delete_activity, activity_id=late.id)
    assert _done(store, logged_on) == 4
    assert _done(store, store.today()) == 3


def _done(store: Store, day: date) -> int:
    return store.read(lambda r: activity(r, ask(r, as_of=day)).n)


def test_the_day_ends_where_the_reader_is(store: Store, clock: Clock) -> None:
    team = make_team(store)
    clock.now = clock.now.replace(hour=0, minute=30) + timedelta(days=1)  # still the 18th in UTC
    store.write(outcomes.win_deal, deal_id=team.deals[0])
    won_on = store.today()
    clock.forward(days=5)
    assert _won(store, won_on - timedelta(days=1)) == 0
    assert _won(store, won_on) == 1


def test_today_needs_no_rebuilding(store: Store) -> None:
    def asked(reader: Reader) -> bool:
        with known_on(reader, reader.today) as then:
            return then is reader

    assert store.read(asked)


def _won(store: Store, day: date | None) -> Any:
    return store.read(lambda r: win_rate(r, ask(r, as_of=day)).totals["won"])


def test_start_is_the_day_that_the_book_counts_from() -> None:
    assert START + timedelta(days=TODAY) == date(2026, 3, 18)


def test_a_past_day_is_rebuilt_once_a_read_and_gone_with_it(store: Store) -> None:
    make_book(store).add(Life([Move(0), Move(9, "Offer", "won")], 100_00))
    kept: list[Reader] = []

    def ask_often(reader: Reader) -> None:
        with known_on(reader, on(20)) as one:  # type: ignore[arg-type]
            count = one.value("SELECT count(*) FROM deal")
        with known_on(reader, on(20)) as again, known_on(reader, on(5)) as other:  # type: ignore[arg-type]
            assert again is one and again.value("SELECT count(*) FROM deal") == count == 1
            assert other is not one
            assert other.value("SELECT outcome FROM deal") == "open"
        kept.extend((one, other))

    store.read(ask_often)
    for each in kept:
        with pytest.raises(driver.sqlite.ProgrammingError, match="closed"):
            each.value("SELECT 1")
    store.read(ask_often)
    assert len(set(map(id, kept))) == 4, "another read sees what was written since"


def test_a_past_day_that_cannot_be_rebuilt_leaves_nothing_half_there(store: Store) -> None:
    make_book(store).add(Life([Move(0), Move(9, "Offer", "won")], 100_00))

    def ask_twice(reader: Reader) -> int:
        right, reader.rows = reader.rows, _broken  # type: ignore[method-assign]
        with pytest.raises(OSError, match="gone"), known_on(reader, on(20)):  # type: ignore[arg-type]
            pass
        reader.rows = right  # type: ignore[method-assign]
        with known_on(reader, on(20)) as then:  # type: ignore[arg-type]
            return int(then.value("SELECT count(*) FROM deal"))

    assert store.read(ask_twice) == 1


def _broken(sql: str, /, **_: Any) -> list[tuple[Any, ...]]:
    raise OSError("the disk is gone")
