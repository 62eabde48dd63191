"""Names where there is room for two letters."""

from __future__ import annotations

import pytest

from salestui.text import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ona Petraitė", "OP"),
        ("Żaneta Maria Ek", "ŻE"),
        ("山田太郎", "山"),
        ("(x) 9 lives", "9L"),
        (None, ""),
    ],
)
def test_initials(name: str | None, letters: str) -> None:
    assert initials(name) == letters
