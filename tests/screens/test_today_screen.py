"""Today, the activity log and the forms that log, plan and finish."""

from __future__ import annotations

from datetime import timedelta

from salestui.queries.activity_log import Dealing, LogFilter, load_log
from salestui.store.store import Store
from salestui.usecases.activities import plan_task
from salestui.usecases.clients import create_client
from salestui.usecases.start import start_team
from tests.conftest import Clock
from tests.screens.driving import driven
from tests.team import Team


def _log(team: Team, **wanted: str) -> tuple[Dealing, ...]:
    return team.store.read(load_log, filter=LogFilter(**wanted)).rows  # type: ignore[arg-type]


async def test_the_day_lists_what_is_due_and_what_stands_still(team: Team, clock: Clock) -> None:
    clock.forward(days=2)
    async with driven(team.store, "today") as it:
        lines = it.seen
        assert "Overdue (1)" in lines
        assert "2 d late" in lines
        assert "Due today (1)" in lines
        assert "Deals without a next step (2)" in lines
        assert "Deals past their expected close (1)" in lines


async def test_d_marks_done_and_plans_what_follows(team: Team) -> None:
    async with driven(team.store, "today") as it:
        await it.press("d")
        assert "Done: Ring back" in it.seen
        await it.type("Will decide on Friday")
        await it.press("enter", "enter")
        await it.type("Call for the decision")
        await it.press("enter", "enter")
        await it.type("+3d")
        await it.press("enter")
        assert "Nothing is due" in it.seen
        assert "Call for the decision" in it.seen
    done = next(each for each in _log(team, state="done") if each.subject == "Ring back")
    assert (done.outcome, done.on_day) == ("Will decide on Friday", team.today)
    step = next(each for each in _log(team, state="planned") if each.subject != "Send the quote")
    assert (step.subject, step.on_day) == ("Call for the decision", team.today + timedelta(days=3))


async def test_p_and_a_digit_postpone_the_task(team: Team) -> None:
    async with driven(team.store, "today") as it:
        await it.press("p", "4")
        assert "Nothing is due" in it.seen
        await it.press("u")
        assert "Due today (1)" in it.seen
    assert "Ring back" in [each.subject for each in _log(team, state="planned")]


async def test_plus_plans_a_step_for_the_deal_that_has_none(team: Team) -> None:
    async with driven(team.store, "today") as it:
        await it.press("down", "plus")
        assert "Łódź Foods" in it.seen
        await it.type("Ask for the drawings")
        await it.press("enter", "enter")
        await it.type("fri")
        await it.press("ctrl+s")
        assert "Deals without a next step (1)" in it.seen


async def test_a_logs_and_plans_with_a_warning_where_no_step_follows(team: Team) -> None:
    async with driven(team.store, "today") as it:
        await it.press("down", "down", "a")
        assert "Acme" in it.seen
        await it.type("Talked about hoses")
        await it.press("ctrl+s")
        assert "no next step" in it.seen
        await it.type("Send samples")
        await it.press("enter", "enter")
        await it.type("+1w")
        await it.press("enter")
    done = _log(team, state="done")[0]
    assert (done.subject, done.deal, done.stage) == ("Talked about hoses", "Hoses", "Offer")
    assert "Send samples" in [each.subject for each in _log(team, state="planned")]


async def test_whom_one_met_and_what_came_and_went_are_kept(team: Team) -> None:
    async with driven(team.store, "board") as it:
        await it.press("a", "shift+tab", "1", "2", "tab")
        await it.type("Visit")
        await it.press("enter", "enter", "1", "h", "enter", "enter")
        await it.type("offer.pdf, < drawing.dwg")
        await it.press("ctrl+s")
    done = _log(team, state="done")[0]
    assert {each.name for each in done.met} == {"Rasa Petraitė", "Jonas Clerk"}
    assert done.minutes == 60
    assert {(p.name, p.direction) for p in done.papers} == {
        ("offer.pdf", "out"),
        ("drawing.dwg", "in"),
    }


async def test_a_step_without_a_day_and_a_day_ahead_are_refused_with_all_kept(team: Team) -> None:
    async with driven(team.store, "board") as it:
        await it.press("a")
        await it.type("Something")
        await it.press("enter", "enter", "enter", *"tomorrow")
        await it.press("ctrl+s")
        assert "lies ahead" in it.seen
        assert "Something" in it.seen
    assert [each.subject for each in _log(team, state="done")][0] == "Prices"


