"""Histories as arrays, without a store: a line for each deal, days counted from 1 January 2024."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from salestui.analytics.events import (
    LOST,
    NEVER,
    NO_AMOUNT,
    NOBODY,
    OPEN,
    POSTPONED,
    WON,
    Events,
    Names,
    StageOf,
)
from salestui.analytics.forecast.deals import Choice
from salestui.analytics.forecast.study import Study
from salestui.analytics.forecast.total import Forecast, forecast_in

START = 19_723
"""1 January 2024, a Monday."""

CODES = {"open": OPEN, "won": WON, "lost": LOST, "postponed": POSTPONED}


def forecast(
    events: Events,
    *,
    day: int,
    last: int,
    first: int | None = None,
    currency: str = "EUR",
    chosen: Choice | None = None,
) -> Forecast:
    """The forecast from a study that knows nothing yet."""
    study = Study(events, currency, chosen)
    return forecast_in(study, day, day + 1 if first is None else first, last)


@dataclass(frozen=True)
class Line:
    """A deal created on day `created` that ended, if it did, on day `ended`; learned `late` days later."""

    created: int
    ended: int | None = None
    outcome: str = "open"
    amount: int | None = 100_00
    won: int | None = None
    owner: int = 0
    currency: int = 0
    late: int = 0
    product: int = 0


def make_events(lines: Sequence[Line], today: int = 800) -> Events:
    """The history of these deals."""
    rows = []
    for number, line in enumerate(lines):
        amount = NO_AMOUNT if line.amount is None else line.amount
        common = (line.owner, line.currency)
        rows.append((number, line.created, line.created, OPEN, amount, *common))
        if line.ended is not None:
            final = amount if line.won is None else line.won
            rows.append(
                (number, line.ended, line.ended + line.late, CODES[line.outcome], final, *common)
            )
    columns = np.array(rows, np.int64).reshape(-1, 7).T
    count, deals = columns.shape[1], len(lines)
    nobody = np.full(count, NOBODY, np.int32)
    return Events(
        names=Names(
            deals=tuple(f"{number:05}" for number in range(deals)),
            stages=(StageOf("s", "p", 1, "sale", 50),),
            owners=tuple("abcdefgh"),
            currencies=("EUR", "USD"),
            clients=("c",),
            products=("x", "y", "z"),
            kinds=(),
            sources=(),
            reasons=(),
            competitors=(),
        ),
        today=START + today,
        deal=columns[0].astype(np.int32),
        day=columns[1] + START,
        recorded=columns[2] + START,
        voided=np.full(count, NEVER, np.int64),
        stage=np.zeros(count, np.int32),
        outcome=columns[3].astype(np.int32),
        owner=columns[5].astype(np.int32),
        amount=columns[4],
        currency=columns[6].astype(np.int32),
        expected=np.full(count, NEVER, np.int64),
        category=nobody,
        reason=nobody,
        competitor=nobody,
        created=np.array([line.created + START for line in lines], np.int64),
        deleted=np.full(deals, NEVER, np.int64),
        client=np.zeros(deals, np.int32),
        product=np.array([line.product for line in lines], np.int32),
        kind=np.full(deals, NOBODY, np.int32),
        source=np.full(deals, NOBODY, np.int32),
    )


def a_team(seed: int, deals: int = 1500, days: int = 400) -> list[Line]:
    """Deals that arrive evenly and are won, lost, put off or left open by chance."""
    random = np.random.default_rng(seed)
    lines = []
    for created in np.sort(random.integers(-60, days, deals)).tolist():
        waited = int(random.geometric(0.03))
        outcome = str(
            random.choice(["won", "lost", "postponed", "open"], p=[0.45, 0.35, 0.05, 0.15])
        )
        amount = int(random.lognormal(9, 0.8)) * 100
        ended = None if outcome == "open" else created + waited
        lines.append(
            Line(created, ended, outcome, amount, owner=int(random.integers(5)),
                 late=int(random.choice([0, 0, 0, 1, 9])), product=int(random.integers(3)))
        )  # fmt: skip
    return lines
