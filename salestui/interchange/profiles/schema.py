"""What a profile says: which entity a file holds, and which column fills which field, how."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as filled_by

from salestui.interchange.fields import Field
from salestui.interchange.values import DateOrder, DecimalSign

Filled = Mapping[str, str]
"""Fields and the text each is filled with, as if a column had held it."""


@dataclass(frozen=True, slots=True)
class Column:
    """How one column fills `path` (`field` in the catalogue).

    `values` stands for other words, and may fill several fields at once; `repairs` does the same
    for mistakes, and is reported. Both are looked up without regard to case.
    """

    header: str
    path: str
    field: Field
    values: Mapping[str, Filled] = filled_by(default_factory=dict)
    repairs: Mapping[str, str] = filled_by(default_factory=dict)
    blank: frozenset[str] = frozenset()
    """Cells that stand for an empty one, in lower case ("0", "n/a")."""
    by: str = "name"
    """What a reference holds: "name", "email" or "external_id"."""
    stage: str = ""
    """The stage an `entered_on` date is about; the row's own where it is empty."""
    split: str = ""
    """What parts the items of a list in one cell."""
    unit: int = 1
    """What amounts are counted in."""
    is_optional: bool = False
    """Whether the file is recognised without this column."""


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage to be made if the pipeline has none of that name."""

    name: str
    kind: str = "sale"
    probability: int = 0
    idle_days: int | None = None


@dataclass(frozen=True, slots=True)
class PipelinePlan:
    """The pipeline the deals belong to; it and its stages are made where they are missing."""

    name: str
    currency: str | None = None
    stages: tuple[StagePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A header profile: how files with these headers are taken over."""

    name: str
    entity: str
    columns: tuple[Column, ...]
    title: str = ""
    source: str = ""
    """Under this name the external ids are kept; files of one system share it."""
    external_id: tuple[str, ...] = ()
    """The headers whose cells together identify a row in its source."""
    ignored: tuple[str, ...] = ()
    """Headers that are known and not taken over."""
    constants: Filled = filled_by(default_factory=dict)
    pipeline: PipelinePlan | None = None
    dates: DateOrder | None = None
    decimal: DecimalSign | None = None
    currency: str | None = None
    time_zone: str = "UTC"
    encoding: str | None = None
    delimiter: str | None = None
    amount_from_list_price: bool = False
    """Whether a deal without an amount takes its product's list price, and the report says so."""

    @property
    def has_changes(self) -> bool:
        """Whether a row is a change of a deal's stage, on the day in `entered_on`."""
        return any(each.path == "entered_on" and not each.stage for each in self.columns)
