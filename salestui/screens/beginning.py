"""What an empty list says while the store has little in it: the key that leads on."""

from __future__ import annotations

from collections.abc import Iterator

from salestui.queries.beginnings import Beginnings
from salestui.widgets.first_steps import NO_DEALS, NO_PIPELINE
from salestui.widgets.line_list import Line, line

NO_CLIENT = "No clients yet. Press 3, then N for the first."
FROM_FILES = "What you have in files comes in by: salestui import FILE.csv"


def beginning_lines(store: Beginnings | None) -> Iterator[Line]:
    """What is to be done first; nothing once there are deals, or where it is not known."""
    if store is None or store.has_deal:
        return
    if not store.has_pipeline:
        yield line((NO_PIPELINE, "hint"))
    elif not store.has_client:
        yield line((NO_CLIENT, "hint"))
    else:
        yield line((NO_DEALS, "hint"))
    if not store.has_client:
        yield line((FROM_FILES, "hint"))
