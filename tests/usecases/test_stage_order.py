"""A new order of the stages reaches everything derived from it, also when it is taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from salestui.store.checking import derived_problems
from salestui.usecases import deals, process, undo
from tests.usecases.conftest import Team


def _delete_second(team: Team) -> None:
    team.store.write(process.delete_stage, stage_id=team.stages[1])


def _put_third_first(team: Team) -> None:
    team.store.write(process.edit_stage, stage_id=team.stages[2], position=1)


def _add_a_first(team: Team) -> None:
    pipeline_id = team.deal("pipeline_id")[0]
    team.store.write(process.add_stage, pipeline_id=pipeline_id, name="Suspect", position=1)


@pytest.mark.parametrize("change", [_delete_second, _put_third_first, _add_a_first])
def test_derived_rows_follow_the_order(team: Team, change: Callable[[Team], None]) -> None:
    team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[2])
    team.store.write(deals.move_deal, deal_id=team.deal_id, to_stage_id=team.stages[0])
    change(team)
    assert derived_problems(team.store) == []
    team.store.write(undo.undo)
    assert derived_problems(team.store) == []
    assert team.deal("furthest") == (3,)
    team.store.write(undo.redo)
    assert derived_problems(team.store) == []
