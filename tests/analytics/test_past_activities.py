"""What is done to activities later changes no report of an earlier day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from salestui.analytics.people.coaching import coaching
from salestui.analytics.people.team import team
from salestui.analytics.plan import cost
from salestui.analytics.report import Report
from salestui.analytics.scope import ask
from salestui.analytics.selling import activity
from salestui.errors import Refused
from salestui.store.store import Store
from salestui.usecases.activities import (
    cancel_task,
    complete_task,
    delete_activity,
    edit_activity,
    log_activity,
    plan_task,
    postpone_task,
)
from salestui.usecases.clients import create_contact
from salestui.usecases.costs import set_cost
from salestui.usecases.deals import move_deal
from salestui.usecases.outcomes import lose_deal, win_deal
from salestui.usecases.undo import redo, undo
from tests.analytics.book import Book, Life, Move, make_book, on
from tests.conftest import Clock

YEAR = {"first_on": date(2026, 1, 1), "last_on": date(2026, 12, 31), "currency_code": "EUR"}
KINDS, DIRECTIONS = ("call", "visit"), ("out", "in", "none")

ASKED: tuple[tuple[Callable[..., Report], str | None, dict[str, Any]], ...] = (
    *((activity.activity, by, {}) for by in activity.BY),
    *((cost.cost, by, {}) for by in cost.BY),
    (activity.activity, "role", {"owner": "Ona"}),
    (activity.activity, "kind", {"only": ("client=Acme",)}),
    (activity.activity, "rep", {"only": ("product=Pump",)}),
    (activity.activity, "rep", {"pipeline": "Sales"}),
    (activity.activity, "rep", {"only": ("stage=Demo",)}),
    (activity.activity, "rep", {"only": ("reason=Price", "rep=Ona")}),
    (activity.activity, "rep", {"only": ("clients=existing",)}),
    (team, None, {}),
    (coaching, None, {"owner": "Ona"}),
    (coaching, None, {"owner": "Zofia"}),
)
"""Every report that reads activities, by all that it is given by."""

TEAM = "team None {}"
"""It tells of deals without next step too, which is not kept: as of an earlier day it says less."""


def told(store: Store, day: date) -> dict[str, str]:
    """All of them as of a day, in the very words that `--json` has."""

    def read(reader: Any) -> dict[str, str]:
        return {
            f"{report.__name__} {by} {scope}": json.dumps(
                report(reader, ask(reader, as_of=day, **scope), by).to_json()
            )
            for report, by, scope in ASKED
        }

    return store.read(read)


@pytest.fixture
def book(store: Store) -> Book:
    """Three reps with wins and an hourly rate; 48 activities are imported, nothing typed yet."""
    book = make_book(store)
    for key, role in (("Rasa", "decision maker"), ("Ieva", "gatekeeper")):
        book.keys[key] = store.write(
            create_contact, client_id=book["Acme"], name=key, decision_role=role
        ).id
    for rank, rep in enumerate(("Ona", "Jonas", "Zofia")):
        won = Move(20, "Offer", "won")
        book.add(Life([Move(1), won], 900_00 - rank, owner=rep, client="Acme", product="Pump"))
        book.add(Life([Move(30), Move(50, "Demo")], owner=rep, client="Łódź Foods"))
    store.write(set_cost, kind="hourly", amount_minor=60_00, **YEAR)
    for place in range(48):
        rep, role = ("Ona", "Jonas", "Zofia")[place % 3], ("decision maker", None)[place % 2]
        book.log({"day": place, "rep": rep, "minutes": 7 * place, "role": role})
    return book


def a_call(book: Book, **said: Any) -> str:
    """A call of Ona's with Acme, logged now."""
    said = {"kind": "call", "duration_minutes": 30, "contact_ids": [book["Ieva"]]} | said
    return book.store.write(
        log_activity, rep_id=book["Ona"], **{"client_id": book["Acme"], **said}
    ).id


def counted(store: Store, by: str, day: date) -> dict[Any, Any]:
    report = store.read(lambda r: activity.activity(r, ask(r, as_of=day), by))
    return dict(zip(report.cells(by), report.cells("count"), strict=True))


