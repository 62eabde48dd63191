"""What an import is given, what a record becomes, and what is reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from salestui.errors import Refused

ROW_ID = "id"
"""The field path that stands for what tells a record apart in its source."""

LONGEST_ID = 200
"""Characters of a source's id for a row: they stand in an index."""


class Unfit(Refused):
    """A record that cannot be used, and the field ("closed_on", "client.city") that is to blame."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.path = path


@dataclass(frozen=True, slots=True)
class Ref:
    """Another entity as a cell names it: by "name", "email", "external_id", or our own "id"."""

    text: str
    by: str = "name"


class Record(NamedTuple):
    """One row of a source: typed values by field path ("name", "client.city").

    `key` tells the row apart in its source; where the source has no ids (`has_own_key` off) it is
    made of the row itself. `digest` changes when anything does that the row says. `cells` is the
    row as it stands in the file, for messages.
    """

    line: int
    key: str
    digest: str
    values: dict[str, Any]
    has_own_key: bool = True
    cells: tuple[str, ...] = ()


@dataclass(slots=True)
class Made:
    """A record as columns: what the source says, and `defaults` for what a new row needs besides.

    `refs` are columns that wait for other rows of the same file, which may come later in it.
    The rest belongs to the row: media by kind, reps who assist, contacts met, the line of a deal.
    """

    columns: dict[str, Any]
    defaults: dict[str, Any] = field(default_factory=dict)
    refs: dict[str, Ref] = field(default_factory=dict)
    media: dict[str, list[str]] = field(default_factory=dict)
    rep_ids: list[str] = field(default_factory=list)
    contact_ids: list[str] = field(default_factory=list)
    line: dict[str, Any] | None = None
    entered: list[tuple[str, date]] = field(default_factory=list)
    """Stages of a deal with the day each was entered, in the order of the days."""
    after_sale: frozenset[str] = frozenset()
    """Which of its stages come after the sale."""
    first_stage_id: str = ""
    opening_amount: int | None = None


@dataclass(frozen=True, slots=True)
class StageToMake:
    name: str
    kind: str = "sale"
    probability: int = 0
    idle_days: int | None = None


@dataclass(frozen=True, slots=True)
class PipelineToMake:
    """A pipeline and the stages to be made where they are missing."""

    name: str
    currency: str | None = None
    stages: tuple[StageToMake, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """The records of one file. `problem(record, field path, reason)` tells one that cannot be used.

    `fills`: how many columns may fill each field path, whether or not a record does.
    """

    name: str
    entity: str
    source: str
    records: Iterator[Record]
    problem: Callable[[Record, str, str], None]
    fills: Mapping[str, int] = field(default_factory=dict)
    currency: str | None = None
    pipeline: PipelineToMake | None = None
    amount_from_list_price: bool = False


@dataclass(slots=True)
class Tally:
    """What became of the records of one file; `notes` are counted remarks in words."""

    name: str
    entity: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    notes: dict[str, int] = field(default_factory=dict)

    def note(self, words: str) -> None:
        self.notes[words] = self.notes.get(words, 0) + 1


@dataclass(frozen=True, slots=True)
class Imported:
    """An import: a tally a file, and the sentence for the audit trail."""

    tallies: tuple[Tally, ...]
    summary: str
