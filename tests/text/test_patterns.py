"""Expressions compiled when they are first used."""

from __future__ import annotations

import re

from salestui.text.patterns import pattern


def test_it_is_the_expression_and_compiles_once() -> None:
    made = pattern("(A)b", re.IGNORECASE)
    assert made.fullmatch("aB")
    assert made.sub(r"\1-", "ab AB") == "a- A-"
    assert made.fullmatch == re.compile("(A)b", re.IGNORECASE).fullmatch
