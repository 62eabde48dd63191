"""Clients are found by anything people remember of them."""

from __future__ import annotations

import pytest

from salestui.errors import Refused
from salestui.usecases import clients
from tests.usecases.conftest import Team


def _found(team: Team, word: str) -> bool:
    return bool(
        team.store.read(
            lambda r: r.rows(
                "SELECT 1 FROM search_word WHERE word = :w AND subject = 'client'", w=word
            )
        )
    )


@pytest.mark.parametrize("word", ["lodz", "steel"])
def test_a_client_is_indexed_by_its_folded_name(team: Team, word: str) -> None:
    assert _found(team, word)


def test_a_client_is_indexed_by_phone_and_mail(team: Team) -> None:
    team.store.write(
        clients.edit_client,
        client_id=team.client_id,
        media={"phone": ["+370 600 12345"], "e-mail": ["info@steel.example"]},
    )
    assert _found(team, "37060012345")
    assert _found(team, "60012345")
    assert _found(team, "info")


def test_nobody_reports_to_themselves(team: Team) -> None:
    chief = team.store.write(clients.create_contact, client_id=team.client_id, name="Ann")
    staff = team.store.write(
        clients.create_contact, client_id=team.client_id, name="Bob", reports_to_id=chief.id
    )
    with pytest.raises(Refused, match="circle"):
        team.store.write(clients.edit_contact, contact_id=chief.id, reports_to_id=staff.id)


def test_a_client_with_deals_is_not_deleted(team: Team) -> None:
    with pytest.raises(Refused, match="deal"):
        team.store.write(clients.delete_client, client_id=team.client_id)


def test_an_unknown_field_is_refused(team: Team) -> None:
    with pytest.raises(Refused, match="no field"):
        team.store.write(clients.edit_client, client_id=team.client_id, sort_key="x")
