"""The sales funnel: open deals by the stages' percentages, by what such deals have brought, and the gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from salestui.analytics.drill import Behind
from salestui.analytics.forecast.deals import Floats
from salestui.analytics.forecast.groups import rounded
from salestui.analytics.groups import refuse_by
from salestui.analytics.kept import events_of, read_once
from salestui.analytics.outlook.deal_chances import by_chance, by_deal
from salestui.analytics.outlook.pricing import (
    Priced,
    Undated,
    assumed_words,
    cautions,
    doubtful_words,
    priced_in,
    stage_names,
    such_words,
    undated_on,
    undated_words,
    unknown_words,
)
from salestui.analytics.past_stages import stages_since
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import ALWAYS, Scope, asked, refuse_period
from salestui.store.reader import Reader

METHOD = (
    "Open deals, by the stage they are in. Template: amount times the stage's probability. Statistics: "
    "amount times the share of such deals that were won in the end, corrected by the last weeks, times "
    "what was won for each unit of open amount. Such deals: of the same {such}. Those that "
    "stand longer than any that moved on share one rate. Sum is of the deals that have an amount; in the "
    "other columns the others count with the mean."
)

BY = ("stage", "deal", "chance")

_LEADS = " Open deals in a stage of leads, {:,} of them, are in the lead funnel."


def open_deals(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report by stage, with both sums and their difference; deal by deal; or of how good chances were."""
    chosen = by or "stage"
    refuse_by(chosen, BY, "What is open")
    refuse_period(scope, "What is open is so", "'salestui forecast' says what a period brings")
    with read_once():
        events, found = events_of(reader), priced_in(reader, scope)
    if chosen == "chance":
        return by_chance(scope, found)
    names, undated = stage_names(reader), undated_on(events, scope)
    if chosen == "stage":
        made = build(scope, found, names, undated)
    else:
        made = by_deal(reader, scope, [each.sales for each in found], names)
        made = made.warned(undated_words(undated.sales))
    return made.warned(stages_since(reader, scope.as_of))


def build(
    scope: Scope, found: Sequence[Priced], names: Mapping[str, str], undated: Undated
) -> Report:
    """The report of deals already priced; `names` of stages in their order; `undated` are left out."""
    several, sales = len(found) > 1, [each.sales for each in found]
    leads = sum(len(each.deal) for each in found) - sum(len(each.deal) for each in sales)
    rows, totals, subjects = by_stage(sales, names, COLUMNS)
    return Report(
        name="open",
        title="Sales funnel",
        **asked(replace(scope, period=ALWAYS)),
        columns=(*((Column("currency", "Currency", "text"),) if several else ()), *COLUMNS),
        rows=rows,
        totals=totals,
        n=sum(len(each.deal) for each in sales),
        method=METHOD.format(such=such_words(found)) + (_LEADS.format(leads) if leads else ""),
        warnings=(
            *unknown_words(sales, several=several),
            *assumed_words(sales),
            *doubtful_words(sales, several=several),
            *cautions(sales, several=several),
            *undated_words(undated.sales),
        ),
        subjects=subjects,
    )


def by_stage(
    found: Sequence[Priced], names: Mapping[str, str], columns: Sequence[Column]
) -> tuple[tuple[tuple[Cell, ...], ...], dict[str, Cell], tuple[Behind, ...]]:
    """A row of these columns for each stage, of each currency, the totals of a single currency, and what
    deals each row counts.
    """
    order = {key: place for place, key in enumerate(names)}
    rows: list[tuple[Cell, ...]] = []
    subjects: list[Behind] = []
    totals: dict[str, Cell] = {}
    for each in found:
        lead = (each.currency,) if len(found) > 1 else ()
        stages = sorted(set(each.stage), key=lambda key: order.get(key, len(order)))
        of = np.array([[key == stage for key in each.stage] for stage in stages], np.float64)
        of = of.reshape(len(stages), len(each.deal))
        for stage, cells in zip(stages, _cells(each, of), strict=True):
            cells["stage"] = names.get(stage, "gone")
            listed = tuple(
                key for key, own in zip(each.deal, each.stage, strict=True) if own == stage
            )
            subjects.append(Behind("listed", stage_id=stage, deal_ids=listed))
            rows.append((*lead, *(cells[column.key] for column in columns)))
        (totals,) = _cells(each, np.ones((1, len(each.deal))))
    return tuple(rows), totals if len(found) == 1 and rows else {}, tuple(subjects)


COLUMNS = (
    Column("stage", "Stage", "text"),
    Column("count", "Deals", "count"),
    Column("sum", "Sum", "money"),
    Column("template", "Template", "money"),
    Column("statistics", "Statistics", "money"),
    Column("difference", "Difference", "money"),
    Column("wins", "Wins", "count", is_extra=True),
)


def _cells(found: Priced, of: Floats) -> Iterator[dict[str, Cell]]:
    """By key of their columns, of the deals that each row of `of` has a 1 for; rows add up to the whole."""
    named = np.where(found.is_priced, found.amount, 0.0)
    amounts = named, found.template, found.statistics
    summed = [rounded(of @ minor) for minor in amounts]
    tenths = rounded(of @ found.chance * 10)
    for place, count in enumerate(of.sum(1).tolist()):
        total, template, statistics = (int(each[place]) for each in summed)
        yield {
            "count": int(count),
            "sum": Money(total, found.currency),
            "template": Money(template, found.currency),
            "statistics": Money(statistics, found.currency) if found.is_known else None,
            "difference": Money(statistics - template, found.currency) if found.is_known else None,
            "wins": int(tenths[place]) / 10 if found.is_known else None,
        }