async def test_m_shows_everybodys_day_and_slash_another_reps(team: Team) -> None:
    async with driven(team.store, "today") as it:
        assert "Silo" not in it.seen
        await it.press("m")
        assert "Silo" in it.seen
        await it.press("slash")
        await it.type("jon")
        await it.press("enter")
        assert "Silo" in it.seen
        assert "Valves" not in it.seen


async def test_a_wide_terminal_has_two_lists(team: Team) -> None:
    async with driven(team.store, "today", size=(200, 50)) as it:
        row = next(line for line in it.seen.splitlines() if "Due today" in line)
        assert "Deals without a next step" in row
        await it.press("tab", "enter")
        assert "Złoty deal" in it.seen


async def test_enter_goes_to_the_deal_and_back(team: Team) -> None:
    async with driven(team.store, "today") as it:
        await it.press("enter")
        assert "deal 2 · Valves" in it.seen
        await it.press("escape")
        assert "Due today" in it.seen


async def test_an_empty_day_says_what_to_do(sqlite_store: Store) -> None:
    sqlite_store.write(start_team, rep_name="Ona")
    async with driven(sqlite_store, "today") as it:
        assert "Nothing is due and no deal stands still." in it.seen
        assert "Press 3, then N" in it.seen
        await it.press("4")
        assert "Nothing was logged yet." in it.seen
        assert "Press 3, then N" in it.seen
        await it.press("3")
        assert "No clients yet. Press N for the first." in it.seen
        assert "salestui import" in it.seen
        await it.press("2")
        assert "No deals yet." in it.seen


async def test_a_store_that_is_not_set_up_names_the_key_that_does(sqlite_store: Store) -> None:
    async with driven(sqlite_store, "today") as it:
        await it.press("escape")
        for place in "134":
            await it.press(place)
            assert "Press F2: three answers and you can work." in it.seen, place


async def test_with_clients_the_first_deal_comes_next(sqlite_store: Store) -> None:
    sqlite_store.write(start_team, rep_name="Ona")
    sqlite_store.write(create_client, name="Acme")
    async with driven(sqlite_store, "log") as it:
        assert "No deals yet. Press n for the first." in it.seen
        await it.press("3", "f", *"former", "enter")
        assert "None of them here. Press m for all or mine, f for others." in it.seen


async def test_the_log_shows_totals_and_who_said_what(team: Team) -> None:
    async with driven(team.store, "log") as it:
        assert "2 done · 1 to be done · 2 clients · 15 min · 1 call, 1 visit" in it.seen
        assert "with Rasa Petraitė (decision maker)" in it.seen
        assert "Prices — agreed: Wants a quote" in it.seen
        assert "sent: Price list.pdf" in it.seen


async def test_the_log_marks_open_items_done(team: Team) -> None:
    async with driven(team.store, "log") as it:
        await it.press("d", "ctrl+s")
        assert "3 done" in it.seen


async def test_the_log_is_narrowed_by_words_and_by_the_form(team: Team) -> None:
    async with driven(team.store, "log") as it:
        await it.press("slash")
        await it.type("lodz")
        await it.press("enter")
        assert "Looked at the silo" in it.seen
        assert "Prices" not in it.seen
        await it.press("escape", "f", "j", "ctrl+s")
        assert "Jonas" in it.seen
        assert "Prices" not in it.seen
        await it.press("f", "a", "tab")
        await it.type("2025")
        await it.press("ctrl+s")
        assert "Nothing passes the filter" in it.seen


async def test_e_edits_what_was_logged(team: Team) -> None:
    async with driven(team.store, "log") as it:
        await it.press("down", "e")
        await it.type(" and terms")
        await it.press("ctrl+s")
        assert "Prices and terms" in it.seen
    assert "Prices and terms" in [each.subject for each in _log(team)]


async def test_older_ones_come_as_the_cursor_reaches_the_end(team: Team) -> None:
    for number in range(130):
        team.store.write(plan_task, subject=f"Task {number}", due_on=team.today)
    async with driven(team.store, "log") as it:
        await it.press("G")
        await it.press("G")
        assert "Looked at the silo" in it.seen
