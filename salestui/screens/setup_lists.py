"""The lists that a team sets up: what each is read from, and what its rows say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from salestui.queries import setup
from salestui.screens.setup_entries import Column, Entry, SetupList
from salestui.screens.setup_plans import PLAN_LISTS
from salestui.screens.setup_reference import REFERENCES
from salestui.store.reader import Reader
from salestui.text import fold, format_money


def _pipelines(reader: Reader) -> list[Entry]:
    stages = setup.stages(reader)
    return [
        entry
        for place, row in enumerate(setup.pipelines(reader), start=1)
        for entry in _pipeline(row, place, [s for s in stages if s.pipeline_id == row.id])
    ]


def _pipeline(
    row: setup.PipelineLine, place: int, stages: Sequence[setup.StageLine]
) -> Iterator[Entry]:
    yield Entry(
        "pipeline", row, place, (f"{row.name}  {row.currency}", "", "", "", _count(row.deals))
    )
    for number, stage in enumerate(stages, start=1):
        idle = "no limit" if stage.idle_days is None else f"{stage.idle_days} days"
        cells = (
            f"  {number} {stage.name}",
            stage.kind,
            f"{stage.probability} %",
            idle,
            _count(stage.deals),
        )
        yield Entry("stage", stage, number, cells, row.id)


def _reps(reader: Reader) -> list[Entry]:
    rows = sorted(setup.reps(reader), key=lambda row: (row.left_on is not None, fold(row.name)))
    return [
        Entry("rep", row, place, (
            row.name, row.role, row.team or "", row.login, _day(row.started_on), _day(row.left_on),
            row.territory or "", row.email, _count(row.deals), _count(row.clients),
        ))
        for place, row in enumerate(rows, start=1)
    ]  # fmt: skip


def _teams(reader: Reader) -> list[Entry]:
    return [
        Entry("team", row, place, (row.name, row.office, _count(row.reps), row.managers))
        for place, row in enumerate(setup.teams(reader), start=1)
    ]


def _territories(reader: Reader) -> list[Entry]:
    return [
        Entry("territory", row, place, (
            row.name, _count(row.clients), _count(row.reps), row.notes.partition("\n")[0],
        ))
        for place, row in enumerate(setup.territories(reader), start=1)
    ]  # fmt: skip


def _products(reader: Reader) -> list[Entry]:
    return [
        Entry("product", row, place, (
            row.name, row.series, _money(row.price_minor, row.currency),
            _money(row.cost_minor, row.currency),
        ))
        for place, row in enumerate(setup.products(reader), start=1)
    ]  # fmt: skip


def _competitors(reader: Reader) -> list[Entry]:
    products = setup.competitor_products(reader)
    found = []
    for place, row in enumerate(setup.competitors(reader), start=1):
        cells = (row.name, "", _count(row.lost_deals), row.website)
        found.append(Entry("competitor", row, place, cells))
        theirs = (product for product in products if product.competitor_id == row.id)
        found += [
            Entry("competitor product", each, number,
                  (f"  {each.name}", each.against or "", "", ""), row.id)
            for number, each in enumerate(theirs, start=1)
        ]  # fmt: skip
    return found


def _loss_reasons(reader: Reader) -> list[Entry]:
    return [
        Entry("loss reason", row, place, (f"{place} {row.name}", _count(row.used)))
        for place, row in enumerate(setup.loss_reasons(reader), start=1)
    ]


def _kinds(reader: Reader) -> list[Entry]:
    return [
        Entry("activity kind", row, place, (f"{place} {row.name}", _count(row.used)))
        for place, row in enumerate(setup.activity_kinds(reader), start=1)
    ]


def _count(number: int) -> str:
    return f"{number:,}" if number else ""


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _money(minor: int | None, currency: str) -> str:
    return "" if minor is None else format_money(minor, currency)


LISTS = (
    SetupList("Pipelines", "pipeline", (
        Column("Pipeline and its stages"), Column("Kind"),
        Column("Probability", is_right=True), Column("Idle limit", is_right=True),
        Column("Deals", is_right=True),
    ), _pipelines, parts=("stage",), is_ordered=True,
        about="Sales cycles, step by step. Probability: how many of the deals there are won."),
    REFERENCES,
    SetupList("Reps", "rep", (
        Column("Rep"), Column("Role"), Column("Team"), Column("Login"),
        Column("Started"), Column("Left"), Column("Territory", since=110), Column("E-mail", since=126),
        Column("Deals", is_right=True, since=136), Column("Clients", is_right=True, since=136),
    ), _reps, about="Who sells, leads, assists; a rep who has left keeps the history."),
    SetupList("Teams", "team", (
        Column("Team"), Column("Office"), Column("Reps", is_right=True),
        Column("Managers"),
    ), _teams, about="A rep with the role manager leads the team he or she is in."),
    SetupList("Territories", "territory", (
        Column("Territory"), Column("Clients", is_right=True), Column("Reps", is_right=True),
        Column("Notes"),
    ), _territories, about="Slices of the market. A deal is of its client's, else of its owner's home."),
    SetupList("Products", "product", (
        Column("Product"), Column("Series"), Column("Price", is_right=True),
        Column("Cost", is_right=True),
    ), _products, about="What you sell. A product taken off the list stays in the deals that have it."),
    SetupList("Competitors", "competitor", (
        Column("Competitor and products"), Column("Against our"),
        Column("Lost to", is_right=True), Column("Web site"),
    ), _competitors, parts=("product",), about="Who else sells, and what, against which of your products."),
    SetupList("Loss reasons", "loss reason", (
        Column("Reason"), Column("Lost deals", is_right=True),
    ), _loss_reasons, is_ordered=True, about="In the order of the digits that choose them on the board."),
    SetupList("Activities", "activity kind", (
        Column("Kind of activity"), Column("Activities", is_right=True),
    ), _kinds, is_ordered=True, about="What you do with clients; the first is offered first."),
    *PLAN_LISTS,
)  # fmt: skip
"""All of them, in the order of the screen."""
