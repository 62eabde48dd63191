"""How deals, tasks and dealings are put on lines, the same on every screen. Pure text of exact width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.cells import cell_len

from salestui.text import cell, day_words, format_money
from salestui.widgets.line_list import Line, Piece, line

if TYPE_CHECKING:
    from salestui.queries.activity_log import Dealing
    from salestui.queries.client_card import ClientDeal

_INDENT = 15
_ONE_LINE = 130
"""Cells from which a dealing's words stand beside its client and deal, not below."""

ARROWS = {"in": "← in", "out": "→ out", "none": ""}


def heading(text: str, width: int, *, right: str = "") -> Line:
    """A line that parts one section from the next."""
    room = max(0, width - cell_len(text) - cell_len(right) - (4 if right else 3))
    tail = f" {right}" if right else ""
    return line(("─ ", "rule"), (text, "head"), (f" {'─' * room}", "rule"), (tail, "muted"))


def fitted(*parts: tuple[str, int, str]) -> tuple[Piece, ...]:
    """(text, cells, style) side by side, each cut or padded to its cells, with a blank between."""
    return tuple(Piece(f"{cell(text, cells)} ", style) for text, cells, style in parts if cells > 0)


def joined(*parts: str | None, by: str = " · ") -> str:
    """What is there of the parts."""
    return by.join(part for part in parts if part)


def money(minor: int | None, currency: str) -> str:
    """An amount, or a word for its absence."""
    return "no amount" if minor is None else format_money(minor, currency)


def due_style(due_on: date | None, today: date) -> str:
    """The style of a due day."""
    if due_on is None or due_on > today:
        return "muted"
    return "late" if due_on < today else "today"


OUTCOMES = {
    "open": ("", "text"),
    "won": ("✓ won", "good"),
    "lost": ("✗ lost", "bad"),
    "postponed": ("… postponed", "accent"),
}
"""Sign and style of an outcome."""


def deal_lines(deal: ClientDeal, width: int, today: date, *, key: str) -> Iterator[Line]:
    """A client's deal on one line: title, stage or outcome, amount, what comes next or what came."""
    amount = money(deal.amount_minor, deal.currency)
    taken = 18 + 18 + 24
    title = max(12, min(40, width - taken - 4))
    rest = max(0, width - title - 18 - 18 - 4)
    word, style = OUTCOMES.get(deal.outcome, ("", "text"))
    state = deal.stage if deal.outcome == "open" else word
    yield Line(
        (
            *fitted(
                (deal.title, title, "title"), (state, 16, style), (_right(amount, 17), 17, "text")
            ),
            Piece(cell(_next_of(deal, today), rest), due_style(deal.next_due_on, today)),
        ),
        key,
    )


def _right(text: str, width: int) -> str:
    return " " * max(0, width - cell_len(text)) + text


def _next_of(deal: ClientDeal, today: date) -> str:
    if deal.outcome == "won":
        return joined(_on(deal.closed_on), deal.stage if deal.is_active else None, deal.owner)
    if deal.outcome == "lost":
        to = f"to {deal.competitor}" if deal.competitor else None
        return joined(_on(deal.closed_on), deal.loss_reason, to, deal.owner)
    if deal.outcome == "postponed" and deal.postponed_until_on:
        return joined(f"until {deal.postponed_until_on.isoformat()}", deal.owner)
    if deal.next_due_on is None:
        return joined("! no next step", deal.owner)
    return joined(f"{day_words(deal.next_due_on, today)}: {deal.next_step or ''}", deal.owner)


