"""CSV files as tables of text: encoding and delimiter found, read strictly, row by row.

A `Table` can be read as often as needed and holds no rows itself, so that a file can be looked
at as a whole first (date formats) and taken over then, in a few megabytes.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from salestui.errors import Refused
from salestui.interchange.dialect import Dialect, find_dialect
from salestui.interchange.encoding import detect_encoding, named_encoding
from salestui.interchange.problems import Problem, shown
from salestui.interchange.source import Source, source_of
from salestui.text import clean, fold

MAX_COLUMNS = 500
MAX_CELL = 32 * 1024
_LONGEST_HEADER = 200
_HEAD = 1 << 16

Row = tuple[int, tuple[str, ...]]
"""The physical line a record begins on, counted from 1, and its cells as they stand there."""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file: how it is written, its headers (cleaned, each once), and its rows on demand."""

    path: str
    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    source: Source
    dialect: Dialect

    def rows(self, on_problem: Callable[[Problem], None] | None = None) -> Iterator[Row]:
        """Yield every row that is as wide as the header, from the beginning of the file.

        Blank rows are passed over; a row of another width goes to `on_problem`. What makes the
        file's structure doubtful (an open quote, an endless cell) raises `Refused`.
        """
        records = _records(self.source, self.encoding, self.dialect)
        next(records)
        width = len(self.headers)
        for line, cells in records:
            if len(cells) != width:
                cells = cells[:width] + [cell for cell in cells[width:] if cell.strip()]
            if len(cells) == width:
                if any(cells):
                    yield line, tuple(cells)
            elif any(cell.strip() for cell in cells) and on_problem is not None:
                reason = f"the row has {len(cells)} cells, the header {width}"
                on_problem(Problem(self.path, line, "", "", reason))


def header_key(header: str) -> str:
    """What two spellings of a header have in common: the folded words."""
    return fold(header) or header.casefold()


def read_table(
    content: Path | str | bytes,
    *,
    name: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Table:
    """Open a CSV file (or its bytes, called `name`) and read its header.

    `encoding` and `delimiter` are found unless given. Raises `Refused` for a file that is
    missing, unreadable, empty, too big, no text, or has no header.
    """
    source = source_of(content, name)
    codec = named_encoding(source, encoding) if encoding else detect_encoding(source)
    with _text(source, codec) as stream:
        head = stream.read(_HEAD)
    dialect = find_dialect(head, delimiter)
    line, cells = next(_records(source, codec, dialect), (0, []))
    if not any(cell.strip() for cell in cells):
        raise Refused(f"{source.name} has no header row.")
    if len(cells) > MAX_COLUMNS:
        raise Refused(
            f"{source.name}, line {line}: {len(cells)} columns; {MAX_COLUMNS} is the limit."
        )
    headers = _headers(cells)
    return Table(
        source.name, codec.removesuffix("-sig"), dialect.delimiter, headers, source, dialect
    )


def _headers(cells: list[str]) -> tuple[str, ...]:
    """Clean headers, each different from the others when folded; blank ones get their number."""
    while not cells[-1].strip():
        cells = cells[:-1]
    headers: list[str] = []
    seen: set[str] = set()
    for position, cell in enumerate(cells, 1):
        title = clean(cell[:_LONGEST_HEADER]) or f"column {position}"
        header, copy = title, 1
        while header_key(header) in seen:
            copy += 1
            header = f"{title} ({copy})"
        seen.add(header_key(header))
        headers.append(header)
    return tuple(headers)


def _text(source: Source, encoding: str) -> TextIO:
    return io.TextIOWrapper(source.open(), encoding=encoding, newline="")


def _records(source: Source, encoding: str, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not an empty line, the header first, with the line it begins on."""
    with _text(source, encoding) as stream:
        for _ in range(dialect.skipped):
            stream.readline()
        reader = csv.reader(
            stream,
            delimiter=dialect.delimiter,
            skipinitialspace=dialect.skips_blank,
            strict=True,
        )
        line = dialect.skipped + 1
        try:
            for cells in reader:
                if cells:
                    if max(map(len, cells)) > MAX_CELL:
                        raise Refused(_too_long(source, line, cells))
                    yield line, cells
                line = dialect.skipped + reader.line_num + 1
        except csv.Error as error:
            raise Refused(f"{source.name}, line {line}: {_reason(error)}") from None
        except UnicodeError:
            raise Refused(f"{source.name} has changed while it was read.") from None


def _too_long(source: Source, line: int, cells: list[str]) -> str:
    position, cell = max(enumerate(cells, 1), key=lambda numbered: len(numbered[1]))
    return (
        f"{source.name}, line {line}, column {position}: a cell of {len(cell):,} characters; "
        f'{MAX_CELL:,} is the limit. Is a quote left open at "{shown(cell[:40])}"?'
    )


def _reason(error: csv.Error) -> str:
    said = str(error)
    if "unexpected end of data" in said:
        return "a quote is opened here and never closed."
    if "field larger" in said:
        return f"a cell longer than {MAX_CELL:,} characters; is a quote left open here?"
    if "expected after" in said:
        return "text follows a closing quote; a quote within a cell is written twice."
    return f"it cannot be read as CSV ({said})."
