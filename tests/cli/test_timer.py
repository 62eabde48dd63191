"""The timer by commands, each a start of the program of its own."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from salestui.store import store as stores
from salestui.text import from_day
from tests.cli.conftest import Command
from tests.faults.programs import environment

Pass = Callable[..., None]


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Pass:
    """`passes(minutes=12)`: so much later by the clock of the commands that follow."""
    ahead = timedelta()

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead  # type: ignore[arg-type]

    def passes(**delta: float) -> None:
        nonlocal ahead
        ahead += timedelta(**delta)

    monkeypatch.setattr(stores, "datetime", Later)
    return passes


def _logged(db: Path) -> list[tuple[object, ...]]:
    """Kind, day and minutes of what was logged."""
    with closing(sqlite3.connect(db)) as connection:
        rows = connection.execute("SELECT kind, on_day, duration_minutes FROM activity").fetchall()
    return [(kind, from_day(day), minutes) for kind, day, minutes in rows]


def test_started_shown_and_stopped(team: Command, db: Path, passes: Pass) -> None:
    assert team("timer").out == "No timer runs: salestui timer start CLIENT\n"
    assert team("timer", "--json").json == []
    assert team("timer", "start", "lodz").out == "Timer started: Łódź Foods\n"
    passes(minutes=11)
    (shown,) = team("timer", "--json").json
    assert (shown["client"], shown["deal"], shown["minutes"]) == ("Łódź Foods", None, 12)
    assert "Łódź Foods" in team("timer").out
    said = team("timer", "stop", "--kind", "visit", "--about", "Silo", "--agreed", "A quote")
    assert said.out == "Logged visit: Łódź Foods (12 min)\n"
    assert _logged(db) == [("visit", date.today(), 12)]
    (row,) = team("log", "--json").json
    assert (row["subject"], row["agreed"], row["rep"]) == ("Silo", "A quote", "Ona")
    assert team("timer", "--json").json == []


def test_on_a_deal_with_the_usual_kind(team: Command) -> None:
    assert team("timer", "start", "--deal", "pumps").out == "Timer started: Pumps\n"
    assert team("timer", "stop").out == "Logged call: Łódź Foods (1 min)\n"
    (row,) = team("log", "--json").json
    assert (row["kind"], row["deal"], row["client"]) == ("call", "Pumps", "Łódź Foods")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("start",), "Say what it is for: a CLIENT, or --deal DEAL."),
        (("start", "lodz", "--deal", "pumps"), "Say what it is for: a CLIENT, or --deal DEAL."),
        (("start", "nobody"), "There is no client 'nobody'."),
        (("start", "--deal", "9"), "There is no deal 9."),
        (("stop",), "No timer runs: start one with 'salestui timer start CLIENT'."),
        (("discard",), "No timer runs."),
    ],
)
def test_one_line_says_what_is_wrong(team: Command, typed: tuple[str, ...], said: str) -> None:
    refused = team("timer", *typed)
    assert (refused.code, refused.out, refused.err) == (2, "", f"{said}\n")


def test_a_second_one_waits_for_the_first(team: Command, db: Path, passes: Pass) -> None:
    team("timer", "start", "lodz")
    passes(minutes=4)
    refused = team("timer", "start", "--deal", "pumps")
    assert refused.code == 2
    assert refused.err == (
        "A timer runs already: 5 min · Łódź Foods. Stop it first with 'salestui timer stop', "
        "or 'salestui timer discard'.\n"
    )
    assert team("timer", "discard").out == "Timer discarded, nothing logged\n"
    assert team("timer", "start", "--deal", "pumps").code == 0
    assert _logged(db) == []


def test_a_forgotten_one_asks_for_the_minutes(team: Command, db: Path, passes: Pass) -> None:
    begun = date.today()
    team("timer", "start", "lodz")
    passes(hours=30)
    assert team("timer", "--json").json[0]["minutes"] is None
    refused = team("timer", "stop")
    assert (refused.code, refused.err) == (
        2,
        "The timer has run 30 h 1 min: say with --minutes how long it really took, "
        "or 'salestui timer discard'.\n",
    )
    assert _logged(db) == []
    assert team("timer", "stop", "--minutes", "1h30").out == "Logged call: Łódź Foods (90 min)\n"
    assert _logged(db) == [("call", begun, 90)]


def test_what_is_wrong_with_the_activity_leaves_it_running(team: Command, db: Path) -> None:
    team("timer", "start", "lodz")
    for options in (("--kind", "dance"), ("--direction", "up"), ("--minutes", "long")):
        refused = team("timer", "stop", *options)
        assert (refused.code, refused.out) == (2, ""), options
        assert refused.err.count("\n") == 1
    assert len(team("timer", "--json").json) == 1
    assert _logged(db) == []


def test_what_it_runs_on_may_be_gone(team: Command) -> None:
    team("add", "client", "Acme")
    team("timer", "start", "Acme")
    assert team("undo").code == 0
    refused = team("timer", "stop")
    assert (refused.code, refused.err.partition(":")[0]) == (
        2,
        "What the timer runs on was deleted (Acme)",
    )
    assert team("redo").code == 0
    assert team("timer", "stop").out == "Logged call: Acme (1 min)\n"


def test_who_is_no_rep_has_none(team: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "stranger")
    for words in (("start", "lodz"), ("stop",), ("discard",)):
        refused = team("timer", *words)
        assert (refused.code, refused.err) == (
            2,
            "It is not known which rep you are: name yourself with --me REP.\n",
        )


def test_hours_timed_are_hours_of_the_cost_of_sale(team: Command, passes: Pass) -> None:
    team("timer", "start", "lodz")
    passes(minutes=89, seconds=30)
    team("timer", "stop")
    year = str(date.today().year)
    assert team("cost", "set", "hourly", year, "40", "--owner", "Ona").code == 0
    report = team("report", "cost", "--by", "rep", "--period", year, "--json").json
    assert "hours in the activity log, typed or timed, x the rate of an hour" in report["method"]
    (row,) = report["rows"]
    assert (row["hours"], row["cost"]["amount"]) == (1.5, "60.00")


def test_each_command_loads_what_it_writes_with(team: Command, db: Path) -> None:
    """In a program of its own: here other tests have loaded every table."""
    for words in (("start", "lodz"), ("stop",), ("start", "--deal", "pumps"), ("discard",)):
        said = subprocess.run(
            [sys.executable, "-m", "salestui", "timer", *words],
            env=environment(db), capture_output=True, text=True,
        )  # fmt: skip
        assert (said.returncode, said.stderr) == (0, ""), words
    assert [minutes for _, _, minutes in _logged(db)] == [1]
