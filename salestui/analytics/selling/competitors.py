"""Competitors: where each was met, how often we won and lost against it, on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from salestui.analytics import amounts
from salestui.analytics.drill import Behind
from salestui.analytics.groups import DEALS, GROUPS, PEOPLE, TIMES, Label, group_of, labels
from salestui.analytics.measures import ratio
from salestui.analytics.report import Cell, Column, Report, share_interval
from salestui.analytics.scope import Scope, asked
from salestui.analytics.selling.met import Met, encounters
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader

BY = ("competitor", *PEOPLE, "stage", "pipeline", *DEALS, *TIMES)

METHOD = (
    "Deals by the day they were closed, and open ones where no period is set, that note a competitor "
    "met in them or lost to; one with several counts for each. Win rate: won / (won + lost), also those "
    "lost for another reason, with the 95 % Wilson interval. Clients: where it was met, deal or not."
)

_FIGURES = (
    Column("met", "Met", "count"),
    Column("open", "Open", "count"),
    Column("won", "Won", "count"),
    Column("lost", "Lost", "count"),
    Column("lost_to", "To them", "count"),
    Column("win_rate", "Win rate", "ratio"),
    Column("interval", "95 %", "interval"),
    Column("clients", "Clients", "count", is_extra=True),
)

_NOBODY: Label = ("", "none met")

Pair = tuple[Label, Label]


@dataclass(slots=True)
class _Record:
    """The deals of one row; amounts by currency."""

    fates: Counter[str] = field(default_factory=Counter)
    lost_to: int = 0
    amount: Counter[str] = field(default_factory=Counter)
    clients: set[str] = field(default_factory=set)
    listed: list[str] = field(default_factory=list)

    def add(self, deal: Met, rival: str | None) -> None:
        """Count a deal."""
        self.fates[deal.outcome] += 1
        self.listed.append(deal.deal_id)
        if deal.client_id is not None:
            self.clients.add(deal.client_id)
        if rival is not None and deal.lost_to == rival:
            self.lost_to += 1
            self.amount[deal.currency] += deal.amount


def competitors(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The competitors report; `by` a product, a rep … gives each competitor once for each."""
    group = group_of(by or "competitor", BY, "Competitors")
    is_plain = group.key == "competitor"
    found = encounters(reader, scope, None if is_plain else group.column_for("closed_on"))
    name, label = labels(reader, GROUPS["competitor"]), labels(reader, group, scope.as_of)
    records: dict[Pair, _Record] = {}
    total, without = _Record(), _Record()
    for deal in found.deals:
        lead = _NOBODY if is_plain else label(deal.group)
        for rival in deal.rivals:
            own = records.setdefault((lead, name(rival)), _Record())
            own.add(deal, rival)
        if deal.rivals:
            total.add(deal, deal.lost_to)
        else:
            without.add(deal, None)
    if is_plain:
        for rival, places in found.clients.items():
            records.setdefault((_NOBODY, name(rival)), _Record()).clients |= places
            total.clients |= places
    used = amounts.currencies(+total.amount, ())
    columns = (*_FIGURES, *amounts.amount_columns("sum", "Lost to", used))
    ordered = _ordered(records, is_time=group.is_time)
    rows = [(*_names(pair, is_plain=is_plain), *_cells(records[pair], used)) for pair in ordered]
    listed = [records[pair].listed for pair in ordered]
    if is_plain and rows:
        rows.append((_NOBODY[1], *_cells(without, used)))
        listed.append(without.listed)
    lead_columns = [] if is_plain else [Column(group.key, group.label, "text")]
    return Report(
        name="competitors",
        title="Competitors",
        **asked(scope),
        columns=(*lead_columns, Column("competitor", "Competitor", "text"), *columns),
        rows=tuple(rows),
        totals={
            ("competitor" if is_plain else group.key): "Any",
            **dict(zip((c.key for c in columns), _cells(total, used), strict=True)),
        },
        n=total.fates.total(),
        method=METHOD,
        warnings=tuple(_warnings(found.deals)),
        subjects=tuple(Behind("listed", deal_ids=tuple(each)) for each in listed),
    )


def _names(pair: Pair, *, is_plain: bool) -> list[str]:
    return [pair[1][1]] if is_plain else [pair[0][1], pair[1][1]]


def _ordered(records: Mapping[Pair, _Record], *, is_time: bool) -> list[Pair]:
    """Groups by their size, time in its order; in each the competitors by how often they were met."""
    sizes: Counter[Label] = Counter()
    for (lead, _), own in records.items():
        sizes[lead] += own.fates.total()

    def order(pair: Pair) -> tuple[object, ...]:
        lead, name = pair
        own = records[pair]
        when = lead[0] if is_time else ""
        return (
            not lead[0],
            when,
            -sizes[lead],
            lead[1],
            -own.fates.total(),
            -len(own.clients),
            name[1],
        )

    return sorted(records, key=order)


def _cells(own: _Record, used: Sequence[str]) -> Iterator[Cell]:
    won, lost = own.fates[Outcome.WON], own.fates[Outcome.LOST]
    yield from (own.fates.total(), own.fates[Outcome.OPEN], won, lost, own.lost_to)
    yield ratio(won, won + lost)
    yield share_interval(won, won + lost)
    yield len(own.clients)
    yield from amounts.amount_cells(own.amount, used)


def _warnings(deals: Sequence[Met]) -> Iterator[str]:
    ended = [deal for deal in deals if deal.outcome != Outcome.OPEN and deal.rivals]
    late = [deal for deal in ended if not any(deal.was_early)]
    if len(late) * 2 > len(ended):
        yield (
            f"{len(late):,} of {len(ended):,} closed deals name their competitor only at the end, as a "
            "rule because they were lost: win rates against them are too low."
        )
