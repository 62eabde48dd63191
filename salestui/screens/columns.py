"""Tables on lines: columns as wide as their texts, the widest giving way where there is no room."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from salestui.text import cell

GAP = "  "
_WIDEST, _NARROWEST = 48, 6


def laid_out(
    rows: Sequence[Sequence[str]], is_right: Sequence[bool], width: int
) -> list[tuple[str, ...]]:
    """The rows' texts, cut or padded to the columns' widths, which fit `width` cells with gaps."""
    widths = [max(map(_cells, texts)) for texts in zip(*rows, strict=True)]
    room = width - len(GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return [
        tuple(
            _put(text, cells, right)
            for text, cells, right in zip(row, widths, is_right, strict=True)
        )
        for row in rows
    ]


def _cells(text: str) -> int:
    """Cells that a text would take, up to the widest that a column becomes."""
    return min(_WIDEST, cell_len(text[:_WIDEST]))


def _put(text: str, cells: int, is_right: bool) -> str:
    # What is set in below another row stays so, whatever its script.
    indent = min(len(text) - len(text.lstrip(" ")), cells)
    shown = " " * indent + cell(text[indent:], cells - indent)
    # Scripts written from the right may be turned round by the terminal: they are never pushed.
    return shown.rstrip().rjust(cells) if is_right and text.isascii() else shown
