"""Any period for the reports of a screen, typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from textual.widget import Widget

from salestui.screens.form import Form, narrow_label
from salestui.text import Period, parse_period
from salestui.widgets.fields import TextField


class RangeForm(Form[Period]):
    """Closes with the period."""

    IS_NARROW = True

    def __init__(self, current: Period, today: date) -> None:
        super().__init__()
        self._current, self._today = current, today

    def title_words(self) -> str:
        """What it is for."""
        return "Period"

    def fields(self) -> Iterable[Widget]:
        """One line."""
        yield TextField("period", "Period", self._current.label, parse=self._read)
        yield narrow_label(
            "last-month, this-quarter, 2026, 2026-03, 2026-Q2, 2026-03-01..2026-05-31, all"
        )

    def _read(self, typed: str) -> Period:
        return parse_period(typed.strip() or "all", self._today)

    async def submit(self) -> Period:
        """The period."""
        period: Period = self.values()["period"]
        return period
