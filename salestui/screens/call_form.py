"""What a rep says will be won in a period, and a manager's word over it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from salestui.analytics.report import Money, Report
from salestui.errors import Refused
from salestui.models.vocabulary import CallSide
from salestui.queries.plans import SubjectLine
from salestui.screens import typed
from salestui.screens.form import Form, narrow_label
from salestui.screens.plan_forms import whose_options
from salestui.text import Period, format_money
from salestui.widgets.choice_fields import ChoiceField
from salestui.widgets.fields import TextField

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved


class _Call(Form["Saved"]):
    """Commit, best case and why, of one period. Nothing said before is written over."""

    IS_NARROW = True
    FIRST = "commit_minor"
    SIDE = CallSide.REP

    def __init__(self, period: Period, currency: str, calls: Report) -> None:
        super().__init__()
        self._period, self._currency, self._calls = period, currency, calls

    def amounts(self) -> Iterable[Widget]:
        """What will be won, and in which currency."""
        money = typed.money(lambda: typed.currency(self.field("currency").raw))
        yield TextField("commit_minor", "Commit: what will surely be won, all told", parse=money,
                        hint="what is won already is part of it")  # fmt: skip
        yield TextField("best_minor", "Best case: what may be won", parse=money)
        yield TextField("notes", "Why", is_wide=True)
        yield TextField("currency", "Currency", self._currency, parse=typed.currency)

    def standing(self, name: str) -> str:
        """What was won, said and is in the deals, in the words of the report's row of that name."""
        found = [
            f"{label} {format_money(cell.minor, cell.currency)}"
            for row in self._calls.rows
            if row[0] == name
            for label, cell in zip((c.label for c in self._calls.columns), row, strict=True)
            if isinstance(cell, Money) and label in _TOLD
        ]
        return ", ".join(found)

    async def submit(self) -> Saved:
        """Add the call."""
        await self.desk.warm()
        from salestui.usecases.calls import record_call

        values = self.values()
        rep_id, team_id = self.about(values)
        first, last = self._period.first, self._period.last
        assert first is not None and last is not None, "calls are of bounded periods"
        return await self.desk.write(
            record_call,
            side=self.SIDE.value,
            rep_id=rep_id,
            team_id=team_id,
            first_on=first,
            last_on=last,
            currency_code=values["currency"],
            commit_minor=values["commit_minor"],
            best_minor=values["best_minor"],
            notes=values["notes"],
        )

    def about(self, values: dict[str, Any]) -> tuple[str | None, str | None]:
        """The rep or the team that it is about."""
        raise NotImplementedError


_TOLD = ("Won", "Commit", "Best", "Adjusted", "Deals say")


class CommitForm(_Call):
    """One's own word; `me` is (key, name)."""

    def __init__(self, period: Period, currency: str, calls: Report, me: tuple[str, str]) -> None:
        super().__init__(period, currency, calls)
        self._me = me

    def title_words(self) -> str:
        """Whose, of which period."""
        return f"What {self._me[1]} will win in {self._period.label}"

    def fields(self) -> Iterable[Widget]:
        """Below what stands so far."""
        yield narrow_label(self.standing(self._me[1]) or "Nothing was said of this period yet.")
        yield from self.amounts()

    def about(self, values: dict[str, Any]) -> tuple[str | None, str | None]:
        """Oneself."""
        return self._me[0], None


class AdjustForm(_Call):
    """A manager's word over that of a rep, a team or everybody."""

    SIDE = CallSide.MANAGER
    FIRST = "whose"

    def __init__(
        self,
        period: Period,
        currency: str,
        calls: Report,
        subjects: Sequence[SubjectLine],
        about: tuple[str | None, str | None] | None,
    ) -> None:
        super().__init__(period, currency, calls)
        self._about = about
        self._subjects = [s for s in subjects if s.is_there or s.is_team or s.keys == about]

    def title_words(self) -> str:
        """Of which period."""
        return f"Adjust the commit for {self._period.label}"

    def fields(self) -> Iterable[Widget]:
        """Whose, and what the manager says."""
        options = whose_options(self._subjects)
        reps = [each for each in options if each[0][0]]
        is_known = self._about in [keys for keys, _ in options]
        first = self._about if is_known else reps[0][0] if reps else None
        yield ChoiceField("whose", "Whose", options, first)
        yield narrow_label(self._words(first))
        yield from self.amounts()

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        """Tell what stands of whom."""
        from textual.content import Content
        from textual.widgets import Static

        if event.field.field_name == "whose":
            self.query(Static).filter(".note").first(Static).update(
                Content(self._words(event.field.raw))
            )

    def _words(self, keys: tuple[str | None, str | None] | None) -> str:
        subject = next((each for each in self._subjects if each.keys == keys), None)
        if subject is None:
            name = "everybody"
        else:
            name = f"{subject.name} (team)" if subject.is_team else subject.name
        return self.standing(name) or "Nothing was said of this period yet."

    def about(self, values: dict[str, Any]) -> tuple[str | None, str | None]:
        """Whoever is chosen."""
        keys: tuple[str | None, str | None] = values["whose"]
        if not values["notes"].strip():
            self.field("notes").focus()
            raise Refused("An adjustment says why: give it a note.")
        return keys