@pytest.mark.parametrize(
    "changes",
    [
        {"on_day": date(2026, 5, 1)},
        {"on_day": date(2026, 1, 2)},
        {"duration_minutes": 600},
        {"duration_minutes": None},
        {"kind": "visit"},
        {"direction": "in"},
        {"rep_id": "Zofia"},
        {"client_id": "Łódź Foods", "contact_ids": ["Boss of Łódź Foods"]},
        {"client_id": None, "contact_ids": []},
        {"contact_ids": ["Rasa"]},
        {"contact_ids": []},
    ],
    ids=str,
)
def test_an_edit_leaves_the_days_before_as_they_were(
    book: Book, clock: Clock, changes: dict[str, Any]
) -> None:
    store, day = book.store, clock.now.date()
    call = a_call(book)
    clock.forward(days=60)
    before, so_far = told(store, day), told(store, store.today())
    named = {
        name: [book[each] for each in value]
        if isinstance(value, list)
        else book.keys.get(str(value), value)
        if name.endswith("_id")
        else value
        for name, value in changes.items()
    }
    store.write(edit_activity, activity_id=call, **named)
    edited_on, today = store.today(), told(store, store.today())
    assert today != so_far, "today's reports say what is said today"
    clock.forward(days=1)
    for later in (undo, redo, undo):
        assert told(store, day) == before
        assert told(store, edited_on) | {TEAM: ""} == today | {TEAM: ""}
        store.write(later)
    assert told(store, day) == before


def test_what_was_deleted_and_came_back_later_was_deleted_then(book: Book, clock: Clock) -> None:
    store, logged_on = book.store, clock.now.date()
    call = a_call(book)
    clock.forward(days=2)
    store.write(delete_activity, activity_id=call)
    gone_on = store.today()
    clock.forward(days=2)
    before = told(store, logged_on), told(store, gone_on)
    store.write(undo)
    clock.forward(days=1)
    assert (told(store, logged_on), told(store, gone_on)) == before
    store.write(delete_activity, activity_id=call)
    assert (told(store, logged_on), told(store, gone_on)) == before
    assert counted(store, "kind", logged_on) == {"call": 49}
    assert counted(store, "kind", gone_on) == {"call": 48}
    assert counted(store, "kind", gone_on + timedelta(days=2)) == {"call": 49}


def test_whom_an_activity_met_is_whom_it_was_said_to_have_met(book: Book, clock: Clock) -> None:
    store, logged_on = book.store, clock.now.date()
    call = a_call(book)
    clock.forward(days=2)
    store.write(edit_activity, activity_id=call, contact_ids=[book["Rasa"]])
    changed_on = store.today()
    clock.forward(days=2)
    store.write(undo)
    clock.forward(days=1)
    usual = {"decision maker": 24, "nobody met": 24}
    assert counted(store, "role", logged_on) == usual | {"gatekeeper": 1}
    assert counted(store, "role", changed_on) == usual | {"decision maker": 25}
    assert counted(store, "role", store.today()) == usual | {"gatekeeper": 1}


def test_what_is_done_again_later_was_not_done_then(book: Book, clock: Clock) -> None:
    """A deletion that is done again keeps its first day."""
    store = book.store
    for change in (
        lambda call: store.write(delete_activity, activity_id=call),
        lambda call: store.write(edit_activity, activity_id=call, contact_ids=[book["Rasa"]]),
    ):
        call = a_call(book)
        clock.forward(days=1)
        change(call)
        store.write(undo)
        day = store.today()
        clock.forward(days=1)
        before = told(store, day)
        store.write(redo)
        assert told(store, day) == before
        assert told(store, store.today()) != before


def test_a_task_done_later_was_no_sign_of_life_then(book: Book, clock: Clock) -> None:
    store = book.store
    a_call(book)
    clock.forward(days=5)
    task = store.write(plan_task, subject="Ring back", due_on=store.today(), rep_id=book["Ona"]).id
    day = store.today()
    clock.forward(days=3)
    before = told(store, day)
    store.write(complete_task, activity_id=task, duration_minutes=45)
    assert told(store, day) == before
    kept = json.loads(before[TEAM])["rows"]
    assert next(row["kept_days"] for row in kept if row["rep"] == "Ona") == 5


def test_an_imported_activity_is_of_its_day_as_it_was_imported(book: Book, clock: Clock) -> None:
    """They count on days before the import, so what is edited afterwards must not."""
    store, day = book.store, on(20)
    assert day is not None
    clock.forward(minutes=5)
    before = told(store, day)
    ids = store.read(lambda r: r.rows("SELECT id FROM activity ORDER BY on_day LIMIT 4"))
    for (activity_id,) in ids:
        store.write(
            edit_activity, activity_id=activity_id, kind="visit", contact_ids=[book["Rasa"]]
        )
    store.write(edit_activity, activity_id=ids[0][0], on_day=store.today())
    store.write(delete_activity, activity_id=ids[1][0])
    clock.forward(days=1)
    assert told(store, day) == before
    assert counted(store, "kind", store.today()) == {"call": 44, "visit": 3}


