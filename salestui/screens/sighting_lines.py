"""Competitors that were met, put on lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salestui.queries.sightings import Sighting
from salestui.screens.wording import heading, joined
from salestui.text import cell
from salestui.widgets.line_list import Line, line

_TOLD = 8
"""Notes told on a card; the command 'competitor sightings' tells all."""


def sighting_lines(
    sightings: Sequence[Sighting], width: int, *, with_deal: bool = True
) -> Iterator[Line]:
    """The competitors met: when, who with what, in which deal, and what was noted."""
    if not sightings:
        return
    yield heading(f"Competitors met ({len(sightings)})", width)
    for each in sightings[:_TOLD]:
        who = joined(each.competitor, each.product, by=": ")
        said = joined(each.deal if with_deal else None, " ".join(each.notes.split()))
        name = min(36, max(12, width // 3))
        yield line(
            (cell(each.seen_on.isoformat(), 12), "muted"),
            (cell(who, name), "title"),
            (cell(f"  {said}", max(0, width - 12 - name)), "text"),
        )
    if len(sightings) > _TOLD:
        rest = f"and {len(sightings) - _TOLD:,} more"
        yield line((cell(rest, width), "hint"))
    yield line()
