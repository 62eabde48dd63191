"""The screen that tells who changed a deal or a client."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from salestui.queries.deal_card import load_deal
from salestui.queries.trail import Entry, FieldChange, RowChange, entries
from salestui.screens.audit import AuditScreen
from salestui.screens.audit_lines import label, trail_lines, value_words
from salestui.store.store import Store
from salestui.text.clean import _UNSAFE_OUT
from salestui.usecases.clients import create_client, delete_client, edit_client
from salestui.usecases.deals import assign_deal, move_deal
from salestui.usecases.outcomes import win_deal
from salestui.widgets.line_list import LineList
from tests.conftest import Clock
from tests.screens.driving import Driven, driven
from tests.team import HOSTILE, Team, make_team

HOSTILE_RAW = (
    "[/x]",
    "[@click=app.quit]x[/]",
    "a\x1b]0;title\x07b\x1b[31m",
    "漢字" * 40,
    "x" * 10_000,
)


async def _open(run: Driven, kind: str, key: str) -> AuditScreen:
    screen = AuditScreen("board", (kind, key))
    run.app.push_screen(screen)
    await run.settle()
    return screen


async def test_i_on_the_board_tells_who_when_and_from_what_to_what(
    team: Team, clock: Clock
) -> None:
    deal = team.store.read(load_deal, deal_id=team.deals[0])
    assert deal is not None
    clock.forward(minutes=5)
    team.store.write(move_deal, deal_id=deal.deal_id, expected_version=deal.version,
                     to_stage_id=team.stage("Negotiation"))  # fmt: skip
    async with driven(team.store, "board") as run:
        screen = run.app.screen
        screen.deals.select(deal.deal_id)  # type: ignore[attr-defined]
        await run.press("i")
        assert isinstance(run.app.screen, AuditScreen)
        rows = run.seen.splitlines()
        assert "Changes of Pumps" in rows[1]
        when = f"{clock.now.astimezone():%Y-%m-%d %H:%M}"
        assert f"{when}  Ona  Moved Pumps" in rows[2]
        assert "deal Pumps" in rows[3]
        assert "stage                Offer → Negotiation" in run.seen
        assert run.seen.index("Moved Pumps") < run.seen.index("Created deal 1 Pumps in Offer")
        for key in ("escape", "i", "q"):
            await run.press(key)
        assert run.app.screen is screen


async def test_what_belongs_to_a_client_is_told_with_it(team: Team) -> None:
    async with driven(team.store, size=(200, 50)) as run:
        await _open(run, "client", team.clients[0])
        for words in ("contact Rasa Petraitė (new)", "deal Valves (new)", "activity Ring back (new)",
                      "contact met", "way to reach +370 600 12345 (new)"):  # fmt: skip
            assert words in run.seen, words
        assert "Łódź Foods" not in run.seen


async def test_keys_that_do_nothing_here_are_not_offered(team: Team) -> None:
    async with driven(team.store) as run:
        await _open(run, "deal", team.deals[0])
        assert "Filter" not in run.seen
        assert "Open" not in run.seen.splitlines()[-1]
        await run.press("enter", "slash")
        assert isinstance(run.app.screen, AuditScreen)
        assert run.said == []


async def test_older_changes_are_read_when_the_end_is_reached(team: Team) -> None:
    client_id = team.clients[2]
    for version in range(1, 41):
        team.store.write(edit_client, client_id=client_id, expected_version=version,
                         city=f"City {version}")  # fmt: skip
    async with driven(team.store) as run:
        screen = await _open(run, "client", client_id)
        rows = screen.query_one(LineList)
        assert not any("City 2 → " in text for text in rows.texts)
        await run.press("G")
        assert any("City 2 → City 3" in "".join(text.split("  ")) for text in rows.texts)
        key = rows.key
        await run.press("f5")
        assert rows.key == key
        assert len(screen._entries) == 41


async def test_what_is_gone_still_has_its_story(team: Team) -> None:
    team.store.write(delete_client, client_id=team.clients[2], expected_version=1)
    async with driven(team.store) as run:
        await _open(run, "client", team.clients[2])
        assert "Changes of a client" in run.seen
        assert "(deleted)" in run.seen
        await run.press("u")
        assert "client ТОВ Коваленко (brought back)" in run.seen


async def test_nothing_on_record(sqlite_store: Store) -> None:
    async with driven(sqlite_store) as run:
        await _open(run, "deal", "0" * 32)
        assert "No change is on record here yet." in run.seen


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (200, 50)])
async def test_hostile_names_are_shown_as_they_are(team: Team, size: tuple[int, int]) -> None:
    made = [team.store.write(create_client, name=name, notes=name).id for name in HOSTILE]
    made += [team.store.write(create_client, name=name).id for name in HOSTILE_RAW]
    async with driven(team.store, size=size) as run:
        for key in made:
            screen = await _open(run, "client", key)
            assert not _UNSAFE_OUT.search(run.seen.replace("\n", ""))
            assert all(cell_len(row) <= size[0] for row in run.seen.splitlines())
            await run.press("G", "escape")
            assert run.app.screen is not screen
        await _open(run, "client", made[0])
        assert "Acme [/x]" in run.seen


def test_both_engines_tell_the_same(store: Store) -> None:
    team = make_team(store)
    deal = store.read(load_deal, deal_id=team.deals[1])
    assert deal is not None
    store.write(win_deal, deal_id=deal.deal_id, expected_version=deal.version, amount_minor=300_000)
    later = store.read(load_deal, deal_id=team.deals[1])
    assert later is not None
    store.write(assign_deal, deal_id=deal.deal_id, expected_version=later.version,
                to_rep_id=team.rep("Jonas"))  # fmt: skip
    lines = trail_lines("Valves", store.read(entries, about=("deal", deal.deal_id)), 79)
    told = ["".join(piece.text for piece in each.pieces).strip() for each in lines]
    assert "amount               2500.00 → 3000.00" in told
    assert "outcome              open → won" in told
    assert "closed on            nothing → 2026-03-18" in told
    assert "owner                Ona → Jonas" in told


def _told(*changes: FieldChange, width: int = 60) -> list[str]:
    row = RowChange("deal_line", "1", "Pump", False, changes)
    at = datetime(2026, 3, 18, 10, tzinfo=UTC)
    entry = Entry("e", at, "Ona", "edit", "Changed", "do", 3, (row,))
    return ["".join(p.text for p in each.pieces) for each in trail_lines("x", [entry], width)]


def test_long_values_stand_below_each_other_and_are_cut() -> None:
    told = _told(FieldChange("notes", "short", "words " * 200))
    assert told[2] == "  product line Pump"
    assert told[3].split() == ["notes", "short"]
    assert told[4].strip().startswith("→ words words")
    assert told[7].rstrip().endswith("…")
    assert told[8].rstrip() == "  and 2 other rows with it"
    assert all(len(text) <= 60 for text in told)


def test_several_lines_of_notes_stay_lines() -> None:
    told = [text.strip() for text in _told(FieldChange("notes", "one\ntwo", "three"))]
    assert told[3:6] == ["notes                one", "two", "→ three"]


def test_values_are_worded() -> None:
    assert value_words("discount_bp", 1250) == "12.5 %"
    assert value_words("quantity_milli", 1500) == "1.5"
    assert value_words("is_active", False) == "no"
    assert value_words("notes", "") == "nothing"
    assert value_words("done_at", "never") == "never"
    at = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)
    assert value_words("done_at", at.isoformat()) == f"{at.astimezone():%Y-%m-%d %H:%M}"
    assert [label(name) for name in ("owner_id", "is_active", "amount_minor", "closed_on")] == [
        "owner", "active", "amount", "closed on",
    ]  # fmt: skip
