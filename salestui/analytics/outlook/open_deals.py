"""The sales funnel: open deals by the stages' percentages, by what such deals have brought, and the gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from salestui.analytics.drill import Behind
from salestui.analytics.events import Flags
from salestui.analytics.forecast.deals import Floats
from salestui.analytics.groups import refuse_by
from salestui.analytics.kept import events_of
from salestui.analytics.outlook.deal_chances import by_chance, by_deal
from salestui.analytics.outlook.forecasting import studies_of
from salestui.analytics.outlook.pricing import (
    Priced,
    Undated,
    cautions,
    priced,
    stage_names,
    such_words,
    undated_on,
    undated_words,
)
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import ALWAYS, Scope, asked, refuse_period
from salestui.store.reader import Reader
from salestui.text import to_day

METHOD = (
    "Open deals, by the stage they are in. Template: amount times the stage's probability. Statistics: "
    "amount times the share of such deals that were won in the end, corrected by the last weeks, times "
    "what was won for each unit of open amount. Such deals: of the same {such}. Deals without amount "
    "count with the mean."
)

BY = ("stage", "deal", "chance")

_LEADS = " Open deals in a stage of leads, {:,} of them, are in the lead funnel."
_UNKNOWN = "No deal has been closed yet: nothing tells what open ones will bring."


def open_deals(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report by stage, with both sums and their difference; deal by deal; or of how good chances were."""
    chosen = by or "stage"
    refuse_by(chosen, BY, "What is open")
    refuse_period(scope, "What is open is so", "'salestui forecast' says what a period brings")
    events, day = events_of(reader), to_day(scope.as_of)
    found = [priced(study, day) for study in studies_of(events, scope)]
    if chosen == "chance":
        return by_chance(scope, found)
    names, undated = stage_names(reader), undated_on(events, scope)
    if chosen == "stage":
        return build(scope, found, names, undated)
    made = by_deal(reader, scope, [each.sales for each in found], names)
    return made.warned(undated_words(undated.sales))


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
            *([_UNKNOWN] if any(not each.is_known and each.deal for each in sales) else ()),
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
    for each in found:
        lead = (each.currency,) if len(found) > 1 else ()
        for stage in sorted(set(each.stage), key=lambda key: order.get(key, len(order))):
            chosen = np.array([key == stage for key in each.stage])
            cells = _cells(each, chosen)
            cells["stage"] = names.get(stage, "gone")
            listed = tuple(each.deal[place] for place in np.flatnonzero(chosen).tolist())
            subjects.append(Behind("listed", stage_id=stage, deal_ids=listed))
            rows.append((*lead, *(cells[column.key] for column in columns)))
    if len(found) > 1 or not rows:
        return tuple(rows), {}, tuple(subjects)
    totals = _cells(found[0], np.ones(len(found[0].deal), bool))
    for place, column in enumerate(columns):
        shown = [row[place] for row in rows]
        minors = [cell.minor for cell in shown if isinstance(cell, Money)]
        if len(minors) == len(rows):  # Of what is shown: a column adds up to its total.
            totals[column.key] = Money(sum(minors), found[0].currency)
    return tuple(rows), totals, tuple(subjects)


COLUMNS = (
    Column("stage", "Stage", "text"),
    Column("count", "Deals", "count"),
    Column("sum", "Sum", "money"),
    Column("template", "Template", "money"),
    Column("statistics", "Statistics", "money"),
    Column("difference", "Difference", "money"),
    Column("wins", "Wins", "count", is_extra=True),
)


def _cells(found: Priced, chosen: Flags) -> dict[str, Cell]:
    """By key of their columns."""

    def money(minor: Floats) -> Money:
        return Money(round(float(minor[chosen].sum())), found.currency)

    template, statistics = money(found.template), money(found.statistics)
    difference = Money(statistics.minor - template.minor, found.currency)
    return {
        "count": int(chosen.sum()),
        "sum": money(found.amount),
        "template": template,
        "statistics": statistics if found.is_known else None,
        "difference": difference if found.is_known else None,
        "wins": round(float(found.chance[chosen].sum()), 1) if found.is_known else None,
    }
