"""The board as a reload would show it after a move: a key must not wait for one. Pure."""

from __future__ import annotations

from bisect import insort
from dataclasses import replace
from datetime import date

from salestui.queries.board import PAST_CLOSE, Board, Card, Column, Total, stalled
from salestui.text.days import to_day


def moved(board: Board, card: Card, to_stage_id: str, version: int) -> Board:
    """The board after one of its cards has gone to another stage today: what a reload would show."""
    target = next((column for column in board.columns if column.stage_id == to_stage_id), None)
    home = next((c for c in board.columns if any(each is card for each in c.cards)), None)
    if target is None or home is None:
        return board
    reasons = stalled(
        days=0,
        idle_days=target.idle_days,
        has_step=card.next_step is not None,
        expected_close_on=card.expected_close_on if PAST_CLOSE in card.stalled else None,
        today=board.today,
    )
    card_there = card._replace(
        stage_id=to_stage_id, version=version, days_in_stage=0, stalled=reasons
    )
    columns = tuple(
        _with(column, card_there, board.today)
        if column is target
        else _without(column, card)
        if column is home
        else column
        for column in board.columns
    )
    return board._replace(columns=columns)


def _with(column: Column, card: Card, today: date) -> Column:
    cards = list(column.cards)
    insort(cards, card, key=lambda each: _rank(each, today))
    totals = _added(column, card, 1)
    return replace(column, cards=tuple(cards), count=column.count + 1, totals=totals)


def _without(column: Column, card: Card) -> Column:
    cards = tuple(each for each in column.cards if each is not card)
    return replace(column, cards=cards, count=column.count - 1, totals=_added(column, card, -1))


def _rank(card: Card, today: date) -> tuple[int, int, str]:
    """Overdue, today, without next step, later: the order of the statement above."""
    if card.next_due_on is None:
        return 2, 0, card.deal_id
    due = to_day(card.next_due_on)
    ahead = due - to_day(today)
    return (0 if ahead < 0 else 1 if ahead == 0 else 3), due, card.deal_id


def _added(column: Column, card: Card, sign: int) -> tuple[Total, ...]:
    """The totals with the card or without it. What is not loaded has no part in a currency's first line."""
    totals = {total.currency: total for total in column.totals}
    if card.amount_minor is None and card.currency not in totals:
        return column.totals
    others = [each for each in column.cards if each is not card and each.currency == card.currency]
    had = totals.get(card.currency, Total(card.currency, 0, 0, len(others)))
    amount = had.amount_minor + sign * (card.amount_minor or 0)
    if (
        sign < 0
        and card.amount_minor is not None
        and not amount
        and all(each.amount_minor is None for each in others)
    ):
        del totals[card.currency]
    else:
        made = Total.of(card.currency, amount, had.deals + sign, column.probability)
        totals[card.currency] = made
    return tuple(sorted(totals.values(), key=lambda each: (-each.amount_minor, each.currency)))
