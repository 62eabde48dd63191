"""What a team has set up, read back."""

from __future__ import annotations

import pytest

from salestui.queries import setup
from salestui.usecases import people, process
from tests.team import Team


def test_every_row_carries_the_version_it_was_read_in(team: Team) -> None:
    write = team.store.write
    write(people.create_team, name="North")
    write(process.add_entry, what="territory", name="Baltic")
    write(process.add_entry, what="competitor product", name="Pro",
          competitor_id=team.lists.competitors[0].id)  # fmt: skip
    for what, query in (
        ("pipeline", setup.pipelines), ("stage", setup.stages), ("rep", setup.reps),
        ("team", setup.teams), ("product", setup.products), ("competitor", setup.competitors),
        ("competitor product", setup.competitor_products), ("loss reason", setup.loss_reasons),
        ("activity kind", setup.activity_kinds), ("territory", setup.territories),
    ):  # fmt: skip
        rows = team.store.read(query)
        assert rows
        for row in rows:
            now = team.store.read(setup.version_of, what=what, row_id=row.id)
            assert row.version == now, (what, row)


def test_the_version_of_what_is_gone_is_none(team: Team) -> None:
    key = team.lists.loss_reasons[0].id
    team.store.write(process.delete_entry, what="loss reason", entry_id=key)
    assert team.store.read(setup.version_of, what="loss reason", row_id=key) is None
    with pytest.raises(ValueError):
        team.store.read(setup.version_of, what="deal; DROP TABLE deal", row_id=key)


def test_reps_and_stages_name_what_they_belong_to(team: Team) -> None:
    north = team.store.write(people.create_team, name="North").id
    team.store.write(people.edit_rep, rep_id=team.rep("Ona"), team_id=north, role="manager")
    ona = next(row for row in team.store.read(setup.reps) if row.name == "Ona")
    assert (ona.team_id, ona.team, ona.deals, ona.clients) == (north, "North", 4, 2)
    assert team.store.read(setup.teams)[0].managers == "Ona"
    sales = team.lists.pipelines[0].id
    stages = team.store.read(setup.stages, pipeline_id=sales)
    assert {row.pipeline_id for row in stages} == {sales}
    assert [row.deals for row in stages] == [1, 3, 1, 0]


def test_a_product_that_is_gone_is_no_longer_named_against(team: Team) -> None:
    ours = team.lists.products[0].id
    rival = team.lists.competitors[0].id
    team.store.write(process.add_entry, what="competitor product", name="Pro",
                     competitor_id=rival, product_id=ours)  # fmt: skip
    assert team.store.read(setup.competitor_products, competitor_id=rival)[0].against == "Pump"
    team.store.write(process.delete_entry, what="product", entry_id=ours)
    assert team.store.read(setup.competitor_products)[0].against is None
    team.store.write(process.delete_entry, what="competitor", entry_id=rival)
    assert team.store.read(setup.competitor_products) == []
