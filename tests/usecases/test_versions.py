"""Who saves over what a colleague has changed meanwhile is told, also where only a part was changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from salestui.errors import Conflict
from salestui.store.store import Store
from salestui.usecases import activities, clients, deals, process, undo
from tests.usecases.conftest import Team


def test_lines_that_leave_the_amount_as_it_is(team: Team, colleague: Store) -> None:
    add = process.add_entry
    pump, valve = (
        team.store.write(add, what="product", name=name, price_minor=500, currency="EUR").id
        for name in ("Pump", "Valve")
    )
    set_lines: Callable[..., Any] = deals.set_lines
    seen = team.store.write(set_lines, deal_id=team.deal_id, lines=[deals.Line(pump)]).version
    saved = colleague.write(
        set_lines, deal_id=team.deal_id, lines=[deals.Line(valve)], expected_version=seen
    )
    assert (saved.version,) == team.deal("version")
    with pytest.raises(Conflict, match="Jonas"):
        team.store.write(
            set_lines, deal_id=team.deal_id, lines=[deals.Line(pump, 2_000)], expected_version=seen
        )


def test_ways_to_reach_a_client(team: Team, colleague: Store) -> None:
    edit: Callable[..., Any] = clients.edit_client
    seen = team.store.write(edit, client_id=team.client_id, media={"phone": ["+48 1"]}).version
    colleague.write(
        edit, client_id=team.client_id, media={"phone": ["+48 2"]}, expected_version=seen
    )
    with pytest.raises(Conflict, match="Jonas"):
        team.store.write(
            edit, client_id=team.client_id, media={"phone": ["+48 3"]}, expected_version=seen
        )


def test_ways_to_reach_a_contact(team: Team, colleague: Store) -> None:
    edit: Callable[..., Any] = clients.edit_contact
    made = team.store.write(clients.create_contact, client_id=team.client_id, name="Jan")
    colleague.write(
        edit, contact_id=made.id, media={"phone": ["+48 2"]}, expected_version=made.version
    )
    with pytest.raises(Conflict, match="Jonas"):
        team.store.write(
            edit, contact_id=made.id, media={"phone": ["+48 3"]}, expected_version=made.version
        )


def test_who_was_met(team: Team, colleague: Store) -> None:
    edit: Callable[..., Any] = activities.edit_activity
    people = [
        team.store.write(clients.create_contact, client_id=team.client_id, name=name).id
        for name in ("Jan", "Ewa")
    ]
    made = team.store.write(
        activities.log_activity, kind="call", client_id=team.client_id, contact_ids=people[:1]
    )
    colleague.write(edit, activity_id=made.id, contact_ids=people, expected_version=made.version)
    with pytest.raises(Conflict, match="Jonas"):
        team.store.write(edit, activity_id=made.id, contact_ids=[], expected_version=made.version)


@pytest.mark.parametrize("is_redone", [False, True], ids=["undone", "done-again"])
def test_what_hangs_on_a_row_taken_back_or_done_again(
    team: Team, colleague: Store, is_redone: bool
) -> None:
    """Undo changes what a form shows as any edit does: whoever has the old form open is told."""
    write = team.store.write
    jan = write(clients.create_contact, client_id=team.client_id, name="Jan").id
    call = write(activities.log_activity, kind="call", client_id=team.client_id).id
    pump = write(process.add_entry, what="product", name="Pump", price_minor=100_000).id
    phone = {"phone": ["+48 1"]}
    edits: list[tuple[str, Callable[..., Any], dict[str, str], dict[str, Any]]] = [
        ("client", clients.edit_client, {"client_id": team.client_id}, {"media": phone}),
        ("contact", clients.edit_contact, {"contact_id": jan}, {"media": phone}),
        ("activity", activities.edit_activity, {"activity_id": call}, {"contact_ids": [jan]}),
        ("deal", deals.set_lines, {"deal_id": team.deal_id}, {"lines": [deals.Line(pump)]}),
    ]
    for table, edit, row, change in edits:
        version = f"SELECT version FROM {table} WHERE id = '{next(iter(row.values()))}'"
        write(edit, **row, **change)
        if is_redone:
            write(undo.undo)
        seen = team.store.read(lambda r, sql=version: r.value(sql))
        write(undo.redo if is_redone else undo.undo)
        with pytest.raises(Conflict, match="Ona"):
            colleague.write(edit, expected_version=seen, **row, **change)
