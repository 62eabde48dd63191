"""A table and its profile become records: typed values by field, with every problem located."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from typing import Any

from salestui.errors import Refused
from salestui.interchange.cells import DeferredMoney, cell_reader, read_text
from salestui.interchange.fields import Kind, currency_path, find_field
from salestui.interchange.profiles.schema import Column, Profile
from salestui.interchange.readers import Table, header_key
from salestui.interchange.values import DateOrder, DecimalSign, date_format, decimal_sign
from salestui.text import clean, csv_uncell, parse_money
from salestui.usecases.imports import LONGEST_ID, ROW_ID, Record

_REMEMBERED = 20_000
_DATES = (Kind.DAY, Kind.MOMENT)
_NUMBERS = (Kind.MONEY, Kind.QUANTITY, Kind.PERCENT)
_KINDRED = {"name": ("first_name", "last_name"), "title": ("client", "product")}
_LONGEST_CELL = 4 * LONGEST_ID

Tell = Callable[[int, str, str, str], None]
"""Is told a line, a header, a cell's text and what is wrong with it, or was mended."""


@dataclass(frozen=True, slots=True)
class Formats:
    """What the person says of the file's dates and numbers, where the columns do not tell."""

    dates: DateOrder | None = None
    decimal: DecimalSign | None = None


@dataclass(frozen=True, slots=True)
class _Meant:
    """What one cell says: (path, value, whether it joins others), or why it says nothing.

    `said` is the same in words: it changes when the meaning does.
    """

    values: tuple[tuple[str, Any, bool], ...]
    repairs: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str], ...]
    said: str


Reader = Callable[[str], _Meant]


@dataclass(slots=True)
class Reading:
    """A file about to be read: how each column is meant is settled. `read` and `skipped` count rows."""

    table: Table
    profile: Profile
    columns: list[tuple[int, str, Reader]]
    constants: list[tuple[str, Any, bool]]
    keys: list[int]
    currency: str | None
    read: int = 0
    skipped: int = 0
    fills: frozenset[str] = field(default_factory=frozenset)

    def records(self, *, problem: Tell, repair: Tell) -> Iterator[Record]:
        """Each good row as a record; of a row with problems all are told, a repair is only told."""
        self.read = self.skipped = 0
        copies: dict[str, int] = {}

        def misshapen(fault: Any) -> None:
            self.read += 1
            self.skipped += 1
            problem(fault.line, "", "", fault.reason)

        for line, cells in self.table.rows(misshapen):
            self.read += 1
            try:
                values, digest = self._values(line, cells, problem, repair)
                key = self._key(cells, copies)
            except _Told:
                self.skipped += 1
            except _Fault as fault:
                self.skipped += 1
                problem(line, fault.header, fault.text, str(fault))
            else:
                yield Record(line, key, digest, values, bool(self.keys), cells)

    def _values(
        self, line: int, cells: Sequence[str], problem: Tell, repair: Tell
    ) -> tuple[dict[str, Any], str]:
        found: dict[str, Any] = {}
        for path, value, joins in self.constants:
            found[path] = [*value] if joins else value
        said: list[str] = []
        is_good = True
        for place, header, read in self.columns:
            text = cells[place]
            if not text:
                said.append("")
                continue
            meant = read(text)
            said.append(meant.said)
            for path, value, joins in meant.values:
                if joins:
                    found.setdefault(path, []).append(value)
                else:
                    found[path] = value
            for part, mended in meant.repairs:
                repair(line, header, part, f"read as '{mended}'")
            for part, reason in meant.faults:
                problem(line, header, part, reason)
                is_good = False
        if not is_good:
            raise _Told
        self._settle_money(found)
        return found, blake2b("\x1f".join(said).encode("utf-8"), digest_size=12).hexdigest()

    def _settle_money(self, found: dict[str, Any]) -> None:
        """Amounts in minor units of the row's own currency, where it may have one."""
        for path, value in list(found.items()):
            if isinstance(value, DeferredMoney):
                code = found.setdefault(currency_path(path), self.currency)
                try:
                    if code is None:
                        raise Refused("the amount has no currency")
                    found[path] = parse_money(
                        value.text, code, decimal=value.decimal, unit=value.unit
                    )
                except Refused as refusal:
                    header = header_of(self.profile, path)
                    raise _Fault(header, value.text, str(refusal)) from None

    def _key(self, cells: Sequence[str], copies: dict[str, int]) -> str:
        """What tells the row apart; a row without an id is told by all it holds."""
        if not self.keys:
            whole = "\x1f".join(cells).encode("utf-8", "replace")
            digest = blake2b(whole, digest_size=12).hexdigest()
            copy = copies[digest] = copies.get(digest, 0) + 1
            return f"{digest}.{copy}"
        parts = [clean(csv_uncell(cells[place].strip())[:_LONGEST_CELL]) for place in self.keys]
        key = "\x1f".join(parts)
        header = self.table.headers[self.keys[0]]
        if not any(parts):
            raise _Fault(header, "", "the id is empty")
        if len(key) > LONGEST_ID:
            raise _Fault(
                header, key, f"an id of {len(key):,} characters; {LONGEST_ID} is the limit"
            )
        return key


