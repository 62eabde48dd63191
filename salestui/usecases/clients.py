"""Clients, their branches, contacts and the ways to reach them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from salestui.errors import Refused
from salestui.models.base import Kept
from salestui.models.clients import Branch, Client, ClientAssistant, Contact, Medium
from salestui.models.people import Territory
from salestui.models.vocabulary import MediumKind
from salestui.store.unit import Unit
from salestui.text import clean
from salestui.usecases.facts import Saved, made, put
from salestui.usecases.people import working
from salestui.usecases.references import refuse_if_used

Media = Mapping[str, Sequence[str]]
"""Values by kind of medium, first the main one: `{"phone": ["+370 600 00000"], "e-mail": [...]}`."""


def create_client(
    unit: Unit,
    /,
    *,
    name: str,
    owner_id: str | None = None,
    media: Media | None = None,
    **fields: Any,
) -> Saved:
    """A new client, owned by the actor unless said otherwise."""
    client: Client = made(Client, {"name": name, **fields})
    if client.parent_id:
        unit.get(Client, client.parent_id, "parent client")
    if client.territory_id:
        unit.get(Territory, client.territory_id, "territory")
    client.number = unit.next_numbers("client")[0]
    client.owner_id = working(unit, owner_id).id if owner_id else unit.actor_id
    unit.add(client)
    replace_media(unit, media or {}, client_id=client.id)
    return _saved(client, f"Created client {client.name}")


def edit_client(
    unit: Unit,
    /,
    *,
    client_id: str,
    expected_version: int | None = None,
    media: Media | None = None,
    **changes: Any,
) -> Saved:
    """Change fields of a client; `media` replaces the kinds it names."""
    client = unit.get_at(Client, client_id, expected_version, "client")
    if changes.get("owner_id") not in (None, client.owner_id):
        working(unit, changes["owner_id"])
    if changes.get("territory_id"):
        unit.get(Territory, changes["territory_id"], "territory")
    if changes.get("parent_id") == client_id:
        raise Refused("A client cannot be its own parent.")
    put(client, changes)
    if replace_media(unit, media or {}, client_id=client.id):
        unit.raise_version(client)
    unit.session.flush()
    return _saved(client, f"Changed client {client.name}")


def assign_client(
    unit: Unit, *, client_id: str, to_rep_id: str, expected_version: int | None = None
) -> Saved:
    """Give a client to another rep."""
    client = unit.get_at(Client, client_id, expected_version, "client")
    rep = working(unit, to_rep_id)
    client.owner_id = rep.id
    unit.session.flush()
    return _saved(client, f"Assigned {client.name} to {rep.name}")


def set_assistants(unit: Unit, *, client_id: str, rep_ids: Sequence[str]) -> Saved:
    """Say which reps help the owner of a client."""
    client = unit.get(Client, client_id, "client")
    unit.take_turns(ClientAssistant)
    wanted = set(rep_ids)
    for row in unit.live(ClientAssistant, client_id=client_id):
        if row.rep_id not in wanted:
            row.deleted_at = unit.now
        wanted.discard(row.rep_id)
    for rep_id in sorted(wanted):
        unit.add(ClientAssistant(client_id=client_id, rep_id=working(unit, rep_id).id))
    unit.session.flush()
    return _saved(client, f"Changed who helps with {client.name}")


def delete_client(unit: Unit, *, client_id: str, expected_version: int | None = None) -> Saved:
    """Take a client entered by mistake out of every list; one with deals or activities stays."""
    client = unit.get_at(Client, client_id, expected_version, "client")
    parts = ("medium", "client_assistant", "branch", "contact", "competitor_sighting")
    refuse_if_used(unit, client, "client", apart_from=parts)
    unit.delete(client)
    return _saved(client, f"Deleted client {client.name}")


def create_branch(
    unit: Unit, /, *, client_id: str, name: str, media: Media | None = None, **fields: Any
) -> Saved:
    """A place of a client's other than its seat."""
    unit.get(Client, client_id, "client")
    branch: Branch = made(Branch, {"client_id": client_id, "name": name, **fields})
    unit.add(branch)
    replace_media(unit, media or {}, client_id=client_id, branch_id=branch.id)
    return Saved(branch.id, f"Added branch {branch.name}", branch.version)


