"""What parts the cells of a file: the delimiter its first records agree on."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from salestui.errors import Refused

DELIMITERS = (",", ";", "\t")

_SEP_LINE = re.compile(r'"?sep=([^\w\s"]|\t)"?(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SIGN = re.compile(r'[^\w\r\n"]')
_RECORDS = 200


@dataclass(frozen=True, slots=True)
class Dialect:
    """`skipped` lines (a `sep=` line) come before the header."""

    delimiter: str
    skips_blank: bool
    """Whether blanks after a delimiter are no part of the cell (`a, "b, c"`)."""
    skipped: int = 0


def find_dialect(text: str, delimiter: str | None = None) -> Dialect:
    """Return the dialect of a file that begins with `text`; `delimiter` overrules what is found.

    Of the delimiters, the one by which most records have as many cells as the header wins.
    Raises `Refused` for a delimiter that is not one sign.
    """
    if delimiter is not None and not _SIGN.fullmatch(delimiter):
        raise Refused("A delimiter is one sign, such as a comma, a semicolon or a tab.")
    skipped = 0
    if sep := _SEP_LINE.match(text):
        delimiter, skipped = delimiter or sep[1], 1
        text = text[sep.end() :]
    if delimiter is None:
        scores = {sign: _consistency(text, sign) for sign in DELIMITERS}
        delimiter = max(DELIMITERS, key=lambda sign: scores[sign])
    return Dialect(delimiter, f'{delimiter} "' in text, skipped)


def _consistency(text: str, delimiter: str) -> tuple[float, int]:
    """The share of records as wide as the header, and that width; (0, 1) for a single column."""
    widths = [len(record) for record in islice(_records(text, delimiter), _RECORDS) if record]
    if not widths or widths[0] < 2:
        return 0.0, 1
    # The last record may have been cut where `text` ends.
    compared = widths[1:-1] or widths[1:] or widths
    return sum(width == widths[0] for width in compared) / len(compared), widths[0]


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    except csv.Error:
        return  # a wrong delimiter may make quotes swallow the rest; what was read counts
