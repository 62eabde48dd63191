"""The forms of bonus plans, their tiers, and whom they are granted to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from salestui.errors import Refused
from salestui.models.vocabulary import Measure, Span
from salestui.queries.plans import PlanLine
from salestui.screens import typed
from salestui.screens.entry_form import EntryForm
from salestui.screens.form import narrow_label
from salestui.screens.plan_forms import Known
from salestui.text import decimal_text
from salestui.widgets.choice_fields import ChoiceField
from salestui.widgets.fields import TextField

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved

_MEASURES = tuple((each.value, each.value) for each in Measure)
_SPANS = tuple((each.value, f"each {each.value}") for each in Span)


class BonusPlanForm(EntryForm):
    """A bonus plan; its tiers and grants hang on it."""

    WHAT = "bonus plan"

    def __init__(self, row: Any = None, *, currency: str) -> None:
        super().__init__(row)
        self._currency = currency

    def fields(self) -> Iterable[Widget]:
        """Name, what it is paid for, how often, currency."""
        yield TextField("name", "Name", self.was("name"), parse=typed.needed("The name"))
        yield ChoiceField("measure", "Paid for reaching a quota of", _MEASURES,
                          self.was("measure", Measure.REVENUE.value))  # fmt: skip
        yield ChoiceField("span", "Reckoned", _SPANS, self.was("span", Span.QUARTER.value))
        yield TextField("currency", "Currency", self.was("currency", self._currency),
                        parse=typed.currency)  # fmt: skip
        if self.is_new:
            yield narrow_label("Then T adds its tiers, and R grants it to reps.")

    async def write(self, values: dict[str, Any]) -> Saved:
        """Create or change it."""
        from salestui.usecases import bonuses

        if self.is_new:
            return await self.desk.write(bonuses.create_plan, **values)
        return await self.desk.write(
            bonuses.edit_plan, plan_id=self._row.id, expected_version=self._version, **values
        )


class TierForm(EntryForm):
    """What a plan pays from an attainment on."""

    WHAT = "bonus tier"

    def __init__(self, row: Any = None, *, plan: PlanLine) -> None:
        super().__init__(row)
        self._plan = plan

    def title_words(self) -> str:
        """Which tier of which plan."""
        if self.is_new:
            return f"New tier of {self._plan.name}"
        return f"{self._plan.name} from {self._row.from_bp / 100:g} % on"

    def fields(self) -> Iterable[Widget]:
        """From when on, and what is paid."""
        code = self._plan.currency
        money = typed.money(lambda: code)
        yield TextField("from_bp", "From this attainment on, in percent of the quota",
                        self._percent("from_bp"), hint="80, 100, 112.5", parse=_needed_percent)  # fmt: skip
        yield TextField("fixed_minor", f"Paid once when it is reached, {code}",
                        self._money("fixed_minor"), parse=lambda text: money(text) or 0)  # fmt: skip
        yield TextField("rate_bp", "Percent of what is won beyond it, up to the next tier",
                        self._percent("rate_bp"), parse=lambda text: typed.hundredths(text) or 0)  # fmt: skip
        yield TextField("per_deal_minor", f"For each whole deal won after it, {code}",
                        self._money("per_deal_minor"), parse=lambda text: money(text) or 0)  # fmt: skip
        if self.is_new:
            yield narrow_label("It takes the place of the tier from the same attainment on.")

    def _percent(self, name: str) -> str:
        points = self.was(name, 0)
        return f"{points / 100:g}" if points or (name == "from_bp" and not self.is_new) else ""

    def _money(self, name: str) -> str:
        minor = self.was(name, 0)
        return decimal_text(minor, self._plan.currency) if minor else ""

    async def write(self, values: dict[str, Any]) -> Saved:
        """Set or change it."""
        from salestui.usecases import bonuses

        if self.is_new:
            return await self.desk.write(bonuses.set_tier, plan_id=self._plan.id, **values)
        return await self.desk.write(
            bonuses.edit_tier, tier_id=self._row.id, expected_version=self._version, **values
        )


def _needed_percent(text: str) -> int:
    if not text.strip():
        raise Refused("Say from which attainment on: 80, 100.")
    return typed.hundredths(text) or 0


class GrantForm(EntryForm):
    """Who is paid by a plan, and since when."""

    WHAT = "bonus grant"

    def __init__(self, row: Any = None, *, plan: PlanLine, known: Known) -> None:
        super().__init__(row)
        self._plan, self._known = plan, known

    def title_words(self) -> str:
        """Which plan."""
        return (
            f"Grant {self._plan.name}" if self.is_new else f"{self._plan.name} of {self._row.rep}"
        )

    def fields(self) -> Iterable[Widget]:
        """Whom, from when, until when."""
        reps = [(s.id, s.name) for s in self._known.subjects if not s.is_team and s.is_there]
        if not self.is_new and self._row.rep_id not in [key for key, _ in reps]:
            reps.append((self._row.rep_id, self._row.rep))
        today = self._known.today
        yield ChoiceField("rep_id", "Rep", reps, self.was("rep_id", None))
        yield TextField("first_on", "From", typed.shown_day(self.was("first_on", today)),
                        parse=typed.needed_day(lambda: today))  # fmt: skip
        yield TextField("last_on", "To", typed.shown_day(self.was("last_on", None)),
                        parse=typed.day(lambda: today), hint="without end")  # fmt: skip
        yield narrow_label("The plan that paid the rep before ends on the day before.")

    async def write(self, values: dict[str, Any]) -> Saved:
        """Grant it, or change whom and when."""
        from salestui.usecases import bonuses

        if self.is_new:
            if values["rep_id"] is None:
                raise Refused("There is no rep to grant it to: add one in the list of reps.")
            return await self.desk.write(bonuses.grant, plan_id=self._plan.id, **values)
        return await self.desk.write(
            bonuses.edit_grant, grant_id=self._row.id, expected_version=self._version, **values
        )
