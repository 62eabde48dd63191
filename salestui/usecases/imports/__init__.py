"""Taking over records from another system, repeatably and in one transaction."""

from salestui.usecases.imports.importing import import_batches
from salestui.usecases.imports.records import (
    LONGEST_ID,
    ROW_ID,
    Batch,
    Imported,
    PipelineToMake,
    Record,
    Ref,
    StageToMake,
    Tally,
)

__all__ = [
    "LONGEST_ID",
    "ROW_ID",
    "Batch",
    "Imported",
    "PipelineToMake",
    "Record",
    "Ref",
    "StageToMake",
    "Tally",
    "import_batches",
]
