"""Texts of 10,000 characters: kept, or refused in one sentence, and alike on both engines."""

from __future__ import annotations

from random import Random

import pytest

from salestui.errors import Refused
from salestui.store.checking import derived_problems
from salestui.usecases import activities, clients, deals, process
from tests.usecases.conftest import Team

LONG = "".join(Random(3).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=10_000))
"""One word that does not compress: what an index of PostgreSQL cannot hold."""


def test_a_long_name_is_kept_and_found(team: Team) -> None:
    write = team.store.write
    client = write(clients.create_client, name=LONG, city=LONG, notes=LONG, source=LONG)
    write(clients.create_contact, client_id=client.id, name=LONG, job_title=LONG)
    deal = write(deals.create_deal, title=LONG, client_id=client.id, notes=LONG, source=LONG)
    write(activities.log_activity, kind="call", deal_id=deal.id, subject=LONG, outcome=LONG)
    names = team.store.read(lambda r: r.rows("SELECT name FROM client WHERE name = :n", n=LONG))
    assert len(names) == 1
    assert derived_problems(team.store) == []


def test_what_stands_in_an_index_is_refused_when_long(team: Team) -> None:
    write = team.store.write
    with pytest.raises(Refused, match="name is 10,000 characters long; 200 is the limit"):
        write(process.add_entry, what="activity kind", name=LONG)
