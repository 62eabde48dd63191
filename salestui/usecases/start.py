"""The first things in an empty store."""

from __future__ import annotations

from sqlalchemy import select

from salestui import config
from salestui.models.people import Rep
from salestui.models.process import ActivityKind, LossReason, Pipeline
from salestui.models.vocabulary import ACTIVITY_KINDS, RepRole
from salestui.store.unit import Unit
from salestui.usecases.facts import Saved, made
from salestui.usecases.process import create_pipeline
from salestui.usecases.templates import LOSS_REASONS


def start_team(
    unit: Unit, *, rep_name: str, template: str = "short", currency: str = "EUR"
) -> Saved:
    """The rep who works here, a first pipeline, the usual kinds of activity and loss reasons."""
    start_lists(unit)
    unit.take_turns(Rep, Pipeline)
    known = unit.live(Rep, name=rep_name)
    if not known:
        rep: Rep = made(
            Rep, {"name": rep_name, "login": config.login(), "role": RepRole.ADMINISTRATOR}
        )
        unit.add(rep)
    if not unit.live(Pipeline):
        create_pipeline(unit, name="Sales", template=template, currency=currency)
    return Saved("", f"Welcome, {rep_name}")


def start_lists(unit: Unit) -> None:
    """The usual kinds of activity and loss reasons, where a store has none."""
    if all([unit.live(ActivityKind), unit.live(LossReason)]):
        return
    unit.take_turns(ActivityKind, LossReason)
    if not unit.live(ActivityKind):
        # Their names are unique, also those that an undo has taken off the list.
        gone = {kind.name: kind for kind in unit.session.execute(select(ActivityKind)).scalars()}
        for position, name in enumerate(ACTIVITY_KINDS):
            if name in gone:
                gone[name].deleted_at = None
            else:
                unit.add(ActivityKind(name=name, position=position))
    if not unit.live(LossReason):
        for position, name in enumerate(LOSS_REASONS):
            unit.add(LossReason(name=name, position=position))
