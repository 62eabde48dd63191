"""What is done with an entry of the team's lists: the form it is edited in, the use cases it goes through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salestui.queries.choices import load_choices
from salestui.queries.setup import teams
from salestui.screens.base import SalesScreen
from salestui.screens.form import Form
from salestui.screens.people_forms import RepForm, TeamForm
from salestui.screens.product_forms import CompetitorForm, CompetitorProductForm, ProductForm
from salestui.screens.setup_forms import NameForm, PipelineForm, StageForm
from salestui.screens.setup_lists import Entry

Call = tuple[Callable[..., Any], dict[str, Any]]
"""A use case and its arguments."""

_FORMS: dict[str, Callable[[Any], Form[Any]]] = {
    "pipeline": PipelineForm,
    "team": TeamForm,
    "product": ProductForm,
    "competitor": CompetitorForm,
}


async def form_for(screen: SalesScreen, what: str, row: Any) -> Form[Any]:
    """The form for a new entry, or for the one of `row`, that stands by itself."""
    if what in _FORMS:
        return _FORMS[what](row)
    if what == "rep":
        today = (await screen.desk.store()).today()
        return RepForm(row, teams=await screen.read(teams), today=today)
    return NameForm(row, what=what)


async def part_form(
    screen: SalesScreen, whole: Entry, row: Any, position: int | None = None
) -> Form[Any]:
    """The form for a stage of the pipeline `whole`, or for a product of the competitor `whole`."""
    if whole.what == "pipeline":
        return StageForm(row, pipeline=whole.name, pipeline_id=whole.id, position=position)
    products = (await screen.read(load_choices)).products
    return CompetitorProductForm(
        row, competitor=whole.name, competitor_id=whole.id, products=products
    )


def deletion(entry: Entry) -> Call:
    """How the entry is deleted. Reps are not."""
    from salestui.usecases import people, process

    if entry.what == "team":
        return people.delete_team, {"team_id": entry.id}
    if entry.what == "pipeline":
        return process.delete_pipeline, {"pipeline_id": entry.id}
    if entry.what == "stage":
        return process.delete_stage, {"stage_id": entry.id}
    return process.delete_entry, {"what": entry.what, "entry_id": entry.id}


def placing(entry: Entry, place: int) -> Call:
    """How the entry is brought to a place among its like, from 1."""
    from salestui.usecases import process

    if entry.what == "pipeline":
        return process.edit_pipeline, {"pipeline_id": entry.id, "position": place}
    if entry.what == "stage":
        return process.edit_stage, {"stage_id": entry.id, "position": place}
    return process.edit_entry, {"what": entry.what, "entry_id": entry.id, "position": place}
