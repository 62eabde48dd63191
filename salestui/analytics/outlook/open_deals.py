"""The sales funnel: open deals by the stages' percentages, by what such deals have brought, and the gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from salestui.analytics.events import Flags
from salestui.analytics.forecast.deals import Floats
from salestui.analytics.kept import events_of
from salestui.analytics.outlook.forecasting import studies_of
from salestui.analytics.outlook.pricing import (
    Priced,
    Undated,
    priced,
    stage_names,
    undated_on,
    undated_words,
)
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import ALWAYS, Scope, asked, refuse_period
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.text import of_so_many, to_day

METHOD = (
    "Open deals, by the stage they are in. Template: amount times the stage's probability. Statistics: "
    "amount times the share of such deals that were won in the end, corrected by the last weeks, times "
    "what was won for each unit of open amount. Such deals: of the same {such}. Deals without amount "
    "count with the mean."
)

_LEADS = " Open deals in a stage of leads, {:,} of them, are in the lead funnel."
_UNKNOWN = "No deal has been closed yet: nothing tells what open ones will bring."

_GAP = 5.0
"""How many times the statistics the template may be before it is worth a sentence."""

_MOST = 15
"""Deals listed that the two differ most about."""

_DEALS = """
SELECT d.id, d.number, d.title, c.name, r.name FROM deal d
LEFT JOIN client c ON c.id = d.client_id LEFT JOIN rep r ON r.id = d.owner_id
WHERE d.id IN ({keys})
"""


def open_deals(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report by stage, with both sums and their difference."""
    if by is not None:
        raise Refused("What is open cannot be split here: narrow it by --owner, --team or --only.")
    refuse_period(scope, "What is open is so", "'salestui forecast' says what a period brings")
    events, day = events_of(reader), to_day(scope.as_of)
    found = [priced(study, day) for study in studies_of(events, scope)]
    return build(scope, found, stage_names(reader), undated_on(events, scope))


def build(
    scope: Scope, found: Sequence[Priced], names: Mapping[str, str], undated: Undated
) -> Report:
    """The report of deals already priced; `names` of stages in their order; `undated` are left out."""
    several, sales = len(found) > 1, [each.sales for each in found]
    leads = sum(len(each.deal) for each in found) - sum(len(each.deal) for each in sales)
    rows, totals = by_stage(sales, names, COLUMNS)
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
    )


def by_stage(
    found: Sequence[Priced], names: Mapping[str, str], columns: Sequence[Column]
) -> tuple[tuple[tuple[Cell, ...], ...], dict[str, Cell]]:
    """A row of these columns for each stage, of each currency, and the totals of a single currency."""
    order = {key: place for place, key in enumerate(names)}
    rows: list[tuple[Cell, ...]] = []
    for each in found:
        lead = (each.currency,) if len(found) > 1 else ()
        for stage in sorted(set(each.stage), key=lambda key: order.get(key, len(order))):
            cells = _cells(each, np.array([key == stage for key in each.stage]))
            cells["stage"] = names.get(stage, "gone")
            rows.append((*lead, *(cells[column.key] for column in columns)))
    if len(found) > 1 or not rows:
        return tuple(rows), {}
    return tuple(rows), _cells(found[0], np.ones(len(found[0].deal), bool))


def cautions(found: Sequence[Priced], *, several: bool) -> Iterator[str]:
    """Why to distrust what open deals are said to bring."""
    for each in found:
        head = f"{each.currency}: " if several else ""
        if too_old := int(each.is_too_old.sum()):
            share = of_so_many(too_old, len(each.deal), "open deal")
            yield f"{head}{share} older than any deal ever won."
        template, statistics = float(each.template.sum()), float(each.statistics.sum())
        if statistics > 0 and not template:
            yield f"{head}The stages of these deals have no percentages: the template says nothing."
        if each.is_known and statistics > 0 and template > _GAP * statistics:
            times = template / statistics
            yield f"{head}The stages' percentages promise {times:.0f} times what such deals have brought."


def such_words(found: Sequence[Priced]) -> str:
    """ "age", or "stage and time in it, and product, which would have told past deals apart better"."""
    first = "stage and time in it" if any(each.is_staged for each in found) else "age"
    kept = ", ".join(dict.fromkeys(name for each in found for name in each.told_by))
    return f"{first}, and {kept}, which would have told past deals apart better" if kept else first


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


@dataclass(frozen=True, slots=True)
class Differing:
    """The open deals in stages of sale that the two differ most about; `deals` are their keys, row by row."""

    report: Report
    deals: tuple[str, ...]


def differing(
    reader: Reader, scope: Scope, found: Sequence[Priced], names: Mapping[str, str]
) -> Differing:
    """The deals of the first currency, most money first; `names` are those of the stages."""
    rows: list[tuple[Cell, ...]] = []
    keys: list[str] = []
    sales = [each.sales for each in found[:1]]
    if sales and sales[0].is_known:
        each = sales[0]
        gaps = np.abs(each.statistics - each.template)
        places = np.argsort(-gaps, kind="stable")[:_MOST].tolist()
        keys = [each.deal[place] for place in places]
        told = _told(reader, keys)
        for place in places:
            number, title, client, owner = told.get(each.deal[place], (0, "", None, None))
            sums = (each.amount[place], each.template[place], each.statistics[place])
            rows.append(
                (
                    f"{number} {title}", client or "no client", owner or "nobody",
                    names.get(each.stage[place], "gone"), each.age[place],
                    *(Money(round(float(minor)), each.currency) for minor in sums),
                )
            )  # fmt: skip
    report = Report(
        name="differing",
        title="Deals that template and statistics differ most about",
        **asked(replace(scope, period=ALWAYS)),
        columns=_DIFFERING,
        rows=tuple(rows),
        totals={},
        n=sum(len(each.deal) for each in sales),
        method="The open deals with the largest gap between the two.",
    )
    return Differing(report, tuple(keys))


_DIFFERING = (
    Column("deal", "Deal", "text"),
    Column("client", "Client", "text", is_extra=True),
    Column("owner", "Owner", "text", is_extra=True),
    Column("stage", "Stage", "text"),
    Column("age", "Days", "days"),
    Column("amount", "Amount", "money"),
    Column("template", "Template", "money"),
    Column("statistics", "Statistics", "money"),
)


def _told(
    reader: Reader, keys: Sequence[str]
) -> dict[str, tuple[int, str, str | None, str | None]]:
    """Number, title, client and owner of each deal."""
    named = {f"deal_{i}": key for i, key in enumerate(keys)}
    if not named:
        return {}
    sql = _DEALS.replace("{keys}", ", ".join(f":{name}" for name in named))
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in reader.rows(sql, **named)}
