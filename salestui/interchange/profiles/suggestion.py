"""The draft of a profile for a file nobody has described yet: guessed from its headers, checked
against its values, and commented, so that a person can finish it in a minute."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from salestui.errors import Refused
from salestui.interchange.fields import ENTITIES, Field, Kind, find_field
from salestui.interchange.problems import shown
from salestui.interchange.profiles.changes import guess_changes
from salestui.interchange.profiles.draft import Guess, toml_of
from salestui.interchange.profiles.entered import guess_steps
from salestui.interchange.profiles.synonyms import (
    ID_ENDS,
    IDS,
    LOST,
    OPEN,
    POSTPONED,
    SYNONYMS,
    WON,
    WON_DAY,
)
from salestui.interchange.readers import Table, header_key, read_table
from salestui.interchange.source import MAX_BYTES
from salestui.interchange.values import (
    DATE_ORDERS,
    DateOrder,
    DecimalSign,
    date_format,
    decimal_sign,
    read_day,
    read_whole,
)
from salestui.text import clean, fold, parse_duration

_MANY = 40
"""Different values up to which a column looks like a list of words."""
_TRIED = 30
_DATES = (Kind.DAY, Kind.MOMENT)
_NUMBERS = (Kind.MONEY, Kind.QUANTITY, Kind.PERCENT)
_DIGITS = re.compile("[0-9]")
_LETTERS = re.compile(r"[^\W\d_]{4}")


@dataclass(slots=True)
class _Seen:
    """What a column holds."""

    values: dict[str, None] = field(default_factory=dict)
    """Its different values in order of appearance, as many as matter."""
    blanks: int = 0


def suggest_map(
    path: Path | str, *, encoding: str | None = None, delimiter: str | None = None
) -> str:
    """Return the TOML of a profile for this file. Raises `Refused` if it cannot be read."""
    table = read_table(path, encoding=encoding, delimiter=delimiter)
    entity = _likeliest_entity(table)
    seen, count = _look(table, entity)
    guess = Guess(table=table, entity=entity, rows=count)
    guess.external_id = _external_id(table, entity, seen, count)
    _doubt_ids(guess, seen)
    _guess_fields(guess, seen)
    again = [each for each in _ids(table, entity) if _comes_again(seen[each], count)]
    guess_changes(guess, again, [[*column.values] for column in seen], is_day)
    _guess_days_closed(guess, seen)
    guess_steps(guess, [[*column.values] for column in seen], is_day)
    _guess_formats(guess, seen)
    return toml_of(guess, [[*column.values] for column in seen])


def _look(table: Table, entity: str) -> tuple[list[_Seen], int]:
    """What the columns hold, and how many rows there are.

    Dates, numbers and ids are told by all their values; of the others some are enough.
    """
    paths, ids = _paths(table, entity), _ids(table, entity)
    limits = []
    for position in range(len(table.headers)):
        target = find_field(entity, paths.get(position, ""))
        is_whole = position in ids or (target and target.kind in (*_DATES, *_NUMBERS))
        limits.append(MAX_BYTES if is_whole else _MANY + 1)
    seen = [_Seen() for _ in table.headers]
    count = 0
    for _, cells in table.rows():
        count += 1
        for column, cell, limit in zip(seen, cells, limits, strict=True):
            if not cell.strip():
                column.blanks += 1
            elif len(column.values) < limit:
                column.values[cell] = None
    return seen, count


def _likeliest_entity(table: Table) -> str:
    """The entity most headers are fields of; the file's name decides between equals."""
    stem = fold(Path(table.path).stem)

    def score(entity: str) -> float:
        paths = set(_paths(table, entity).values())
        is_complete = all(paths.intersection(names) for names in ENTITIES[entity].needed)
        return len(paths) + 2 * is_complete + 1.5 * (entity in stem)

    return max(SYNONYMS, key=score)


def _paths(table: Table, entity: str) -> dict[int, str]:
    """The field each column would fill, by position; each field once unless it takes many."""
    found: dict[int, str] = {}
    for path, listed in SYNONYMS[entity].items():
        names = listed.split("|")
        own = [f"{entity} {name}" for name in names]
        target = find_field(entity, path)
        fitting = [
            (position, header_key(header))
            for position, header in enumerate(table.headers)
            if position not in found and header_key(header) in {*names, *own}
        ]
        # "deal title" before "title": the more a header says, the surer it is.
        fitting.sort(key=lambda placed: -len(placed[1]))
        for position, _ in fitting if target and target.many else fitting[:1]:
            found[position] = path
    return found


def _ids(table: Table, entity: str) -> list[int]:
    """Columns whose headers say that they may tell rows apart, the surest first."""
    keys = [header_key(header) for header in table.headers]
    named = IDS.format(entity=entity).split("|")
    sure = sorted((named.index(key), place) for place, key in enumerate(keys) if key in named)
    taken = _paths(table, entity)
    rest = [place for place, key in enumerate(keys) if place not in taken and key not in named]
    ending = [place for place in rest if keys[place].rpartition(" ")[2] in ID_ENDS]
    return [*(place for _, place in sure), *ending]


def _external_id(table: Table, entity: str, seen: list[_Seen], count: int) -> str | None:
    """The header of a column that looks like an id and whose values are all different."""
    for position in _ids(table, entity):
        if count and len(seen[position].values) == count:
            return table.headers[position]
    return None


def _comes_again(column: _Seen, count: int) -> bool:
    return not column.blanks and 0 < len(column.values) < count


def _doubt_ids(guess: Guess, seen: list[_Seen]) -> None:
    """Say of the surest id why it is none: somebody will look for it."""
    for position in _ids(guess.table, guess.entity)[:1]:
        if not guess.external_id and seen[position].values:
            twice = "is empty in some rows" if seen[position].blanks else "is there more than once"
            guess.doubts[position] = f"looks like external_id, but a value {twice}"


