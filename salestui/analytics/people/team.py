"""The team, one row per rep: plan, win rate, cycle, activity, load, what stands still, cost, upkeep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from salestui.analytics.groups import refuse_by
from salestui.analytics.measures import median, ratio
from salestui.analytics.past_people import entered_later
from salestui.analytics.past_stages import stages_since
from salestui.analytics.people.pulses import Pulse, read_pulses
from salestui.analytics.pipeline.standstill import NO_STEPS
from salestui.analytics.plan.cost_facts import CostFacts, read_cost_facts
from salestui.analytics.plan.quota import (
    attainment,
    cautions,
    chance,
    in_part,
    of_whole,
    projected_attainment,
    unforecast,
)
from salestui.analytics.plan.standing import Person, Standing, Won, bounded, read_facts
from salestui.analytics.plan.subjects import chosen_people, standings, whole
from salestui.analytics.report import Cell, Column, Money, Report, share_interval
from salestui.analytics.scope import Scope, asked
from salestui.analytics.stages.deviation import LEAST_CLOSED, MOST_FALSE_OF_PEOPLE
from salestui.analytics.stages.win_rates import Rate
from salestui.models.vocabulary import Measure, RepRole
from salestui.store.reader import Reader
from salestui.text import to_day

METHOD = (
    "Quota, won and likely: of the period. Share: of all that was won in that currency. Win rate (95 % "
    "Wilson interval) and cycle: of the year that ends on the as-of day; a win rate differs only where an "
    f"exact test against all deals of the same pipelines says so, from {LEAST_CLOSED} closed deals and "
    "5 points on, with 1 false alarm in 20 at most. Activities: done in the period. Clients: with an open "
    "deal; stalled: over the stage's idle limit, without next step, or past the expected close. Per win: "
    "the rep's own cost / all deals won, of every currency; blank where the costs are in several. Kept: "
    "days since the rep last recorded a change or an activity."
)
_NARROWED = "Quotas, what is likely and costs are of all that a rep sells: they are left out here."
_PLANS = ("rep", "quota", "bonus_plan", "cost")
_KINDS = 4
"""Kinds of activity with a column of their own: those most used."""


def team(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report by rep, of this quarter unless a period is set."""
    refuse_by(by or "rep", ("rep",), "The team")
    scope = bounded(scope)
    facts = read_facts(reader, scope, with_ahead=scope.is_of_all_sold)
    if scope.is_of_all_sold:
        per_win = _per_win(read_cost_facts(reader, scope))
    else:
        facts, per_win = replace(facts, quotas=()), {}
    pulses = read_pulses(reader, scope)
    stands = standings(facts, scope, "rep")
    plans = {each.id: each for each in _main(stands, facts.won)}
    total = whole(facts, scope, stands)
    shown = [p for p in chosen_people(facts.people, scope) if _is_shown(p, scope, pulses, plans)]
    kinds = [kind for kind, _ in _all_done(pulses, shown).most_common(_KINDS)]
    totals = _shares(facts.won)
    cells = [
        _cells(p, plans.get(p.id), pulses.get(p.id, Pulse()), kinds, totals, per_win.get(p.id))
        for p in shown
    ]
    sums = _totals(shown, pulses, kinds, total)
    columns = _columns(kinds, _mixed([*cells, sums]))
    return Report(
        name="team",
        title="Team",
        **asked(scope),
        columns=columns,
        rows=tuple(tuple(each[column.key] for column in columns) for each in cells),
        totals=sums,
        n=sum(rate.closed for rate in _rates(shown, pulses)),
        method=METHOD,
        warnings=(
            *([] if scope.is_of_all_sold else [_NARROWED]),
            *_warnings(shown, pulses, plans, facts.won, has_plans=scope.is_of_all_sold),
            *([] if total is None else of_whole(stands, total, scope, "rep")),
            *([NO_STEPS] if scope.as_of < reader.today else []),
            *stages_since(reader, scope.as_of),
            *entered_later(
                reader,
                scope.as_of,
                *(_PLANS if scope.is_of_all_sold else ("rep",)),
                period=scope.period,
            ),
            *unforecast(plans.values(), facts),
            *cautions(facts, [*plans.values(), *([] if total is None else [total])]),
        ),
    )


