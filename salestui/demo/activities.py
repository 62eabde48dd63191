"""What the demo team did with its clients, and what it has planned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from salestui.demo import company
from salestui.demo.clients import Buyer, Person, Row
from salestui.demo.house import House
from salestui.demo.life import Event, Life, moment, working_day
from salestui.demo.talk import BETWEEN, CARE, PLANS, TALK, Talk
from salestui.models.activities import Activity, ActivityContact, ActivityDocument
from salestui.models.keys import new_key
from salestui.models.vocabulary import ActivityState, DecisionRole, Direction, Outcome

_DAYS_BETWEEN = 21
"""Days from one contact to the next in a deal that moves."""

_ROLE_WEIGHTS = {
    DecisionRole.DECISION_MAKER: 30,
    DecisionRole.TECHNICAL_DECIDER: 26,
    DecisionRole.USER: 12,
    DecisionRole.GATEKEEPER: 22,
    DecisionRole.OTHER: 6,
}
_MINUTES = {"call": (3, 25), "meeting": (30, 120), "visit": (40, 180), "demonstration": (45, 150)}


@dataclass(slots=True)
class Log:
    """Rows of all activities, the contacts met and the documents, by table."""

    activities: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    documents: list[Row] = field(default_factory=list)

    def tables(self) -> list[tuple[Any, list[Row]]]:
        """In the order in which they may refer to one another."""
        return [
            (Activity, self.activities),
            (ActivityContact, self.contacts),
            (ActivityDocument, self.documents),
        ]


def keep(rng: Random, house: House, lives: Sequence[Life], buyers: Sequence[Buyer]) -> Log:
    """Log what was done up to yesterday, then plan what comes."""
    log = Log()
    names = {
        key: name for pipeline, keys in house.stages.items() for name, key in _named(pipeline, keys)
    }
    for life in lives:
        for day, event, talk in _talks(rng, house, life, names):
            _done(rng, log, life.buyer, life, event, day, talk)
    for buyer in buyers:
        for _ in range(rng.choice((0, 1, 2, 2, 3, 4))):
            _care(rng, house, log, buyer)
    for life in lives:
        _plan(rng, house, log, life)
    _plan_rest(rng, house, log, buyers)
    return log


def _named(pipeline: str, keys: list[str]) -> Iterator[tuple[str, str]]:
    return ((step.name, key) for step, key in zip(company.PIPELINES[pipeline], keys, strict=True))


def _talks(
    rng: Random, house: House, life: Life, names: dict[str, str]
) -> Iterator[tuple[date, Event, Talk]]:
    """(day, the deal's state then, what it was about): at most turns, and in between."""
    ends = [*(event.at.date() for event in life.events[1:]), house.as_of]
    stage = ""
    for event, end in zip(life.events, ends, strict=True):
        day = event.at.date()
        is_new_stage = event.facts["stage_id"] != stage
        stage = event.facts["stage_id"]
        if is_new_stage and rng.random() < 0.85:
            yield day, event, rng.choice(TALK[names[stage]])
        if not event.facts["is_active"]:
            continue
        is_stuck = (end - day).days > 70
        gap = _DAYS_BETWEEN * (3 if is_stuck else 1)
        while (day := working_day(day + timedelta(days=round(rng.expovariate(1 / gap)) + 2))) < end:
            yield day, event, rng.choice(BETWEEN)


def _done(
    rng: Random,
    log: Log,
    buyer: Buyer,
    life: Life | None,
    event: Event | None,
    day: date,
    talk: Talk,
) -> None:
    at = moment(rng, day)
    row: Row = {
        "id": new_key(),
        "kind": talk.kind,
        "direction": talk.direction,
        "state": ActivityState.DONE,
        "subject": talk.subject.format(ware=life.ware.noun if life else "equipment"),
        "notes": talk.notes,
        "outcome": talk.outcome,
        "on_day": day,
        "due_on": day if rng.random() < 0.4 else None,
        "done_at": at,
        "duration_minutes": rng.randint(*_MINUTES[talk.kind]) if talk.kind in _MINUTES else None,
        "client_id": buyer.id,
        "deal_id": life.id if life else None,
        "stage_id": event.facts["stage_id"] if event else None,
        "rep_id": event.facts["owner_id"] if event else buyer.row["owner_id"],
        "created_at": at,
    }
    log.activities.append(row)
    met = _met(rng, buyer, 2 if talk.kind in ("meeting", "demonstration", "visit") else 1)
    log.contacts += [
        {
            "activity_id": row["id"],
            "contact_id": person.id,
            "decision_role": person.role,
            "created_at": at,
        }
        for person in met
    ]
    if talk.document:
        log.documents.append(
            {
                "activity_id": row["id"],
                "direction": talk.direction if talk.direction != Direction.NONE else Direction.OUT,
                "name": talk.document.format(day=day.isoformat()),
                "created_at": at,
            }
        )


def _met(rng: Random, buyer: Buyer, most: int) -> list[Person]:
    weights = [_ROLE_WEIGHTS[person.role] for person in buyer.people]
    met = rng.choices(buyer.people, weights, k=rng.randint(1, most))
    return list({person.id: person for person in met}.values())


def _care(rng: Random, house: House, log: Log, buyer: Buyer) -> None:
    """A contact with a client that is about no deal, after the client's rep has come."""
    earliest = max(
        buyer.since, house.first_on, house.as_of - timedelta(days=buyer.seller.started_days_ago)
    )
    span = (house.as_of - earliest).days - 1
    if span < 3:
        return
    day = working_day(earliest + timedelta(days=rng.randrange(span)))
    if day < house.as_of:
        _done(rng, log, buyer, None, None, day, rng.choice(CARE))


def _plan(rng: Random, house: House, log: Log, life: Life) -> None:
    """The next step of a deal, where its rep has thought of one."""
    if life.outcome == Outcome.POSTPONED and life.postponed_until_on is not None:
        _task(log, house, life.buyer, life, "call", "Take up again", life.postponed_until_on)
        return
    is_mine = life.facts["owner_id"] == house.reps[company.ME]
    is_newcomers = life.facts["owner_id"] == house.reps[company.NEWCOMER]
    if not life.facts["is_active"] or rng.random() > (0.62 if is_newcomers else 0.82):
        return
    kind, subject = rng.choice(PLANS)
    when = rng.choices(("late", "today", "soon"), (24, 22, 54) if is_mine else (13, 9, 78))[0]
    if when == "late":
        due = working_day(max(life.day, house.as_of - timedelta(days=rng.randint(1, 16))))
        due = min(due, house.as_of - timedelta(days=1))
    elif when == "today":
        due = house.as_of
    else:
        due = working_day(house.as_of + timedelta(days=rng.randint(1, 24)))
    _task(log, house, life.buyer, life, kind, subject.format(ware=life.ware.noun), due)


def _plan_rest(rng: Random, house: House, log: Log, buyers: Sequence[Buyer]) -> None:
    """Visits to clients without a deal, and what anybody of the team may do."""
    mine = [buyer for buyer in buyers if buyer.seller.name == company.ME]
    for buyer in rng.sample(mine, 4):
        due = working_day(house.as_of + timedelta(days=rng.choice((0, 0, 1, 3))))
        _task(log, house, buyer, None, "visit", "Yearly visit", due)
    for buyer in rng.sample(list(buyers), 25):
        due = working_day(house.as_of + timedelta(days=rng.randint(1, 40)))
        _task(log, house, buyer, None, "call", "Ask how things are going", due)
    for buyer in rng.sample(list(buyers), 2):
        _task(log, house, buyer, None, "call", "Call back: enquiry from the website", house.as_of)
        log.activities[-1] |= {"rep_id": None, "is_team_task": True}


def _task(
    log: Log, house: House, buyer: Buyer, life: Life | None, kind: str, subject: str, due: date
) -> None:
    planned = life.day if life else max(buyer.since, due - timedelta(days=30))
    log.activities.append(
        {
            "id": new_key(),
            "kind": kind,
            "state": ActivityState.PLANNED,
            "subject": subject,
            "on_day": due,
            "due_on": due,
            "client_id": buyer.id,
            "deal_id": life.id if life else None,
            "stage_id": life.facts["stage_id"] if life else None,
            "rep_id": life.facts["owner_id"] if life else buyer.row["owner_id"],
            "created_at": datetime.combine(
                min(planned, house.as_of - timedelta(days=1)), time(15), UTC
            ),
        }
    )
