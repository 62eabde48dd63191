"""What an import is given and what it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Ref:
    """Another entity as a cell names it: by "name", "email" or "external_id"."""

    text: str
    by: str = "name"


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a source: typed values by field path ("name", "client.city").

    `key` tells the row apart in its source; where the source has no ids (`has_own_key` off) it is
    made of the row itself. `digest` changes when anything in the row does.
    """

    line: int
    key: str
    digest: str
    values: dict[str, Any]
    has_own_key: bool = True


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
    """The records of one file. `problem(line, field, value, reason)` tells one that cannot be used."""

    name: str
    entity: str
    source: str
    records: Iterator[Record]
    problem: Callable[[int, str, str, str], None]
    currency: str | None = None
    pipeline: PipelineToMake | None = None
    amount_from_list_price: bool = False


@dataclass(slots=True)
class Tally:
    """What became of the rows of one file; `notes` are counted remarks in words."""

    name: str
    entity: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    notes: dict[str, int] = field(default_factory=dict)

    def note(self, words: str) -> None:
        self.notes[words] = self.notes.get(words, 0) + 1


@dataclass(frozen=True, slots=True)
class Imported:
    """An import: a tally a file, and the sentence for the audit trail."""

    tallies: tuple[Tally, ...]
    summary: str
