"""The day as of which reports are shown, typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from textual.widget import Widget

from salestui.errors import Refused
from salestui.screens.form import Form, narrow_label
from salestui.text import parse_day
from salestui.widgets.fields import TextField


class AsOfForm(Form[date]):
    """Closes with the day; today means that nothing is held back."""

    IS_NARROW = True

    def __init__(self, current: date | None, today: date) -> None:
        super().__init__()
        self._current, self._today = current, today

    def title_words(self) -> str:
        """What it is for."""
        return "As it was known at the end of"

    def fields(self) -> Iterable[Widget]:
        """One line."""
        shown = (self._current or self._today).isoformat()
        yield TextField("day", "Day", shown, parse=self._read)
        yield narrow_label("-1w, -1m, yesterday, 2026-03-31; today shows everything again")

    def _read(self, typed: str) -> date:
        day = parse_day(typed.strip() or "today", self._today)
        if day > self._today:
            raise Refused(f"{day.isoformat()} is not here yet.")
        return day

    async def submit(self) -> date:
        """The day."""
        day: date = self.values()["day"]
        return day
