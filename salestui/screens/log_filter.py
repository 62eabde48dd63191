"""What the activity log shows, chosen in a form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from textual.widget import Widget

from salestui.models.vocabulary import DecisionRole
from salestui.queries.activity_log import LogFilter
from salestui.queries.choices import Choices, load_client_choices
from salestui.queries.search import find
from salestui.screens.activity_forms import DIRECTIONS, kinds
from salestui.screens.form import Form
from salestui.screens.wording import joined
from salestui.text import Period, parse_period
from salestui.widgets.fields import ChoiceField, Option, TextField
from salestui.widgets.find_field import FindField, Match

_ALL: Option = (None, "all")
_STATES: tuple[Option, ...] = (
    ("", "done and due"),
    ("done", "done"),
    ("planned", "to be done"),
    ("all", "done and to be done"),
)


class LogFilterForm(Form[LogFilter]):
    """Closes with the filter; `words` says it afterwards."""

    def __init__(self, choices: Choices, current: LogFilter, today: date) -> None:
        super().__init__()
        self.choices, self._current, self._today = choices, current, today
        self.words = ""

    def title_words(self) -> str:
        """What it is for."""
        return "What the log shows"

    def fields(self) -> Iterable[Widget]:
        """All of ACT-1's filters."""
        now = self._current
        yield ChoiceField("rep_id", "Rep", [_ALL, *((r.id, r.name) for r in self.choices.reps)],
                          now.rep_id)  # fmt: skip
        yield TextField("period", "Period", now.period.label if now.period else "",
                        hint="this-month, 2026-Q1, 2026-03", parse=self._period)  # fmt: skip
        yield ChoiceField("kind", "Kind", [_ALL, *kinds(self.choices)], now.kind)
        yield ChoiceField("direction", "Direction", [_ALL, *DIRECTIONS], now.direction)
        roles = [_ALL, *((role.value, role.value) for role in DecisionRole)]
        yield ChoiceField("decision_role", "Role met", roles, now.decision_role)
        yield ChoiceField("state", "State", _STATES, now.state)
        yield FindField("client_id", "Client", self._clients, self._match(now.client_id))
        yield FindField("deal_id", "Deal", self._deals, self._match(now.deal_id), what="deal")

    def _match(self, key: str | None) -> Match | None:
        return Match(key, "as chosen before") if key else None

    async def _clients(self, text: str) -> Sequence[Match]:
        found = await self.desk.read(find, typed=text, kinds=("client",))
        return [Match(each.id, each.name, each.detail) for each in found]

    async def _deals(self, text: str) -> Sequence[Match]:
        found = await self.desk.read(find, typed=text, kinds=("deal",))
        return [Match(each.id, each.name, each.detail) for each in found]

    def _period(self, text: str) -> Period | None:
        return parse_period(text, self._today) if text.strip() else None

    async def submit(self) -> LogFilter:
        """The filter that was chosen."""
        values = self.values()
        wanted = LogFilter(**values, text=self._current.text)
        client = None
        if wanted.client_id:
            known = await self.desk.read(load_client_choices, client_id=wanted.client_id)
            client = known.client if known else None
        self.words = joined(
            self.choices.name_of(wanted.rep_id),
            wanted.period.label if wanted.period else None,
            wanted.kind,
            wanted.direction,
            wanted.decision_role,
            dict(_STATES)[wanted.state] if wanted.state else None,
            client,
            "one deal" if wanted.deal_id else None,
        )
        return wanted
