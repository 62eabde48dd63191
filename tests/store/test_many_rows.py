"""Many rows at once are kept to what single ones are kept to."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from salestui.models.process import Pipeline, Stage
from salestui.store.store import Store
from salestui.store.unit import Unit


def _add_stages(unit: Unit, *, probabilities: list[int]) -> None:
    pipeline = unit.add(Pipeline(name="Sales", currency="EUR", position=1))
    unit.insert_many(
        Stage,
        [
            {"pipeline_id": pipeline.id, "name": f"Stage {place}", "position": place}
            | {"probability": probability, "idle_days": None}
            for place, probability in enumerate(probabilities, 1)
        ],
    )


@pytest.mark.parametrize("count", [2, 500])
def test_rows_that_break_a_constraint_are_not_kept(store: Store, count: int) -> None:
    with pytest.raises(IntegrityError):
        store.write(_add_stages, probabilities=[50] * (count - 1) + [101])
    with pytest.raises(IntegrityError):
        store.write(_add_stages, probabilities=[101])
    assert store.read(lambda r: r.value("SELECT count(*) FROM stage")) == 0
    store.write(_add_stages, probabilities=[50] * count)
    assert store.read(lambda r: r.value("SELECT count(*) FROM stage")) == count
