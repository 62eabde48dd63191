"""The forms of reps, teams and territories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from salestui.models.vocabulary import RepRole
from salestui.queries.setup import TeamLine, TerritoryLine
from salestui.screens import typed
from salestui.screens.entry_form import EntryForm
from salestui.screens.setup_forms import NameForm
from salestui.widgets.choice_fields import ChoiceField, entries
from salestui.widgets.fields import NotesField, TextField

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved

_ROLES = tuple((role.value, role.value) for role in RepRole)


class RepForm(EntryForm):
    """A person who sells, leads or assists."""

    WHAT = "rep"

    def __init__(
        self,
        row: Any,
        teams: Sequence[TeamLine],
        territories: Sequence[TerritoryLine],
        *,
        today: date,
    ) -> None:
        super().__init__(row)
        self._teams, self._territories, self._today = teams, territories, today

    def fields(self) -> Iterable[Widget]:
        """Who it is, where, since when."""
        teams = entries(self._teams, "no team")
        territories = entries(self._territories, "no territory")
        day = typed.day(lambda: self._today)
        yield TextField("name", "Name", self.was("name"), parse=typed.needed("The name"))
        yield ChoiceField("role", "Role", _ROLES, self.was("role", RepRole.REP.value))
        yield ChoiceField("team_id", "Team", teams, self.was("team_id", None))
        yield ChoiceField(
            "territory_id", "Home territory", territories, self.was("territory_id", None)
        )
        yield TextField("login", "Login", self.was("login"),
                        hint="the system user this rep works as")  # fmt: skip
        yield TextField("email", "E-mail", self.was("email"))
        for name, label in (("started_on", "Started"), ("left_on", "Left")):
            shown = typed.shown_day(self.was(name, None))
            yield TextField(name, label, shown, parse=day, hint="2026-10-01, today, mon")

    async def write(self, values: dict[str, Any]) -> Saved:
        """Create or change the rep."""
        from salestui.usecases import people

        if self.is_new:
            return await self.desk.write(people.create_rep, **values)
        return await self.desk.write(
            people.edit_rep, rep_id=self._row.id, expected_version=self._version, **values
        )


class TeamForm(EntryForm):
    """A team and where it sits."""

    WHAT = "team"

    def fields(self) -> Iterable[Widget]:
        """Name and office."""
        yield TextField("name", "Name", self.was("name"), parse=typed.needed("The name"))
        yield TextField("office", "Office", self.was("office"))

    async def write(self, values: dict[str, Any]) -> Saved:
        """Create or change it."""
        from salestui.usecases import people

        if self.is_new:
            return await self.desk.write(people.create_team, **values)
        return await self.desk.write(
            people.edit_team, team_id=self._row.id, expected_version=self._version, **values
        )


class TerritoryForm(NameForm):
    """A territory and what belongs to it."""

    def __init__(self, row: Any = None) -> None:
        super().__init__(row, what="territory")

    def fields(self) -> Iterable[Widget]:
        """Name and notes."""
        yield from super().fields()
        yield NotesField("notes", "Notes", self.was("notes"))
