"""Histories of a funnel whose first stage passes a share on, and what the deviations report says of them."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from salestui.analytics.report import Report
from salestui.analytics.scope import ask
from salestui.analytics.stages.deviations import deviations
from salestui.text import Period
from tests.analytics.book import STAGES, Book, Life, Move

FIRST, DEMO, OFFER = STAGES
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28), "2026-02")


def run(book: Book, by: str | None = None, against: str = "reference", **scope: Any) -> Report:
    return book.store.read(
        lambda reader: deviations(reader, ask(reader, **scope), by, against=against)
    )


def steady(book: Book, share: float, days: range, *, seed: int = 1, **about: Any) -> None:
    """Four enquiries a day; of each day the same share goes on to a demo, the rest is lost in it."""
    random = Random(seed)
    lives = []
    for day in days:
        for _ in range(4):
            goes = random.random() < share
            moves = [Move(day - 5), Move(day, DEMO)]
            moves.append(
                Move(day + 3, DEMO, "won")
                if random.random() < 0.5
                else Move(day + 3, DEMO, "lost", "Timing")
            )
            if not goes:
                moves = [Move(day - 5), Move(day, FIRST, "lost", about.get("reason", "Price"))]
            lives.append(
                Life(moves, 1000_00, owner=about.get("owner", random.choice(("Ona", "Jonas"))))
            )
    book.add(*lives)
