"""A table and its profile become records: typed values by field, with every problem located."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from salestui.errors import Refused
from salestui.interchange.fields import Field, Kind, currency_path, find_field
from salestui.interchange.problems import Problem
from salestui.interchange.profiles.schema import Column, Profile
from salestui.interchange.readers import Table, header_key
from salestui.interchange.values import (
    DateOrder,
    DecimalSign,
    date_format,
    decimal_sign,
    has_time,
    read_day,
    read_instant,
    read_whole,
)
from salestui.text import clean, csv_uncell, parse_duration, parse_money, parse_number
from salestui.usecases.imports import Record, Ref

_REMEMBERED = 20_000
_DATES = (Kind.DAY, Kind.MOMENT)
_NUMBERS = (Kind.MONEY, Kind.QUANTITY, Kind.PERCENT)

Read = Callable[[str], Any]
Tell = Callable[[Problem], None]


@dataclass(frozen=True, slots=True)
class Formats:
    """What the person says of the file's dates and numbers, where the columns do not tell."""

    dates: DateOrder | None = None
    decimal: DecimalSign | None = None


@dataclass(frozen=True, slots=True)
class _Money:
    """An amount whose currency the rest of the row decides."""

    text: str
    unit: int
    decimal: DecimalSign | None


def read_records(
    table: Table, profile: Profile, formats: Formats, *, problem: Tell, repair: Tell
) -> Iterator[Record]:
    """Each good row as a record; a row with a problem is told and left out, a repair only told."""
    columns = [(place, column) for place, column in _places(table, profile)]
    readers = _readers(table, profile, columns, formats)
    constants = {
        path: reader(text)
        for path, text in profile.constants.items()
        for reader in (_reader_of(profile, path, profile.dates or "iso", formats.decimal),)
    }
    meanings = {
        (path, text): _reader_of(profile, path, "iso", ".")(text)
        for _, column in columns
        for meant in column.values.values()
        for path, text in meant.items()
    }
    keys = [_place_of(table, header) for header in profile.external_id]
    seen: dict[str, int] = {}
    for line, cells in table.rows(problem):
        found = _values(table, line, cells, readers, constants, meanings, profile, problem, repair)
        if found is None:
            continue
        digest = blake2b("\x1f".join(cells).encode("utf-8", "replace"), digest_size=12).hexdigest()
        if keys:
            key = "\x1f".join(clean(cells[place]) for place in keys)
            if not key:
                problem(Problem(table.path, line, profile.external_id[0], "", "the id is empty"))
                continue
        else:
            copy = seen[digest] = seen.get(digest, 0) + 1
            key = f"{digest}.{copy}"
        yield Record(line, key, digest, found, has_own_key=bool(keys))


def _places(table: Table, profile: Profile) -> Iterator[tuple[int, Column]]:
    """Each column of the profile that the table has, with its place there."""
    at = {header_key(header): place for place, header in enumerate(table.headers)}
    for column in profile.columns:
        place = at.get(header_key(column.header))
        if place is not None:
            yield place, column
        elif not column.is_optional:
            raise Refused(f"{table.path} has no column '{column.header}'.")


def _place_of(table: Table, header: str) -> int:
    for place, known in enumerate(table.headers):
        if header_key(known) == header_key(header):
            return place
    raise Refused(f"{table.path} has no column '{header}', which tells its rows apart.")


def _readers(
    table: Table, profile: Profile, columns: Sequence[tuple[int, Column]], formats: Formats
) -> list[tuple[int, Column, Read]]:
    """How each column's cells are read; dates and numbers by what the whole column shows."""
    unknown = [
        (place, column)
        for place, column in columns
        if (column.field.kind in _DATES and not (profile.dates or formats.dates))
        or (column.field.kind in _NUMBERS and not (profile.decimal or formats.decimal))
    ]
    seen: dict[int, list[str]] = {place: [] for place, _ in unknown}
    if unknown:
        for _, cells in table.rows():
            for place, texts in seen.items():
                texts.append(cells[place])
    readers = []
    for place, column in columns:
        dates: DateOrder | None = formats.dates or profile.dates
        decimal = formats.decimal or profile.decimal
        if place in seen and column.field.kind in _DATES and dates is None:
            dates = date_format(seen[place], column=column.header)
        if place in seen and column.field.kind in _NUMBERS and decimal is None:
            decimal = decimal_sign(seen[place], column=column.header)
        read = _reader(profile, column.field, dates or "iso", decimal, column)
        readers.append((place, column, _remembering(read)))
    return readers


