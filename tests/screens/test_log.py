"""The activity log on its screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta

import pytest
from rich.cells import cell_len

from salestui import remembered
from salestui.queries.activity_log import (
    PAGE,
    Dealing,
    LogFilter,
    Met,
    Paper,
    load_log,
    load_log_totals,
)
from salestui.screens.client_card import ClientCardScreen
from salestui.screens.log import LogScreen
from salestui.screens.log_filter import LogFilterForm
from salestui.screens.log_words import kept, period_of, restored, worded
from salestui.screens.wording import dealing_lines
from salestui.store.store import Store
from salestui.text.clean import _UNSAFE_OUT
from salestui.usecases.activities import log_activity, plan_task
from salestui.usecases.clients import create_client
from salestui.usecases.deals import create_deal
from salestui.usecases.outcomes import lose_deal
from salestui.usecases.people import edit_rep
from salestui.usecases.start import start_team
from tests.conftest import Clock
from tests.screens.driving import Driven, driven
from tests.team import HOSTILE, Team, make_team

SIZES = [(60, 15), (80, 24), (200, 50)]
HOSTILE_RAW = (
    "[/x]",
    "[@click=app.quit]x[/]",
    "a\x1b]0;title\x07b\x1b[31m",
    "漢字" * 40,
    "x" * 10_000,
)
TODAY = date(2026, 3, 18)


def _log(run: Driven) -> LogScreen:
    assert isinstance(run.app.screen, LogScreen)
    return run.app.screen


def _subjects(run: Driven) -> list[str]:
    """What the rows are about, from the newest."""
    return [row.subject for row in _log(run)._rows]


async def _filter(run: Driven, **chosen: str) -> None:
    """Choose in the filter's form by typing."""
    await run.press("f")
    form = run.app.screen
    assert isinstance(form, LogFilterForm)
    for name, typed in chosen.items():
        form.field(name).focus()
        await run.settle()
        if name in ("client_id", "deal_id", "period"):
            await run.press("ctrl+u")
            await run.type(typed)
            await run.press("enter")
        else:
            await run.press(*typed)
    await run.press("ctrl+s")


async def test_newest_first_with_role_stage_minutes_and_totals(team: Team) -> None:
    async with driven(team.store, "log", (200, 50)) as run:
        assert _subjects(run) == ["Ring back", "Prices", "Looked at the silo"]
        for words in ("call → out", "Acme · Pumps · Offer · Ona · 15 min", "agreed: Wants a quote",
                      "Rasa Petraitė (decision maker)", "Price list.pdf", "visit ← in", "Jonas",
                      "2 done · 1 to be done · 2 clients · 15 min · 1 call, 1 visit"):  # fmt: skip
            assert words in run.seen, words
        assert run.seen.index("Ring back") < run.seen.index("Looked at the silo")


async def test_at_80_columns_nothing_that_matters_is_cut(team: Team) -> None:
    async with driven(team.store, "log") as run:
        seen = run.seen
        assert " today        → call          Acme " in seen
        assert " 15 min O\n" in seen
        assert "Pumps · Offer  with Rasa Petraitė (decision maker)" in seen
        assert "Prices — agreed: Wants a quote" in seen
        assert "← visit         Łódź Foods" in seen
        await run.press("down", "enter")
        await run.press("G", "up")
        assert "→ call          with Rasa Petraitė (decision maker) " in run.seen
        assert "Pumps · Offer" in run.seen


@pytest.mark.parametrize("width", [60, 79, 119, 199])
def test_a_long_name_cuts_no_stage_and_no_minutes(width: int) -> None:
    dealing = Dealing(
        "1", 1, "demonstration", "in", "done", "s" * 300, "o" * 300, "", date(2026, 3, 1), 125,
        "c", "Client " * 40, "d", "漢字" * 200, "Proposed solution", "Ona Maria Ek",
        (Met("m", "Met " * 40, "decision maker"),), (),
    )  # fmt: skip
    lines = list(dealing_lines(dealing, width, date(2026, 3, 18), key="x"))
    shown = ["".join(piece.text for piece in each.pieces) for each in lines]
    assert all(cell_len(each) <= width for each in shown)
    for words in ("2026-03-01", "demonstration", "Proposed solution", "125 min", "←"):
        assert any(words in each for each in shown), words
    assert any("OE" in each or "Ona Maria Ek" in each for each in shown)


