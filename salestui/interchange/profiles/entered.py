"""Columns that hold the day a stage was entered, known by their headers once the stages are known."""

from collections.abc import Callable, Sequence

from salestui.interchange.profiles.draft import Guess
from salestui.interchange.readers import header_key
from salestui.text import fold

_SURE = "entered"
"""What a header says besides its stage that leaves no doubt: 'Date entered "Demo (Sales)"'."""


def guess_steps(
    guess: Guess, values: Sequence[Sequence[str]], is_day: Callable[[str], bool]
) -> None:
    """Find them, and put the stages in their order where each has one: programs write them so."""
    steps: dict[int, str] = {}
    for position, header in enumerate(guess.table.headers):
        stage = _stage_in(header, guess.stages)
        is_free = position not in guess.fields and header != guess.external_id
        if stage and is_free and values[position] and all(map(is_day, values[position])):
            steps[position] = stage
    for position, stage in steps.items():
        if _SURE in header_key(guess.table.headers[position]).split():
            if stage not in guess.steps.values():
                guess.fields[position] = "entered_on"
                guess.steps[position] = stage
        else:
            guess.doubts[position] = f"perhaps the day {stage} was entered; see the guide"
    order = [*dict.fromkeys(steps.values())]
    before = [stage for stage in guess.stages if stage not in order]
    guess.stages = [*before, *order]


def _stage_in(header: str, stages: Sequence[str]) -> str:
    """The longest stage whose words the header has."""
    key = f" {header_key(header)} "
    found = [stage for stage in stages if fold(stage) and f" {fold(stage)} " in key]
    return max(found, key=len, default="")