def edit_branch(
    unit: Unit,
    /,
    *,
    branch_id: str,
    expected_version: int | None = None,
    media: Media | None = None,
    **changes: Any,
) -> Saved:
    """Change a branch."""
    branch = unit.get_at(Branch, branch_id, expected_version, "branch")
    put(branch, changes)
    if replace_media(unit, media or {}, client_id=branch.client_id, branch_id=branch.id):
        unit.raise_version(branch)
    unit.session.flush()
    return Saved(branch.id, f"Changed branch {branch.name}", branch.version)


def delete_branch(unit: Unit, *, branch_id: str, expected_version: int | None = None) -> Saved:
    """Take a branch off a client."""
    branch = unit.get_at(Branch, branch_id, expected_version, "branch")
    refuse_if_used(unit, branch, "branch", apart_from=("medium",))
    unit.delete(branch)
    return Saved(branch.id, f"Deleted branch {branch.name}", branch.version)


def create_contact(
    unit: Unit, /, *, client_id: str, name: str, media: Media | None = None, **fields: Any
) -> Saved:
    """A person at a client."""
    unit.get(Client, client_id, "client")
    contact: Contact = made(Contact, {"client_id": client_id, "name": name, **fields})
    _check_lines(unit, contact)
    unit.add(contact)
    replace_media(unit, media or {}, client_id=client_id, contact_id=contact.id)
    return Saved(contact.id, f"Added contact {contact.name}", contact.version)


def edit_contact(
    unit: Unit,
    /,
    *,
    contact_id: str,
    expected_version: int | None = None,
    media: Media | None = None,
    **changes: Any,
) -> Saved:
    """Change a contact; the roles kept with past activities stay as they were."""
    contact = unit.get_at(Contact, contact_id, expected_version, "contact")
    put(contact, changes)
    _check_lines(unit, contact)
    if replace_media(unit, media or {}, client_id=contact.client_id, contact_id=contact.id):
        unit.raise_version(contact)
    unit.session.flush()
    return Saved(contact.id, f"Changed contact {contact.name}", contact.version)


def delete_contact(unit: Unit, *, contact_id: str, expected_version: int | None = None) -> Saved:
    """Take a contact off a client; past activities keep who was met."""
    contact = unit.get_at(Contact, contact_id, expected_version, "contact")
    refuse_if_used(unit, contact, "contact", apart_from=("medium", "activity_contact"))
    unit.delete(contact)
    return Saved(contact.id, f"Deleted contact {contact.name}", contact.version)


def _check_lines(unit: Unit, contact: Contact) -> None:
    """Branch, chief and the assisted are of the same client, and nobody is their own chief."""
    if contact.branch_id:
        branch = unit.get(Branch, contact.branch_id, "branch")
        if branch.client_id != contact.client_id:
            raise Refused(f"{branch.name} is a branch of another client.")
    if contact.reports_to_id or contact.assists_id:
        unit.take_turns(Contact)
    for name in ("reports_to_id", "assists_id"):
        above = getattr(contact, name)
        seen = {contact.id}
        while above:
            if above in seen:
                raise Refused(f"{contact.name} cannot report to themselves, not even in a circle.")
            seen.add(above)
            chief = unit.get(Contact, above, "contact")
            if chief.client_id != contact.client_id:
                raise Refused(f"{chief.name} is a contact of another client.")
            above = getattr(chief, name)


def replace_media(
    unit: Unit,
    media: Media,
    *,
    client_id: str,
    branch_id: str | None = None,
    contact_id: str | None = None,
) -> bool:
    """Make `media` the ways to reach a client, branch or contact; whether anything was different."""
    is_changed = False
    owner: dict[str, Any] = {
        "client_id": client_id,
        "branch_id": branch_id,
        "contact_id": contact_id,
    }
    for kind, values in media.items():
        wanted = [value for value in (clean(value) for value in values) if value]
        old: list[Kept] = list(unit.live(Medium, **owner, kind=MediumKind(kind)))
        kept = [row.value for row in sorted(old, key=lambda m: m.position)]  # type: ignore[attr-defined]
        if wanted == kept:
            continue
        is_changed = True
        for row in old:
            row.deleted_at = unit.now
        for position, value in enumerate(wanted):
            unit.add(Medium(**owner, kind=MediumKind(kind), value=value, position=position))
    return is_changed


def _saved(client: Client, summary: str) -> Saved:
    return Saved(client.id, summary, client.version, client.number)
