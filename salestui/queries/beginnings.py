"""How far a store has been begun: asked where a screen has nothing to show."""

from __future__ import annotations

from typing import Any, NamedTuple

from salestui.store.reader import Reader


class Beginnings(NamedTuple):
    """What a store has of what everything else hangs on."""

    has_pipeline: bool
    has_client: bool
    has_deal: bool


def load_beginnings(reader: Reader) -> Beginnings:
    """How far a store has been begun: what a list that is empty tells to do depends on it."""
    row = reader.row(
        "SELECT EXISTS (SELECT 1 FROM pipeline WHERE deleted_at IS NULL),"
        " EXISTS (SELECT 1 FROM client WHERE deleted_at IS NULL),"
        " EXISTS (SELECT 1 FROM deal WHERE deleted_at IS NULL)"
    )
    return Beginnings(*(bool(each) for each in row or (0, 0, 0)))


def is_empty_store(reader: Reader) -> bool:
    """Whether nobody has started yet: there is no pipeline."""
    found: Any = reader.value("SELECT count(*) FROM pipeline WHERE deleted_at IS NULL")
    return not found
