"""Every table, imported together so that the metadata are complete."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from salestui.models import plans, work

__all__ = ["plans", "schema", "work"]


def schema() -> MetaData:
    """All tables as a migration would make them, partial indexes with their condition."""
    metadata = SQLModel.metadata
    for table in metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                for engine in ("sqlite", "postgresql"):
                    index.dialect_kwargs[f"{engine}_where"] = index.info["where"]
    return metadata