def _guess_fields(guess: Guess, seen: list[_Seen]) -> None:
    paths = _paths(guess.table, guess.entity)
    words = {place: {*map(fold, seen[place].values)} for place in paths}
    ends = any(
        words[place] & (WON | LOST) for place, path in paths.items() if path in ("stage", "outcome")
    )
    for position, path in sorted(paths.items()):
        if guess.table.headers[position] == guess.external_id:
            continue
        values = [*seen[position].values]
        if path == "closed_on" and not seen[position].blanks and not ends:
            path = "expected_close_on"  # nothing is closed yet
        elif path in ("stage", "outcome"):
            other = {"stage": "outcome", "outcome": "stage"}[path]
            path = _stage_or_outcome(path, words[position], is_other=other in paths.values())
        target = find_field(guess.entity, path)
        if "." in path and path.partition(".")[0] not in paths.values():
            continue  # the town of nobody
        if target is None or (path in guess.fields.values() and not target.many):
            continue
        if path == "stage" or (path == "outcome" and words[position] & (WON | LOST | OPEN)):
            says_end = path == "outcome" or "outcome" not in paths.values()
            _guess_outcomes(guess, position, path, values, says_end=says_end)
        elif reason := _misfit(values, target):
            guess.doubts[position] = f"looks like {path}, but {reason}"
            continue
        guess.fields[position] = path


def _guess_days_closed(guess: Guess, seen: list[_Seen]) -> None:
    """The day won and the day lost, where no column has both."""
    if guess.entity != "deal" or "closed_on" in guess.fields.values():
        return
    for position, header in enumerate(guess.table.headers):
        key = header_key(header).removeprefix("deal ")
        if position not in guess.fields and key in WON_DAY and _all_days(seen[position]):
            guess.fields[position] = "closed_on"


def _all_days(column: _Seen) -> bool:
    return bool(column.values) and all(map(is_day, column.values))


def _stage_or_outcome(path: str, words: set[str], *, is_other: bool) -> str:
    """What a column of stages or states holds: the header alone does not decide, unless both are there."""
    if is_other or not words:
        return path
    return "outcome" if words <= WON | LOST | POSTPONED | OPEN else "stage"


def _guess_outcomes(
    guess: Guess, position: int, path: str, values: list[str], *, says_end: bool
) -> None:
    """Which words of a stage or status column end a deal; the other ones are stages, or unknown.

    Beside a column that `says_end`, a stage called "Order" is one.
    """
    if len(values) > _MANY:
        return
    values = [*{clean(value).casefold(): clean(value) for value in reversed(values)}.values()][::-1]
    outcomes = {"won": WON, "lost": LOST, "postponed": POSTPONED}
    if path == "outcome":
        outcomes["open"] = OPEN
    ended = guess.outcomes.setdefault(position, {})
    for value in values:
        for outcome, words in outcomes.items():
            if says_end and fold(value) in words:
                ended[value] = outcome
    rest = [value for value in values if value and value not in ended]
    if path == "stage":
        guess.stages = rest
    else:
        guess.unknown[position] = rest
    if not ended:
        del guess.outcomes[position]


def _misfit(values: list[str], target: Field) -> str:
    """Why the column cannot be read as this field; empty if it can, for most of its values."""
    tried = values[:_TRIED]
    if target.words is not None:
        words = {word.value.casefold() for word in target.words}
        if any(value.strip().casefold() not in words for value in values[:_MANY]):
            return f"its words are not {', '.join(word.value for word in target.words)}"
        return ""
    failed = sum(not _reads(value, target.kind) for value in tried)
    return f'"{shown(tried[0])}" is no {target.kind}' if failed * 2 > len(tried) else ""


def _reads(value: str, kind: Kind) -> bool:
    """Whether the value can be read as the kind in some way of writing it."""
    try:
        if kind in _DATES:
            return is_day(value)
        if kind is Kind.WHOLE:
            read_whole(value)
        elif kind in _NUMBERS:
            return _DIGITS.search(value) is not None and not _LETTERS.search(value)
        elif kind is Kind.MINUTES:
            parse_duration(value)
    except Refused:
        return False
    return True


def is_day(value: str) -> bool:
    """Whether the value is a day in some way of writing one."""
    return any(_is_day(value, order) for order in DATE_ORDERS)


def _is_day(value: str, order: DateOrder) -> bool:
    try:
        read_day(value, order)
    except Refused:
        return False
    return True


def _guess_formats(guess: Guess, seen: list[_Seen]) -> None:
    """The order of dates and the decimal sign, if all columns that have them agree."""
    orders: set[DateOrder] = set()
    signs: set[DecimalSign] = set()
    unclear: set[Kind] = set()
    for position, path in guess.fields.items():
        target = find_field(guess.entity, path)
        values, header = seen[position].values, guess.table.headers[position]
        try:
            if target and target.kind in _DATES:
                orders.add(date_format(values, column=header))
            elif target and target.kind in _NUMBERS:
                guess.has_money |= target.kind is Kind.MONEY
                sign = decimal_sign(values, column=header)
                signs |= {sign} if sign else set()
        except Refused as refusal:
            guess.questions.append(str(refusal))
            unclear.add(Kind.DAY if target and target.kind in _DATES else Kind.MONEY)
    orders -= {"iso"} if len(orders) > 1 else set()
    guess.dates = orders.pop() if len(orders) == 1 and Kind.DAY not in unclear else None
    guess.decimal = signs.pop() if len(signs) == 1 and Kind.MONEY not in unclear else None
