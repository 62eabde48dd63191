"""A client's fields, contacts, branches and assistants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from salestui.models.vocabulary import ClientStatus, DecisionRole, Market, MediumKind
from salestui.queries.choices import Choice
from salestui.queries.client_card import Branch, ClientCard, Medium, Person, load_client_card
from salestui.screens import typed
from salestui.screens.form import Form
from salestui.widgets.choice_fields import ChoiceField, ManyField, Option, entries
from salestui.widgets.fields import NotesField, TextField

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved

_STATUSES: tuple[Option, ...] = tuple((each.value, each.value) for each in ClientStatus)
_MARKETS: tuple[Option, ...] = tuple((each.value, each.value) for each in Market)
_ROLES: tuple[Option, ...] = tuple((each.value, each.value) for each in DecisionRole)
_MEDIA = {
    "phones": (MediumKind.PHONE, "Phones"),
    "emails": (MediumKind.EMAIL, "E-mails"),
    "web": (MediumKind.WEB, "Web sites"),
    "addresses": (MediumKind.ADDRESS, "Addresses"),
}


class MediaForm(Form["Saved"]):
    """A form with ways to reach someone: several of a kind are parted by commas."""

    def media_fields(self, media: Sequence[Medium], *names: str) -> Iterable[Widget]:
        """A field for each kind of medium."""
        for name in names:
            kind, label = _MEDIA[name]
            listed = ", ".join(medium.value for medium in media if medium.kind == kind)
            yield TextField(name, label, listed, parse=typed.parts, hint="several parted by commas")

    def typed_values(self, *, only_changed: bool) -> dict[str, Any]:
        """The values, media gathered as the use cases take them."""
        values = self.values(only_changed=only_changed)
        media = {_MEDIA[name][0].value: values.pop(name) for name in list(values) if name in _MEDIA}
        return values | ({"media": media} if media else {})


def _territory_field(territories: Sequence[Choice], current: str | None = None) -> ChoiceField:
    return ChoiceField("territory_id", "Territory", entries(territories, "no territory"), current)


class NewClientForm(MediaForm):
    """A new client: the name is enough."""

    def __init__(self, territories: Sequence[Choice]) -> None:
        super().__init__()
        self._territories = territories

    def title_words(self) -> str:
        """What it is for."""
        return "New client"

    def fields(self) -> Iterable[Widget]:
        """What one knows at first."""
        yield TextField("name", "Name", parse=typed.needed("The name"), is_wide=True)
        yield TextField("city", "Town")
        yield TextField("country", "Country")
        yield ChoiceField("status", "Status", _STATUSES, ClientStatus.PROSPECT.value)
        yield ChoiceField("market", "Market", _MARKETS)
        yield _territory_field(self._territories)
        yield from self.media_fields((), "phones", "emails")
        yield TextField("line_of_business", "Line of business")
        yield TextField("source", "Source", hint="where it came from")

    async def submit(self) -> Saved:
        """Create it."""
        await self.desk.warm()
        from salestui.usecases.clients import create_client

        return await self.desk.write(create_client, **self.typed_values(only_changed=False))


class EditClientForm(MediaForm):
    """All fields of a client."""

    def __init__(self, card: ClientCard, territories: Sequence[Choice]) -> None:
        super().__init__()
        self._card, self._version = card, card.client.version
        self._territories = territories

    def title_words(self) -> str:
        """Which client."""
        return f"Client {self._card.client.number}"

    def fields(self) -> Iterable[Widget]:
        """All of them."""
        client = self._card.client

        def text(name: str, label: str) -> TextField:
            return TextField(name, label, getattr(client, name))

        yield TextField("name", "Name", client.name, parse=typed.needed("The name"), is_wide=True)
        yield ChoiceField("status", "Status", _STATUSES, client.status)
        yield ChoiceField("market", "Market", _MARKETS, client.market)
        yield _territory_field(self._territories, client.territory_id)
        yield from self.media_fields(self._card.media, "phones", "emails", "web", "addresses")
        for name, label in (
            ("street", "Street"),
            ("city", "Town"),
            ("postal_code", "Postal code"),
            ("region", "Region"),
            ("country", "Country"),
            ("source", "Source"),
            ("line_of_business", "Line of business"),
            ("sector", "Market sectors"),
            ("ownership_form", "Ownership form"),
            ("legal_form", "Legal form"),
            ("registration_number", "Registration number"),
            ("vat_number", "VAT number"),
        ):
            yield text(name, label)
        yield TextField("headcount", "Headcount", _shown(client.headcount), parse=typed.number)
        yield TextField(
            "founded_year", "Founded in", _shown(client.founded_year), parse=typed.number
        )
        code = client.turnover_currency
        yield TextField("turnover_minor", "Turnover", typed.shown_money(client.turnover_minor, code),
                        parse=typed.money(self._currency))  # fmt: skip
        yield TextField("turnover_currency", "… in", code, parse=typed.currency)
        yield NotesField("notes", "Notes", client.notes)

    def _currency(self) -> str:
        return typed.currency(self.field("turnover_currency").raw)

    async def catch_up(self) -> None:
        """Take over the version of today: only what was changed here is written."""
        card = await self.desk.read(load_client_card, client_id=self._card.client.client_id)
        if card is not None:
            self._version = card.client.version

    async def submit(self) -> Saved:
        """Write what was changed."""
        await self.desk.warm()
        from salestui.usecases.clients import edit_client

        return await self.desk.write(
            edit_client,
            client_id=self._card.client.client_id,
            expected_version=self._version,
            **self.typed_values(only_changed=True),
        )


class ContactForm(MediaForm):
    """A contact, new or old."""

    def __init__(self, card: ClientCard, person: Person | None, today: date) -> None:
        super().__init__()
        self._card, self._person, self._today = card, person, today
        self._version = person.version if person else None

    def title_words(self) -> str:
        """Whose contact."""
        return f"{'Contact' if self._person else 'New contact'} at {self._card.client.name}"

    def fields(self) -> Iterable[Widget]:
        """All of CARD-2."""
        person = self._person
        others = [(each.contact_id, each.name) for each in self._card.people if each is not person]
        nobody: list[Option] = [(None, "nobody")]
        yield TextField("name", "Name", person.name if person else "",
                        parse=typed.needed("The name"), is_wide=True)  # fmt: skip
        yield TextField("job_title", "Job title", person.job_title if person else "")
        role = person.decision_role if person else DecisionRole.OTHER.value
        yield ChoiceField("decision_role", "Part in buying", _ROLES, role)
        yield from self.media_fields(
            person.media if person else (), "phones", "emails", "web", "addresses"
        )
        yield ChoiceField("reports_to_id", "Reports to", nobody + others,
                          person.reports_to_id if person else None)  # fmt: skip
        yield ChoiceField("assists_id", "Assistant of", nobody + others,
                          person.assists_id if person else None)  # fmt: skip
        seat: list[Option] = [(None, "the seat")]
        places = [(branch.branch_id, branch.name) for branch in self._card.branches]
        yield ChoiceField(
            "branch_id", "Works at", seat + places, person.branch_id if person else None
        )
        yield TextField("born_on", "Born on", typed.shown_day(person.born_on if person else None),
                        hint="1980-05-17", parse=typed.day(lambda: self._today))  # fmt: skip
        yield TextField("notes", "Notes", person.notes if person else "", is_wide=True)
        yield TextField("private_notes", "Private notes", person.private_notes if person else "",
                        is_wide=True)  # fmt: skip

    async def catch_up(self) -> None:
        """Take over the version of today."""
        card = await self.desk.read(load_client_card, client_id=self._card.client.client_id)
        for each in card.people if card else ():
            if self._person and each.contact_id == self._person.contact_id:
                self._version = each.version

    async def submit(self) -> Saved:
        """Create it, or write what was changed."""
        await self.desk.warm()
        from salestui.usecases.clients import create_contact, edit_contact

        if self._person is None:
            values = self.typed_values(only_changed=False)
            client_id = self._card.client.client_id
            return await self.desk.write(create_contact, client_id=client_id, **values)
        return await self.desk.write(
            edit_contact,
            contact_id=self._person.contact_id,
            expected_version=self._version,
            **self.typed_values(only_changed=True),
        )


class BranchForm(MediaForm):
    """A branch, new or old."""

    def __init__(self, card: ClientCard, branch: Branch | None) -> None:
        super().__init__()
        self._card, self._branch = card, branch
        self._version = branch.version if branch else None

    def title_words(self) -> str:
        """Whose branch."""
        return f"{'Branch' if self._branch else 'New branch'} of {self._card.client.name}"

    def fields(self) -> Iterable[Widget]:
        """Where it is."""
        branch = self._branch
        yield TextField("name", "Name", branch.name if branch else "",
                        parse=typed.needed("The name"), is_wide=True)  # fmt: skip
        yield TextField("street", "Street", branch.street if branch else "")
        yield TextField("city", "Town", branch.city if branch else "")
        yield TextField("postal_code", "Postal code", branch.postal_code if branch else "")
        yield TextField("country", "Country", branch.country if branch else "")
        yield from self.media_fields(branch.media if branch else (), "phones", "emails")

    async def catch_up(self) -> None:
        """Take over the version of today."""
        card = await self.desk.read(load_client_card, client_id=self._card.client.client_id)
        for each in card.branches if card else ():
            if self._branch and each.branch_id == self._branch.branch_id:
                self._version = each.version

    async def submit(self) -> Saved:
        """Create it, or write what was changed."""
        await self.desk.warm()
        from salestui.usecases.clients import create_branch, edit_branch

        if self._branch is None:
            values = self.typed_values(only_changed=False)
            client_id = self._card.client.client_id
            return await self.desk.write(create_branch, client_id=client_id, **values)
        return await self.desk.write(
            edit_branch,
            branch_id=self._branch.branch_id,
            expected_version=self._version,
            **self.typed_values(only_changed=True),
        )


class AssistantsForm(Form["Saved"]):
    """The reps who help the owner of a client."""

    def __init__(self, card: ClientCard, reps: Sequence[Choice]) -> None:
        super().__init__()
        self._card, self._reps = card, reps

    def title_words(self) -> str:
        """Whose."""
        return f"Who helps with {self._card.client.name}"

    def fields(self) -> Iterable[Widget]:
        """The reps to choose from, without the owner."""
        owner_id = self._card.client.owner_id
        reps = [(rep.id, rep.name) for rep in self._reps if rep.id != owner_id]
        yield ManyField("rep_ids", "Assistants", reps, [key for key, _ in self._card.assistants])

    async def submit(self) -> Saved:
        """Write who was chosen."""
        await self.desk.warm()
        from salestui.usecases.clients import set_assistants

        client_id = self._card.client.client_id
        return await self.desk.write(set_assistants, client_id=client_id, **self.values())


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)
