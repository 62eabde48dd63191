"""Who said what when, and what came of the commits of past periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from salestui.analytics.outlook.call_facts import CallFacts, Sums, newest, of_side, won_in
from salestui.analytics.periods import named
from salestui.analytics.plan.standing import days_of
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import Scope, asked
from salestui.models.vocabulary import CallSide
from salestui.queries.plans import CallLine
from salestui.text import so_many

LEAST = 4
"""Past periods with a commit and a win below which no accuracy of a rep's commits is claimed."""

HISTORY_METHOD = (
    "Everything said by the end of the as-of day of periods that touch this one, the newest first; "
    "nothing is ever written over. An adjustment is a manager's word. n: calls."
)
PAST_METHOD = (
    "Past periods as long as this one. Commit: the rep's that stood as many days before the end as "
    "there are now; Last: at the end. Won: in the period, as known on the as-of day. Accuracy: 1 - "
    "|won - commit| / won, nothing where nothing was won. Counted: the adjustment if there was one. "
    "n: periods with a commit."
)

Trust = Mapping[tuple[str, str], "tuple[float | None, int]"]
"""By rep and currency: the mean accuracy of past commits if there are enough, and how many."""


def history(scope: Scope, facts: CallFacts, said: Sequence[CallLine]) -> Report:
    """Call by call, the newest first."""
    stretches = {(call.first_on, call.last_on) for call in said}
    has_periods = bool(stretches - {days_of(scope)})
    several = len({call.currency for call in said}) > 1
    rows: list[tuple[Cell, ...]] = []
    for call in said:
        period = (named(call.first_on, call.last_on).label,) if has_periods else ()
        amounts = (call.commit_minor, call.best_minor)
        rows.append(
            (
                facts.said_on(call),
                call.whose,
                *period,
                "own" if call.side == CallSide.REP else call.author or "manager",
                *((call.currency,) if several else ()),
                *(None if minor is None else Money(minor, call.currency) for minor in amounts),
                call.notes,
                call.side,
                call.author,
                call.said_at.astimezone(facts.zone).isoformat(timespec="seconds"),
            )
        )
    return Report(
        name="calls",
        title="Who said what",
        **asked(scope),
        columns=(
            Column("said_on", "Said", "day"),
            Column("of", "Of", "text"),
            *((Column("period", "Period", "text"),) if has_periods else ()),
            Column("word", "By", "text"),
            *((Column("currency", "Currency", "text"),) if several else ()),
            Column("commit", "Commit", "money"),
            Column("best", "Best", "money"),
            Column("note", "Note", "text", is_whole=True),
            Column("side", "Side", "text", is_extra=True),
            Column("author", "Author", "text", is_extra=True),
            Column("at", "At", "text", is_extra=True),
        ),
        rows=tuple(rows),
        totals={},
        n=len(rows),
        method=HISTORY_METHOD,
        warnings=() if rows else ("Nobody has said anything of this period.",),
    )


def past(scope: Scope, facts: CallFacts) -> tuple[Report, Trust]:
    """Commits of past periods beside what was won in the end, the latest first; whom to trust."""
    first, last = days_of(scope)
    before_end = max(min((last - scope.as_of).days, (last - first).days), 0)
    groups: dict[tuple[date, date], dict[tuple[str, str, str], list[CallLine]]] = {}
    for call in facts.calls:
        is_over = call.last_on <= scope.as_of and (call.first_on, call.last_on) != (first, last)
        if call.rep_id and is_over and _is_like(call, first, last):
            whose = (call.whose, call.rep_id, call.currency)
            groups.setdefault((call.first_on, call.last_on), {}).setdefault(whose, []).append(call)
    several = len({c for each in groups.values() for _, _, c in each}) > 1
    rows: list[tuple[Cell, ...]] = []
    shares: dict[tuple[str, str], list[float]] = {}
    for days in sorted(groups, key=lambda each: (each[1], each[0]), reverse=True):
        sums = won_in(facts.known, *days)
        then = days[1] - timedelta(days=before_end)
        for (name, rep_id, currency), said in sorted(groups[days].items()):
            key = (rep_id, currency)
            cells = _cells(facts, said, sums, key, then, days[1])
            if cells is None:
                continue
            known = shares.setdefault(key, [])
            if isinstance(cells[2], float):
                known.append(cells[2])
            rows.append((name, *((currency,) if several else ()), named(*days).label, *cells))
    trust = {
        key: (sum(found) / len(found) if len(found) >= LEAST else None, len(found))
        for key, found in shares.items()
    }
    report = Report(
        name="calls",
        title="Commits of past periods",
        **asked(scope),
        columns=(
            Column("rep", "Rep", "text"),
            *((Column("currency", "Currency", "text"),) if several else ()),
            *_COLUMNS,
        ),
        rows=tuple(rows),
        totals={},
        n=len(rows),
        method=PAST_METHOD,
        warnings=tuple(_too_few(rows, trust)),
    )
    return report, trust


_COLUMNS = (
    Column("period", "Period", "text"),
    Column("commit", "Commit", "money"),
    Column("won", "Won", "money"),
    Column("accuracy", "Accuracy", "ratio"),
    Column("wins", "Wins", "count"),
    Column("last", "Last", "money", is_extra=True),
    Column("last_accuracy", "Accuracy", "ratio", is_extra=True),
    Column("counted", "Counted", "money", is_extra=True),
    Column("counted_accuracy", "Accuracy", "ratio", is_extra=True),
)


def _is_like(call: CallLine, first: date, last: date) -> bool:
    """As long as the period, give or take a tenth: months and quarters are not all alike."""
    asked_for, its = (last - first).days + 1, (call.last_on - call.first_on).days + 1
    return abs(asked_for - its) * 10 <= asked_for


def _cells(
    facts: CallFacts,
    said: Sequence[CallLine],
    sums: Sums,
    key: tuple[str, str],
    then: date,
    end: date,
) -> tuple[Cell, ...] | None:
    """Commit, won, accuracy, wins, and the same of what stood last and of what counted; or nothing."""
    won = sums.won.get(key, 0)
    own = newest(of_side(said, CallSide.REP, then, facts), "commit_minor")
    final = newest(of_side(said, CallSide.REP, end, facts), "commit_minor")
    over = newest(of_side(said, CallSide.MANAGER, then, facts), "commit_minor")
    if own is None and final is None:
        return None
    committed, last, counted = (
        None if call is None else call.commit_minor for call in (own, final, over or own)
    )

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, key[1])

    return (
        money(committed), money(won), accuracy(committed, won), sums.wins.get(key, 0),
        money(last), accuracy(last, won), money(counted), accuracy(counted, won),
    )  # fmt: skip


def accuracy(said: int | None, won: int) -> float | None:
    """1 - |won - said| / won; not floored; `None` where nothing was said or won."""
    return None if said is None or not won else 1 - abs(won - said) / won


def _too_few(rows: Sequence[tuple[Cell, ...]], trust: Trust) -> Iterator[str]:
    if not rows:
        yield "No commit of a past period of this length is known: how far to trust one is not known."
    elif all(mean is None for mean, _ in trust.values()):
        most = max((count for _, count in trust.values()), default=0)
        yield (
            "Too few to say how far to trust a commit: no rep has more than "
            f"{most} past periods with a commit and a win, {LEAST} are needed."
        )
    elif few := sum(mean is None for mean, _ in trust.values()):
        reps = so_many(few, "rep has", "reps have")
        yield f"{reps} fewer than {LEAST} such periods: nothing is said of their commits."
