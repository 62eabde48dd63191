"""Plan against actual: quota, won to date, due by now, and what the period is likely to bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from salestui.analytics.forecast.settings import ACTIVE_DAYS
from salestui.analytics.groups import refuse_by
from salestui.analytics.measures import ratio
from salestui.analytics.past_people import entered_later
from salestui.analytics.plan.standing import Facts, Standing, Won, bounded, days_of, read_facts
from salestui.analytics.plan.subjects import BY, standings, whole
from salestui.analytics.report import Cell, Column, Interval, Money, Report
from salestui.analytics.scope import Scope, asked, owners_word, refuse_only
from salestui.models.vocabulary import Measure
from salestui.store.reader import Reader
from salestui.text import listed, so_many

METHOD = (
    "Won in the period until the as-of day, by who owns the deal. Due: quota x the part of the period "
    "that is past, {shape}. Pace: won / due. Gap: quota - won. Of all won: what each contributed. "
    "Projected: won + forecast of the rest; low to high holds it 8 times in 10. P: the chance that the "
    "quota is attained. Who has no quota has the sum of its reps', held against what these won."
)
_NAMED = 3
"""Names that a sentence lists."""

_CALENDAR = "by the months of the quarter or year as the wins have shown them"
_WORKDAYS = "by working days, for the wins show no pattern of months beyond chance"
_MEASURED = "by working days"


def quota(reader: Reader, scope: Scope, by: str | None = None) -> Report:
    """The report by rep, team, or of everybody; of this quarter unless a period is set."""
    chosen = by or "rep"
    refuse_by(chosen, BY, "Quotas")
    refuse_only(scope, "Quotas are set for all that a rep sells")
    scope = bounded(scope)
    made = build(scope, read_facts(reader, scope), chosen)
    later = entered_later(reader, scope.as_of, "quota", period=scope.period)
    return replace(made, warnings=(*made.warnings, *later))


def build(scope: Scope, facts: Facts, by: str) -> Report:
    """The report of facts already read."""
    rows = standings(facts, scope, by)
    total = whole(facts, scope, rows)
    every = rows if total is None else [*rows, total]
    columns = _columns(every, _sums(facts, scope))
    cells = {each: {c.key: make(each) for c, make in columns} for each in rows}
    lead = [Column(by, by.capitalize(), "text"), *_leads(every)]
    return Report(
        name="quota",
        title="Quota",
        **asked(scope),
        columns=(*lead, *(column for column, _ in columns)),
        rows=tuple((each.name, *_lead(each, every), *cells[each].values()) for each in rows),
        totals={} if total is None else dict(_totals(total, columns, lead)),
        n=sum(won.deals.total() for owner, won in facts.won.items() if _is_in(owner, scope)),
        method=METHOD.format(shape=_shape(facts)),
        warnings=tuple(_warnings(rows, total, facts, scope, by)),
    )


def _is_in(owner: str | None, scope: Scope) -> bool:
    return scope.owner_ids is None or owner in scope.owner_ids


def _leads(rows: Sequence[Standing]) -> Iterator[Column]:
    if len({row.measure for row in rows}) > 1:
        yield Column("measure", "Measure", "text")
    if len({row.currency for row in rows if row.currency}) > 1:
        yield Column("currency", "Currency", "text")
    if any(row.origin not in ("set", "") for row in rows):
        yield Column("basis", "Quota is", "text", is_extra=True)


def _lead(row: Standing, rows: Sequence[Standing]) -> list[Cell]:
    told: dict[str, Cell] = {"measure": row.measure, "currency": row.currency, "basis": row.basis}
    return [told[column.key] for column in _leads(rows)]


Make = Callable[[Standing], Cell]


def _sums(facts: Facts, scope: Scope) -> Won:
    """What all that the scope is of won."""
    whole = Won()
    for owner, won in facts.won.items():
        if _is_in(owner, scope):
            whole.take(won)
    return whole


def _columns(rows: Sequence[Standing], whole: Won) -> list[tuple[Column, Make]]:
    """Amounts and numbers of deals stand in columns of their own; either only where there are any."""
    has_money = any(row.measure != Measure.COUNT for row in rows) or not rows
    has_count = any(row.measure == Measure.COUNT for row in rows)
    made: list[tuple[Column, Make]] = []
    if has_money:
        made += [(Column(key, label, "money", x), _money(f)) for key, label, x, f in _FIGURES]
    made += [(Column("deals", "Deals", "count", is_extra=not has_count), lambda row: row.deals)]
    if has_count:
        made += [
            (Column(f"{key}_deals", f"{label} n", "count", x or key == "won"), _count(f))
            for key, label, x, f in _FIGURES
        ]
    return [
        *made,
        (
            Column("share", "Of all won", "ratio", is_extra=True),
            lambda row: ratio(row.won, whole.of(row.measure, row.currency)),
        ),
        (Column("attained", "Attained", "ratio"), attainment),
        (Column("pace", "Pace", "ratio"), pace),
        (Column("projected_attainment", "Likely", "ratio"), projected_attainment),
        (Column("attainment_range", "80 %", "interval", is_extra=True), attainment_range),
        (Column("p_attain", "P", "ratio"), chance),
    ]


Figure = Callable[[Standing], "float | None"]


def _gap(row: Standing) -> float | None:
    return None if row.target is None else row.target - row.won


def _projected(row: Standing) -> float | None:
    return None if row.outlook is None else row.outlook.expected


def _low(row: Standing) -> float | None:
    return None if row.outlook is None else row.outlook.range[0]


def _high(row: Standing) -> float | None:
    return None if row.outlook is None else row.outlook.range[1]


_FIGURES: tuple[tuple[str, str, bool, Figure], ...] = (
    ("quota", "Quota", False, lambda row: row.target),
    ("won", "Won", False, lambda row: row.won),
    ("due", "Due", True, lambda row: row.due),
    ("gap", "Gap", True, _gap),
    ("projected", "Projected", True, _projected),
    ("low", "Low", True, _low),
    ("high", "High", True, _high),
)


def _money(figure: Figure) -> Make:
    def cell(row: Standing) -> Cell:
        value = None if row.measure == Measure.COUNT else figure(row)
        return None if value is None else Money(round(value), row.currency)

    return cell


def _count(figure: Figure) -> Make:
    def cell(row: Standing) -> Cell:
        value = figure(row) if row.measure == Measure.COUNT else None
        return None if value is None else round(value, 1) if value % 1 else int(value)

    return cell


def attainment(row: Standing) -> float | None:
    """Won / quota."""
    return None if row.target is None else ratio(row.won, row.target)


def pace(row: Standing) -> float | None:
    """Won / what was due by now."""
    return None if row.due is None else ratio(row.won, row.due)


def projected_attainment(row: Standing) -> float | None:
    """(Won + forecast of the rest) / quota."""
    projected = _projected(row)
    return None if projected is None or row.target is None else ratio(projected, row.target)


def attainment_range(row: Standing) -> Interval | None:
    """Where the attainment lies 8 times in 10."""
    if row.outlook is None or not row.target:
        return None
    low, high = row.outlook.range
    return Interval(low / row.target, high / row.target)


def chance(row: Standing) -> float | None:
    """P(period >= quota); of a count that of as many whole deals as it takes."""
    return row.outlook.chance(row.target) if row.outlook is not None and row.target else None


def _totals(
    total: Standing, columns: Sequence[tuple[Column, Make]], lead: Sequence[Column]
) -> Iterator[tuple[str, Cell]]:
    """The cells of the last row: every one of what the row itself says."""
    told = {"measure": total.measure, "currency": total.currency, "basis": total.basis}
    yield from ((column.key, told[column.key]) for column in lead[1:])
    for column, make in columns:
        cell = make(total)
        if cell is not None:
            yield column.key, cell


def _shape(facts: Facts) -> str:
    """What is said of `due`; of the wins nothing where none are forecast, for then they were not asked."""
    asked_of = [a for a in facts.ahead.values() if a.forecast and a.forecast.is_known]
    if not asked_of:
        return _MEASURED
    return _CALENDAR if any(ahead.due is not None for ahead in asked_of) else _WORKDAYS


def _warnings(
    rows: Sequence[Standing], total: Standing | None, facts: Facts, scope: Scope, by: str
) -> Iterator[str]:
    if not any(row.origin for row in rows) and not (total and total.origin):
        yield (
            "No quota is set for this period: F2 on a screen, the list Quotas, or "
            "salestui quota set PERIOD TARGET --owner REP."
        )
    yield from in_part(rows if total is None else [*rows, total])
    several = len({row.currency for row in rows if row.origin and row.currency}) > 1
    for row in rows:
        if row.is_partial:
            of = f", {row.currency}" if several and row.currency else ""
            yield f"{row.name}{of}: {_have(row.having, row.reps, 'rep')}"
    if total is not None:
        yield from of_whole(rows, total, scope, by)
    yield from _uncovered(rows, facts, scope)
    if any(row.measure == Measure.MARGIN for row in rows):
        yield "Margin counts won deals whose lines all have a cost; a margin is not forecast."
    first, _ = days_of(scope)
    if scope.as_of < first:
        yield "The period has not begun."
    yield from uncounted(rows if total is None else [*rows, total])
    if not facts.ahead and scope.as_of < facts.period[1]:
        from salestui.analytics.outlook.forecasting import NOTHING_AHEAD

        yield NOTHING_AHEAD
    shown = rows if total is None else [*rows, total]
    yield from unforecast(rows, facts)
    yield from cautions(facts, shown)


def _uncovered(rows: Sequence[Standing], facts: Facts, scope: Scope) -> Iterator[str]:
    """Currencies that were won in and that no quota shown is in; one of deals counts those of every one."""
    paid = {row.currency for row in rows if row.origin and row.currency}
    by_count = [row.owner_ids for row in rows if row.origin and row.measure == Measure.COUNT]
    if not paid or None in by_count:
        return
    counted = {owner for owners in by_count for owner in owners or ()}
    won = [own for owner, own in facts.won.items() if _is_in(owner, scope) and owner not in counted]
    for currency in sorted({c for own in won for c in own.amount} - paid):
        yield f"What was won in {currency} counts towards no quota: no currency is converted."


def unforecast(rows: Iterable[Standing], facts: Facts) -> Iterator[str]:
    """Who has no part of the forecast that there is: it is of those who have been at work lately."""
    names: dict[str, list[str]] = {}
    for row in rows:
        is_said = row.outlook is not None or row.uncounted or row.measure == Measure.MARGIN
        if row.target is None or is_said:
            continue
        of = facts.ahead if row.measure == Measure.COUNT else (row.currency,)
        known = [facts.ahead[c].forecast for c in of if c in facts.ahead]
        if row.measure != Measure.COUNT and facts.ahead and not known:
            yield f"No forecast for {row.name}: no deal in {row.currency} is known."
        elif any(each is not None and each.is_known and each.n_hat for each in known):
            names.setdefault(row.currency, []).append(row.name)
    for currency, who in names.items():
        of_what = f" in {currency}" if currency else ""
        yield (
            f"No forecast for {listed(list(dict.fromkeys(who)))}, of whom no deal{of_what} was open in the "
            f"last {ACTIVE_DAYS} days: what is to come is in the parts of the others."
        )


def uncounted(rows: Iterable[Standing]) -> Iterator[str]:
    """That deals to come of some currencies are in no count, as they cannot be forecast."""
    missing = {currency for row in rows for currency in row.uncounted}
    if missing:
        yield f"Deals to come in {listed(sorted(missing))} are in no count: too little history."


def of_whole(rows: Sequence[Standing], total: Standing, scope: Scope, by: str) -> Iterator[str]:
    """What the last row is of, where that is not all that stands above it."""
    subjects = {row.id for row in rows}
    have = {row.id for row in rows if row.target is not None}
    if total.origin in ("set", "in part"):
        subject = owners_word(scope.words) or "the whole company"
        yield f"All: the quota of {subject}, against all that was won there."
    elif total.is_partial and any(row.origin == "sum" for row in rows):
        yield f"All: {_have(total.having, total.reps, 'rep')}"
    elif total.origin and have < subjects:
        yield f"All: {_have(len(have), len(subjects - {''}), by)}"


def in_part(rows: Iterable[Standing]) -> Iterator[str]:
    """Whose targets are made of quotas for other days."""
    names = list(dict.fromkeys(row.name for row in rows if row.origin == "in part"))
    if names:
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield (
            f"{', '.join(names[:_NAMED])}{more}: the quotas that are set do not cover exactly these days: "
            "taken is the part of a longer one, by working days, or what is set within them, against all "
            "wins."
        )


def _have(having: int, of: int, what: str) -> str:
    verb = "has" if having == 1 else "have"
    return f"{having} of {so_many(of, what)} {verb} a quota; held against the wins of those alone."


def cautions(facts: Facts, rows: Iterable[Standing]) -> Iterator[str]:
    """What the forecasts behind the rows say of themselves; of which currency, where several."""
    shown = list(rows)
    is_every = any(row.measure == Measure.COUNT for row in shown)
    used = {row.currency for row in shown}
    for currency, ahead in facts.ahead.items():
        if is_every or currency in used:
            for text in ahead.forecast.warnings if ahead.forecast else ():
                yield f"{currency}: {text}" if len(facts.ahead) > 1 else text