def _on(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def dealing_lines(
    dealing: Dealing, width: int, today: date, *, key: str, with_client: bool = True
) -> Iterator[Line]:
    """An activity: when, how and with whom; what about and what was agreed; documents."""
    day = dealing.on_day
    if dealing.is_open:
        when = "☐ no day" if day is None else f"☐ {day_words(day, today)}"
        style = "accent" if day is not None and day > today else due_style(day, today)
    else:
        when, style = ("undated" if day is None else _past(day, today)), "muted"
    how = dealing.kind
    if not dealing.is_open:
        how = joined(how, ARROWS.get(dealing.direction), by=" ")
    about = joined(
        dealing.client if with_client else None,
        dealing.deal,
        dealing.stage if dealing.deal else None,
        dealing.rep,
        None if dealing.minutes is None else f"{dealing.minutes} min",
    )
    said = joined(dealing.subject, dealing.outcome and f"agreed: {dealing.outcome}", by=" — ")
    with_whom = _met(dealing)
    if width >= _ONE_LINE:
        rest = width - 14 - 20 - 2
        about_room = min(80, rest // 2)
        first = (*fitted((about, about_room, "text")), Piece(cell(said, rest - about_room - 1)))
        more: tuple[tuple[str, str], ...] = ((joined(with_whom, _papers(dealing)), "muted"),)
    else:
        first = (Piece(cell(about, max(0, width - 14 - 20 - 2))),)
        more = ((with_whom, "muted"), (said, "text"), (_papers(dealing), "muted"))
    yield Line((*fitted((when, 14, style), (how, 19, "title")), *first), key)
    for text, text_style in more:
        if text:
            shown = cell(text, max(0, width - _INDENT))
            yield Line((Piece(" " * _INDENT), Piece(shown, text_style)), key)


def _past(day: date, today: date) -> str:
    distance = (today - day).days
    if distance == 0:
        return "today"
    return "yesterday" if distance == 1 else day.isoformat()


def _met(dealing: Dealing) -> str:
    people = ", ".join(
        each.name if each.decision_role == "other" else f"{each.name} ({each.decision_role})"
        for each in dealing.met
    )
    return f"with {people}" if people else ""


def _papers(dealing: Dealing) -> str:
    sent = ", ".join(paper.name for paper in dealing.papers if paper.direction == "out")
    came = ", ".join(paper.name for paper in dealing.papers if paper.direction != "out")
    return joined(sent and f"sent: {sent}", came and f"received: {came}", by="; ")


def wrapped(text: str, width: int) -> list[str]:
    """`text` broken into lines of at most `width` cells, at blanks where there are any."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in paragraph.split(" "):
            while cell_len(word) > width > 0:
                head = cell(word, width).rstrip("… ") or word[:1]
                lines += [current] if current else []
                lines.append(head)
                current, word = "", word[len(head) :]
            longer = f"{current} {word}" if current else word
            if cell_len(longer) > width:
                lines.append(current)
                current = word
            else:
                current = longer
        lines.append(current)
    return lines


def text_lines(
    label: str, text: str, width: int, *, most: int = 6, indent: int = 14
) -> Iterator[Line]:
    """A labelled text over as many lines as it needs, up to `most`."""
    rows = wrapped(text, max(10, width - indent))
    if len(rows) > most:
        rows = [*rows[: most - 1], f"{rows[most - 1]} …"]
    for number, row in enumerate(rows):
        name = label if number == 0 else ""
        shown = cell(row, max(0, width - indent))
        yield line((cell(name, indent), "muted"), (shown, "text"))


def labelled(rows: Sequence[tuple[str, str]], width: int, *, indent: int = 14) -> Iterator[Line]:
    """(label, text) pairs, two short ones side by side; empty texts are left out."""
    share = width // 2
    room = max(0, share - indent - 1)
    waiting: tuple[Piece, ...] = ()
    for label, text in ((label, text) for label, text in rows if text):
        name = Piece(cell(label, indent), "muted")
        if cell_len(text) > room or share < 36:
            if waiting:
                yield Line(waiting)
                waiting = ()
            yield Line((name, Piece(cell(text, max(0, width - indent)))))
        elif waiting:
            yield Line((*waiting, name, Piece(cell(text, room))))
            waiting = ()
        else:
            waiting = (name, Piece(cell(text, room) + " "))
    if waiting:
        yield Line(waiting)