def _main(rows: Sequence[Standing], won: Mapping[str | None, Won]) -> Iterator[Standing]:
    """One standing of each rep: against a quota of revenue, else of anything, else what was won most.

    Amounts of several currencies cannot be compared: most is of deals, the rep's, then everybody's.
    """
    order = [Measure.REVENUE, Measure.MARGIN, Measure.COUNT]
    everybody = Won()
    for each in won.values():
        everybody.take(each)

    def weight(row: Standing) -> tuple[bool, int, int, int]:
        of_all = everybody.deals[row.currency]
        return not row.origin, order.index(Measure(row.measure)), -row.deals, -of_all

    for _, own in groupby(sorted(rows, key=lambda row: row.id), key=lambda row: row.id):
        yield min(own, key=weight)


def _is_shown(
    person: Person, scope: Scope, pulses: Mapping[str, Pulse], plans: Mapping[str, Standing]
) -> bool:
    """Who sells and had not left before the period."""
    first = to_day(scope.period.first or scope.as_of)
    if person.left is not None and person.left < first:
        return False
    return (
        person.role == RepRole.REP or person.id in plans or pulses.get(person.id, Pulse()).open > 0
    )


def _rated(shown: Sequence[Person], pulses: Mapping[str, Pulse]) -> Iterator[tuple[Person, Rate]]:
    for person in shown:
        rate = pulses.get(person.id, Pulse()).rate
        if rate is not None:
            yield person, rate


def _rates(shown: Sequence[Person], pulses: Mapping[str, Pulse]) -> list[Rate]:
    return [rate for _, rate in _rated(shown, pulses)]


def _all_done(pulses: Mapping[str, Pulse], shown: Sequence[Person]) -> Counter[str]:
    whole: Counter[str] = Counter()
    for person in shown:
        whole += pulses.get(person.id, Pulse()).done
    return whole


def _shares(won: Mapping[str | None, Won]) -> Counter[str]:
    """What everybody won, by currency."""
    whole: Counter[str] = Counter()
    for each in won.values():
        whole += each.amount
    return whole


def _per_win(costs: CostFacts) -> dict[str, Money]:
    """What was spent for each rep alone / all that the rep won; without those of several currencies."""
    sums: dict[str, Counter[str]] = {}
    for each in costs.spent:
        if each.rep_id is not None:
            sums.setdefault(each.rep_id, Counter())[each.currency] += each.minor  # type: ignore[assignment]
    found: dict[str, Money] = {}
    for rep_id, spent in sums.items():
        deals = costs.won[rep_id].deals.total() if rep_id in costs.won else 0
        if deals and len(spent) == 1:
            ((currency, minor),) = spent.items()
            found[rep_id] = Money(round(minor / deals), currency)
    return found


def _done(kind: str) -> str:
    """The key of the column of a kind of activity."""
    return f"done_{kind.replace(' ', '_').replace('-', '')}"


_WON = ("quota", "won")
"""The amounts whose currency the row says where they have several."""


def _mixed(rows: Sequence[Mapping[str, Cell]]) -> set[str]:
    """Which columns must say the currency of their amounts row by row, as they have several."""
    told = {"currency": _WON, "cost_currency": ("per_win",)}
    return {
        key
        for key, of in told.items()
        if len({c.currency for row in rows for c in map(row.get, of) if isinstance(c, Money)}) > 1
    }


def _columns(kinds: Sequence[str], mixed: Collection[str]) -> tuple[Column, ...]:
    return (
        Column("rep", "Rep", "text"),
        *((Column("currency", "Currency", "text"),) if "currency" in mixed else ()),
        Column("quota", "Quota", "money", is_extra=True),
        Column("won", "Won", "money"),
        Column("share_of_won", "Share", "ratio", is_extra=True),
        Column("attained", "Attained", "ratio"),
        Column("projected_attainment", "Likely", "ratio", is_extra=True),
        Column("p_attain", "P", "ratio", is_extra=True),
        Column("win_rate", "Win rate", "ratio"),
        Column("interval", "95 %", "interval", is_extra=True),
        Column("median_cycle", "Cycle d", "days"),
        Column("activities", "Done", "count"),
        *(Column(_done(kind), kind, "count", is_extra=True) for kind in kinds),
        Column("clients", "Clients", "count"),
        Column("open", "Open", "count", is_extra=True),
        Column("stalled", "Stalled", "count"),
        *((Column("cost_currency", "Cost in", "text", True),) if "cost_currency" in mixed else ()),
        Column("per_win", "Per win", "money", is_extra=True),
        Column("kept_days", "Kept d", "count"),
    )


