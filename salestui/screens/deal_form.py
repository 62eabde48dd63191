"""A new deal, and the fields of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from salestui.models.vocabulary import DealKind, ForecastCategory, StageKind
from salestui.queries.choices import Choice, Choices, load_client_choices
from salestui.queries.deal_card import Deal, Line, load_deal
from salestui.queries.search import find
from salestui.screens import typed
from salestui.screens.form import Form
from salestui.widgets.choice_fields import ChoiceField, Option, entries
from salestui.widgets.fields import NotesField, TextField
from salestui.widgets.find_field import FindField, Match, New

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved

_KINDS: tuple[Option, ...] = tuple((kind.value, f"{kind.value} business") for kind in DealKind)
_CATEGORIES: tuple[Option, ...] = tuple((c.value, c.value) for c in ForecastCategory)


class _DealForm(Form["Saved"]):
    """What the forms for a new and for an old deal share."""

    def __init__(self, choices: Choices, today: date, lines: Sequence[Line] = ()) -> None:
        super().__init__()
        self.choices, self.today = choices, today
        self._lines, self._products = lines, typed.offered(choices.products, lines)

    async def find_client(self, text: str) -> Sequence[Match]:
        """Clients for what is typed."""
        found = await self.desk.read(find, typed=text, kinds=("client",))
        return [Match(each.id, each.name, each.detail) for each in found]

    def currency(self) -> str:
        """The currency typed; raises `Refused` if it is none."""
        return typed.currency(self.field("currency").raw)

    def amount_fields(self, minor: int | None, code: str) -> Iterable[Widget]:
        """Amount and currency."""
        yield TextField("amount_minor", "Amount", typed.shown_money(minor, code), hint="12k, 1234.50",
                        parse=typed.money(self.currency))  # fmt: skip
        yield TextField("currency", "Currency", code, parse=typed.currency)

    def product_field(self) -> Iterable[Widget]:
        """The products, a line each, where there are any to choose from."""
        if self._products:
            yield NotesField("lines", "Products, one a line: 2 Pump @ 1200 -10%",
                             typed.shown_lines(self._lines))  # fmt: skip

    def product_lines(self, text: str) -> list[Any]:
        """What was typed as products, as the use case takes it."""
        from salestui.usecases.deals import Line as Wanted

        rows = typed.product_lines(text, self._products, self.currency())
        return [Wanted(*row) for row in rows]

    def settle_client(self, values: dict[str, Any]) -> None:
        """Let a client whose name is new be created with the deal."""
        if isinstance(values.get("client_id"), New):
            values["new_client"] = values.pop("client_id").name


class NewDealForm(_DealForm):
    """A new deal; a client nobody has yet is created with it."""

    def __init__(
        self,
        choices: Choices,
        today: date,
        *,
        client: Match | None = None,
        pipeline_id: str | None = None,
        stage_id: str | None = None,
    ) -> None:
        super().__init__(choices, today)
        self._client, self._stage_id = client, stage_id
        first = choices.pipelines[0].id if choices.pipelines else ""
        self._pipeline_id = pipeline_id or first

    def title_words(self) -> str:
        """What it is for."""
        return "New deal"

    def fields(self) -> Iterable[Widget]:
        """A title or a client is enough."""
        pipeline = next((p for p in self.choices.pipelines if p.id == self._pipeline_id), None)
        yield TextField("title", "Title", hint="what is to be sold", is_wide=True)
        yield FindField("client_id", "Client", self.find_client, self._client, may_be_new=True)
        yield TextField("expected_close_on", "Expected close", hint="2026-10-01, +2m",
                        parse=typed.day(lambda: self.today))  # fmt: skip
        yield from self.amount_fields(None, pipeline.more if pipeline else "EUR")
        pipelines = [(each.id, each.name) for each in self.choices.pipelines]
        yield ChoiceField("pipeline_id", "Pipeline", pipelines, self._pipeline_id)
        yield ChoiceField("stage_id", "Stage", self._stages(self._pipeline_id), self._stage_id)
        reps = entries(self.choices.reps, "me")
        yield ChoiceField("owner_id", "Owner", reps)
        yield TextField("source", "Source", hint="where it came from")
        yield from self.product_field()

    def _stages(self, pipeline_id: str) -> list[Option]:
        return [
            (stage.id, stage.name)
            for stage in self.choices.stages_of(pipeline_id)
            if stage.more != StageKind.AFTER_SALE
        ]

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        """Another pipeline has other stages and its own currency."""
        if event.field.field_name != "pipeline_id":
            return
        pipeline = next(p for p in self.choices.pipelines if p.id == event.field.raw)
        self.field("stage_id").offer(self._stages(pipeline.id))
        if not self.field("amount_minor").raw:
            self.field("currency").value = pipeline.more

    async def submit(self) -> Saved:
        """Create it."""
        await self.desk.warm()
        from salestui.usecases.deals import create_deal

        values = self.values()
        values["lines"] = self.product_lines(values.pop("lines", ""))
        if values["lines"]:
            values.pop("amount_minor")
        self.settle_client(values)
        return await self.desk.write(create_deal, **values)


class EditDealForm(_DealForm):
    """The fields of a deal other than stage, owner and outcome, which have keys of their own."""

    def __init__(
        self,
        choices: Choices,
        today: date,
        *,
        deal: Deal,
        lines: Sequence[Line],
        contacts: Sequence[Choice] = (),
    ) -> None:
        super().__init__(choices, today, lines)
        self._deal, self._version = deal, deal.version
        self._contacts = entries(contacts, "nobody")

    def title_words(self) -> str:
        """Which deal."""
        return f"Deal {self._deal.number}"

    def fields(self) -> Iterable[Widget]:
        """What the deal says of itself."""
        deal = self._deal
        client = Match(deal.client_id, deal.client or "") if deal.client_id else None
        yield TextField("title", "Title", deal.title, parse=typed.needed("The title"), is_wide=True)
        yield FindField("client_id", "Client", self.find_client, client, may_be_new=True)
        yield TextField("expected_close_on", "Expected close", typed.shown_day(deal.expected_close_on),
                        hint="2026-10-01, +2m", parse=typed.day(lambda: self.today))  # fmt: skip
        yield from self.amount_fields(deal.amount_minor, deal.currency)
        yield ChoiceField("forecast_category", "Forecast", _CATEGORIES, deal.forecast_category)
        yield ChoiceField("kind", "Kind", _KINDS, deal.kind)
        yield ChoiceField("contact_id", "Contact", self._contacts, deal.contact_id)
        yield TextField("source", "Source", deal.source)
        yield from self.product_field()
        yield NotesField("notes", "Notes", deal.notes)

    async def on_find_field_changed(self, event: FindField.Changed) -> None:
        """Offer the contacts of the client that was chosen."""
        chosen = event.field.chosen
        about = None
        if chosen is not None:
            about = await self.desk.read(load_client_choices, client_id=chosen.id)
        self.field("contact_id").offer(
            entries(about.contacts if about else (), "nobody"), self._deal.contact_id
        )

    async def catch_up(self) -> None:
        """Take over the version of today: only what was changed here is written."""
        deal = await self.desk.read(load_deal, deal_id=self._deal.deal_id)
        if deal is not None:
            self._version = deal.version

    async def submit(self) -> Saved:
        """Write what was changed."""
        await self.desk.warm()
        from salestui.usecases.deals import edit_deal

        values = self.values(only_changed=True)
        if "lines" in values:
            values["lines"] = self.product_lines(values["lines"])
        self.settle_client(values)
        return await self.desk.write(
            edit_deal, deal_id=self._deal.deal_id, expected_version=self._version, **values
        )
