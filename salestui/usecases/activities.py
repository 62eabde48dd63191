"""Logging what was done and planning what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from salestui.errors import Refused
from salestui.models.activities import Activity, ActivityContact, ActivityDocument
from salestui.models.clients import Client, Contact
from salestui.models.deals import Deal
from salestui.models.process import ActivityKind
from salestui.models.vocabulary import ActivityState, Direction, Outcome
from salestui.store.unit import Unit
from salestui.text import clean
from salestui.usecases.facts import Saved, choice, put
from salestui.usecases.people import who_takes_over, working


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next, and when."""

    subject: str
    due_on: date
    kind: str = "call"


@dataclass(frozen=True, slots=True)
class Document:
    """A document that came (`in`) or went (`out`)."""

    name: str
    direction: str = Direction.OUT.value
    link: str = ""


def log_activity(
    unit: Unit,
    *,
    kind: str,
    direction: str = Direction.OUT.value,
    client_id: str | None = None,
    deal_id: str | None = None,
    contact_ids: Sequence[str] = (),
    subject: str = "",
    notes: str = "",
    outcome: str = "",
    duration_minutes: int | None = None,
    done_on: date | None = None,
    documents: Sequence[Document] = (),
    next_step: NextStep | None = None,
    rep_id: str | None = None,
) -> Saved:
    """Log an activity that was done and, with it, plan the next step.

    What a rep did before leaving may be logged for them; its next step is the actor's.
    """
    if not any((client_id, deal_id, contact_ids, clean(subject), clean(outcome), clean(notes))):
        raise Refused("Say with whom it was, or what it was about.")
    if done_on is not None and done_on > unit.today:
        raise Refused("What lies ahead is a task: plan it instead of logging it.")
    day = done_on or unit.today
    activity = _made(
        unit,
        kind=kind,
        direction=direction,
        client_id=client_id,
        deal_id=deal_id,
        rep_id=rep_id,
        state=ActivityState.DONE,
        on_day=day,
        done_at=unit.now if day == unit.today else None,
        subject=subject,
        notes=notes,
        outcome=outcome,
        duration_minutes=duration_minutes,
    )
    _meet(unit, activity, contact_ids)
    _put_documents(unit, activity, documents)
    step = _plan(unit, activity, next_step) if next_step is not None else None
    return _saved(unit, activity, f"Logged {activity.kind}", step)


def plan_task(
    unit: Unit,
    *,
    subject: str,
    due_on: date,
    kind: str = "call",
    client_id: str | None = None,
    deal_id: str | None = None,
    contact_ids: Sequence[str] = (),
    rep_id: str | None = None,
    notes: str = "",
    is_team_task: bool = False,
) -> Saved:
    """Plan an activity. A team task belongs to everybody until someone does it."""
    if not clean(subject) and client_id is None and deal_id is None:
        raise Refused("Say what is to be done.")
    activity = _made(
        unit,
        kind=kind,
        direction=Direction.OUT.value,
        client_id=client_id,
        deal_id=deal_id,
        rep_id=rep_id,
        state=ActivityState.PLANNED,
        on_day=due_on,
        due_on=due_on,
        subject=subject,
        notes=notes,
        is_team_task=is_team_task,
    )
    _meet(unit, activity, contact_ids)
    return _saved(unit, activity, f"Planned {activity.kind} for {due_on.isoformat()}")


