"""What the open deals of a period say by the forecast category that their reps have given them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salestui.analytics.outlook.call_facts import CallFacts, Sums, team_sum, undated, unpriced
from salestui.analytics.outlook.call_subjects import Subject, deals, lead, totalled
from salestui.analytics.plan.standing import days_of
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked
from salestui.models.vocabulary import ForecastCategory

CATEGORY_METHOD = (
    "Open deals by what their reps call them, each due (expected to close) by the end of the period, "
    "those overdue included; an open deal called closed counts as commit, an omitted one not at all. "
    "With …: won, and the deals of that category and the surer ones. n: deals won or due."
)

_CATEGORIES = (
    (ForecastCategory.COMMIT, "commit", "Commit"),
    (ForecastCategory.BEST_CASE, "best_case", "Best case"),
    (ForecastCategory.PIPELINE, "pipeline", "Pipeline"),
)


def by_category(scope: Scope, facts: CallFacts, sums: Sums, rows: Sequence[Subject]) -> Report:
    """Won, and open by category, rep by rep."""
    reps = [row for row in rows if row.is_rep]
    head, several = lead(reps)
    made: list[tuple[Cell, ...]] = []
    for row in reps:
        cells = [
            team_sum(part, row.owner_ids, row.currency)
            for part in (sums.won, *(sums.due[category] for category, _, _ in _CATEGORIES))
        ]
        together = [sum(cells[: place + 1]) for place in range(1, len(cells))]
        omitted = team_sum(sums.due[ForecastCategory.OMITTED], row.owner_ids, row.currency)
        money = [Money(minor, row.currency) for minor in (*cells, *together, omitted)]
        named = (row.name, row.currency) if several else (row.name,)
        made.append((*named, *money, team_sum(sums.due_deals, row.owner_ids, row.currency)))
    columns = (
        Column("won", "Won", "money"),
        *(Column(key, label, "money") for _, key, label in _CATEGORIES),
        *(
            Column(f"with_{key}", f"With {label.lower()}", "money", is_extra=True)
            for _, key, label in _CATEGORIES
        ),
        Column("omitted", "Omitted", "money", is_extra=True),
        Column("due", "Due n", "count", is_extra=True),
    )
    report = Report(
        name="calls",
        title="Open deals by forecast category",
        **asked(scope),
        columns=(*head, *columns),
        rows=tuple(made),
        totals={},
        n=deals(sums),
        method=CATEGORY_METHOD,
        warnings=tuple(_missing(scope, facts)),
    )
    keys = [column.key for column in columns if column.kind == "money"]
    return totalled(report, [True] * len(reps), () if several else keys)


def _missing(scope: Scope, facts: CallFacts) -> Iterator[str]:
    _, last = days_of(scope)
    if scope.as_of > last:
        yield "The period is over: no open deal is due in it."
        return
    if without := undated(facts.known):
        yield f"{without:,} open deals have no expected close and are in no period."
    if priceless := unpriced(facts.known, last):
        yield f"{priceless:,} of the open deals that are due have no amount."