class _Told(Exception):
    """The row's problems have been told."""


class _Fault(Refused):
    """What is wrong with a row, and the cell to blame."""

    def __init__(self, header: str, text: str, reason: str) -> None:
        super().__init__(reason)
        self.header, self.text = header, text


def prepare(table: Table, profile: Profile, formats: Formats) -> Reading:
    """Settle how the table's columns are read. Raises `Refused`, also where that is for a person to say."""
    placed = [*_places(table, profile)]
    plan = profile.pipeline.currency if profile.pipeline else None
    currency = profile.currency or plan
    own = {path for _, column in placed for path in _paths(column)} | set(profile.constants)
    _check_currency(table, profile, own, currency)
    settled = _settled(table, profile, placed, formats)
    columns = [
        (
            place,
            column.header,
            _remembering(_reader(profile, column, dates, decimal, _fixed(own, currency))),
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
        fills=frozenset(own),
    )


def header_of(profile: Profile, path: str) -> str:
    """The column that fills a field, else the one that what the field belongs to is in."""
    if path == ROW_ID and profile.external_id:
        return profile.external_id[0]
    for wanted in (path, *_KINDRED.get(path, ()), path.partition(".")[0]):
        for column in profile.columns:
            if wanted in _paths(column):
                return column.header
    return ""


def _paths(column: Column) -> set[str]:
    return {column.path}.union(*column.values.values())


def _check_currency(table: Table, profile: Profile, own: set[str], currency: str | None) -> None:
    """Amounts are somebody's money: what currency they are in is not guessed."""
    if currency is None and any(_is_money(profile, p) and currency_path(p) not in own for p in own):
        raise Refused(
            f'{table.path} has amounts without a currency: add currency = "EUR", or the one '
            "it is, to the profile."
        )


def _is_money(profile: Profile, path: str) -> bool:
    found = find_field(profile.entity, path)
    return found is not None and found.kind is Kind.MONEY


def _fixed(own: set[str], currency: str | None) -> Callable[[str], str | None]:
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
        if place in seen and column.field.kind in _DATES:
            dates = date_format(seen[place], column=column.header)
        elif place in seen:
            decimal = decimal_sign(seen[place], column=column.header)
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

    def read(cell: str) -> _Meant:
        values: list[tuple[str, Any, bool]] = []
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
        return _Meant(tuple(values), tuple(repairs), tuple(faults), repr(values))

    return read


def _filled(path: str, joins: bool, code: str | None, value: Any) -> list[tuple[str, Any, bool]]:
    """What a value fills: its field, and with an amount the field of its currency."""
    money = [(currency_path(path), code, False)] if code is not None else []
    return [(path, value, joins), *money]


def _remembering(read: Reader) -> Reader:
    """Columns repeat themselves: the same text is read once."""
    known: dict[str, _Meant] = {}

    def remembered(text: str) -> _Meant:
        found = known.get(text)
        if found is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            found = known[text] = read(text)
        return found

    return remembered


def _constants(
    profile: Profile, currency: Callable[[str], str | None]
) -> list[tuple[str, Any, bool]]:
    return [
        (path, [value] if joins else value, joins)
        for path, value, joins in _typed(profile, profile.constants, currency)
    ]


def _typed(
    profile: Profile, filled: Any, currency: Callable[[str], str | None]
) -> list[tuple[str, Any, bool]]:
    """Fields and texts of a profile as a cell would fill them."""
    found = []
    for path, text in filled.items():
        code = currency(path) if _is_money(profile, path) else None
        value, joins = read_text(profile, path, text, code)
        found += _filled(path, joins, code, value)
    return found
