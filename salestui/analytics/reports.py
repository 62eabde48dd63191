"""The reports there are, by the names that commands give them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from salestui.errors import Refused

if TYPE_CHECKING:
    from salestui.analytics.report import Report
    from salestui.analytics.scope import Scope
    from salestui.store.reader import Reader

REPORTS = {
    "funnel": (
        "stages.funnel:funnel",
        "Deals created in the period that reached each stage, then won.",
    ),
    "conversion": (
        "stages.conversion:conversion",
        "Of the deals that entered each stage: what became of them, and how long they stayed.",
    ),
    "win-rate": ("selling.winning:win_rate", "Won and lost deals, average deal and cycle."),
    "losses": ("stages.losses:losses", "Lost deals by stage and reason."),
    "activity": (
        "selling.activity:activity",
        "What was done: by rep, kind, direction, role met, new or existing clients, week.",
    ),
    "quota": (
        "plan.quota:quota",
        "Quota against won, due by now and likely: by rep, team, everybody.",
    ),
    "bonus": (
        "plan.bonus:bonus",
        "What each rep has earned, will likely earn, and needs for more.",
    ),
    "capacity": (
        "plan.capacity:capacity",
        "How many reps a plan needs, and what those there will bring.",
    ),
    "ramp": (
        "people.ramp:ramp",
        "What reps win by month of tenure, and when they are up to speed.",
    ),
    "cost": (
        "plan.cost:cost",
        "What a win costs: by period, kind, rep, stage or deal; a new client's part.",
    ),
    "team": (
        "people.team:team",
        "Each rep: plan, win rate, cycle, activities, load, cost, data kept.",
    ),
    "coaching": (
        "people.coaching:coaching",
        "Strengths and gaps of one rep beside the best third; the same page for the rep.",
    ),
    "waterfall": (
        "pipeline.waterfall:waterfall",
        "From what was open before the period to what was open at its end, change by change.",
    ),
    "forecast": (
        "outlook.trusted:forecast",
        "What will be won: won so far, open, not yet created, with a range and its limits.",
    ),
    "deviations": (
        "stages.deviations:deviations",
        "Stages that differ from the reference beyond chance, and what it costs; by rep, product …",
    ),
    "durations": (
        "stages.durations:durations",
        "Days in each stage: median, quartiles, mean within 90 days; those still there counted.",
    ),
    "stalled": (
        "pipeline.stalled:stalled",
        "Open deals that stand still, and those older than any deal ever won.",
    ),
    "velocity": (
        "selling.velocity:velocity",
        "What a day brings, from the deals that come; the classic form beside it.",
    ),
    "leads": (
        "outlook.leads:leads",
        "Open leads by stage and what they will bring; by deal, each with its chance; by period also "
        "leads to come; by source, how many qualify.",
    ),
    "open": (
        "outlook.open_deals:open_deals",
        "What is open in stages of sale, by the stages' percentages and by what such deals brought; by "
        "deal, each with its chance; by chance, how good those were.",
    ),
    "what-if": (
        "outlook.what_if_report:what_if_report",
        "What another conversion, deal size, cycle or number of sellers would bring.",
    ),
    "calls": (
        "outlook.calls:calls",
        "Commits, best cases and adjustments beside what was won and what deals say; by rep, "
        "category, call, or past period.",
    ),
    "accuracy": (
        "outlook.accuracy:accuracy",
        "The accuracy that forecasts have had, method by method.",
    ),
    "backtest": ("outlook.accuracy:replayed", "Every past forecast made again, with what came."),
    "slippage": (
        "pipeline.slippage:slippage",
        "Deals that were due in the period: won, lost, moved out, overdue; how often they were pushed.",
    ),
    "coverage": (
        "pipeline.coverage:coverage",
        "Whether enough was open before the period, by what earlier ones needed.",
    ),
    "pipeline": ("pipeline.opened:pipeline", "What is open, by stage and rep: sum, weighted, age."),
    "products": (
        "selling.products:products",
        "Won and lost by product, sums, discount, price against list.",
    ),
    "gains": (
        "selling.gains:gains",
        "New deals and clients, their ratio to orders, new business beside repeat business.",
    ),
    "margin": (
        "selling.margin:margin",
        "Turnover and margin of won deals: by product, client, rep, month …",
    ),
    "competitors": (
        "selling.competitors:competitors",
        "Where each competitor was met, won and lost against it, by product, rep, stage.",
    ),
    "moves": (
        "stages.moves:moves",
        "Stages entered in order, skipped, late or again, by stage, rep or deal.",
    ),
    "board": ("pipeline.board:board", "What lies in each stage, weighted, and what stands still."),
}
"""Name of the report → (module of `salestui.analytics` and its function, help)."""

STAGED = {
    "funnel": "stages.of_stage:funnel_stage",
    "conversion": "stages.of_stage:conversion_stage",
    "losses": "stages.of_stage:losses_stage",
}
"""What a report is made by where it is of one stage."""


def report_named(name: str, *, is_of_stage: bool = False) -> Any:
    """The function `(reader, scope, by) -> Report` of a report, or of one stage of it.

    What goes by the clients of deals says if that looks ahead. Raises `Refused` where the report cannot
    be of one stage.
    """
    if is_of_stage and name not in STAGED:
        raise Refused(f"{name} is not given of one stage: {', '.join(STAGED)} are.")
    place = STAGED[name] if is_of_stage else REPORTS[name][0]
    module, _, function = place.partition(":")
    return partial(_warned, name, getattr(import_module(f"salestui.analytics.{module}"), function))


_LINE_BY_LINE = ("products",)
_LARGEST_LINE = (
    "A deal counts whole for the product of its largest line: 'report products' counts lines."
)

_OF_ACTIVITIES = "activity"
"""The report whose clients are those of activities; only who is an existing one hangs on the deal."""


def _warned(
    name: str,
    report: Callable[..., Report],
    reader: Reader,
    scope: Scope,
    by: str | None = None,
    **more: Any,
) -> Report:
    from salestui.analytics.hindsight import hindsight

    made = report(reader, scope, by, **more)
    shown = by or made.columns[0].key
    if name not in _LINE_BY_LINE and "product" in (shown, *(each.key for each in scope.only)):
        made = replace(made, method=f"{made.method} {_LARGEST_LINE}")
    if name == _OF_ACTIVITIES:
        scope = replace(scope, only=tuple(each for each in scope.only if each.key == "clients"))
        by = by if by == "clients" else None
    return made.warned(hindsight(reader, scope, by))
