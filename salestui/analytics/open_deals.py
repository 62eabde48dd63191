"""What is open now: by the stages' own percentages, by what deals of that age have brought, and the gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from salestui.analytics.events import Events, Flags, read_events
from salestui.analytics.forecast.deals import Floats
from salestui.analytics.forecast.probability import STAGE, chances, prove
from salestui.analytics.forecast.study import Study, Window
from salestui.analytics.forecast.total import HORIZON
from salestui.analytics.forecasting import studies_of
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked
from salestui.analytics.slices import within
from salestui.errors import Refused
from salestui.store.reader import Reader
from salestui.text import to_day

METHOD = (
    "Open deals, by the stage they are in. Template: amount times the stage's probability. Statistics: "
    "amount times the share of such deals that were won in the end, corrected by the last weeks, times "
    "what was won for each unit of open amount. Such deals: of the same {such}. Deals without amount "
    "count with the mean."
)

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


@dataclass(frozen=True, slots=True)
class Priced:
    """Open deals of one currency, one element for each: minor units, and days since creation.

    `told_by` is what tells deals apart besides their age, as `prove` has found it worth; `is_proven`
    is false where nothing past could be tried, `is_known` where no deal was ever closed.
    """

    currency: str
    told_by: tuple[str, ...]
    deal: tuple[str, ...]
    stage: tuple[str, ...]
    age: tuple[int, ...]
    amount: Floats
    template: Floats
    statistics: Floats
    chance: Floats
    is_proven: bool
    is_known: bool
    too_old: int
    """Deals that are older than any deal ever won."""


def priced(study: Study, day: int) -> Priced:
    """Every dated open deal of the study, priced both ways."""
    view = study.view(day)
    proof = prove(study, day) if view.wins else None
    told_by = proof.kept if proof is not None else ()
    found = chances(study, Window(day, day + 1, day + HORIZON), told_by)
    known, _ = study.deals(day)
    return Priced(
        currency=study.currency,
        told_by=told_by,
        deal=tuple(known.names.deals[code] for code in known.deal[found.row].tolist()),
        stage=tuple(known.names.stages[code].id for code in known.stage[found.row].tolist()),
        age=tuple(found.age.tolist()),
        amount=found.amount,
        template=found.amount * found.template,
        statistics=found.amount * found.ratio * found.ultimate,
        chance=found.ultimate,
        too_old=int(found.is_zombie.sum()),
        is_proven=proof is not None and bool(proof.trials),
        is_known=bool(view.wins or view.losses),
    )


def open_deals(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report by stage, with both sums and their difference."""
    if by is not None:
        raise Refused("What is open cannot be split here: narrow it by --owner, --team or --only.")
    events, day = read_events(reader), to_day(scope.as_of)
    found = [priced(study, day) for study in studies_of(events, scope)]
    return build(scope, found, stage_names(reader), undated_on(events, scope))


def build(scope: Scope, found: Sequence[Priced], names: Mapping[str, str], undated: int) -> Report:
    """The report of deals already priced; `names` of stages in their order; `undated` ones are left out."""
    several = len(found) > 1
    order = {key: place for place, key in enumerate(names)}
    rows: list[tuple[Cell, ...]] = []
    for each in found:
        lead = (each.currency,) if several else ()
        for stage in sorted(set(each.stage), key=lambda key: order.get(key, len(order))):
            chosen = np.array([key == stage for key in each.stage])
            rows.append((*lead, names.get(stage, "gone"), *_cells(each, chosen)))
    totals: dict[str, Cell] = {}
    if len(found) == 1 and rows:
        cells = _cells(found[0], np.ones(len(found[0].deal), bool))
        totals = dict(zip((column.key for column in _COLUMNS[1:]), cells, strict=True))
    deals = "1 open deal" if undated == 1 else f"{undated:,} open deals"
    return Report(
        name="open",
        title="Open deals",
        **asked(scope),
        columns=(*((Column("currency", "Currency", "text"),) if several else ()), *_COLUMNS),
        rows=tuple(rows),
        totals=totals,
        n=sum(len(each.deal) for each in found),
        method=METHOD.format(such=_such(found)),
        warnings=(
            *([_UNKNOWN] if any(not each.is_known and each.deal for each in found) else ()),
            *_cautions(found, several=several),
            *([f"{deals} without a day created left out."] if undated else ()),
        ),
    )


def _cautions(found: Sequence[Priced], *, several: bool) -> Iterator[str]:
    for each in found:
        head = f"{each.currency}: " if several else ""
        if each.too_old:
            count = len(each.deal)
            yield f"{head}{each.too_old:,} of {count:,} open deals are older than any deal ever won."
        template, statistics = float(each.template.sum()), float(each.statistics.sum())
        if each.is_known and statistics > 0 and template > _GAP * statistics:
            times = template / statistics
            yield f"{head}The stages' percentages promise {times:.0f} times what such deals have brought."


def _such(found: Sequence[Priced]) -> str:
    """ "age", or "stage and time in it, product"."""
    kept = dict.fromkeys(name for each in found for name in each.told_by)
    first = "stage and time in it" if STAGE in kept else "age"
    such = ", ".join([first, *(name for name in kept if name != STAGE)])
    is_proven = any(each.is_proven for each in found)
    return f"{such}, because that would have told past deals apart better" if is_proven else such


_COLUMNS = (
    Column("stage", "Stage", "text"),
    Column("count", "Deals", "count"),
    Column("sum", "Sum", "money"),
    Column("template", "Template", "money"),
    Column("statistics", "Statistics", "money"),
    Column("difference", "Difference", "money"),
    Column("wins", "Wins", "count", is_extra=True),
)


def _cells(found: Priced, chosen: Flags) -> list[Cell]:
    def money(minor: Floats) -> Money:
        return Money(round(float(minor[chosen].sum())), found.currency)

    template, statistics = money(found.template), money(found.statistics)
    if not found.is_known:
        return [int(chosen.sum()), money(found.amount), template, None, None, None]
    return [
        int(chosen.sum()),
        money(found.amount),
        template,
        statistics,
        Money(statistics.minor - template.minor, found.currency),
        round(float(found.chance[chosen].sum())),
    ]


def stage_names(reader: Reader) -> dict[str, str]:
    """What each stage is called, in the order of the pipelines; with its pipeline if there are several."""
    pipelines = read_pipelines(reader)
    several = sum(line.is_live for line in pipelines) > 1
    return {
        stage.id: f"{line.name}: {stage.name}" if several else stage.name
        for line in pipelines
        for stage in line.stages
    }


def undated_on(events: Events, scope: Scope) -> int:
    """Open deals of the scope that nobody knows the age of."""
    known = events.known_on(to_day(scope.as_of))
    return int((known.is_open & ~known.is_dated & within(known, scope)).sum())


@dataclass(frozen=True, slots=True)
class Differing:
    """The open deals that the two differ most about; `deals` are their keys, row by row."""

    report: Report
    deals: tuple[str, ...]


def differing(
    reader: Reader, scope: Scope, found: Sequence[Priced], names: Mapping[str, str]
) -> Differing:
    """The deals of the first currency, most money first; `names` are those of the stages."""
    rows: list[tuple[Cell, ...]] = []
    keys: list[str] = []
    if found and found[0].is_known:
        each = found[0]
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
        **asked(scope),
        columns=_DIFFERING,
        rows=tuple(rows),
        totals={},
        n=len(found[0].deal) if found else 0,
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
