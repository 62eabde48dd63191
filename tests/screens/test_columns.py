"""Tables on lines fit the width, whatever stands in them."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from salestui.screens.columns import GAP, laid_out
from salestui.screens.setup_lists import LISTS
from tests.team import HOSTILE


@pytest.mark.parametrize("width", [24, 40, 79, 199])
def test_columns_are_even_and_fit(width: int) -> None:
    rows = [("Name", "Sum", "Town"), *((name, f"{len(name)} EUR", name * 9) for name in HOSTILE)]
    laid = laid_out([*rows, ("x" * 40_000, "1", "")], (False, True, False), width)
    assert len({tuple(map(cell_len, row)) for row in laid}) == 1
    assert all(cell_len(GAP.join(row)) <= width for row in laid)


def test_where_there_is_room_nothing_is_cut_and_numbers_stand_right() -> None:
    laid = laid_out([("Name", "Sum"), ("Pump", "1"), ("Long valve", "1,200")], (False, True), 80)
    assert laid == [("Name      ", "  Sum"), ("Pump      ", "    1"), ("Long valve", "1,200")]


def test_a_narrow_list_leaves_out_what_only_a_wide_one_has() -> None:
    reps = next(each for each in LISTS if each.title == "Reps")
    heads = ["".join(p.text for p in reps.lines([], width)[0].pieces) for width in (79, 199)]
    assert "E-mail" not in heads[0]
    assert "E-mail" in heads[1] and "Clients" in heads[1]


def test_what_is_set_in_stays_so_in_any_script() -> None:
    rows = laid_out([("Plan",), ("  from 80 %",), ("  Jörg",), ("  漢字",)], [False], 20)
    assert [row[0][:2].strip() for row in rows] == ["Pl", "", "", ""]
    assert all(not row[0][2:3].isspace() for row in rows)
