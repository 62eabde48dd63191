"""Whom and which days a quota, a cost or a forecast call is about, as typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from salestui.cli import completion

if TYPE_CHECKING:
    from salestui.store.store import Store
    from salestui.text import Period

OfRep = Annotated[
    str | None,
    typer.Option("--owner", metavar="REP", help="Of one rep.", autocompletion=completion.reps),
]
OfTeam = Annotated[
    str | None,
    typer.Option("--team", metavar="TEAM", help="Of one team.", autocompletion=completion.teams),
]
OfEverybody = Annotated[bool, typer.Option("--everybody", help="Of the whole company.")]
PeriodArgument = Annotated[
    str,
    typer.Argument(
        metavar="PERIOD",
        help="2026, 2026-Q3, 2026-07, this-quarter, or two days joined by '..'.",
    ),
]
InPeriod = Annotated[
    str | None,
    typer.Option("--period", metavar="PERIOD", help="Those that touch this period; all otherwise."),
]


@dataclass(frozen=True, slots=True)
class Subject:
    """A rep, a team, or everybody (neither)."""

    rep_id: str | None
    team_id: str | None

    @property
    def keys(self) -> dict[str, Any]:
        """As the use cases take it."""
        return {"rep_id": self.rep_id, "team_id": self.team_id}

    def is_of(self, line: Any) -> bool:
        """Whether a listed row is about the same."""
        return (line.rep_id, line.team_id) == (self.rep_id, self.team_id)


def subject(store: Store, owner: str | None, team: str | None, everybody: bool) -> Subject:
    """Whom it is about: one of the three must be said."""
    from salestui.errors import Refused
    from salestui.queries.names import find

    if sum((owner is not None, team is not None, everybody)) != 1:
        raise Refused("Say whose: one of --owner REP, --team TEAM and --everybody.")
    rep_id = store.read(find, "rep", owner).id if owner is not None else None
    team_id = store.read(find, "team", team).id if team is not None else None
    return Subject(rep_id, team_id)


def whole_period(store: Store, typed: str) -> tuple[date, date, str]:
    """First day, last day and label of a period that has both ends."""
    from salestui.errors import Refused
    from salestui.text import parse_period

    period = parse_period(typed, store.today())
    if period.first is None or period.last is None:
        raise Refused("It needs a period with a beginning and an end, such as 2026-Q3.")
    return period.first, period.last, period.label


def any_period(store: Store, typed: str | None) -> Period:
    """The period typed; all days if none is."""
    from salestui.text import parse_period

    return parse_period(typed or "all", store.today())


def currency_of(store: Store, typed: str | None) -> str:
    """The currency typed, else the first pipeline's."""
    from salestui.queries.plans import usual_currency

    return typed if typed is not None else store.read(usual_currency)
