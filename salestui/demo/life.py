"""A deal as it lives: the facts of today and an event for every change, as the use cases leave them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from salestui.demo.clients import Buyer
from salestui.demo.company import Ware
from salestui.models.vocabulary import ForecastCategory, Outcome

_MORNING = 6  # UTC: a working hour of the same day anywhere in Europe
_HOURS = 9


@dataclass(frozen=True, slots=True)
class Event:
    """What `deal_event` keeps of a change; `facts` are all facts after it."""

    at: datetime
    actor_id: str
    facts: dict[str, Any]


@dataclass(slots=True)
class Life:
    """One deal. `facts` are the present ones; `wares` are offered once `has_lines`, the main one first."""

    id: str
    title: str
    buyer: Buyer
    ware: Ware
    facts: dict[str, Any]
    kind: str = ""
    source: str = ""
    wares: list[tuple[Ware, int]] = field(default_factory=list)
    discount_bp: int = 0
    has_lines: bool = False
    closed_on: date | None = None
    postponed_until_on: date | None = None
    events: list[Event] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The day of the last change."""
        return self.events[-1].at.date()

    @property
    def created_on(self) -> date:
        return self.events[0].at.date()

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.facts["outcome"])

    def happen(self, rng: Random, day: date, **changes: Any) -> None:
        """Something changes on a day, some time after what changed before."""
        at = moment(rng, day)
        if self.events and at <= self.events[-1].at:
            at = self.events[-1].at + timedelta(minutes=rng.randint(5, 40))
        self.facts = {**self.facts, **changes}
        self.events.append(Event(at, self.facts["owner_id"], self.facts))

    def win(self, rng: Random, day: date, after_stage_id: str | None) -> None:
        self.closed_on = day
        self.happen(
            rng,
            day,
            outcome=Outcome.WON,
            forecast_category=ForecastCategory.CLOSED,
            is_active=after_stage_id is not None,
            **({"stage_id": after_stage_id} if after_stage_id else {}),
        )

    def lose(self, rng: Random, day: date, reason_id: str, competitor_id: str | None) -> None:
        self.closed_on, self.postponed_until_on = day, None
        self.happen(
            rng,
            day,
            outcome=Outcome.LOST,
            forecast_category=ForecastCategory.OMITTED,
            is_active=False,
            loss_reason_id=reason_id,
            competitor_id=competitor_id,
        )

    def postpone(self, rng: Random, day: date, until: date) -> None:
        self.postponed_until_on = until
        self.happen(rng, day, outcome=Outcome.POSTPONED, is_active=False)

    def reopen(self, rng: Random, day: date) -> None:
        self.closed_on = self.postponed_until_on = None
        self.happen(
            rng,
            day,
            outcome=Outcome.OPEN,
            forecast_category=ForecastCategory.PIPELINE,
            is_active=True,
            loss_reason_id=None,
            competitor_id=None,
            expected_close_on=working_day(day + timedelta(days=rng.randint(21, 60))),
        )


def moment(rng: Random, day: date) -> datetime:
    """A time within working hours."""
    minutes = rng.randint(0, _HOURS * 60)
    return datetime.combine(day, time(_MORNING), UTC) + timedelta(minutes=minutes)


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