def _cells(
    person: Person,
    plan: Standing | None,
    pulse: Pulse,
    kinds: Sequence[str],
    totals: Mapping[str, int],
    per_win: Money | None,
) -> dict[str, Cell]:
    """By key of their columns."""
    paid = plan if plan is not None and plan.measure != Measure.COUNT else None
    currency = "" if paid is None else paid.currency
    won, closed = (pulse.rate.won, pulse.rate.closed) if pulse.rate is not None else (0, 0)
    target = None if paid is None else paid.target
    return {
        "rep": person.name,
        "currency": currency,
        "quota": None if target is None else Money(round(target), currency),
        "won": None if paid is None else Money(paid.won, currency),
        "share_of_won": None if paid is None else ratio(paid.won, totals.get(currency, 0)),
        "attained": None if plan is None else attainment(plan),
        "projected_attainment": None if plan is None else projected_attainment(plan),
        "p_attain": None if plan is None else chance(plan),
        "win_rate": ratio(won, closed),
        "interval": share_interval(won, closed),
        "median_cycle": median(pulse.cycle),
        "activities": pulse.done.total(),
        **{_done(kind): pulse.done[kind] for kind in kinds},
        "clients": pulse.clients,
        "open": pulse.open,
        "stalled": pulse.stalled,
        "cost_currency": "" if per_win is None else per_win.currency,
        "per_win": per_win,
        "kept_days": pulse.kept,
    }


def _totals(
    shown: Sequence[Person],
    pulses: Mapping[str, Pulse],
    kinds: Sequence[str],
    plan: Standing | None,
) -> dict[str, Cell]:
    """What can be added: plan, activities and deals, and the win rate of all; clients may have two reps."""
    listed = [pulses[p.id] for p in shown if p.id in pulses]
    if len(shown) < 2:
        return {}
    rates = _rates(shown, pulses)
    done = _all_done(pulses, shown)
    won, closed = sum(r.won for r in rates), sum(r.closed for r in rates)
    return {
        **(_planned(plan) if plan is not None and plan.target is not None else {}),
        "win_rate": ratio(won, closed),
        "interval": share_interval(won, closed),
        "activities": done.total(),
        **{_done(kind): done[kind] for kind in kinds},
        "open": sum(p.open for p in listed),
        "stalled": sum(p.stalled for p in listed),
    }


def _planned(plan: Standing) -> dict[str, Cell]:
    """The plan of all: quota and won where they are amounts, and what becomes of it."""
    cells: dict[str, Cell] = {
        "attained": attainment(plan),
        "projected_attainment": projected_attainment(plan),
        "p_attain": chance(plan),
    }
    if plan.measure != Measure.COUNT and plan.target is not None:
        cells["currency"] = plan.currency
        cells["quota"] = Money(round(plan.target), plan.currency)
        cells["won"] = Money(plan.won, plan.currency)
    return cells


def _warnings(
    shown: Sequence[Person],
    pulses: Mapping[str, Pulse],
    plans: Mapping[str, Standing],
    won: Mapping[str | None, Won],
    *,
    has_plans: bool,
) -> Iterator[str]:
    tested = [(p.name, rate) for p, rate in _rated(shown, pulses) if rate.beside.q is not None]
    apart = [
        f"{name} ({100 * (rate.beside.share or 0):.0f} %, with the same mix "
        f"{100 * (rate.beside.alike or 0):.0f} %)"
        for name, rate in tested
        if rate.beside.is_flagged(MOST_FALSE_OF_PEOPLE)
    ]
    if apart:
        yield f"Win rates that differ from all beyond chance: {', '.join(apart)}."
    elif len(tested) > 1:
        yield "No rep's win rate differs from that of all beyond chance: do not rank by it."
    if has_plans and not any(plan.origin for plan in plans.values()):
        yield "No quota is set for this period."
    yield from in_part(plans.values())
    used = {plan.currency for plan in plans.values() if plan.currency}
    for person in shown:
        plan, each = plans.get(person.id), won.get(person.id)
        if plan is None or each is None or plan.measure == Measure.COUNT:
            continue
        others = sorted(c for c in each.amount if each.amount[c] and c != plan.currency)
        if others:
            yield f"{person.name} also won in {', '.join(others)}, which is not in the sum."
    if len(used) > 1:
        yield "Amounts are in several currencies; none is converted."
