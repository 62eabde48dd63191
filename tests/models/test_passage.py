"""A deal's way through the stages A (1), B (2), C (3), and D (4) after the sale."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salestui.models.keys import new_key
from salestui.models.passage import Step, way

POSITIONS = {"A": 1, "B": 2, "C": 3, "D": 4}


def _open(stage: str, day: int | None) -> Step:
    return Step(stage, "open", True, day)


def _end(stage: str, outcome: str, day: int | None) -> Step:
    return Step(stage, outcome, False, day)


CASES = {
    "still in its first stage": ([_open("A", 0)], {"A": (0, None, "open")}),
    "advanced": ([_open("A", 0), _open("B", 5)], {"A": (0, 5, "advanced"), "B": (5, None, "open")}),
    "a skip counts as passed": (
        [_open("A", 0), _open("C", 5)],
        {"A": (0, 5, "advanced"), "C": (5, None, "open")},
    ),
    "lost": (
        [_open("A", 0), _open("B", 5), _end("B", "lost", 9)],
        {"A": (0, 5, "advanced"), "B": (5, 9, "lost")},
    ),
    "won from any stage advances all": (
        [_open("A", 0), _end("A", "won", 9)],
        {"A": (0, 9, "advanced")},
    ),
    "returned and still open": (
        [_open("A", 0), _open("B", 5), _open("A", 7)],
        {"A": (0, 5, "advanced"), "B": (5, 7, "returned")},
    ),
    "returned, then lost": (
        [_open("A", 0), _open("B", 5), _open("A", 7), _end("A", "lost", 8)],
        {"A": (0, 5, "advanced"), "B": (5, 7, "lost")},
    ),
    "returned, then advanced": (
        [_open("B", 0), _open("A", 5), _open("C", 7)],
        {"B": (0, 5, "advanced"), "A": (5, 7, "advanced"), "C": (7, None, "open")},
    ),
    "postponed": ([_open("A", 0), _end("A", "postponed", 4)], {"A": (0, 4, "postponed")}),
    "reopened after being lost": (
        [_open("A", 0), _end("A", "lost", 4), _open("A", 6), _open("B", 7)],
        {"A": (0, 7, "advanced"), "B": (7, None, "open")},
    ),
    "lost on the way back, opened again there": (
        [_open("A", 0), _open("B", 5), _open("A", 7), _end("A", "lost", 8), _open("A", 9)],
        {"A": (0, 5, "advanced"), "B": (5, 7, "returned")},
    ),
    "lost, then found to have been won in a later stage": (
        [_open("A", 0), _end("A", "lost", 2), _end("C", "won", 3)],
        {"A": (0, 2, "advanced"), "C": (3, 3, "advanced")},
    ),
    "postponed, then lost in a later stage": (
        [_open("A", 0), _end("A", "postponed", 2), _end("C", "lost", 3)],
        {"A": (0, 2, "advanced"), "C": (3, 3, "lost")},
    ),
    "won, then on through the stage after the sale": (
        [_open("A", 0), Step("D", "won", True, 3), _end("D", "won", 9)],
        {"A": (0, 3, "advanced"), "D": (3, 9, "advanced")},
    ),
    "won and still being delivered": (
        [_open("A", 0), Step("D", "won", True, 3)],
        {"A": (0, 3, "advanced"), "D": (3, None, "open")},
    ),
    "won, reopened, then lost: of outcomes the last one counts": (
        [_open("A", 0), _open("B", 2), _end("B", "won", 4), _open("B", 6), _end("B", "lost", 8)],
        {"A": (0, 2, "advanced"), "B": (2, 8, "lost")},
    ),
    "won, reopened and open again": (
        [_open("A", 0), _end("A", "won", 4), _open("A", 6)],
        {"A": (0, None, "open")},
    ),
    "won, reopened, won again": (
        [_open("A", 0), _end("A", "won", 4), _open("A", 6), _end("A", "won", 8)],
        {"A": (0, 8, "advanced")},
    ),
    "won from the first stage, delivered, reopened in the last before the sale, lost": (
        [
            _open("A", 0),
            Step("D", "won", True, 3),
            _end("D", "won", 5),
            _open("C", 7),
            _end("C", "lost", 9),
        ],
        {"A": (0, 3, "advanced"), "D": (3, 5, "lost"), "C": (7, 9, "lost")},
    ),
    "known only as won": ([_end("B", "won", None)], {"B": (None, None, "advanced")}),
    "without any date": ([_open("A", None)], {"A": (None, None, "open")}),
    "other facts change": (
        [_open("A", 0), _open("A", 2), _open("A", 3)],
        {"A": (0, None, "open")},
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_way(case: str) -> None:
    steps, expected = CASES[case]
    found = way(steps, POSITIONS)
    assert {p.stage_id: (p.entered_on, p.left_on, p.result) for p in found.passages} == expected


def test_what_a_win_brought_is_not_reached_once_the_win_is_taken_back() -> None:
    won = [_open("A", 0), Step("D", "won", True, 3)]
    assert way(won, POSITIONS).furthest == POSITIONS["D"]
    back = [*won, _open("B", 5)]
    assert way(back, POSITIONS).furthest == POSITIONS["B"]
    assert way([*back, _end("B", "won", 6)], POSITIONS).furthest == POSITIONS["D"]
    assert way([_end("A", "won", 0), _open("A", 2)], POSITIONS).furthest == POSITIONS["A"]


def test_the_stage_counts_from_the_latest_entry() -> None:
    assert way([_open("A", 0), _open("B", 5), _open("A", 7)], POSITIONS).stage_since_on == 7


steps = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["open", "lost", "postponed", "won"])),
    min_size=1,
    max_size=8,
)


@given(steps)
def test_every_stage_visited_is_passed_through_once(visits: list[tuple[str, str]]) -> None:
    listed = [
        Step(stage, outcome, outcome == "open", day) for day, (stage, outcome) in enumerate(visits)
    ]
    found = way(listed, POSITIONS)
    assert [p.stage_id for p in found.passages] == list(dict.fromkeys(s for s, _ in visits))
    is_won = visits[-1][1] == "won"
    assert found.furthest == max(POSITIONS[s] for s, o in visits if is_won or o != "won")
    for passage in found.passages:
        # No conversion says of a deal what the funnel does not.
        has_advanced = is_won or found.furthest > POSITIONS[passage.stage_id]
        assert has_advanced or passage.result != "advanced"
    for passage in found.passages:
        assert passage.left_on is None or passage.left_on >= passage.entered_on


@given(steps)
def test_what_is_known_early_does_not_depend_on_what_comes_later(
    visits: list[tuple[str, str]],
) -> None:
    listed = [
        Step(stage, outcome, outcome == "open", day) for day, (stage, outcome) in enumerate(visits)
    ]
    early = {p.stage_id: p.entered_on for p in way(listed[:-1], POSITIONS).passages}
    late = {p.stage_id: p.entered_on for p in way(listed, POSITIONS).passages}
    assert early.items() <= late.items()


def test_keys_rise() -> None:
    keys = [new_key() for _ in range(10_000)]
    assert keys == sorted(set(keys))
    assert {key[12] for key in keys} == {"7"}
    assert {key[16] for key in keys} <= set("89ab")