def edit_activity(
    unit: Unit,
    /,
    *,
    activity_id: str,
    expected_version: int | None = None,
    contact_ids: Sequence[str] | None = None,
    documents: Sequence[Document] | None = None,
    **changes: Any,
) -> Saved:
    """Change what an activity says; done and due days included.

    `contact_ids` and `documents` are all there are to be. A document that stays keeps its link,
    unless another is given.
    """
    activity = unit.get_at(Activity, activity_id, expected_version, "activity")
    if "state" in changes or "stage_id" in changes:
        raise Refused("Mark the task done, postpone or cancel it instead.")
    if "kind" in changes:
        changes["kind"] = _kind(unit, changes["kind"])
    if "due_on" in changes and activity.state == ActivityState.PLANNED:
        changes["on_day"] = changes["due_on"]
    _check_duration(changes.get("duration_minutes"))
    if changes.get("rep_id") not in (None, activity.rep_id):
        day = changes.get("on_day", activity.on_day)
        _check_rep(unit, changes["rep_id"], activity.state, day)
    put(activity, changes, required=())
    if contact_ids is not None:
        for met in unit.live(ActivityContact, activity_id=activity.id):
            met.deleted_at = unit.now
        _meet(unit, activity, contact_ids)
    if documents is not None:
        _put_documents(unit, activity, documents)
    if contact_ids is not None or documents is not None:
        unit.raise_version(activity)
    unit.session.flush()
    return _saved(unit, activity, f"Changed {activity.kind}")


def complete_task(
    unit: Unit,
    *,
    activity_id: str,
    expected_version: int | None = None,
    outcome: str = "",
    duration_minutes: int | None = None,
    next_step: NextStep | None = None,
) -> Saved:
    """Mark a task done today, at the deal's stage of today, and plan the next step."""
    activity = _task(unit, activity_id, expected_version)
    _check_duration(duration_minutes)
    activity.state = ActivityState.DONE
    activity.done_at, activity.on_day = unit.now, unit.today
    is_anybodys = activity.rep_id is None or activity.is_team_task
    activity.rep_id = unit.actor_id if is_anybodys else who_takes_over(unit, activity.rep_id)
    activity.stage_id = _stage_of(unit, activity.deal_id)
    if outcome:
        activity.outcome = clean(outcome)
    if duration_minutes is not None:
        activity.duration_minutes = duration_minutes
    unit.session.flush()
    step = _plan(unit, activity, next_step) if next_step is not None else None
    return _saved(unit, activity, f"Done: {activity.kind}", step)


def postpone_task(
    unit: Unit, *, activity_id: str, to_on: date, expected_version: int | None = None
) -> Saved:
    """Move a task to another day."""
    activity = _task(unit, activity_id, expected_version)
    activity.due_on = activity.on_day = to_on
    unit.session.flush()
    return _saved(unit, activity, f"Moved {activity.kind} to {to_on.isoformat()}")


def cancel_task(unit: Unit, *, activity_id: str, expected_version: int | None = None) -> Saved:
    """Take a task off the list without doing it."""
    activity = _task(unit, activity_id, expected_version)
    activity.state = ActivityState.CANCELLED
    unit.session.flush()
    return _saved(unit, activity, f"Cancelled {activity.kind}")


def delete_activity(unit: Unit, *, activity_id: str, expected_version: int | None = None) -> Saved:
    """Take an activity logged by mistake out of every list and report."""
    activity = unit.get_at(Activity, activity_id, expected_version, "activity")
    unit.delete(activity)
    return _saved(unit, activity, f"Deleted {activity.kind}")


def _made(unit: Unit, /, *, kind: str, rep_id: str | None, **fields: Any) -> Activity:
    deal = unit.get(Deal, fields["deal_id"], "deal") if fields["deal_id"] else None
    if deal is not None and fields["client_id"] is None:
        fields["client_id"] = deal.client_id
    if deal is not None and deal.client_id not in (None, fields["client_id"]):
        raise Refused(f"{deal.title} is a deal of another client.")
    if fields["client_id"]:
        unit.get(Client, fields["client_id"], "client")
    _check_duration(fields.get("duration_minutes"))
    if rep_id:
        _check_rep(unit, rep_id, fields["state"], fields["on_day"])
    activity = Activity(
        kind=_kind(unit, kind),
        rep_id=rep_id or unit.actor_id,
        stage_id=None if deal is None else deal.stage_id,
    )
    put(activity, fields, required=())
    return unit.add(activity)


