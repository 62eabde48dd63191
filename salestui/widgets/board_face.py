"""The words on the deal board: what a card, a column's head and the line above them say.

Pure text of exact cell width; where it stands is `board_layout`'s affair.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from salestui.models.vocabulary import StageKind
from salestui.queries.board import Board, Card, Column, Total
from salestui.text import cell, day_words, format_money, initials

NO_STEP = "no next step"
_STEP_CELLS = 14
"""Cells of the next step that the days in the stage leave it: "! no next step"."""

_LEAST_TITLE = 4
"""Cells below which a title would say nothing."""

CARD_LINES = 3
"""Lines of a card; below them runs the rule that parts it from the next."""

_SUM_WORDINGS = ("{0} {2} · weighted {1}", "{0} · w {1} {2}", "{0} w {1} {2}")
_STAGES_BESIDE = ((99, True), (8, True), (4, True), (8, False), (0, False))
"""Cells of a name and whether sums are said, of stages out of view: the first that fits is used."""


class CardFace(NamedTuple):
    """The lines of a card, `width` cells each, and why it stands still, to be set on its rule.

    `step_style` is how the third line, the next step, is to look: text, late or stalled.
    """

    lines: tuple[str, str, str]
    step_style: str
    stalled: str


@lru_cache(maxsize=2048)
def card_face(card: Card, width: int, today: date) -> CardFace:
    """Word a card: client and owner; title and amount; next step, its day, and days in the stage."""
    # A deal without a step has the room of its third line to say so.
    lacks_step = card.next_step is None and card.next_due_on is None
    reasons = [reason for reason in card.stalled if not (lacks_step and reason == NO_STEP)]
    is_late = card.next_due_on is not None and card.next_due_on < today
    return CardFace(
        lines=(_whose(card, width), _worth(card, width), _next_step(card, width, today)),
        step_style="late" if is_late else "stalled" if reasons != [*card.stalled] else "text",
        stalled=_reasons(reasons, width),
    )


def _whose(card: Card, width: int) -> str:
    """A deal is known by its client first; one without has its title here."""
    return _spread(_start(card.client or card.title, width), initials(card.owner), width)


def _start(text: str, width: int) -> str:
    """As much of a text as `width` cells can show: measuring ten thousand characters is slow."""
    return text[: width * 4 + 16]


def _worth(card: Card, width: int) -> str:
    amount = "no amount" if card.amount_minor is None else _money(card.amount_minor, card.currency)
    # The amount is never cut: 12.3 EUR and 12.3k EUR must not look the same.
    room = width - cell_len(amount) - 1
    title = _start(card.title, width) if card.client and room >= _LEAST_TITLE else ""
    return _spread(title, amount, width) if room >= 0 else cell(amount, width)


def _next_step(card: Card, width: int, today: date) -> str:
    day = None if card.next_due_on is None else day_words(card.next_due_on, today)
    said = ": ".join(part for part in (day, _start(card.next_step or "", width)) if part)
    if not said:
        said = f"! {NO_STEP}" if NO_STEP in card.stalled else "-"
    age = "" if card.days_in_stage is None else f"{card.days_in_stage} d"
    if min(cell_len(said), _STEP_CELLS) + 1 + len(age) > width:
        age = ""
    return _spread(said, age, width) if age else cell(said, width)


def _reasons(reasons: list[str], width: int) -> str:
    """As many reasons as fit after a "!", the others counted."""
    reasons = [_start(reason, width) for reason in reasons]
    for shown in range(len(reasons), 0, -1):
        rest = len(reasons) - shown
        text = f"! {', '.join(reasons[:shown])}" + (f" +{rest}" if rest else "")
        if cell_len(text) <= width:
            return text
    return cell(f"! {reasons[0]}", width) if reasons else ""


def _money(minor: int, currency: str) -> str:
    return f"{format_money(minor, currency, short=True)} {currency}"


def _spread(left: str, right: str, width: int) -> str:
    """`left` cut to leave `right` whole at the other end, or `left` alone where both cannot be."""
    taken = cell_len(right) + 1
    if taken == 1 or width < taken:
        return cell(left, width)
    return f"{cell(left, width - taken)} {cell(right, taken - 1)}"


def head_name(column: Column, width: int, *, before: str = "", after: str = "") -> str:
    """Word a column's first line: name and number of deals, between the marks of what is hidden."""
    name = _start(column.name, width)
    return _spread(f"{before} {name}", f"{column.count:,} {after}", width)