def _remembering(read: Read) -> Read:
    """Columns repeat themselves: the same text is read once."""
    known: dict[str, Any] = {}

    def remembered(text: str) -> Any:
        if text not in known:
            if len(known) >= _REMEMBERED:
                known.clear()
            known[text] = read(text)
        return known[text]

    return remembered


def _reader_of(profile: Profile, path: str, dates: DateOrder, decimal: DecimalSign | None) -> Read:
    field = find_field(profile.entity, path)
    assert field is not None, path  # the profile was checked when it was loaded
    return _reader(profile, field, dates, decimal, None)


def _reader(
    profile: Profile,
    field: Field,
    dates: DateOrder,
    decimal: DecimalSign | None,
    column: Column | None,
) -> Read:
    unit = column.unit if column is not None else 1
    by = column.by if column is not None else "name"
    words = {word.value.casefold(): word.value for word in field.words or ()}
    zone: tzinfo = ZoneInfo(profile.time_zone)
    readers: dict[Kind, Read] = {
        Kind.TEXT: clean,
        Kind.REFERENCE: lambda text: Ref(clean(text), by),
        Kind.NOTES: partial(clean, lines=True),
        Kind.CHOICE: partial(_choice, words),
        Kind.CURRENCY: lambda text: clean(text).upper(),
        Kind.DAY: lambda text: read_day(text, dates),
        Kind.MOMENT: lambda text: _moment(text, dates, zone),
        Kind.MONEY: lambda text: _Money(text, unit, decimal),
        Kind.WHOLE: read_whole,
        Kind.QUANTITY: lambda text: parse_number(text, 3, decimal=decimal),
        Kind.PERCENT: lambda text: parse_number(text.rstrip("% "), 2, decimal=decimal),
        Kind.MINUTES: parse_duration,
    }
    return readers[field.kind]


def _choice(words: dict[str, str], text: str) -> str:
    word = words.get(clean(text).casefold())
    if word is None:
        raise Refused(f"none of {', '.join(words.values())}")
    return word


def _moment(text: str, dates: DateOrder, zone: tzinfo) -> tuple[Any, Any]:
    """(day, instant or `None` where the cell has no time)."""
    return read_day(text, dates), read_instant(text, dates, zone) if has_time(text) else None


def _values(
    table: Table,
    line: int,
    cells: Sequence[str],
    readers: Iterable[tuple[int, Column, Read]],
    constants: dict[str, Any],
    meanings: dict[tuple[str, str], Any],
    profile: Profile,
    problem: Tell,
    repair: Tell,
) -> dict[str, Any] | None:
    """The row's values by field path, or `None` after all of its problems were told."""
    found: dict[str, Any] = dict(constants)
    is_good = True
    for place, column, read in readers:
        cell = csv_uncell(cells[place].strip())
        for part in cell.split(column.split) if column.split else (cell,):
            text = part.strip()
            if not text or text.casefold() in column.blank:
                continue
            try:
                if (mended := column.repairs.get(text.casefold())) is not None:
                    repair(Problem(table.path, line, column.header, text, f"read as '{mended}'"))
                    text = mended
                if (meant := column.values.get(text.casefold())) is None:
                    _put(found, column, read(text))
                else:
                    found.update((path, meanings[path, other]) for path, other in meant.items())
            except Refused as refusal:
                problem(Problem(table.path, line, column.header, text, str(refusal)))
                is_good = False
    try:
        return _with_money(found, profile) if is_good else None
    except Refused as refusal:
        problem(Problem(table.path, line, "", "", str(refusal)))
        return None


def _put(found: dict[str, Any], column: Column, value: Any) -> None:
    if column.stage:
        found.setdefault(column.path, []).append((column.stage, value))
    elif column.field.many:
        found.setdefault(column.path, []).append(value)
    else:
        found[column.path] = value


def _with_money(found: dict[str, Any], profile: Profile) -> dict[str, Any]:
    """Amounts in minor units of the row's currency, else of the profile's."""
    for path, value in list(found.items()):
        if isinstance(value, _Money):
            plan = profile.pipeline.currency if profile.pipeline else None
            code = found.get(currency_path(path)) or profile.currency or plan
            if code is None:
                raise Refused('amounts without a currency: add currency = "EUR" to the profile')
            found[path] = parse_money(value.text, code, decimal=value.decimal, unit=value.unit)
            found[currency_path(path)] = code
    return found
