"""How a table is read by a profile: its columns found, their formats settled, each cell understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from salestui.errors import Refused
from salestui.interchange.cells import cell_reader, read_text
from salestui.interchange.fields import Kind, currency_path, find_field
from salestui.interchange.profiles.schema import Column, Profile
from salestui.interchange.readers import Table, header_key
from salestui.interchange.rows import Filled, Meant, Reader, Reading, paths_of
from salestui.interchange.values import DateOrder, DecimalSign, date_format, decimal_sign
from salestui.text import csv_uncell

_REMEMBERED = 20_000
_DATES = (Kind.DAY, Kind.MOMENT)
_NUMBERS = (Kind.MONEY, Kind.QUANTITY, Kind.PERCENT)


@dataclass(frozen=True, slots=True)
class Formats:
    """What the person says of the file's dates and numbers, where the columns do not tell."""

    dates: DateOrder | None = None
    decimal: DecimalSign | None = None


def prepare(table: Table, profile: Profile, formats: Formats) -> Reading:
    """Settle how the table's columns are read. Raises `Refused`, also where that is for a person to say."""
    placed = [*_places(table, profile)]
    plan = profile.pipeline.currency if profile.pipeline else None
    currency = profile.currency or plan
    own = Counter(path for _, column in placed for path in paths_of(column))
    own.update(profile.constants.keys())
    _check_currency(table, profile, own, currency)
    settled = _settled(table, profile, placed, formats)
    columns = [
        (
            place,
            column.header,
            _Remembered(
                _reader(profile, column, dates, decimal, _fixed(own, currency))
            ).__getitem__,
        )
        for place, column, dates, decimal in settled
    ]
    return Reading(
        table=table,
        profile=profile,
        columns=columns,
        constants=_constants(profile, _fixed(own, currency)),
        keys=[_place_of(table, header) for header in profile.external_id],
        currency=currency,
        fills=own,
    )


def _check_currency(
    table: Table, profile: Profile, own: Collection[str], currency: str | None
) -> None:
    """Amounts are somebody's money: what currency they are in is not guessed."""
    if currency is None and any(_is_money(profile, p) and currency_path(p) not in own for p in own):
        raise Refused(
            f'{table.path} has amounts without a currency: add currency = "EUR", or the one '
            "it is, to the profile."
        )


def _is_money(profile: Profile, path: str) -> bool:
    found = find_field(profile.entity, path)
    return found is not None and found.kind is Kind.MONEY


def _fixed(own: Collection[str], currency: str | None) -> Callable[[str], str | None]:
    """The currency of an amount, where it is the same in every row."""
    return lambda path: None if currency_path(path) in own else currency


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


def _settled(
    table: Table, profile: Profile, placed: Sequence[tuple[int, Column]], formats: Formats
) -> Iterator[tuple[int, Column, DateOrder, DecimalSign | None]]:
    """How each column writes its dates and numbers: as said, else as the whole column shows."""
    said_dates, said_decimal = formats.dates or profile.dates, formats.decimal or profile.decimal
    seen: dict[int, dict[str, None]] = {}
    for place, column in placed:
        kind = column.field.kind
        if (kind in _DATES and not said_dates) or (kind in _NUMBERS and not said_decimal):
            seen[place] = {}
    if seen:
        for _, cells in table.rows():
            for place, texts in seen.items():
                text = cells[place]
                # An ISO date and a number without a sign tell nothing; what is left are few.
                if (text and not text[:4].isdigit()) or "." in text or "," in text:
                    texts[text] = None
    for place, column in placed:
        dates, decimal = said_dates, said_decimal
        try:
            if place in seen and column.field.kind in _DATES:
                dates = date_format(seen[place], column=column.header)
            elif place in seen:
                decimal = decimal_sign(seen[place], column=column.header)
        except Refused as refusal:
            raise Refused(f"{table.path}: {refusal}") from None
        yield place, column, dates or "iso", decimal


def _reader(
    profile: Profile,
    column: Column,
    dates: DateOrder,
    decimal: DecimalSign | None,
    currency: Callable[[str], str | None],
) -> Reader:
    """Everything a column's cell goes through: unguarded, split, blank, mended, translated, read."""
    zone = profile.time_zone
    own = cell_reader(
        column.field,
        dates,
        decimal,
        zone,
        by=column.by,
        unit=column.unit,
        code=currency(column.path),
    )
    meanings = {word: _typed(profile, meant, currency) for word, meant in column.values.items()}
    joins = column.field.many or bool(column.stage)
    code = currency(column.path)
    filled = partial(_filled, column.path, joins, code if column.field.kind is Kind.MONEY else None)

    def read(cell: str) -> Meant:
        values: list[Filled] = []
        repairs, faults = [], []
        cell = csv_uncell(cell.strip())
        for part in cell.split(column.split) if column.split else (cell,):
            text = part.strip()
            mended = column.repairs.get(text.casefold())
            if mended is not None:
                repairs.append((text, mended))
                text = mended
            if not text or text.casefold() in column.blank:
                continue
            meant = meanings.get(text.casefold())
            try:
                if meant is not None:
                    values += meant
                elif (value := own(text)) is not None:
                    values += filled((column.stage, value) if column.stage else value)
            except Refused as refusal:
                faults.append((text, str(refusal)))
        return Meant(tuple(values), tuple(repairs), tuple(faults), repr(values))

    return read


def _filled(path: str, joins: bool, code: str | None, value: Any) -> list[Filled]:
    """What a value fills: its field, and with an amount the field of its currency."""
    money = [(currency_path(path), code, False)] if code is not None else []
    return [(path, value, joins), *money]


class _Remembered(dict[str, Meant]):
    """Columns repeat themselves: the same text is read once."""

    def __init__(self, read: Reader) -> None:
        self._read = read

    def __missing__(self, text: str) -> Meant:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[text] = self._read(text)
        return found


def _constants(profile: Profile, currency: Callable[[str], str | None]) -> list[Filled]:
    return [
        (path, [value] if joins else value, joins)
        for path, value, joins in _typed(profile, profile.constants, currency)
    ]


def _typed(profile: Profile, filled: Any, currency: Callable[[str], str | None]) -> list[Filled]:
    """Fields and texts of a profile as a cell would fill them."""
    found = []
    for path, text in filled.items():
        code = currency(path) if _is_money(profile, path) else None
        value, joins = read_text(profile, path, text, code)
        found += _filled(path, joins, code, value)
    return found
