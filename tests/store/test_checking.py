"""What is derived stays equal to what would be computed anew, whatever people do and undo."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salestui.errors import Refused
from salestui.store import driver
from salestui.store.checking import derived_problems, rebuild_derived
from salestui.store.opening import open_store
from salestui.store.store import Store
from salestui.usecases import activities, clients, deals, outcomes, process, undo
from salestui.usecases.activities import NextStep
from tests.conftest import Clock
from tests.team import make_team


def _ids(store: Store, sql: str) -> list[str]:
    return [row[0] for row in store.read(lambda reader: reader.rows(sql))]


class Play:
    """Random work of two reps on one store; refusals are part of the work."""

    def __init__(self, mine: Store, theirs: Store, seed: int) -> None:
        self.stores = (mine, theirs)
        self.random = random.Random(seed)
        self.done: list[str] = []

    def act(self, name: str) -> None:
        store = self.random.choice(self.stores)
        try:
            getattr(self, f"_{name}")(store)
        except Refused:
            return
        self.done.append(name)

    def _one(self, store: Store, table: str, more: str = "") -> str:
        found = _ids(store, f"SELECT id FROM {table} WHERE deleted_at IS NULL {more} ORDER BY id")
        if not found:
            raise Refused("nothing there")
        # Mostly the same few: what happens to one row by two people is what goes wrong.
        return self.random.choice(found[:2] if table == "deal" else found)

    def _create(self, store: Store) -> None:
        store.write(
            deals.create_deal,
            title=self.random.choice(("Pumps", "Łódź", "Насос")),
            client_id=self._one(store, "client"),
            amount_minor=self.random.choice((None, 100, 5_000)),
        )

    def _move(self, store: Store) -> None:
        moved_on = self.random.choice((None, store.today()))
        store.write(
            deals.move_deal,
            deal_id=self._one(store, "deal"),
            to_stage_id=self._one(store, "stage"),
            moved_on=moved_on,
        )

    def _win(self, store: Store) -> None:
        store.write(outcomes.win_deal, deal_id=self._one(store, "deal"))

    def _lose(self, store: Store) -> None:
        reason = self._one(store, "loss_reason")
        store.write(outcomes.lose_deal, deal_id=self._one(store, "deal"), loss_reason_id=reason)

    def _postpone(self, store: Store) -> None:
        until = store.today() + timedelta(days=self.random.randint(1, 9))
        store.write(outcomes.postpone_deal, deal_id=self._one(store, "deal"), until_on=until)

    def _reopen(self, store: Store) -> None:
        store.write(outcomes.reopen_deal, deal_id=self._one(store, "deal"))

    def _assign(self, store: Store) -> None:
        deal = self._one(store, "deal")
        store.write(deals.assign_deal, deal_id=deal, to_rep_id=self._one(store, "rep"))

    def _amount(self, store: Store) -> None:
        amount = self.random.choice((None, 700, 900))
        store.write(deals.edit_deal, deal_id=self._one(store, "deal"), amount_minor=amount)

    def _title(self, store: Store) -> None:
        store.write(deals.edit_deal, deal_id=self._one(store, "deal"), title="Other words")

    def _client(self, store: Store) -> None:
        client = self.random.choice((None, self._one(store, "client")))
        store.write(deals.edit_deal, deal_id=self._one(store, "deal"), client_id=client)

    def _delete(self, store: Store) -> None:
        unused = "AND id NOT IN (SELECT deal_id FROM activity WHERE deal_id IS NOT NULL)"
        store.write(deals.delete_deal, deal_id=self._one(store, "deal", unused))

    def _lines(self, store: Store) -> None:
        line = deals.Line(product_id=self._one(store, "product"), unit_price_minor=500)
        count = self.random.randint(0, 2)
        store.write(deals.set_lines, deal_id=self._one(store, "deal"), lines=[line] * count)

    def _log(self, store: Store) -> None:
        step = NextStep("Then this", store.today() + timedelta(days=self.random.randint(0, 5)))
        store.write(
            activities.log_activity,
            kind="call",
            deal_id=self._one(store, "deal"),
            next_step=self.random.choice((None, step)),
        )

    def _plan(self, store: Store) -> None:
        due = store.today() + timedelta(days=self.random.randint(0, 5))
        deal = self._one(store, "deal")
        store.write(activities.plan_task, subject="Ring", due_on=due, deal_id=deal)

    def _complete(self, store: Store) -> None:
        task = self._one(store, "activity", "AND state = 'planned'")
        store.write(activities.complete_task, activity_id=task)

    def _cancel(self, store: Store) -> None:
        task = self._one(store, "activity", "AND state = 'planned'")
        store.write(activities.cancel_task, activity_id=task)

    def _later(self, store: Store) -> None:
        task = self._one(store, "activity", "AND state = 'planned'")
        day = store.today() + timedelta(days=self.random.randint(0, 9))
        store.write(activities.postpone_task, activity_id=task, to_on=day)

    def _rename(self, store: Store) -> None:
        client = self._one(store, "client")
        phones = self.random.choice(({"phone": ["+370 600 99999"]}, {"phone": []}, {}))
        name = self.random.choice(("Żółć", "Коваль"))
        store.write(clients.edit_client, client_id=client, name=name, media=phones)

    def _contact(self, store: Store) -> None:
        client = self._one(store, "client")
        mail = {"e-mail": ["ona@example.org"]}
        store.write(clients.create_contact, client_id=client, name="Ąžuolas", media=mail)

    def _stages(self, store: Store) -> None:
        place = self.random.randint(1, 5)
        store.write(process.edit_stage, stage_id=self._one(store, "stage"), position=place)

    def _undo(self, store: Store) -> None:
        store.write(undo.undo)

    def _redo(self, store: Store) -> None:
        store.write(undo.redo)


ACTS = tuple(
    name.removeprefix("_")
    for name, kind in vars(Play).items()
    if callable(kind) and name not in ("__init__", "act", "_one")
)


@pytest.fixture(scope="module")
def played_on(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A small team's store, to be copied for each game."""
    path = tmp_path_factory.mktemp("played") / "team.db"
    shutil.copy(sqlite_template, path)
    store = open_store(str(path), me="Ona", clock=Clock())
    make_team(store)
    store.close()
    return path


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32), acts=st.lists(st.sampled_from(ACTS), min_size=5, max_size=25))
def test_what_writes_keep_up_to_date_equals_what_is_made_anew(
    played_on: Path, tmp_path: Path, seed: int, acts: list[str]
) -> None:
    path = tmp_path / f"game{seed}.db"
    shutil.copy(played_on, path)
    clock = Clock()
    ona = open_store(str(path), me="Ona", clock=clock)
    jonas = open_store(str(path), me="Jonas", clock=clock)
    play = Play(ona, jonas, seed)
    for act in acts:
        play.act(act)
        clock.forward(hours=7)
    problems = derived_problems(ona)
    ona.write(rebuild_derived)
    after = derived_problems(ona)
    for store in (ona, jonas):
        store.close()
    path.unlink()
    assert problems == [], play.done
    assert after == []