@lru_cache(maxsize=32)
def sum_lines(
    totals: tuple[tuple[Total, ...], ...], width: int, limit: int
) -> tuple[tuple[str, ...], ...]:
    """Word each column's sums, a currency a line (two where weighted does not fit beside it).

    All columns use the widest wording that fits all of them; more than `limit` lines end in
    the number of currencies left out.
    """
    wording = next((w for w in _SUM_WORDINGS if _fits(w, totals, width)), None)
    return tuple(_column_sums(column, wording, limit) for column in totals)


def _fits(wording: str, totals: Iterable[tuple[Total, ...]], width: int) -> bool:
    return all(len(_sum(wording, total)) < width for column in totals for total in column)


def _sum(wording: str, total: Total) -> str:
    amounts = (total.amount_minor, total.weighted_minor)
    sums = (format_money(minor, total.currency, short=True) for minor in amounts)
    return wording.format(*sums, total.currency)


def _column_sums(totals: tuple[Total, ...], wording: str | None, limit: int) -> tuple[str, ...]:
    wordings = (wording,) if wording else ("{0} {2}", "w {1}")
    if limit < len(wordings):
        wordings = wordings[:1]
    lines = tuple(_sum(words, total) for total in totals for words in wordings)
    if len(lines) <= limit:
        return lines
    kept = (limit - 1) // len(wordings)
    rest = len(totals) - kept
    return (
        *lines[: kept * len(wordings)],
        f"+ {rest} currencies" if kept else f"{rest} currencies",
    )


def totals_by_currency(columns: Iterable[Column]) -> tuple[Total, ...]:
    """Add up columns within each currency, never across."""
    sums: dict[str, Total] = {}
    for total in (total for column in columns for total in column.totals):
        had = sums.get(total.currency, Total(total.currency, 0, 0, 0))
        sums[total.currency] = Total(
            total.currency,
            had.amount_minor + total.amount_minor,
            had.weighted_minor + total.weighted_minor,
            had.deals + total.deals,
        )
    return tuple(sums.values())


def overview(board: Board, first: int, shown: int, width: int) -> str:
    """Word the line above the heads: the whole pipeline or, in a window, the stages beside it."""
    hidden = f"{board.hidden:,} hidden by the filter" if board.hidden else ""
    left, right = board.columns[:first], board.columns[first + shown :]
    if not left and not right:
        return cell(f" {_summary(board, hidden)}", width)
    before = after = ""
    for name_width, with_sums in _STAGES_BESIDE:
        stages = [_stages(columns, name_width, with_sums) for columns in (left, right)]
        before = f"◂ {len(left)} {stages[0]}".rstrip() if left else ""
        after = f"{stages[1]} {len(right)} ▸".lstrip() if right else ""
        if cell_len(before) + cell_len(after) + (2 if before else 1) <= width:
            break
    if hidden and cell_len(before) + cell_len(after) + len(hidden) + 4 <= width:
        before = f"{before}  {hidden}"
    return _spread(before, after, width)


def _stages(columns: tuple[Column, ...], name_width: int, with_sums: bool) -> str:
    """Stages with their number of deals and perhaps sums; nothing if names have no room."""
    said = []
    for column in columns if name_width else ():
        name = _start(column.name, name_width)
        name = cell(name, min(name_width, cell_len(name)))
        sums = f": {_plus(column.totals)}" if with_sums and column.totals else ""
        said.append(f"{name} {column.count:,}{sums}")
    return " · ".join(said)


def _plus(totals: Iterable[Total]) -> str:
    return " + ".join(_money(total.amount_minor, total.currency) for total in totals)


def _summary(board: Board, hidden: str) -> str:
    """The deals still to be won; what is won already and on its way is said apart."""
    open_ = [column for column in board.columns if column.kind != StageKind.AFTER_SALE]
    under_way = [column for column in board.columns if column.kind == StageKind.AFTER_SALE]
    totals = totals_by_currency(open_)
    parts = [board.pipeline[:200], _counted(open_, "open"), hidden]
    if totals:
        weighted = " + ".join(_money(total.weighted_minor, total.currency) for total in totals)
        parts += [_plus(totals), f"weighted {weighted}"]
    if under_way:
        won = _plus(totals_by_currency(under_way))
        parts += [f"{_counted(under_way, 'won and under way')} {won}".strip()]
    return " · ".join(part for part in parts if part)


def _counted(columns: Iterable[Column], what: str) -> str:
    count = sum(column.count for column in columns)
    return f"{count:,} {what}"
