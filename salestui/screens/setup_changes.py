"""What is done with an entry of the team's lists: the form it is edited in, the use cases it goes through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salestui.queries.choices import load_choices
from salestui.queries.plans import subjects, usual_currency
from salestui.queries.setup import teams, territories
from salestui.screens.base import SalesScreen
from salestui.screens.bonus_forms import BonusPlanForm, GrantForm, TierForm
from salestui.screens.form import Form
from salestui.screens.people_forms import RepForm, TeamForm, TerritoryForm
from salestui.screens.plan_forms import CostForm, Known, QuotaForm
from salestui.screens.product_forms import CompetitorForm, CompetitorProductForm, ProductForm
from salestui.screens.setup_entries import Entry
from salestui.screens.setup_forms import NameForm, PipelineForm, StageForm

Call = tuple[Callable[..., Any], dict[str, Any]]
"""A use case and its arguments."""

_FORMS: dict[str, Callable[[Any], Form[Any]]] = {
    "pipeline": PipelineForm,
    "team": TeamForm,
    "territory": TerritoryForm,
    "product": ProductForm,
    "competitor": CompetitorForm,
}


async def form_for(screen: SalesScreen, what: str, row: Any) -> Form[Any]:
    """The form for a new entry, or for the one of `row`, that stands by itself."""
    if what in _FORMS:
        return _FORMS[what](row)
    if what == "rep":
        today = (await screen.desk.store()).today()
        lists = await screen.read(teams), await screen.read(territories)
        return RepForm(row, *lists, today=today)
    if what == "reference":
        return await _freezing(screen, row.id)
    if what in ("quota", "cost", "bonus plan"):
        known = await _known(screen)
        if what == "bonus plan":
            return BonusPlanForm(row, currency=known.currency)
        return (QuotaForm if what == "quota" else CostForm)(row, known=known)
    return NameForm(row, what=what)


async def _known(screen: SalesScreen) -> Known:
    found, today = await screen.read(subjects), (await screen.desk.store()).today()
    return Known(found, await screen.read(usual_currency), today)


async def _freezing(screen: SalesScreen, pipeline_id: str) -> Form[Any]:
    from salestui.analytics.stages.freezing import measured_now
    from salestui.screens.reference_forms import FreezeForm

    today = (await screen.desk.store()).today()
    return FreezeForm(await screen.read(measured_now, pipeline_id, today))


async def part_form(
    screen: SalesScreen, what: str, whole: Entry, row: Any, position: int | None = None
) -> Form[Any]:
    """The form for what hangs on `whole`: a stage, its reference, a competitor's product, a bonus tier …"""
    if what == "stage":
        return StageForm(row, pipeline=whole.name, pipeline_id=whole.id, position=position)
    if what == "reference stage":
        from salestui.screens.reference_forms import ReferenceStageForm

        return ReferenceStageForm(row, pipeline=whole.name)
    if what == "bonus tier":
        return TierForm(row, plan=whole.row)
    if what == "bonus grant":
        return GrantForm(row, plan=whole.row, known=await _known(screen))
    products = (await screen.read(load_choices)).products
    return CompetitorProductForm(
        row, competitor=whole.name, competitor_id=whole.id, products=products
    )


def deletion(entry: Entry) -> Call:
    """How the entry is deleted. Reps are not."""
    from salestui.usecases import bonuses, costs, people, process, quotas

    if entry.what == "team":
        return people.delete_team, {"team_id": entry.id}
    if entry.what == "quota":
        return quotas.delete_quota, {"quota_id": entry.id, "expected_version": entry.row.version}
    if entry.what == "cost":
        return costs.delete_cost, {"cost_id": entry.id, "expected_version": entry.row.version}
    if entry.what == "bonus plan":
        return bonuses.delete_plan, {"plan_id": entry.id}
    if entry.what == "bonus tier":
        return bonuses.delete_tier, {"plan_id": entry.parent_id, "from_bp": entry.row.from_bp}
    if entry.what == "bonus grant":
        return bonuses.delete_grant, {"grant_id": entry.id}
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
