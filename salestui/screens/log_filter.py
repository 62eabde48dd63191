"""What the activity log shows, chosen in a form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from textual.widget import Widget

from salestui.models.vocabulary import DecisionRole
from salestui.queries.activity_log import LogFilter
from salestui.queries.choices import Choices
from salestui.queries.search import find
from salestui.screens.activity_forms import DIRECTIONS, kinds
from salestui.screens.form import Form
from salestui.screens.log_words import STATES, Worded, period_of
from salestui.text import Period
from salestui.widgets.choice_fields import ChoiceField, Option
from salestui.widgets.fields import TextField
from salestui.widgets.find_field import FindField, Match

_ALL: Option = (None, "all")


class LogFilterForm(Form[LogFilter]):
    """Closes with the filter."""

    def __init__(self, choices: Choices, current: LogFilter, today: date, about: Worded) -> None:
        super().__init__()
        self.choices, self._current, self._today, self._about = choices, current, today, about

    def title_words(self) -> str:
        """What it is for."""
        return "What the log shows"

    def fields(self) -> Iterable[Widget]:
        """All of ACT-1's filters."""
        now = self._current
        gone = ((rep.id, f"{rep.name} (left)") for rep in self.choices.left)
        here = ((rep.id, rep.name) for rep in self.choices.reps)
        yield ChoiceField("rep_id", "Rep", [_ALL, *here, *gone], now.rep_id)
        yield TextField("period", "Period", now.period.label if now.period else "",
                        hint="this-week, 2026-Q1, 2026-03, 2026-W47", parse=self._parsed)  # fmt: skip
        yield ChoiceField("kind", "Kind", [_ALL, *kinds(self.choices)], now.kind)
        yield ChoiceField("direction", "Direction", [_ALL, *DIRECTIONS], now.direction)
        roles = [_ALL, *((role.value, role.value) for role in DecisionRole)]
        yield ChoiceField("decision_role", "Role met", roles, now.decision_role)
        yield ChoiceField("state", "State", STATES, now.state)
        yield FindField("client_id", "Client", self._clients, _match(self._about.client))
        yield FindField("deal_id", "Deal", self._deals, _match(self._about.deal), what="deal")

    async def _clients(self, text: str) -> Sequence[Match]:
        found = await self.desk.read(find, typed=text, kinds=("client",))
        return [Match(each.id, each.name, each.detail) for each in found]

    async def _deals(self, text: str) -> Sequence[Match]:
        found = await self.desk.read(find, typed=text, kinds=("deal",))
        return [Match(each.id, each.name, each.detail) for each in found]

    def _parsed(self, typed: str) -> Period | None:
        return period_of(typed, self._today)

    async def submit(self) -> LogFilter:
        """The filter that was chosen."""
        return LogFilter(**self.values(), text=self._current.text)


def _match(named: tuple[str, str] | None) -> Match | None:
    return Match(*named) if named else None