def test_activities_are_narrowed_by_what_their_deals_were_then(book: Book, clock: Clock) -> None:
    store, day = book.store, clock.now.date()
    deal = store.read(
        lambda r: r.value("SELECT id FROM deal WHERE stage_id = :id", id=book["Demo"])
    )
    a_call(book, deal_id=deal, client_id=None, contact_ids=[])

    def found(as_of: date, **scope: Any) -> int:
        return store.read(lambda r: activity.activity(r, ask(r, as_of=as_of, **scope)).n)

    clock.forward(days=3)
    store.write(move_deal, deal_id=deal, to_stage_id=book["Service/Offer"])
    store.write(lose_deal, deal_id=deal, loss_reason_id=book["Price"])
    asked: tuple[dict[str, Any], ...] = (
        {"pipeline": "Sales"}, {"pipeline": "Service"},
        {"only": ("stage=Demo",)}, {"only": ("stage=Offer",)}, {"only": ("reason=Price",)},
    )  # fmt: skip
    assert [found(store.today(), **scope) for scope in asked] == [0, 1, 0, 1, 1]
    assert [found(day, **scope) for scope in asked] == [1, 0, 1, 0, 0]


def test_a_day_after_which_nothing_was_edited_is_read_as_it_is(book: Book, clock: Clock) -> None:
    from salestui.analytics.past_activities import activities_on

    store = book.store
    call = a_call(book)
    a_call(book)
    clock.forward(days=2)
    store.write(delete_activity, activity_id=call)
    store.write(edit_activity, activity_id=a_call(book), duration_minutes=50)
    clock.forward(days=2)
    for days in (0, 1, 3):
        day = store.today() - timedelta(days=days)
        assert store.read(lambda r: activities_on(r, day)).source == "activity"  # noqa: B023


@pytest.mark.parametrize("seed", range(4))
def test_nothing_done_later_changes_what_was_known(book: Book, clock: Clock, seed: int) -> None:
    """The law: whatever is done to activities, every report of every day before stays as it is."""
    store, random = book.store, Random(seed)
    seen: dict[date, dict[str, str]] = {}
    for _ in range(5):
        for _ in range(12):
            try:
                _something(random, book)
            except Refused:  # a task that is done already, nothing to redo …
                continue
        day, today = store.today(), told(store, store.today())
        clock.forward(days=random.randint(1, 9))
        seen[day] = told(store, day)
        assert seen[day] | {TEAM: ""} == today | {TEAM: ""}
        for day, before in seen.items():
            now = told(store, day)
            assert now.keys() == before.keys()
            for key, text in now.items():
                assert text == before[key], (day, key)
    assert len({json.dumps(each) for each in seen.values()}) == len(seen)


def _something(random: Random, book: Book) -> None:
    """One change to any activity, as a person might make it."""
    store, pick = book.store, random.choice
    (activity_id,) = pick(
        store.read(lambda r: r.rows("SELECT id FROM activity WHERE deleted_at IS NULL ORDER BY id"))
    )
    deals = store.read(lambda r: r.rows("SELECT id FROM deal ORDER BY number"))
    day = store.today() - timedelta(days=random.randint(0, 40))
    rep = book[pick(("Ona", "Jonas", "Zofia"))]
    contacts = [[], [book["Rasa"]], [book["Ieva"], book["Rasa"]]]
    edits: list[dict[str, Any]] = [
        {"on_day": day},
        {"duration_minutes": random.randint(0, 500)},
        {"kind": pick(KINDS), "direction": pick(DIRECTIONS)},
        {"rep_id": rep},
        {"deal_id": pick(deals)[0]},
        {"deal_id": None, "client_id": pick((book["Łódź Foods"], None)), "contact_ids": []},
        {"notes": "Of no report"},
        {"client_id": book["Acme"], "contact_ids": pick(contacts)},
    ]
    outcomes = [
        lambda: write(move_deal, deal_id=deal, to_stage_id=book[pick(("Offer", "Service/Offer"))]),
        lambda: write(win_deal, deal_id=deal),
        lambda: write(lose_deal, deal_id=deal, loss_reason_id=book["Price"]),
    ]
    (deal,) = pick(deals)
    write, due = store.write, store.today() + timedelta(days=random.randint(0, 9))
    pick([
        *[lambda: write(edit_activity, activity_id=activity_id, **pick(edits))] * 8,
        lambda: write(delete_activity, activity_id=activity_id),
        *outcomes,
        *[lambda: write(undo), lambda: write(redo)] * 2,
        *[lambda: write(plan_task, subject="Ring back", due_on=due, rep_id=rep)] * 2,
        *[lambda: write(complete_task, activity_id=activity_id, duration_minutes=20)] * 3,
        lambda: write(postpone_task, activity_id=activity_id, to_on=due),
        lambda: write(cancel_task, activity_id=activity_id),
        *[lambda: write(log_activity, kind=pick(KINDS), direction=pick(DIRECTIONS), rep_id=rep,
                        client_id=book["Acme"], contact_ids=pick(contacts), done_on=day,
                        duration_minutes=25)] * 3,
    ])()  # fmt: skip
