"""What the forms of the team's lists share: a new entry, or an old one of which only changes are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salestui.queries.setup import version_of
from salestui.screens.form import Form

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved


class EntryForm(Form["Saved"]):
    """A form for the entry `row` of a list, or for a new one. Subclasses give `fields` and `write`."""

    IS_NARROW = True
    WHAT = ""
    """What an entry is called: "loss reason"."""

    def __init__(self, row: Any = None) -> None:
        super().__init__()
        self._row = row
        self._version: int | None = None if row is None else row.version

    @property
    def is_new(self) -> bool:
        """Whether it is a new entry."""
        return self._row is None

    def was(self, name: str, default: Any = "") -> Any:
        """What the entry says so far."""
        return default if self._row is None else getattr(self._row, name)

    def title_words(self) -> str:
        """Which entry."""
        return f"New {self.WHAT}" if self.is_new else f"{self.WHAT.capitalize()} {self._row.name}"

    def action_save(self) -> None:
        """Save and close; an old entry in which nothing was changed is left as it is."""
        if self.is_new or self.has_typed:
            super().action_save()
        else:
            self.action_leave()

    async def catch_up(self) -> None:
        """Take over the version of today: only what was changed here is written."""
        self._version = await self.desk.read(version_of, what=self.WHAT, row_id=self._row.id)

    async def submit(self) -> Saved:
        """Write it."""
        await self.desk.warm()
        return await self.write(self.values(only_changed=not self.is_new))

    async def write(self, values: dict[str, Any]) -> Saved:
        """Run the use case. Raises `Refused`."""
        raise NotImplementedError
