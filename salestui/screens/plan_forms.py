"""The forms of quotas and costs: whose, of which days, how much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from salestui.analytics.periods import named, this
from salestui.errors import Refused
from salestui.models.vocabulary import CostKind, Measure
from salestui.queries.plans import EVERYBODY, SubjectLine
from salestui.screens import typed
from salestui.screens.entry_form import EntryForm
from salestui.screens.form import narrow_label
from salestui.text import parse_period
from salestui.widgets.choice_fields import ChoiceField
from salestui.widgets.choice_fields import Option as Choice
from salestui.widgets.fields import TextField

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved

_MEASURES = (
    (Measure.REVENUE.value, "revenue"),
    (Measure.MARGIN.value, "margin: revenue less cost"),
    (Measure.COUNT.value, "count: deals won"),
)
_KINDS = tuple(
    (kind.value, "hourly: of an hour of activity" if kind == CostKind.HOURLY else kind.value)
    for kind in CostKind
)
PERIODS = "2026, 2026-Q3, 2026-07, this-quarter, or two days joined by '..'"


@dataclass(frozen=True, slots=True)
class Known:
    """What the forms offer: teams and reps, the usual currency, and the day."""

    subjects: Sequence[SubjectLine]
    currency: str
    today: date


def whose_options(known: Sequence[SubjectLine], row: Any = None) -> list[Choice]:
    """((rep, team), name) of everybody, the teams and the reps, with whom `row` is about if gone."""
    options: list[Choice] = [((None, None), f"{EVERYBODY}: the whole company")]
    for each in known:
        more = " (team)" if each.is_team else "" if each.is_there else " (left)"
        options.append((each.keys, each.name + more))
    if row is not None and (row.rep_id, row.team_id) not in [keys for keys, _ in options]:
        options.append(((row.rep_id, row.team_id), row.whose))
    return options


def period(today: date) -> Callable[[str], tuple[date, date]]:
    """Reads a period with two ends."""

    def read(text: str) -> tuple[date, date]:
        if not text.strip():
            raise Refused("Say which days: 2026-Q3, 2026-07, 2026.")
        found = parse_period(text, today)
        if found.first is None or found.last is None:
            raise Refused("It needs a beginning and an end: 2026-Q3, 2026-07, 2026.")
        return found.first, found.last

    return read


class _PlannedForm(EntryForm):
    """Whose, of which days, in which currency: what quotas and costs share."""

    def __init__(self, row: Any = None, *, known: Known) -> None:
        super().__init__(row)
        self._known = known

    def title_words(self) -> str:
        """Which entry."""
        if self.is_new:
            return f"New {self.WHAT}"
        label = named(self._row.first_on, self._row.last_on).label
        return f"{self.WHAT.capitalize()} of {self._row.whose}, {label}"

    def whose_field(self) -> Widget:
        """Whom it is about."""
        now = None if self.is_new else (self._row.rep_id, self._row.team_id)
        return ChoiceField("whose", "Whose", whose_options(self._known.subjects, self._row), now)

    def period_field(self) -> Widget:
        """Its days."""
        today = self._known.today
        days = (
            this("quarter", today) if self.is_new else named(self._row.first_on, self._row.last_on)
        )
        return TextField("period", "Period", days.label, parse=period(today), hint=PERIODS)

    def currency_field(self) -> Widget:
        """Its currency."""
        code = self.was("currency", self._known.currency)
        return TextField("currency", "Currency", code, parse=typed.currency)

    def code(self) -> str:
        """The currency as it is typed by now."""
        return typed.currency(self.field("currency").raw)

    def amount(self, text: str) -> int:
        """Reads an amount that must be there."""
        minor = typed.money(self.code)(text)
        if minor is None:
            raise Refused("The amount is missing: 12000, 12 000.50.")
        return minor

    def fields_of(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values under the names of the use cases."""
        if "whose" in values:
            values["rep_id"], values["team_id"] = values.pop("whose")
        if "period" in values:
            values["first_on"], values["last_on"] = values.pop("period")
        return values


class QuotaForm(_PlannedForm):
    """What a rep, a team or everybody is to win."""

    WHAT = "quota"

    def fields(self) -> Iterable[Widget]:
        """Whose, when, what, how much."""
        yield self.whose_field()
        yield self.period_field()
        yield ChoiceField("measure", "Measure", _MEASURES, self.was("measure", None))
        shown = ""
        if not self.is_new:
            is_count = self._row.measure == Measure.COUNT
            money = typed.shown_money(self._row.amount_minor, self._row.currency)
            shown = str(self._row.deals) if is_count else money
        yield TextField("target", "To be won: an amount, or so many deals", shown,
                        hint="120000, 12", parse=self._target)  # fmt: skip
        yield self.currency_field()
        if self.is_new:
            yield narrow_label("It takes the place of one for the same days and measure.")

    def _target(self, text: str) -> int:
        if self.field("measure").raw != Measure.COUNT:
            return self.amount(text)
        deals = typed.number(text)
        if deals is None:
            raise Refused("The number of deals is missing.")
        return deals

    async def write(self, values: dict[str, Any]) -> Saved:
        """Set or change it; the target is read anew in another measure or currency."""
        from salestui.usecases import quotas

        if values.keys() & {"target", "measure", "currency"}:
            values.pop("target", None)
            is_count = self.field("measure").raw == Measure.COUNT
            target = self.field("target").read()
            values["amount_minor"] = None if is_count else target
            values["deals"] = target if is_count else None
        values = self.fields_of(values)
        if self.is_new:
            values["currency_code"] = values.pop("currency")
            return await self.desk.write(quotas.set_quota, **values)
        return await self.desk.write(
            quotas.edit_quota,
            quota_id=self._row.id,
            expected_version=self._version,
            **values,
        )


class CostForm(_PlannedForm):
    """What selling costs."""

    WHAT = "cost"

    def fields(self) -> Iterable[Widget]:
        """What, whose, when, how much."""
        yield ChoiceField("kind", "Kind", _KINDS, self.was("kind", None))
        yield self.whose_field()
        yield self.period_field()
        shown = "" if self.is_new else typed.shown_money(self._row.amount_minor, self._row.currency)
        yield TextField("amount_minor", "Amount: of the whole period, or of an hour", shown,
                        hint="12000, 45.50", parse=self.amount)  # fmt: skip
        yield self.currency_field()
        yield TextField("notes", "Notes", " ".join(self.was("notes").split()))
        if self.is_new:
            yield narrow_label("It takes the place of one of that kind for the same days.")

    async def write(self, values: dict[str, Any]) -> Saved:
        """Set or change it; the amount is read anew in another currency."""
        from salestui.usecases import costs

        if "currency" in values:
            values["amount_minor"] = self.field("amount_minor").read()
        values = self.fields_of(values)
        if self.is_new:
            values["currency_code"] = values.pop("currency")
            return await self.desk.write(costs.set_cost, **values)
        return await self.desk.write(
            costs.edit_cost, cost_id=self._row.id, expected_version=self._version, **values
        )