@pytest.mark.parametrize("width", [60, 79, 119, 199])
def test_no_part_of_a_row_is_drawn_as_it_came(width: int) -> None:
    text = "👩\u200d👩 👍\U0001f3fd\x1b[31m\nx"
    dealing = Dealing(
        "1", 1, text, "in", "done", text, text, "", date(2026, 3, 1), 125, "c", text, "d", text,
        text, text, (Met("m", text, "user"),), (Paper(text, "out", ""),),
    )  # fmt: skip
    for with_client in (True, False):
        for each in dealing_lines(
            dealing, width, date(2026, 3, 18), key="x", with_client=with_client
        ):
            shown = "".join(piece.text for piece in each.pieces)
            assert not re.search("[\u200d\U0001f3fd\x1b\n]", shown), shown


async def test_a_task_that_is_late_says_so_and_is_done_by_d(team: Team, clock: Clock) -> None:
    clock.forward(days=5)
    async with driven(team.store, "log") as run:
        assert _subjects(run)[:2] == ["Send the quote", "Ring back"]
        assert "☐ 3 d late" in run.seen
        await run.press("d")
        await run.type("Sent it")
        await run.press("ctrl+s")
        row = team.store.read(load_log).rows[0]
        assert (row.subject, row.outcome, row.state, row.on_day) == (
            "Send the quote", "Sent it", "done", TODAY + timedelta(days=5),
        )  # fmt: skip
        assert "3 done" in run.seen
        await run.press("d")
        assert run.said[-1] == "Put the cursor on a task first."


async def test_enter_shows_the_client_and_q_comes_back(team: Team) -> None:
    async with driven(team.store, "log") as run:
        await run.press("down", "enter")
        assert isinstance(run.app.screen, ClientCardScreen)
        assert "Acme" in run.seen
        await run.press("q")
        assert _log(run).at_hand().client_id == team.clients[0]


async def test_e_edits_what_the_cursor_is_on(team: Team) -> None:
    async with driven(team.store, "log") as run:
        await run.press("down", "e", "ctrl+u")
        await run.type("Prices and terms")
        await run.press("ctrl+s")
        assert "Prices and terms" in run.seen


async def test_a_document_more_and_one_less(team: Team) -> None:
    def papers() -> list[str]:
        rows = team.store.read(load_log).rows
        return [paper.name for each in rows for paper in each.papers]

    async with driven(team.store, "log") as run:
        await run.press("down", "e")
        assert "Price list.pdf" in run.seen
        run.app.screen.field("documents").value = "Offer.pdf"
        await run.press("ctrl+s")
        assert sorted(papers()) == ["Offer.pdf", "Price list.pdf"]
        await run.press("e")
        field = run.app.screen.field("papers")
        field.focus()
        await run.press("space", "ctrl+s")
        assert len(papers()) == 1


async def test_deleting_is_asked_first_and_can_be_undone(team: Team) -> None:
    async with driven(team.store, "log") as run:
        await run.press("down", "delete")
        assert "Delete this activity? call · Acme · Prices" in run.seen
        await run.press("n")
        assert len(_subjects(run)) == 3
        await run.press("delete", "y")
        assert _subjects(run) == ["Ring back", "Looked at the silo"]
        assert run.said[-1] == "Deleted call: Acme"
        await run.press("u")
        assert _subjects(run) == ["Ring back", "Prices", "Looked at the silo"]


async def test_typing_narrows_and_escape_shows_all(team: Team) -> None:
    async with driven(team.store, "log") as run:
        await run.press("slash")
        for typed, found in (
            ("lodz", ["Looked at the silo"]),
            ("petraite", ["Prices"]),
            ("wants a", ["Prices"]),
            ("nothing like this", []),
        ):
            await run.press("ctrl+u")
            await run.type(typed)
            assert _subjects(run) == found, typed
        assert "Nothing passes the filter" in run.seen
        await run.press("escape")
        assert len(_subjects(run)) == 3
        await run.press("slash")
        await run.type("silo")
        await run.press("enter", "down")
        assert "“silo”" in run.seen
        assert _subjects(run) == ["Looked at the silo"]
        await run.press("escape")
        assert len(_subjects(run)) == 3


