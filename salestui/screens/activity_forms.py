"""Logging what was done, with the next step; finishing a task; planning one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from salestui.errors import Refused
from salestui.models.vocabulary import Direction
from salestui.queries.activity_log import Dealing, Paper, load_version
from salestui.queries.choices import Choices, ClientChoices, load_client_choices
from salestui.queries.search import find
from salestui.screens import typed
from salestui.screens.form import Form
from salestui.widgets.choice_fields import ChoiceField, ManyField, Option, entries
from salestui.widgets.fields import NotesField, TextField
from salestui.widgets.find_field import FindField, Match

if TYPE_CHECKING:
    from salestui.usecases.activities import Document, NextStep
    from salestui.usecases.facts import Saved

DIRECTIONS: tuple[Option, ...] = (
    (Direction.OUT.value, "out: we to them"),
    (Direction.IN.value, "in: they to us"),
    (Direction.NONE.value, "neither"),
)
_NO_DEAL: Option = (None, "no deal in particular")


def kinds(choices: Choices) -> list[Option]:
    """The kinds of activity to choose from."""
    return [(kind.id, kind.name) for kind in choices.kinds]


class AboutForm(Form["Saved"]):
    """A form about a client, perhaps one of its deals, and the contacts met."""

    def __init__(
        self,
        choices: Choices,
        today: date,
        *,
        about: ClientChoices | None = None,
        deal: Option | None = None,
    ) -> None:
        super().__init__()
        self.choices, self.today = choices, today
        self._about, self._deal = about, deal

    def _client_fields(self) -> Iterable[Widget]:
        about = self._about
        client = Match(about.client_id, about.client) if about else None
        yield FindField("client_id", "Client", self._find, client)
        yield ChoiceField("deal_id", "Deal", self._deals(), self._deal and self._deal[0])

    async def _find(self, text: str) -> Sequence[Match]:
        found = await self.desk.read(find, typed=text, kinds=("client",))
        return [Match(each.id, each.name, each.detail) for each in found]

    def _deals(self) -> list[Option]:
        deals = self._about.deals if self._about else ()
        offered = [(deal.id, f"{deal.name} ({deal.group})") for deal in deals]
        # One stands on a deal that is closed, or of no client: it is not offered, and yet meant.
        own = [each for each in [self._deal] if each and each[0] not in dict(offered)]
        return [_NO_DEAL, *own, *offered]

    def _contacts(self) -> list[Option]:
        contacts = self._about.contacts if self._about else ()
        return [(each.id, f"{each.name} ({each.group})") for each in contacts]

    async def on_find_field_changed(self, event: FindField.Changed) -> None:
        """Offer the deals and contacts of the client that was chosen."""
        chosen = event.field.chosen
        self._about = self._deal = None
        if chosen is not None:
            self._about = await self.desk.read(load_client_choices, client_id=chosen.id)
        deals = self._deals()
        self.field("deal_id").offer(deals, deals[1][0] if len(deals) == 2 else None)
        for many in self.query(ManyField):
            many.offer(self._contacts())

    def step_fields(self) -> Iterable[Widget]:
        """What is to be done next, and when."""
        yield TextField("next_subject", "Next step", hint="what is to be done next", is_wide=True)
        yield ChoiceField("next_kind", "… how", kinds(self.choices), "call")
        yield TextField("next_on", "… when", hint="fri, +3d, 2026-10-01",
                        parse=typed.day(lambda: self.today))  # fmt: skip

    def next_step(self, values: dict[str, Any]) -> NextStep | None:
        """The next step that was typed. Raises `Refused` if it has no day."""
        from salestui.usecases.activities import NextStep

        subject, due_on, kind = (
            values.pop(name) for name in ("next_subject", "next_on", "next_kind")
        )
        if due_on is None and not subject:
            return None
        if due_on is None:
            self.field("next_on").focus()
            raise Refused("When is the next step? Write fri, +3d or a date.")
        return NextStep(subject, due_on, kind)


class LogForm(AboutForm):
    """The one short form that logs an activity and plans the next step."""

    FIRST = "subject"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._was_asked = False

    def title_words(self) -> str:
        """What it is for."""
        return "Log an activity and plan the next step"

    def fields(self) -> Iterable[Widget]:
        """Prefilled from where one stands: often subject, outcome and next step are all to type."""
        yield ChoiceField("kind", "Kind", kinds(self.choices))
        yield ChoiceField("direction", "Direction", DIRECTIONS)
        yield from self._client_fields()
        yield ManyField("contact_ids", "Met", self._contacts())
        yield TextField("subject", "About", hint="what it was about", is_wide=True)
        yield TextField("outcome", "Agreed", hint="what was agreed", is_wide=True)
        minutes, day = self.lasted()
        yield TextField(
            "duration_minutes", "Minutes", minutes, hint="15, 1h30", parse=typed.minutes
        )
        yield TextField("done_on", "Day", day, parse=typed.day(lambda: self.today))
        yield TextField("documents", "Documents", parse=papers, is_wide=True,
                        hint="sent.pdf, < received.pdf")  # fmt: skip
        yield from self.step_fields()

    def lasted(self) -> tuple[str, str]:
        """Minutes and day to begin with, as they can be typed."""
        return "", "today"

    async def submit(self) -> Saved:
        """Log it."""
        await self.desk.warm()
        values = self.values()
        step = self.next_step(values)
        if step is None and self._stands_still(values["deal_id"]) and not self._was_asked:
            self._was_asked = True
            self.field("next_subject").focus()
            raise Refused("The deal has no next step. Plan one, or press ctrl+s again without.")
        values["documents"] = documents(values["documents"])
        return await self.write_activity({**values, "next_step": step})

    async def write_activity(self, activity: dict[str, Any]) -> Saved:
        """Write what is to be logged."""
        from salestui.usecases.activities import log_activity

        return await self.desk.write(log_activity, **activity)

    def _stands_still(self, deal_id: str | None) -> bool:
        deals = self._about.deals if self._about else ()
        return any(deal.id == deal_id and not deal.more for deal in deals)


def papers(text: str) -> list[tuple[str, str]]:
    """Reads documents parted by commas as (name, direction): "<" before one that came in."""
    return [
        (part.lstrip("<> "), Direction.IN.value if part.startswith("<") else Direction.OUT.value)
        for part in typed.parts(text)
        if part.lstrip("<> ")
    ]


def documents(listed: Sequence[tuple[str, str]]) -> list[Document]:
    """The documents as the use case takes them."""
    from salestui.usecases.activities import Document

    return [Document(name, direction) for name, direction in listed]


class DoneForm(AboutForm):
    """What came of a task, and what comes next."""

    IS_NARROW = True

    def __init__(self, choices: Choices, today: date, *, task: tuple[str, int, str]) -> None:
        super().__init__(choices, today)
        self._task_id, self._version, self._words = task

    def title_words(self) -> str:
        """Which task."""
        return f"Done: {self._words}"

    def fields(self) -> Iterable[Widget]:
        """Outcome and next step."""
        yield TextField("outcome", "Agreed", hint="what came of it", is_wide=True)
        yield TextField("duration_minutes", "Minutes", hint="15, 1h30", parse=typed.minutes)
        yield from self.step_fields()

    async def catch_up(self) -> None:
        """Take over the version of today; a task that is no longer open stays refused."""
        version = await self.desk.read(load_version, activity_id=self._task_id)
        self._version = version or self._version

    async def submit(self) -> Saved:
        """Mark it done."""
        await self.desk.warm()
        from salestui.usecases.activities import complete_task

        values = self.values()
        step = self.next_step(values)
        return await self.desk.write(
            complete_task,
            activity_id=self._task_id,
            expected_version=self._version,
            **values,
            next_step=step,
        )


class PlanForm(AboutForm):
    """A task, for oneself or for everybody."""

    FIRST = "subject"

    def title_words(self) -> str:
        """What it is for."""
        return "Plan the next step"

    def fields(self) -> Iterable[Widget]:
        """What, when, with whom."""
        yield TextField("subject", "What", hint="what is to be done", is_wide=True)
        yield ChoiceField("kind", "How", kinds(self.choices), "call")
        yield TextField("due_on", "When", hint="fri, +3d, 2026-10-01",
                        parse=typed.needed_day(lambda: self.today))  # fmt: skip
        yield from self._client_fields()
        yield ManyField("contact_ids", "With", self._contacts())
        reps = entries(self.choices.reps, "me")
        yield ChoiceField("rep_id", "Who does it", reps)
        yield ChoiceField(
            "is_team_task", "Whose task", [(False, "that rep's"), (True, "the team's")]
        )

    async def submit(self) -> Saved:
        """Plan it."""
        await self.desk.warm()
        from salestui.usecases.activities import plan_task

        return await self.desk.write(plan_task, **self.values())


class ActivityForm(AboutForm):
    """Changing an activity that was logged or planned."""

    FIRST = "subject"

    def __init__(
        self, choices: Choices, today: date, *, dealing: Dealing, about: ClientChoices | None
    ) -> None:
        super().__init__(choices, today, about=about)
        self._dealing, self._version = dealing, dealing.version

    def title_words(self) -> str:
        """Which activity."""
        return f"Edit: {self._dealing.kind} {self._dealing.subject}".strip()

    def fields(self) -> Iterable[Widget]:
        """All that may be changed afterwards."""
        dealing = self._dealing
        yield ChoiceField("kind", "Kind", kinds(self.choices), dealing.kind)
        yield ChoiceField("direction", "Direction", DIRECTIONS, dealing.direction)
        met = [each.contact_id for each in dealing.met]
        yield ManyField("contact_ids", "Met", self._contacts(), met)
        yield TextField("subject", "About", dealing.subject, is_wide=True)
        yield TextField("outcome", "Agreed", dealing.outcome, is_wide=True)
        minutes = "" if dealing.minutes is None else str(dealing.minutes)
        yield TextField("duration_minutes", "Minutes", minutes, parse=typed.minutes)
        name = "due_on" if dealing.is_open else "on_day"
        yield TextField(name, "Day", typed.shown_day(dealing.on_day),
                        parse=typed.needed_day(lambda: self.today))  # fmt: skip
        if dealing.papers:
            there = [(paper, _shown_paper(paper)) for paper in dealing.papers]
            yield ManyField("papers", "Documents", there, dealing.papers)
        yield TextField("documents", "More documents" if dealing.papers else "Documents",
                        parse=papers, is_wide=True, hint="sent.pdf, < received.pdf")  # fmt: skip
        yield NotesField("notes", "Notes", dealing.notes)

    async def catch_up(self) -> None:
        """Take over the version of today: only what was changed here is written."""
        version = await self.desk.read(load_version, activity_id=self._dealing.activity_id)
        self._version = version or self._version

    async def submit(self) -> Saved:
        """Write what was changed."""
        await self.desk.warm()
        from salestui.usecases.activities import Document, edit_activity

        values = self.values(only_changed=True)
        if not values.keys().isdisjoint({"papers", "documents"}):
            kept = values.pop("papers", self._dealing.papers)
            more = documents(values.pop("documents", ()))
            values["documents"] = [
                *(Document(paper.name, paper.direction, paper.link) for paper in kept), *more
            ]  # fmt: skip
        return await self.desk.write(
            edit_activity,
            activity_id=self._dealing.activity_id,
            expected_version=self._version,
            **values,
        )


def _shown_paper(paper: Paper) -> str:
    return f"< {paper.name}" if paper.direction == Direction.IN.value else paper.name
