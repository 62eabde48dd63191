"""What a form has a field for, a command has an option for."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from textual.widget import Widget
from typer.main import get_command

from salestui.cli import add, edit
from salestui.queries.activity_log import load_log
from salestui.queries.choices import load_client_choices
from salestui.queries.client_card import load_client_card
from salestui.queries.deal_card import load_deal_card
from salestui.screens import activity_forms, client_forms, deal_form
from salestui.screens.form import Form
from tests.screens.driving import driven
from tests.team import Team

_SAID = {
    "phones": "phone", "emails": "email", "addresses": "address", "lines": "line",
    "documents": "document", "papers": "document", "decision_role": "role",
    "expected_close_on": "close", "forecast_category": "category", "duration_minutes": "minutes",
    "contact_ids": "met", "subject": "about", "outcome": "agreed", "done_on": "on",
    "next_subject": "next_step", "next_on": "due",
}  # fmt: skip
"""Options that are called otherwise than their fields; else an ending such as `_id` is left out."""
_OF_TASKS = {"subject": "what", "due_on": "due", "is_team_task": "team"}


def _forms(team: Team) -> dict[tuple[str, str], list[Form[object]]]:
    """The forms by the command that does the same."""
    acme, today, lists = team.clients[0], team.today, team.lists
    client = team.store.read(load_client_card, client_id=acme)
    deal = team.store.read(load_deal_card, deal_id=team.deals[0])
    about = team.store.read(load_client_choices, client_id=acme)
    done = next(each for each in team.store.read(load_log).rows if each.papers)
    assert client is not None
    assert deal is not None
    contact, log = client_forms.ContactForm, activity_forms.LogForm
    task, old = activity_forms.PlanForm, activity_forms.ActivityForm
    return {
        ("add", "client"): [client_forms.NewClientForm(())],
        ("edit", "client"): [client_forms.EditClientForm(client, ())],
        ("add", "contact"): [contact(client, None, today)],
        ("edit", "contact"): [contact(client, client.people[0], today)],
        ("add", "branch"): [client_forms.BranchForm(client, None)],
        ("edit", "branch"): [client_forms.BranchForm(client, None)],
        ("add", "deal"): [
            deal_form.NewDealForm(lists, today),
            deal_form.EditDealForm(lists, today, deal=deal.deal, lines=deal.lines),
        ],
        ("edit", "deal"): [deal_form.EditDealForm(lists, today, deal=deal.deal, lines=deal.lines)],
        ("add", "activity"): [log(lists, today, about=about)],
        ("edit", "activity"): [old(lists, today, dealing=done, about=about)],
        ("add", "task"): [task(lists, today, about=about)],
    }


def _fields(widgets: Iterable[Widget]) -> set[str]:
    return {each.field_name for each in widgets if hasattr(each, "field_name")}


def _option(field: str, what: str) -> str:
    known = _SAID | (_OF_TASKS if what == "task" else {})
    plain = field
    for ending in ("_id", "_on", "_minor", "_year"):
        plain = plain.removesuffix(ending)
    return known.get(field, "day" if field == "on_day" else plain)


@pytest.mark.parametrize(
    ("verb", "what"),
    [
        *((verb, what) for verb in ("add", "edit")
          for what in ("client", "contact", "branch", "deal", "activity")),
        ("add", "task"),
    ],
)  # fmt: skip
async def test_every_field_is_an_option(team: Team, verb: str, what: str) -> None:
    group = get_command({"add": add, "edit": edit}[verb].app)
    options = {each.name for each in group.commands[what].params}
    async with driven(team.store, "log"):  # a field looks for the program it is in
        fields = set().union(*(_fields(form.fields()) for form in _forms(team)[verb, what]))
    assert len(fields) > 4
    assert {_option(field, what) for field in fields} <= options


@pytest.mark.parametrize("what", ["client", "contact", "branch", "deal"])
def test_what_is_added_can_be_changed(what: str) -> None:
    added, edited = (
        {each.name for each in get_command(group.app).commands[what].params}
        for group in (add, edit)
    )
    elsewhere = {"pipeline", "stage", "owner"} if what == "deal" else set()
    assert added - edited <= elsewhere