@pytest.mark.parametrize(
    ("chosen", "found", "words"),
    [
        ({"rep_id": "jon"}, ["Looked at the silo"], "Jonas"),
        ({"kind": "vis"}, ["Looked at the silo"], "visit"),
        ({"direction": "in"}, ["Looked at the silo"], "in"),
        ({"decision_role": "dec"}, ["Prices"], "decision maker"),
        ({"client_id": "lodz"}, ["Looked at the silo"], "Łódź Foods"),
        ({"deal_id": "valves"}, ["Ring back"], "Valves"),
        ({"period": "2026-02"}, ["Looked at the silo"], "2026-02"),
        ({"period": "2026-01"}, [], "2026-01"),
        ({"period": "this-month", "kind": "call"}, ["Ring back", "Prices"], "this-month · call"),
    ],
)
async def test_each_filter_shows_what_it_says(
    team: Team, chosen: dict[str, str], found: Sequence[str], words: str
) -> None:
    async with driven(team.store, "log", (200, 50)) as run:
        await _filter(run, **chosen)
        assert _subjects(run) == found
        assert words in run.seen.splitlines()[0]


async def test_the_filter_stays_when_the_program_is_left(team: Team, clock: Clock) -> None:
    async with driven(team.store, "log", (200, 50)) as run:
        await _filter(run, client_id="acme", period="this-month")
        assert _subjects(run) == ["Ring back", "Prices"]
    known = remembered._file().read_text(encoding="utf-8")
    assert "Acme" not in known  # the names of clients stay in the store
    clock.forward(days=14)
    async with driven(team.store, "log", (200, 50)) as run:
        # "This month" is another one by now.
        assert _subjects(run) == []
        assert "this-month · Acme" in run.seen.splitlines()[0]
        await run.press("f")
        assert "Acme" in run.seen
        await run.press("escape")
        await _filter(run, period=" ")
        assert _subjects(run) == ["Send the quote", "Ring back", "Prices"]


async def test_a_rep_who_has_left_can_be_chosen(team: Team) -> None:
    jonas = team.rep("Jonas")
    team.store.write(edit_rep, rep_id=jonas, left_on=team.today)
    async with driven(team.store, "log", (200, 50)) as run:
        await _filter(run, rep_id="jon")
        assert _subjects(run) == ["Looked at the silo"]
        assert "Jonas" in run.seen.splitlines()[0]
        await run.press("f")
        assert "Jonas (left)" in run.seen


async def test_what_was_typed_is_not_remembered(team: Team) -> None:
    async with driven(team.store, "log") as run:
        await run.press("slash")
        await run.type("lodz")
    async with driven(team.store, "log") as run:
        assert len(_subjects(run)) == 3


async def test_m_shows_mine_and_says_so(team: Team) -> None:
    async with driven(team.store, "log", (200, 50)) as run:
        await _filter(run, rep_id="jon")
        await run.press("m")
        assert len(_subjects(run)) == 3
        assert "Jonas" not in run.seen.splitlines()[0]
        await run.press("m")
        assert _subjects(run) == ["Ring back", "Prices"]
        assert "Ona" in run.seen.splitlines()[0]


async def test_older_ones_are_read_when_the_end_is_reached(team: Team) -> None:
    for number in range(PAGE + 20):
        team.store.write(log_activity, kind="call", client_id=team.clients[2],
                         subject=f"Old {number}", done_on=TODAY - timedelta(days=50 + number))  # fmt: skip
    async with driven(team.store, "log") as run:
        assert len(_subjects(run)) == PAGE
        await run.press("G")
        assert len(_subjects(run)) == PAGE + 23
        assert "122 done" in run.seen
        await run.press("G")
        key = _log(run).lines.key
        assert f"Old {PAGE + 19}" in run.seen
        await run.press("f5")
        assert _log(run).lines.key == key


