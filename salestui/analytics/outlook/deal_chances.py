"""Open deals one by one: what each is worth, its chance and what moves that; and how good chances were."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf, isclose, sqrt
from typing import NamedTuple

import numpy as np

from salestui.analytics.drill import Behind
from salestui.analytics.events import NEVER, UNDATED, Codes, Ints
from salestui.analytics.forecast.groups import rounded
from salestui.analytics.forecast.probability import FEATURES, LANDMARK, with_odds
from salestui.analytics.groups import GROUPS
from salestui.analytics.outlook.pricing import (
    Factor,
    Priced,
    assumed_words,
    cautions,
    such_words,
    unknown_words,
)
from salestui.analytics.rendering.wording import percent
from salestui.analytics.report import Cell, Column, Money, Report
from salestui.analytics.scope import ALWAYS, Scope, asked
from salestui.analytics.slices import parts
from salestui.store.reader import Reader
from salestui.text import from_day, so_many

METHOD = (
    "Open deals, those first that template and statistics differ most about, currency by currency. "
    "Chance: the share of such deals that is won in the end, of the same {such}{since}; those that stand "
    "longer than any that moved on share one rate. In {days} d: within so many days. Template: amount "
    "times the stage's probability. Statistics: amount times the chance, times what was won for each unit "
    "of open amount. {factors} Deals without amount count with the mean."
)
_KEPT = (
    "Factors: the wins of such deals over those that their ages explain, drawn to 1 as far as chance may "
    "explain it; they multiply the odds. In all: together, between a third and three, and levelled so that "
    "all deals are worth the same as without."
)
_NONE_KEPT = "Factors: {} were tried on past days, and none is kept."
_UNTRIED = "Factors: none could be tried on past days yet."

METHOD_PAST = (
    "As of a day in every fortnight of the past, the chance of each deal open then to be won within {days} "
    "days, from what was known by that day, and whether it was: a deal counts on each of the days. Tenths "
    "of equally many, by what was said. The lists of deals give this chance and that of being won in "
    "the end, which is the same one further on; it cannot be checked before the deals have ended."
)
_OF_ALL = (
    " Chances and factors are learned from all deals, not only from those that are chosen here: a deal has "
    "the same chance wherever it is listed."
)
_UNPROVEN = "Too little history to check such chances on past days."

_OFF = 0.05
"""What came must differ by at least from what was said to be worth a sentence."""

_BEYOND = 3.29
"""Standard errors that a share exceeds by chance once in a thousand times."""

_GROUP_OF = {"owner": "rep"}
"""The group that words the codes of a feature, where it is called otherwise."""

_DEALS = """
SELECT d.id, d.number, d.title, c.name FROM deal d LEFT JOIN client c ON c.id = d.client_id
WHERE d.id IN ({keys})
"""

_COLUMNS = (
    Column("number", "Deal", "text"),
    Column("title", "Title", "text"),
    Column("owner", "Owner", "text", is_extra=True),
    Column("stage", "Stage", "text"),
    Column("age", "Days", "days"),
    Column("amount", "Amount", "money", is_extra=True),
    Column("template", "Template", "money"),
    Column("statistics", "Statistics", "money"),
    Column("difference", "Difference", "money", is_extra=True),
    Column("chance", "Chance", "ratio"),
    Column("factors", "Factors", "text", is_extra=True),
    Column("soon", f"In {LANDMARK} d", "ratio", is_extra=True),
    Column("client", "Client", "text", is_extra=True),
    Column("in_stage", "In stage d", "days", is_extra=True),
    Column("odds", "In all", "times", is_extra=True),
    Column("chance_without", "Without", "ratio", is_extra=True),
)


def by_deal(
    reader: Reader,
    scope: Scope,
    found: Sequence[Priced],
    names: Mapping[str, str],
    *,
    among: Collection[str] | None = None,
    most: int | None = None,
) -> Report:
    """A row for each of the deals, of those `among` if they are named, and no more than `most`.

    `names` are those of the stages. `n` is how many deals there are, shown or not.
    """
    sums = [_sums(each) for each in found]
    places = [_ordered(each, its, among) for each, its in zip(found, sums, strict=True)]
    rows: list[tuple[Cell, ...]] = []
    subjects: list[Behind] = []
    shown_in: list[str] = []
    for each, its, whole in zip(found, sums, places, strict=True):
        shown = whole if most is None else whole[: most - len(rows)]
        shown_in += [each.currency] * len(shown)
        rows.extend(_rows(reader, scope, each, its, shown, names))
        subjects.extend(Behind("listed", deal_ids=(each.deal[i],)) for i in shown.tolist())
    several = len({each.currency for each in found}) > 1
    some = [each for each, whole in zip(found, places, strict=True) if len(whole)]
    lead: tuple[Column, ...] = ()
    if len(set(shown_in)) > 1:
        lead = (Column("currency", "Currency", "text"),)
        rows = [(currency, *row) for currency, row in zip(shown_in, rows, strict=True)]
    return Report(
        name="open",
        title="Open deals",
        **asked(replace(scope, period=ALWAYS)),
        columns=(*lead, *_COLUMNS),
        rows=tuple(rows),
        totals={},
        n=sum(map(len, places)),
        method=METHOD.format(
            days=LANDMARK, such=such_words(some), since=_since(some), factors=_factors_said(some)
        )
        + ("" if scope.is_of_everything else _OF_ALL),
        warnings=(
            *unknown_words(some, several=several),
            *assumed_words(some),
            *(cautions(some, several=several) if among is None else ()),
            *reliability_words(some, several=several),
        ),
        subjects=tuple(subjects),
    )


class _Sums(NamedTuple):
    """Whole minor units of each deal; all together they are the totals of the report by stage."""

    amount: Ints
    template: Ints
    statistics: Ints


def _sums(found: Priced) -> _Sums:
    named = np.where(found.is_priced, found.amount, 0.0)
    return _Sums(rounded(named), rounded(found.template), rounded(found.statistics))


def _ordered(found: Priced, sums: _Sums, among: Collection[str] | None) -> Ints:
    """The places of the deals, most money between the two ways first; by amount where one is not known."""
    gaps = np.abs(sums.statistics - sums.template) if found.is_known else sums.amount
    places: Ints = np.argsort(-gaps, kind="stable")
    if among is None:
        return places
    keys = set(among)
    chosen = [place for place in places.tolist() if found.deal[place] in keys]
    return np.array(chosen, np.int64)


def _rows(
    reader: Reader,
    scope: Scope,
    found: Priced,
    sums: _Sums,
    places: Ints,
    names: Mapping[str, str],
) -> Iterator[tuple[Cell, ...]]:
    told = _told(reader, [found.deal[place] for place in places.tolist()])
    owners = _labelled(reader, scope, found, "owner", found.owner[places])
    factors = [_worded(reader, scope, found, each, places) for each in found.factors]
    without = with_odds(found.chance[places], 1.0 / found.odds[places])
    for row, place in enumerate(places.tolist()):
        number, title, client = told.get(found.deal[place], (0, "", None))
        amount, template, statistics = (Money(int(minor[place]), found.currency) for minor in sums)
        stayed = int(found.stayed[place])
        head = (
            str(number), title, owners[row], names.get(found.stage[place], "gone"), found.age[place],
            amount if found.is_priced[place] else None, template,
        )  # fmt: skip
        tail = client or "no client", None if stayed == UNDATED else stayed
        if not found.is_known:
            yield (*head, None, None, None, None, None, *tail, None, None)
            continue
        yield (
            *head, statistics, Money(statistics.minor - template.minor, found.currency),
            float(found.chance[place]), ", ".join(each[row] for each in factors) or "none kept",
            float(found.soon[place]), *tail, float(found.odds[place]), float(without[row]),
        )  # fmt: skip


def _worded(reader: Reader, scope: Scope, found: Priced, factor: Factor, places: Ints) -> list[str]:
    """ "owner Ona ×1.32" for each deal."""
    values = _labelled(reader, scope, found, factor.feature, factor.code[places])
    odds = factor.odds[places].tolist()
    return [
        f"{factor.feature} {value} ×{each:.2f}" for value, each in zip(values, odds, strict=True)
    ]


def _labelled(
    reader: Reader, scope: Scope, found: Priced, feature: str, codes: Codes | Ints
) -> list[str]:
    group = GROUPS[_GROUP_OF.get(feature, feature)]
    places, labels = parts(reader, found.names, group, codes, scope.as_of)
    return [labels[place][1] for place in places.tolist()]


def _told(reader: Reader, keys: Sequence[str]) -> dict[str, tuple[int, str, str | None]]:
    """Number, title and client of each deal."""
    if not keys:
        return {}
    sql = _DEALS.replace("{keys}", reader.listed("keys"))
    rows = reader.rows(sql, keys=json.dumps(list(keys)))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _since(found: Sequence[Priced]) -> str:
    """From how many closed deals of which days, currency by currency."""
    told = [
        f"{each.currency + ': ' if len(found) > 1 else ''}{each.wins:,} won and {each.losses:,} lost "
        f"since {from_day(each.since).isoformat()}"
        for each in found
        if each.is_known and each.since != NEVER
    ]
    return f", from {'; '.join(told)}" if told else ""


def _factors_said(found: Sequence[Priced]) -> str:
    if any(each.factors for each in found):
        return _KEPT
    is_tried = any(each.proof is not None and each.proof.trials for each in found)
    return _NONE_KEPT.format(", ".join(FEATURES)) if is_tried else _UNTRIED


def reliability_words(found: Sequence[Priced], *, several: bool) -> Iterator[str]:
    """How good the chances were that past days would have given, beside what is known without them."""
    for each in found:
        head, proof = f"{each.currency}: " if several else "", each.proof
        if proof is None or proof.told is None or proof.base is None or proof.template is None:
            yield f"{head}{_UNPROVEN}"
            continue
        told = proof.told
        plain = f", {proof.base.brier:.3f} without factors" if proof.kept else ""
        yield (
            f"{head}Chances of being won within {LANDMARK} days, as of "
            f"{so_many(len(proof.days), 'past day')} from {from_day(proof.days[-1]).isoformat()} "
            f"to {from_day(proof.days[0]).isoformat()} "
            f"(n = {told.n:,}, of which {percent(told.rate)} came): Brier {told.brier:.3f}{plain}, "
            f"{told.base:.3f} by saying {percent(told.rate)} of each, {proof.template.brier:.3f} by the "
            "stages' percentages; less is better."
        )
        if told.brier >= told.base or isclose(told.brier, told.base, abs_tol=5e-4):
            yield f"{head}They were no better than saying the same of every deal."
        for number, one in enumerate(told.bins, 1):
            if is_off(one.said, one.came, one.n):
                yield (
                    f"{head}Where they said {percent(one.said)} (tenth {number}, n = {one.n:,}), "
                    f"{percent(one.came)} came: do not take such chances at their word."
                )
        if not proof.kept:
            model = "stage and time in it" if each.is_staged else "age"
            yield f"{head}No factor told deals apart better than {model} alone: {', '.join(FEATURES)}."


def is_off(said: float, came: float, n: int) -> bool:
    """Whether a share that came is 5 points and 3.29 standard errors from the one that was said.

    The errors are those of n independent deals; the same deal counts on several days, so that they are
    larger, which the 5 points are for.
    """
    spread = sqrt(max(said * (1 - said), came * (1 - came)) / n) if n else inf
    return abs(came - said) >= _OFF and abs(came - said) > _BEYOND * spread


_TENTHS = (
    Column("tenth", "Tenth", "text"),
    Column("deals", "Deals", "count"),
    Column("said", "Said", "ratio"),
    Column("came", "Came", "ratio"),
)


def by_chance(scope: Scope, found: Sequence[Priced]) -> Report:
    """Past chances, tenth by tenth, beside the share of deals that was won."""
    several = len(found) > 1
    rows: list[tuple[Cell, ...]] = []
    totals: dict[str, Cell] = {}
    n = 0
    for each in found:
        told = each.proof.told if each.proof is not None else None
        if told is None:
            continue
        lead = (each.currency,) if several else ()
        for number, one in enumerate(told.bins, 1):
            rows.append((*lead, str(number), one.n, one.said, one.came))
        said = sum(one.n * one.said for one in told.bins) / told.n
        totals = {} if several else {"deals": told.n, "said": said, "came": told.rate}
        n += told.n
    return Report(
        name="open",
        title="Chances said and what came",
        **asked(replace(scope, period=ALWAYS)),
        columns=(*((Column("currency", "Currency", "text"),) if several else ()), *_TENTHS),
        rows=tuple(rows),
        totals=totals,
        n=n,
        method=METHOD_PAST.format(days=LANDMARK) + ("" if scope.is_of_everything else _OF_ALL),
        warnings=tuple(reliability_words(found, several=several)),
    )
