"""The deal board: one statement gives the totals over all deals and the cards of each column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Card:
    """A deal as the board shows it. Money in minor units, days whole, `None` where nothing is known."""

    deal_id: str
    number: int
    version: int
    title: str
    client_id: str | None
    client: str | None
    owner_id: str | None
    owner: str | None
    stage_id: str
    amount_minor: int | None
    currency: str
    days_in_stage: int | None
    next_step: str | None
    next_due_on: date | None
    expected_close_on: date | None
    stalled: tuple[str, ...]
    """Why the deal stands still, in words ("12 of 7 days", "no next step", "past its close"); empty if it moves."""


@dataclass(frozen=True, slots=True)
class Total:
    """Sum of one currency over all the deals of a column, loaded or not."""

    currency: str
    amount_minor: int
    weighted_minor: int


@dataclass(frozen=True, slots=True)
class Column:
    """A stage: its totals over all deals that pass the filter, and the first of their cards."""

    stage_id: str
    name: str
    kind: str
    probability: int
    idle_days: int | None
    count: int
    totals: tuple[Total, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """One pipeline's active deals. `hidden` counts the active deals that the filter leaves out."""

    pipeline_id: str
    pipeline: str
    columns: tuple[Column, ...]
    hidden: int
    today: date
