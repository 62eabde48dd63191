"""The draft of a profile for a file nobody has described yet: guessed from its headers, checked
against its values, and commented, so that a person can finish it in a minute."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from salestui.errors import Refused
from salestui.interchange.fields import ENTITIES, Field, Kind, find_field
from salestui.interchange.problems import shown
from salestui.interchange.profiles.draft import Guess, toml_of
from salestui.interchange.profiles.synonyms import IDS, LOST, OPEN, POSTPONED, SYNONYMS, WON
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
    _guess_fields(guess, seen)
    _guess_formats(guess, seen)
    return toml_of(guess, [[*column.values] for column in seen])


def _look(table: Table, entity: str) -> tuple[list[_Seen], int]:
    """What the columns hold, and how many rows there are.

    Dates, numbers and ids are told by all their values; of the others some are enough.
    """
    paths = _paths(table, entity)
    ids = IDS.format(entity=entity).split("|")
    limits = []
    for position, header in enumerate(table.headers):
        target = find_field(entity, paths.get(position, ""))
        is_whole = header_key(header) in ids or (target and target.kind in (*_DATES, *_NUMBERS))
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


def _external_id(table: Table, entity: str, seen: list[_Seen], count: int) -> str | None:
    """The header of a column that looks like an id and whose values are all different."""
    keys = {header_key(header): position for position, header in enumerate(table.headers)}
    for name in IDS.format(entity=entity).split("|"):
        position = keys.get(name)
        if position is not None and count and len(seen[position].values) == count:
            return table.headers[position]
    return None


def _guess_fields(guess: Guess, seen: list[_Seen]) -> None:
    for position, path in sorted(_paths(guess.table, guess.entity).items()):
        if guess.table.headers[position] == guess.external_id:
            continue
        values = [*seen[position].values]
        path = _by_values(path, values, seen[position].blanks)
        target = find_field(guess.entity, path)
        if target is None or (path in guess.fields.values() and not target.many):
            continue
        if path in ("stage", "outcome"):
            _guess_outcomes(guess, position, path, values)
        elif reason := _misfit(values, target):
            guess.doubts[position] = f"looks like {path}, but {reason}"
            continue
        guess.fields[position] = path


def _by_values(path: str, values: list[str], blanks: int) -> str:
    """The field a header alone does not decide."""
    if path == "closed_on" and not blanks:
        return "expected_close_on"  # open deals have it too: the day they are hoped to close
    if path == "stage" and values and {*map(fold, values)} <= WON | LOST | POSTPONED | OPEN:
        return "outcome"
    return path


def _guess_outcomes(guess: Guess, position: int, path: str, values: list[str]) -> None:
    """Which words of a stage or status column end a deal; the other ones are stages."""
    if len(values) > _MANY:
        return
    values = [*{clean(value).casefold(): clean(value) for value in reversed(values)}.values()][::-1]
    outcomes = {"won": WON, "lost": LOST, "postponed": POSTPONED}
    if path == "outcome":
        outcomes["open"] = OPEN
    for value in values:
        for outcome, words in outcomes.items():
            if fold(value) in words:
                guess.outcomes.setdefault(position, {})[value] = outcome
    if path == "stage":
        ended = guess.outcomes.get(position, {})
        guess.stages = [value for value in values if value and value not in ended]


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
            return any(_is_day(value, order) for order in DATE_ORDERS)
        if kind is Kind.WHOLE:
            read_whole(value)
        elif kind in _NUMBERS:
            return _DIGITS.search(value) is not None and not _LETTERS.search(value)
        elif kind is Kind.MINUTES:
            parse_duration(value)
    except Refused:
        return False
    return True


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
