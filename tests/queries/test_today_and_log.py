"""A rep's day and the activity log."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from salestui.models.activities import Activity
from salestui.queries.activity_log import LogFilter, load_log, load_log_totals
from salestui.queries.today import load_today
from salestui.store.reader import Reader
from salestui.store.unit import Unit
from salestui.text import parse_period
from salestui.usecases.activities import cancel_task, log_activity, plan_task
from tests.conftest import Clock
from tests.team import Team


def test_the_day_tells_what_is_due_and_which_deals_stand_still(team: Team) -> None:
    today = team.store.read(load_today)
    assert today.rep == "Ona"
    assert [task.subject for task in today.due] == ["Ring back"]
    assert today.overdue == ()
    assert [deal.title for deal in today.without_step] == ["Złoty deal", "Hoses"]
    assert [deal.title for deal in today.past_close] == ["Valves"]
    assert [task.subject for task in today.coming] == ["Send the quote"]


def test_what_was_not_done_is_overdue(team: Team, clock: Clock) -> None:
    clock.forward(days=3)
    today = team.store.read(load_today)
    assert [(t.subject, t.deal, t.stage) for t in today.overdue] == [
        ("Ring back", "Valves", "Enquiry"), ("Send the quote", "Pumps", "Offer"),
    ]  # fmt: skip


def test_everybodys_day_and_another_reps(team: Team) -> None:
    everyone = team.store.read(load_today, is_everyone=True)
    assert {deal.title for deal in everyone.without_step} == {"Złoty deal", "Hoses", "Silo"}
    jonas = team.store.read(load_today, rep_id=team.rep("Jonas"))
    assert (jonas.rep, [deal.title for deal in jonas.without_step]) == ("Jonas", ["Silo"])


def test_a_team_task_is_on_everybodys_list(team: Team) -> None:
    team.store.write(plan_task, subject="Stand at the fair", due_on=team.today, is_team_task=True)
    jonas = team.store.read(load_today, rep_id=team.rep("Jonas"))
    assert [(task.subject, task.is_team_task) for task in jonas.due] == [
        ("Stand at the fair", True)
    ]


def test_counts_are_of_all_lines(team: Team) -> None:
    for number in range(5):
        team.store.write(plan_task, subject=f"Task {number}", due_on=team.today)
    today = team.store.read(load_today, most=2)
    assert (len(today.due), today.due_count) == (2, 6)


def test_the_log_is_newest_first(team: Team) -> None:
    page = team.store.read(load_log, filter=LogFilter(state="all"))
    assert [(d.subject, d.state) for d in page.rows] == [
        ("Send the quote", "planned"), ("Ring back", "planned"), ("Prices", "done"),
        ("Looked at the silo", "done"),
    ]  # fmt: skip
    assert not page.has_more


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (LogFilter(kind="visit"), ["Looked at the silo"]),
        (LogFilter(direction="in"), ["Looked at the silo"]),
        (LogFilter(decision_role="decision maker"), ["Prices"]),
        (LogFilter(state="done"), ["Prices", "Looked at the silo"]),
        (LogFilter(state="planned"), ["Send the quote", "Ring back"]),
        (LogFilter(text="lodz"), ["Looked at the silo"]),
        (LogFilter(text="QUOTE", state="all"), ["Send the quote", "Prices"]),
        (LogFilter(), ["Ring back", "Prices", "Looked at the silo"]),
        (LogFilter(text="petraite"), ["Prices"]),
        (LogFilter(text="100%"), []),
        (LogFilter(text="%"), []),
    ],
)
def test_the_log_is_filtered(team: Team, wanted: LogFilter, shown: list[str]) -> None:
    assert [d.subject for d in team.store.read(load_log, filter=wanted).rows] == shown


def test_the_log_by_rep_client_deal_and_period(team: Team) -> None:
    def shown(**wanted: object) -> list[str]:
        page = team.store.read(load_log, filter=LogFilter(**wanted))  # type: ignore[arg-type]
        return [d.subject for d in page.rows]

    assert shown(rep_id=team.rep("Jonas")) == ["Looked at the silo"]
    assert shown(client_id=team.clients[1]) == ["Looked at the silo"]
    assert shown(deal_id=team.deals[1]) == ["Ring back"]
    assert shown(period=parse_period("2026-02", team.today)) == ["Looked at the silo"]
    assert shown(period=parse_period("..2026-03-18", team.today))[-1] == "Looked at the silo"


def test_the_totals_are_of_all_the_filter_shows(team: Team) -> None:
    totals = team.store.read(load_log_totals)
    assert (totals.done, totals.planned, totals.minutes, totals.clients) == (2, 1, 15, 2)
    assert totals.by_kind == (("call", 1), ("visit", 1))
    mine = team.store.read(load_log_totals, filter=LogFilter(text="lodz"))
    assert (mine.done, mine.clients) == (1, 1)


def test_pages_of_the_log_follow_each_other(team: Team) -> None:
    whole = LogFilter(state="all")
    first = team.store.read(load_log, filter=whole, limit=3)
    rest = team.store.read(load_log, filter=whole, limit=3, skipped=3)
    assert (len(first.rows), first.has_more, len(rest.rows), rest.has_more) == (3, True, 1, False)


@pytest.mark.parametrize("state", ["", "done", "planned", "all"])
def test_pages_of_any_state_are_all_of_it_what_has_no_day_last(team: Team, state: str) -> None:
    def add_more(unit: Unit) -> None:
        for number in range(6):
            day = None if number < 2 else team.today - timedelta(days=number % 2)
            for planned in (False, True):
                unit.add(
                    Activity(
                        kind="call", state="planned" if planned else "done", on_day=day,
                        subject=f"More {number}",
                    )
                )  # fmt: skip

    team.store.write(add_more)
    wanted = LogFilter(state=state)
    whole = team.store.read(load_log, filter=wanted).rows
    days = [each.on_day or date.min for each in whole]
    assert days == sorted(days, reverse=True)
    pages = [
        team.store.read(load_log, filter=wanted, limit=3, skipped=at) for at in range(0, 18, 3)
    ]
    assert [row for page in pages for row in page.rows] == list(whole)
    totals = team.store.read(load_log_totals, filter=wanted)
    counts = Counter(each.state for each in whole)
    assert (totals.done, totals.planned) == (counts["done"], counts["planned"])
    assert totals.clients == len({each.client_id for each in whole} - {None})
    undated = {"": 2, "done": 2, "planned": 2, "all": 4}[state]  # a task without a day is not due
    assert days.count(date.min) == undated


def test_a_page_of_the_log_reads_no_more_of_it(team: Team) -> None:
    """All activities were once sorted for the newest hundred, and looked up to count their clients."""
    if team.store.dialect != "sqlite":
        pytest.skip("the plan of SQLite")

    def plans(reader: Reader) -> list[str]:
        asked: list[tuple[str, dict[str, Any]]] = []
        run = Reader._run

        def listen(self: Reader, sql: str, values: dict[str, Any]) -> Any:
            asked.append((sql, values))
            return run(self, sql, values)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Reader, "_run", listen)
            load_log(reader)
            load_log_totals(reader)
        lines = [reader.rows(f"EXPLAIN QUERY PLAN {sql}", **values) for sql, values in asked]
        return [row[3] for each in lines for row in each]

    own = [line for line in team.store.read(plans) if line.startswith(("SEARCH a ", "SCAN a"))]
    listed, counted = own[:-4], own[-4:]
    in_order = {"(state=? AND on_day>?)", "(state=? AND on_day=?)", "(state=? AND on_day<?)",
                "(state=? AND on_day>? AND on_day<?)", "(id=?)"}  # fmt: skip
    assert {line[line.index("(") :] for line in listed} <= in_order, listed
    assert all("COVERING INDEX" in line for line in counted), counted


def test_cancelled_tasks_are_gone(team: Team) -> None:
    task = team.store.read(load_today).due[0]
    team.store.write(cancel_task, activity_id=task.activity_id, expected_version=task.version)
    assert team.store.read(load_today).due == ()
    rows = team.store.read(load_log, filter=LogFilter(state="all")).rows
    assert "Ring back" not in [dealing.subject for dealing in rows]
    assert rows[0].on_day == team.today + timedelta(days=2)


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Umówiliśmy się na KAWĘ w Łodzi", "kawe w łodzi"),
        ("Цена за ДОГОВІР", "договір"),
        ("Ζητά προσφορά ΣΕΠΤΈΜΒΡΙΟΣ", "σεπτεμβριος"),
        ("Große Straße", "GROSSE STRASSE"),
        ("Doesn't like L`Oreal", "doesnt like loreal"),
        ("Wants it by next week; 100% sure", "NEXT WEEK 100"),
        ("Wants it by next week; 100% sure", "100%"),
        ("שָׁלוֹם", "שלום"),
        ("Sets a_b apart", "a_b"),
        ("12!? or %", "!?"),
        ("漢字カナ", "カナ"),
    ],
)
def test_what_was_said_is_found_without_case_and_accents(team: Team, said: str, typed: str) -> None:
    store, state = team.store, "all"
    for part in ("subject", "outcome", "notes"):
        made = store.write(log_activity, kind="call", **({"subject": "S"} | {part: said}))
        found = store.read(load_log, filter=LogFilter(text=typed, state=state))
        assert made.id in [row.activity_id for row in found.rows], part
    other = LogFilter(text=typed, state=state, rep_id=team.rep("Jonas"))
    assert store.read(load_log, filter=other).rows == ()
    assert store.read(load_log_totals, filter=LogFilter(text=typed)).done == 3
    assert store.read(load_log, filter=LogFilter(text=f"{typed}zz")).rows == ()