async def test_an_empty_log_says_what_to_do(sqlite_store: Store) -> None:
    sqlite_store.write(start_team, rep_name="Ona")
    async with driven(sqlite_store, "log") as run:
        assert "Press a" in run.seen
        await run.press("enter", "d", "e", "delete", "f")
        assert isinstance(run.app.screen, LogFilterForm)
        await run.press("escape", "a")
        await run.type("First call")
        await run.press("ctrl+s")
        assert "First call" in run.seen


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_texts_are_shown_as_they_are(team: Team, size: tuple[int, int]) -> None:
    for name in (*HOSTILE, *HOSTILE_RAW):
        client = team.store.write(create_client, name=name)
        team.store.write(log_activity, kind="call", client_id=client.id, subject=name, outcome=name)
        team.store.write(plan_task, subject=name, due_on=TODAY, client_id=client.id)
    async with driven(team.store, "log", size) as run:
        for _ in range(12):
            assert not _UNSAFE_OUT.search(run.seen.replace("\n", ""))
            assert all(cell_len(row) <= size[0] for row in run.seen.splitlines())
            await run.press("pagedown")
        await run.press("g", "slash")
        for typed in HOSTILE_RAW:
            await run.press("ctrl+u")
            await run.type(typed)
            assert not _UNSAFE_OUT.search(run.seen.replace("\n", ""))
        await run.press("ctrl+u")
        await run.type("[/x]")
        await run.press("enter")
        assert "[/x]" in run.seen
        for key in ("delete", "e"):
            await run.press(key)
            assert "[/x]" in run.seen
            await run.press("escape")


@pytest.mark.parametrize(
    "text",
    ["\0", "x" * 60_000, "漢" * 20_000, "\x1b[31m", "\ud800", "%", "_", "!", "a b c d e f g"],
)
def test_any_text_may_be_sought_on_both_engines(store: Store, text: str) -> None:
    make_team(store)
    wanted = LogFilter(text=text)
    found = store.read(load_log, filter=wanted)
    totals = store.read(load_log_totals, filter=wanted)
    assert totals.done + totals.planned == len(found.rows)
    # What is no text at all asks for nothing, signs stand for themselves.
    assert len(found.rows) == (3 if text in ("\0", "\x1b[31m", "\ud800") else 0)


def test_what_is_kept_of_a_filter_comes_back(team: Team) -> None:
    wanted = LogFilter(
        rep_id=team.rep("Ona"), kind="call", direction="out", decision_role="user",
        client_id=team.clients[0], deal_id=team.deals[0], state="all",
        period=period_of(" This-Month ", TODAY),
    )  # fmt: skip
    assert restored(kept(wanted), TODAY) == wanted
    assert set(kept(wanted)) == {field.name for field in fields(LogFilter)} - {"text"}
    assert wanted.period is not None
    assert wanted.period.first == date(2026, 3, 1)
    said = team.store.read(worded, filter=wanted)
    assert said.words == (
        "Ona · this-month · call · out · user · done and to be done · Acme · Pumps"
    )
    assert said.client == (team.clients[0], "Acme")


@pytest.mark.parametrize(
    "known", [None, 3, [], {}, {"kind": 3}, {"state": "?"}, {"period": "soon"}]
)
def test_what_another_version_has_kept_shows_all(known: object) -> None:
    assert restored(known, TODAY) == LogFilter()


def test_a_filter_whose_client_is_gone_says_so(team: Team) -> None:
    said = team.store.read(worded, filter=LogFilter(client_id="0" * 32, deal_id="0" * 32))
    assert said.words == "a client that is gone · a deal that is gone"


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "of-no-client"])
async def test_a_keeps_the_deal_one_stands_on(team: Team, is_closed: bool) -> None:
    """Such a deal is not among those of the client that are offered, and yet it is meant."""
    deal_id = team.deals[0]
    if is_closed:
        team.store.write(lose_deal, deal_id=deal_id, loss_reason_id=team.reason("Price"))
    else:
        deal_id = team.store.write(create_deal, title="Pumps").id
    async with driven(team.store) as run:
        run.app.open_deal(deal_id)
        await run.settle()
        await run.press("a")
        await run.type("Once more")
        await run.press("ctrl+s")
    (row,) = (row for row in team.store.read(load_log).rows if row.subject == "Once more")
    assert row.deal_id == deal_id