def test_the_random_work_does_all_it_can(played_on: Path, tmp_path: Path) -> None:
    path = tmp_path / "game.db"
    shutil.copy(played_on, path)
    clock = Clock()
    stores = [open_store(str(path), me=name, clock=clock) for name in ("Ona", "Jonas")]
    play = Play(stores[0], stores[1], 7)
    for act in ["plan", *ACTS] * 10:
        play.act(act)
    for store in stores:
        store.close()
    assert set(play.done) == set(ACTS)


WRONG: dict[str, tuple[str, str]] = {
    "furthest": ("UPDATE deal SET furthest = 9 WHERE number = 1", "furthest is 9"),
    "buyer": ("UPDATE deal SET buyer = 'existing' WHERE number = 1", "buyer is existing"),
    "since": ("UPDATE deal SET stage_since_on = 1 WHERE number = 1", "stage_since_on"),
    "next step": ("UPDATE deal SET next_task_id = NULL WHERE number = 1", "next_task_id"),
    "last activity": ("UPDATE deal SET last_activity_on = 3 WHERE number = 1", "last_activity_on"),
    "the present": ("UPDATE deal SET amount_minor = 1 WHERE number = 1", "amount_minor is 1"),
    "a passage gone": ("DELETE FROM passage", "lacks a passage"),
    "a passage": ("UPDATE passage SET result = 'lost'", "wrong passage"),
    "a word gone": ("DELETE FROM search_word WHERE word = 'lodz'", "cannot be found"),
    "a word too many": (
        "INSERT INTO search_word VALUES ('x', 'client', 'y')",
        "point to no client",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_kind_of_disagreement_is_found_and_mended(sqlite_store: Store, name: str) -> None:
    make_team(sqlite_store)
    assert derived_problems(sqlite_store) == []
    sql, told = WRONG[name]
    connection = driver.connect(str(sqlite_store.location.path), is_reader=False)
    connection.execute(sql)
    connection.close()
    problems = derived_problems(sqlite_store)
    assert any(told in problem for problem in problems), problems
    sqlite_store.write(rebuild_derived)
    left = derived_problems(sqlite_store)
    assert all(told in problem for problem in left) if name == "the present" else left == []


def test_a_team_at_work_is_sound_on_each_engine(store: Store) -> None:
    team = make_team(store)
    store.write(outcomes.win_deal, deal_id=team.deals[0])
    store.write(deals.move_deal, deal_id=team.deals[1], to_stage_id=team.stage("Negotiation"))
    store.write(undo.undo)
    assert derived_problems(store) == []
    store.write(rebuild_derived)
    assert derived_problems(store) == []


def test_a_check_does_not_write(store: Store) -> None:
    make_team(store)
    before = _counted(store)
    derived_problems(store)
    assert _counted(store) == before


def _counted(store: Store) -> list[Any]:
    tables = ("deal", "passage", "search_word", "audit_entry", "deal_event")
    return [store.read(lambda r, t=t: r.value(f"SELECT count(*) FROM {t}")) for t in tables]


Opener = Callable[..., Store]


def test_undoing_under_a_later_change_of_another_keeps_history_true(
    where: str, open_at: Opener
) -> None:
    """Ona's amount is undone after Jonas has moved the deal: history must say both."""
    ona = open_at(where)
    team = make_team(ona)
    jonas = open_at(where, me="Jonas")
    deal = team.deals[0]
    ona.write(deals.edit_deal, deal_id=deal, amount_minor=700)
    jonas.write(deals.move_deal, deal_id=deal, to_stage_id=team.stage("Negotiation"))
    ona.write(undo.undo)
    assert derived_problems(ona) == []
    ona.write(undo.redo)
    assert derived_problems(ona) == []
    stages = ona.read(
        lambda r: r.rows(
            "SELECT s.name FROM passage p JOIN stage s ON s.id = p.stage_id WHERE p.deal_id = :id"
            " ORDER BY s.position",
            id=deal,
        )
    )
    assert stages == [("Offer",), ("Negotiation",)]
