"""Velocity: what a day brings, from the deals that come and what becomes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from salestui.analytics import amounts
from salestui.analytics.facts import closed, cycles
from salestui.analytics.groups import DEALS, PEOPLE, Group, Label, group_of, labels
from salestui.analytics.measures import ratio
from salestui.analytics.past import known_on
from salestui.analytics.pipeline.standstill import standing
from salestui.analytics.pipelines import read_pipelines
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import ALWAYS, Scope, asked
from salestui.analytics.selling.fates import WIN, Fates, fates
from salestui.analytics.selling.winning import stages_of
from salestui.models.vocabulary import Outcome
from salestui.store.reader import Reader
from salestui.text import format_money, listed, to_day

BY = ("pipeline", *PEOPLE, *DEALS)

METHOD = (
    "Flow a day: deals created a day x the share of them that is won (Aalen-Johansen, open ones counted for "
    "their age) x the average of those won that have an amount, each of that currency's own deals. Classic: "
    "open deals at the period's end x win rate of closed ones x average / mean cycle of those won in the "
    "period, rate and cycle of all currencies; its flaw is that it gives every open deal, dead ones too, the "
    "chances of those that were closed, so growth of the pile looks like speed. Live: without deals as old "
    "as the oldest ever won."
)

_ENOUGH = 25
"""Wins below which a flow is said to rest on too few; the forecast claims nothing below as many."""

_NEGLIGIBLE = 0.02
"""How far the flow of all may be from the sum of the flows before it is said."""


@dataclass(slots=True)
class _Speed:
    """What one row is reckoned from; amounts and counts by currency."""

    fates: dict[str, Fates] = field(default_factory=dict)
    won: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    won_amount: Counter[str] = field(default_factory=Counter)
    priced: Counter[str] = field(default_factory=Counter)
    cycle: Counter[int] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    live: Counter[str] = field(default_factory=Counter)

    def take(self, other: _Speed) -> None:
        """Count another row's deals too."""
        for currency, found in other.fates.items():
            self.of(currency).add(found)
        self.lost += other.lost
        for name in ("won", "won_amount", "priced", "cycle", "open", "live"):
            getattr(self, name).update(getattr(other, name))

    def of(self, currency: str) -> Fates:
        """What became of the deals created in that currency."""
        return self.fates.setdefault(currency, Fates())

    @property
    def created(self) -> int:
        """Deals created, in whatever currency."""
        return sum(found.created for found in self.fates.values())