def _plan(unit: Unit, after: Activity, step: NextStep) -> Activity:
    if step.due_on < unit.today:
        raise Refused(f"The next step cannot be due in the past ({step.due_on.isoformat()}).")
    deal = unit.session.get(Deal, after.deal_id) if after.deal_id else None
    is_over = deal is not None and deal.outcome == Outcome.LOST
    if is_over:
        raise Refused("The deal is lost: reopen it to plan a next step.")
    return unit.add(
        Activity(
            kind=_kind(unit, step.kind),
            state=ActivityState.PLANNED,
            subject=clean(step.subject),
            on_day=step.due_on,
            due_on=step.due_on,
            client_id=after.client_id,
            deal_id=after.deal_id,
            stage_id=after.stage_id,
            rep_id=who_takes_over(unit, after.rep_id),
        )
    )


def _meet(unit: Unit, activity: Activity, contact_ids: Sequence[str]) -> None:
    for contact_id in dict.fromkeys(contact_ids):
        contact = unit.get(Contact, contact_id, "contact")
        if activity.client_id is None:
            activity.client_id = contact.client_id
        if contact.client_id != activity.client_id:
            raise Refused(f"{contact.name} is a contact of another client.")
        unit.add(
            ActivityContact(
                activity_id=activity.id,
                contact_id=contact.id,
                decision_role=contact.decision_role,
            )
        )


def _check_rep(unit: Unit, rep_id: str, state: ActivityState, day: date | None) -> None:
    """A task is for who works here; what was done, by who did on its day."""
    working(unit, rep_id, on=day if state == ActivityState.DONE else None)


def _put_documents(unit: Unit, activity: Activity, documents: Sequence[Document]) -> None:
    """Make `documents` those of the activity: rows of such as there are already stay as they are."""
    gone = unit.live(ActivityDocument, activity_id=activity.id)
    for document in documents:
        direction = Direction(choice(Direction, document.direction, "direction"))
        name, link = clean(document.name), clean(document.link)
        if not name:
            raise Refused("A document has no name.")
        stays = (
            row for row in gone
            if (row.name, row.direction) == (name, direction) and link in ("", row.link)
        )  # fmt: skip
        if row := next(stays, None):
            gone.remove(row)
        else:
            unit.add(
                ActivityDocument(activity_id=activity.id, direction=direction, name=name, link=link)
            )
    for row in gone:
        row.deleted_at = unit.now


def _kind(unit: Unit, kind: str) -> str:
    known = {row.name for row in unit.live(ActivityKind)}
    if not known:
        raise Refused("There are no kinds of activity yet: set the team up first.")
    if kind not in known:
        raise Refused(f"'{clean(kind)}' is no kind of activity: use {', '.join(sorted(known))}.")
    return kind


def _task(unit: Unit, activity_id: str, version: int | None) -> Activity:
    activity = unit.get_at(Activity, activity_id, version, "task")
    if activity.state != ActivityState.PLANNED:
        raise Refused(f"This task is {activity.state.value} already.")
    return activity


def _check_duration(minutes: int | None) -> None:
    if minutes is not None and not 0 <= minutes <= 7 * 24 * 60:
        raise Refused("A duration is between 0 minutes and a week.")


def _stage_of(unit: Unit, deal_id: str | None) -> str | None:
    deal = unit.session.get(Deal, deal_id) if deal_id else None
    return None if deal is None else deal.stage_id


def _saved(unit: Unit, activity: Activity, what: str, step: Activity | None = None) -> Saved:
    client = unit.session.get(Client, activity.client_id) if activity.client_id else None
    about = client.name if client is not None else activity.subject
    summary = f"{what}: {about}" if about else what
    if step is not None:
        summary += f". Next: {step.kind} on {step.due_on}"
        summary += f", {step.subject}" if step.subject else ""
    return Saved(activity.id, summary, activity.version)
