"""Counts in words."""

from __future__ import annotations

from salestui.text import listed, of_so_many, so_many


def test_one_is_told_as_one() -> None:
    assert so_many(1, "deal") == "1 deal"
    assert so_many(0, "deal") == "0 deals"
    assert so_many(1204, "deal") == "1,204 deals"
    assert so_many(2, "stage has", "stages have") == "2 stages have"


def test_a_part_has_the_verb_of_its_number() -> None:
    assert of_so_many(1, 15, "open deal") == "1 of 15 open deals is"
    assert of_so_many(3, 15, "open deal") == "3 of 15 open deals are"
    assert of_so_many(1, 1, "open deal") == "1 of 1 open deal is"


def test_of_many_names_the_first_are_told() -> None:
    assert listed(["Ona"]) == "Ona"
    assert listed(["Ona", "Jonas"]) == "Ona and Jonas"
    assert listed(["Ona", "Jonas", "Zofia"]) == "Ona, Jonas and Zofia"
    assert listed(["Ona", "Jonas", "Zofia", "Ieva", "Jörg"]) == "Ona, Jonas, Zofia and 2 more"
