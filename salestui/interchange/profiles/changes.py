"""Files with a row for each change of a deal's stage: an id comes again, with other days and stages."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from salestui.interchange.profiles.draft import Guess
from salestui.interchange.readers import header_key

_DAYS = frozenset(
    {"changed on", "change date", "date changed", "changed", "stage change date",
     "last stage change date", "last modified", "last modified date", "modified", "modified on",
     "modified date", "edit date", "date entered", "entered on", "entered", "created date",
     "createddate", "timestamp", "date", "day", "on"}
)  # fmt: skip
"""Headers of the day of a change, among others."""


def guess_changes(
    guess: Guess, ids: Iterable[int], values: Sequence[Sequence[str]], is_day: Callable[[str], bool]
) -> None:
    """Take the first of `ids` (columns whose values come again) as the deal's, if rows are changes.

    Known once the column of stages is; the day of the change may be called like another one.
    """
    if guess.entity != "deal":
        return
    stage = next((place for place, path in guess.fields.items() if path == "stage"), None)
    days = [
        place
        for place, header in enumerate(guess.table.headers)
        if header_key(header) in _DAYS and values[place] and all(map(is_day, values[place]))
    ]
    for place in ids if stage is not None else ():
        for day in days:
            if stage is not None and _change(guess, place, stage, day):
                guess.external_id, guess.has_changes = guess.table.headers[place], True
                guess.doubts.pop(place, None)
                guess.fields.pop(place, None)
                guess.fields[day] = "entered_on"
                return


def _change(guess: Guess, key: int, stage: int, day: int) -> bool:
    """Whether most ids that come again come with several days and several stages."""
    seen: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for _, cells in guess.table.rows():
        days, stages = seen[cells[key].strip()]
        days.append(cells[day])
        stages.append(cells[stage])
    again = [(days, stages) for days, stages in seen.values() if len(days) > 1]
    differing = sum(len(set(days)) > 1 and len(set(stages)) > 1 for days, stages in again)
    return bool(again) and differing * 2 > len(again)
