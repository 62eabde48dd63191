"""A file whose columns are understood, row by row as records, with every problem located."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from salestui.errors import Refused
from salestui.interchange.cells import DeferredMoney
from salestui.interchange.fields import currency_path
from salestui.interchange.folding import folded
from salestui.interchange.profiles.schema import Column, Profile
from salestui.interchange.readers import Table
from salestui.models.vocabulary import StageKind
from salestui.text import clean, csv_uncell, parse_money
from salestui.usecases.imports import LONGEST_ID, ROW_ID, Record

_KINDRED = {"name": ("first_name", "last_name"), "title": ("client", "product")}
_LONGEST_CELL = 4 * LONGEST_ID

Filled = tuple[str, Any, bool]
"""A field's path, its value, and whether the value joins others of the field."""

Tell = Callable[[int, str, str, str], None]
"""Is told a line, a header, a cell's text and what is wrong with it, or was mended."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What one cell says, what was mended in it, and why it cannot be understood.

    `said` is the same in words: it changes when the meaning does.
    """

    values: tuple[Filled, ...]
    repairs: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str], ...]
    said: str
    plain: dict[str, Any] | None = field(init=False)
    """The values by path, where there is nothing else to it: as it is with nearly every cell."""

    def __post_init__(self) -> None:
        is_plain = not (self.repairs or self.faults) and not any(
            joins or path == "closed_on" or isinstance(value, DeferredMoney)
            for path, value, joins in self.values
        )
        by_path = {path: value for path, value, _ in self.values} if is_plain else None
        object.__setattr__(self, "plain", by_path)


Reader = Callable[[str], Meant]


@dataclass(slots=True)
class Reading:
    """A file about to be read: how each column is meant is settled.

    `read` and `skipped` count rows, `folded` those that tell of a deal that an other row tells of too.
    """

    table: Table
    profile: Profile
    columns: list[tuple[int, str, Reader]]
    constants: list[Filled]
    keys: list[int]
    currency: str | None
    read: int = 0
    skipped: int = 0
    folded: int = 0
    fills: Mapping[str, int] = field(default_factory=dict)

    def records(self, *, problem: Tell, repair: Tell) -> Iterator[Record]:
        """Each good row as a record; of a row with problems all are told, a repair is only told.

        Where a row is a change of a deal's stage, each deal is a record.
        """
        rows = self._rows(problem, repair)
        if not self.profile.has_changes:
            yield from rows
            return
        plan = self.profile.pipeline
        after = (
            [each.name for each in plan.stages if each.kind == StageKind.AFTER_SALE] if plan else []
        )
        deals = folded(rows, after)
        self.folded = self.read - self.skipped - len(deals)
        yield from deals

    def _rows(self, problem: Tell, repair: Tell) -> Iterator[Record]:
        self.read = self.skipped = self.folded = 0
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
            if meant.plain is not None:
                found.update(meant.plain)
                continue
            _fill(found, meant.values)
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
            raise _Fault(header, key, f"an id of more than {LONGEST_ID} characters")
        return key


def _fill(found: dict[str, Any], values: Sequence[Filled]) -> None:
    for path, value, joins in values:
        if joins:
            found.setdefault(path, []).append(value)
        elif path == "closed_on" and path in found:
            # Won and lost have a day each: of a deal lost, opened again and won the later counts.
            found[path] = max(found[path], value)
        else:
            found[path] = value


class _Told(Exception):
    """The row's problems have been told."""


class _Fault(Refused):
    """What is wrong with a row, and the cell to blame."""

    def __init__(self, header: str, text: str, reason: str) -> None:
        super().__init__(reason)
        self.header, self.text = header, text


def header_of(profile: Profile, path: str) -> str:
    """The column that fills a field, else the one that what the field belongs to is in."""
    if path == ROW_ID and profile.external_id:
        return profile.external_id[0]
    for wanted in (path, *_KINDRED.get(path, ()), path.partition(".")[0]):
        for column in profile.columns:
            if wanted in paths_of(column):
                return column.header
    return ""


def paths_of(column: Column) -> set[str]:
    """Every field that the column may fill."""
    return {column.path}.union(*column.values.values())
