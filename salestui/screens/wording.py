"""How deals, tasks and dealings are put on lines, the same on every screen. Pure text of exact width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.cells import cell_len

from salestui.text import cell, day_words, format_money, initials, wrapped
from salestui.widgets.line_list import Line, Piece, line

if TYPE_CHECKING:
    from salestui.queries.activity_log import Dealing
    from salestui.queries.client_card import ClientDeal

_INDENT = 15
_ONE_LINE = 180
"""Cells from which a dealing's words stand beside its client and deal, not below."""

_NAMES = 100
"""Cells from which a rep has a name and not its initials, and a deal its next step beside it."""

ARROWS = {"in": "← in", "out": "→ out", "none": ""}
_SIGNS = {"in": "←", "out": "→", "none": " "}
_NARROW_INDENT = 13


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
    """A client's deal: title, stage or outcome, amount, owner; what comes next or what came."""
    amount = money(deal.amount_minor, deal.currency)
    word, style = OUTCOMES.get(deal.outcome, ("", "text"))
    state = deal.stage if deal.outcome == "open" else word
    following = _next_of(deal, today)
    if width < _NAMES:
        title = max(12, width - 16 - 18 - 4)
        owner = (initials(deal.owner), 3, "muted")
    else:
        title = max(12, min(40, width - 18 - 18 - 24 - 4))
        owner = ("", 0, "muted")
        following = joined(following, deal.owner)
    parts = fitted(
        (deal.title, title, "title"), (state, 15, style), (_right(amount, 17), 17, "text"), owner
    )
    next_style = due_style(deal.next_due_on, today)
    if width < _NAMES:
        yield Line(parts, key)
        yield Line((Piece("  "), Piece(cell(following, max(0, width - 2)), next_style)), key)
    else:
        rest = max(0, width - title - 16 - 18 - 1)
        yield Line((*parts, Piece(cell(following, rest), next_style)), key)


def _right(text: str, width: int) -> str:
    return " " * max(0, width - cell_len(text)) + text


def _next_of(deal: ClientDeal, today: date) -> str:
    if deal.outcome == "won":
        return joined(_on(deal.closed_on), deal.stage if deal.is_active else None)
    if deal.outcome == "lost":
        to = f"to {deal.competitor}" if deal.competitor else None
        return joined(_on(deal.closed_on), deal.loss_reason, to)
    if deal.outcome == "postponed" and deal.postponed_until_on:
        return f"until {deal.postponed_until_on.isoformat()}"
    if deal.next_due_on is None:
        return "! no next step"
    return f"{day_words(deal.next_due_on, today)}: {deal.next_step or ''}"


def _on(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def dealing_lines(
    dealing: Dealing, width: int, today: date, *, key: str, with_client: bool = True
) -> Iterator[Line]:
    """An activity: when, how and with whom; what about and what was agreed; documents."""
    lines = _wide_dealing if width >= _ONE_LINE else _narrow_dealing
    for pieces in lines(dealing, width, today, with_client):
        yield Line(pieces, key)


def _wide_dealing(
    dealing: Dealing, width: int, today: date, with_client: bool
) -> Iterator[tuple[Piece, ...]]:
    when, style = _when(dealing, today)
    how = dealing.kind
    if not dealing.is_open:
        how = joined(how, ARROWS.get(dealing.direction), by=" ")
    rest = width - 14 - 20 - 2
    room = min(80, rest // 2)
    about = _kept_end(
        joined(dealing.client if with_client else None, dealing.deal),
        joined(
            dealing.stage if dealing.deal else None,
            dealing.rep,
            None if dealing.minutes is None else f"{dealing.minutes} min",
        ),
        room,
    )
    yield (
        *fitted((when, 14, style), (how, 19, "title"), (about, room, "text")),
        Piece(cell(_said(dealing), rest - room - 1)),
    )
    if more := joined(_met(dealing), _papers(dealing)):
        yield Piece(" " * _INDENT), Piece(cell(more, max(0, width - _INDENT)), "muted")


def _narrow_dealing(
    dealing: Dealing, width: int, today: date, with_client: bool
) -> Iterator[tuple[Piece, ...]]:
    """What is short stands at the edges of the first line, where no long name can cut it."""
    when, style = _when(dealing, today)
    sign = " " if dealing.is_open else _SIGNS.get(dealing.direction, " ")
    minutes = "" if dealing.minutes is None else f"{dealing.minutes} min"
    rep, rep_room = (dealing.rep or "", 18) if width >= _NAMES else (initials(dealing.rep), 3)
    met = _met(dealing)
    room = max(0, width - _NARROW_INDENT)
    who = dealing.client or "" if with_client else met
    rest = max(0, room - 16 - 1 - 8 - rep_room - 1)
    yield fitted(
        (when, _NARROW_INDENT - 1, style), (f"{sign} {dealing.kind}", 15, "title"),
        (who, rest, "text"), (_right(minutes, 7), 7, "muted"), (rep, rep_room, "muted"),
    )  # fmt: skip
    if not with_client:
        met = ""
    indent = Piece(" " * _NARROW_INDENT)
    if dealing.deal:
        stage = dealing.stage or ""
        share = max(room // 2, min(room - 12, cell_len(stage) + 12)) if met else room
        deal = _kept_end(dealing.deal, stage, share)
        people = cell(met, room - cell_len(deal) - 2)
        yield indent, Piece(f"{deal}  ", "text"), Piece(people, "muted")
    elif met:
        yield indent, Piece(cell(met, room), "muted")
    for text, text_style in ((_said(dealing), "text"), (_papers(dealing), "muted")):
        if text:
            yield indent, Piece(cell(text, room), text_style)


def _when(dealing: Dealing, today: date) -> tuple[str, str]:
    """The day done, or due, and its style."""
    day = dealing.on_day
    if not dealing.is_open:
        return "undated" if day is None else _past(day, today), "muted"
    when = "☐ no day" if day is None else f"☐ {day_words(day, today)}"
    return when, "accent" if day is not None and day > today else due_style(day, today)


def _said(dealing: Dealing) -> str:
    return joined(dealing.subject, dealing.outcome and f"agreed: {dealing.outcome}", by=" — ")


def _kept_end(start: str, end: str, width: int) -> str:
    """Both in at most `width` cells, as terminals draw them; the start is cut first."""
    start, end = cell(start, width).rstrip(), cell(end, width).rstrip()
    whole = joined(start, end)
    if cell_len(whole) <= width:
        return whole
    room = max(4, width - cell_len(end) - 3)
    return cell(joined(cell(start, room).rstrip(), end), width).rstrip()


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


NOT_TODAY = (
    "This is an earlier day: what is {0} is {0} today. A with today, on 5, 6 or 7, goes back to it."
)
"""What is answered to who would say or decide something as of an earlier day."""