def velocity(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The velocity report, by pipeline unless said otherwise."""
    group = group_of(by or "pipeline", BY, "Velocity")
    parts = _parts(reader, scope, group)
    total = _Speed()
    for each in parts.values():
        total.take(each)
    days = _days(reader, scope)
    used = amounts.currencies([*total.fates, *total.won], ())
    columns = _columns(used)
    ordered = sorted(parts, key=lambda each: (not each[0], -parts[each].created, each[1]))
    return Report(
        name="velocity",
        title="Velocity",
        **asked(scope),
        columns=(Column(group.key, group.label, "text"), *columns),
        rows=tuple((each[1], *_cells(parts[each], days, used)) for each in ordered),
        totals=dict(zip((c.key for c in columns), _cells(total, days, used), strict=True)),
        n=total.created,
        method=METHOD,
        warnings=(
            *_warnings(total, days, used),
            *_too_few({each[1]: parts[each] for each in ordered}, used),
            *_of_parts(parts.values(), total, days, used),
        ),
    )


def _parts(reader: Reader, scope: Scope, group: Group) -> dict[Label, _Speed]:
    column, label = group.column, labels(reader, group, scope.as_of)
    stage_ids = stages_of(read_pipelines(reader), scope)
    is_stage = column == "stage_id"
    parts: dict[Label, _Speed] = {}

    def part(value: str | int | None) -> _Speed:
        return parts.setdefault(label(value), _Speed())

    with known_on(reader, scope.as_of) as then:
        for value, found in fates(then, scope, column).items():
            own = part(value)
            for currency, fate in found.items():
                own.of(currency).add(fate)
        for fact in closed(then, scope, () if is_stage else (column,), stage_ids=stage_ids):
            own = part(fact.stage_id if is_stage else fact.groups[0])
            if fact.outcome == Outcome.WON:
                own.won[fact.currency] += fact.count
                own.won_amount[fact.currency] += fact.amount
                own.priced[fact.currency] += fact.priced
            else:
                own.lost += fact.count
        for value, days, count in cycles(then, scope, column, stage_ids=stage_ids):
            part(value).cycle[days] += count
    for deal in standing(reader, _at_end(scope), column):
        own = part(deal.group)
        own.open[deal.currency] += 1
        if deal.age is None or deal.longest_won is None or deal.age < deal.longest_won:
            own.live[deal.currency] += 1
    return parts


def _at_end(scope: Scope) -> Scope:
    """The last day of the period that is known."""
    last = scope.period.last
    day = scope.as_of if last is None else min(last, scope.as_of)
    return replace(scope, as_of=day, period=ALWAYS)


def _days(reader: Reader, scope: Scope) -> int | None:
    """Days of the period that are over; one with no beginning begins with the first deal, if dated."""
    last = to_day(_at_end(scope).as_of)
    if scope.period.first is not None:
        return max(last - to_day(scope.period.first) + 1, 1)
    first = reader.value("SELECT min(created_on) FROM deal WHERE deleted_at IS NULL")
    return None if first is None else max(last - int(first) + 1, 1)


def _columns(used: Sequence[str]) -> list[Column]:
    return [
        Column("created", "Created", "count"),
        *amounts.own_columns("created_per_day", "New a day", "rate", used, is_extra=True),
        *amounts.own_columns("share_won", "Are won", "ratio", used),
        *amounts.amount_columns("average", "Average", used, is_extra=True),
        *amounts.amount_columns("flow", "Flow a day", used),
        *amounts.amount_columns("actual", "Won a day", used),
        Column("open", "Open", "count", is_extra=True),
        Column("win_rate", "Win rate", "ratio", is_extra=True),
        Column("mean_cycle", "Cycle d", "days", is_extra=True),
        *amounts.amount_columns("classic", "Classic", used),
        *amounts.amount_columns("classic_live", "Live", used, is_extra=True),
    ]


def _cells(speed: _Speed, days: int | None, used: Sequence[str]) -> Iterator[Cell]:
    found = {currency: speed.of(currency) for currency in used}
    yield speed.created
    for each in found.values():
        yield None if days is None else float(f"{each.created / days:.6g}")
    yield from map(_share, found.values())
    won_amount, priced = (
        {c: getattr(f, key) for c, f in found.items()} for key in ("won_amount", "priced")
    )
    yield from amounts.mean_cells(won_amount, priced, used)
    yield from (_flow(each, days, currency) for currency, each in found.items())
    for currency in used:
        yield None if days is None else Money(round(speed.won_amount[currency] / days), currency)
    yield speed.open.total()
    yield ratio(speed.won.total(), speed.won.total() + speed.lost)
    cycle = _cycle(speed)
    yield None if cycle is None else round(cycle, 2)
    for opened in (speed.open, speed.live):
        yield from (_classic(speed, opened, currency) for currency in used)


def _flow(found: Fates, days: int | None, currency: str) -> Money | None:
    """V = created / days x P(win) x mean won amount, in minor units a day."""
    if days is None:
        return None
    share = _share(found)
    if share is None or not found.won:
        return None if found.created else Money(0, currency)
    if not found.priced:
        return None
    return Money(round(found.created / days * share * found.won_amount / found.priced), currency)


def _too_few(parts: Mapping[str, _Speed], used: Sequence[str]) -> Iterator[str]:
    """Whose flow rests on few wins, the fewest first."""
    few = sorted(
        (won, f"{name} {currency}" if len(used) > 1 else name)
        for name, speed in parts.items()
        for currency in used
        if 0 < (won := speed.of(currency).won) < _ENOUGH
    )
    if few:
        yield (
            f"Too few wins to rely on the flow of {listed([f'{name} ({won})' for won, name in few])}: "
            f"below {_ENOUGH} a single one moves it much."
        )


def _of_parts(
    parts: Collection[_Speed], total: _Speed, days: int | None, used: Sequence[str]
) -> Iterator[str]:
    """That the last row is no sum, and what the sum would be, where the two are apart."""
    for currency in used:
        flows = [_flow(each.of(currency), days, currency) for each in parts]
        whole = _flow(total.of(currency), days, currency)
        known = [flow.minor for flow in flows if flow is not None]
        if whole is None or len(known) < len(flows):
            continue
        if abs(sum(known) - whole.minor) <= _NEGLIGIBLE * whole.minor:
            continue
        added, pooled = (format_money(minor, currency) for minor in (sum(known), whole.minor))
        yield (
            f"All takes all deals as one kind, {pooled} a day, and is no sum: the rows differ in what is "
            f"won of them, and add up to {added}."
        )


def _share(found: Fates) -> float | None:
    """The share of what was created that is won; of deals none of which has ended, nobody knows it."""
    is_known = bool(found.winning or found.losing)
    return found.incidence().at_last(WIN) if found.created and is_known else None


def _cycle(speed: _Speed) -> float | None:
    return ratio(sum(days * n for days, n in speed.cycle.items()), speed.cycle.total())


def _classic(speed: _Speed, opened: Mapping[str, int], currency: str) -> Money | None:
    """V = N x win rate x mean won amount / mean cycle, in minor units a day."""
    rate = ratio(speed.won.total(), speed.won.total() + speed.lost)
    cycle, priced = _cycle(speed), speed.priced[currency]
    # A cycle of no days, or of fewer where wins are dated before creation, divides into nothing.
    if rate is None or cycle is None or cycle <= 0 or not priced:
        return None
    mean = speed.won_amount[currency] / priced
    return Money(round(opened.get(currency, 0) * rate * mean / cycle), currency)


def _warnings(speed: _Speed, days: int | None, used: Sequence[str]) -> Iterator[str]:
    found, created = speed.fates.values(), speed.created
    staying = sum(each.staying.total() for each in found)
    if staying and not any(each.winning or each.losing for each in found):
        yield "Not one of the deals created is closed yet: what share is won, nobody knows."
    elif staying:
        yield f"{staying:,} of the {created:,} deals created are not closed: their share is estimated."
    yield from amounts.unpriced_words(speed.won, speed.priced)
    if days is None:
        if speed.won:
            yield "No deal has a day created, so nobody knows how many days its wins are of."
        return
    for currency in used:
        priced = speed.priced[currency]
        # As if those without an amount had the mean, for so the classic form counts them.
        actual = speed.won_amount[currency] * speed.won[currency] / priced / days if priced else 0.0
        classic = _classic(speed, speed.open, currency)
        if actual and classic is not None and abs(classic.minor / actual - 1) > 0.2:
            off = classic.minor / actual - 1
            yield f"The classic form is off by {100 * off:+.0f} % in {currency}: read the flow."
