"""Scope and groups for arrays: which deals known on a day are counted, and what they are grouped by.

`known` is always all that was known on a day: whether a client had bought is told by its other deals.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from salestui.analytics.events import (
    NEVER,
    NOBODY,
    UNDATED,
    WON,
    Codes,
    Flags,
    Ints,
    Known,
    Names,
)
from salestui.analytics.groups import BOUGHT, GROUPS, TERRITORY, Group, Label, labels
from salestui.analytics.scope import Scope
from salestui.store.reader import Reader


def within(known: Known, scope: Scope) -> Flags:
    """Which deals the scope is about, as they were known; its days do not count."""
    chosen = np.ones(len(known), bool)
    if scope.owner_ids is not None:
        codes = [code for code, key in enumerate(known.names.owners) if key in scope.owner_ids]
        chosen &= np.isin(known.owner, codes)
    if scope.pipeline_id is not None:
        stages = enumerate(known.names.stages)
        codes = [code for code, stage in stages if stage.pipeline_id == scope.pipeline_id]
        chosen &= np.isin(known.stage, codes)
    for each in scope.only:
        values = _values(known.names, each.column)
        codes = [code for code, value in enumerate(values) if value in each.values]
        codes += [NOBODY] if each.is_empty else []
        chosen &= np.isin(_codes(known, each.column), codes, invert=each.is_without)
    return chosen


def codes_by(known: Known, group: Group, days: Ints | None = None) -> Codes | Ints:
    """The code of each deal by what the group counts; groups of time go by `days`."""
    if group.is_time:
        if days is None:
            raise ValueError(f"by {group.key} needs days")
        return days
    return _codes(known, group.column)


def _codes(known: Known, column: str) -> Codes:
    if column == BOUGHT:
        return _had_bought(known)
    if column == TERRITORY:
        return _lies_in(known)
    return {
        "owner_id": known.owner,
        "stage_id": known.stage,
        "product_id": known.product,
        "client_id": known.client,
        "kind": known.kind,
        "source": known.source,
        "loss_reason_id": known.reason,
        "competitor_id": known.competitor,
        "id": known.deal,
    }[column]


def _lies_in(known: Known) -> Codes:
    """As `TERRITORY`, in the order of `_territories`: of the client, else of the owner."""
    names = known.names
    codes = {key: code for code, key in enumerate(_territories(names))}
    at, home = (
        np.array([codes.get(names.territories.get(k, ""), NOBODY) for k in (*keys, "")], np.int32)
        for keys in (names.clients, names.owners)
    )  # what is empty has the last place, which is that of `NOBODY`
    return np.where(at[known.client] != NOBODY, at[known.client], home[known.owner])


def _territories(names: Names) -> list[str]:
    return sorted(set(names.territories.values()))


def _had_bought(known: Known) -> Codes:
    """As `BOUGHT`, in the order of the group's values: whether the client's first win came before.

    Of a deal that itself says no day it is not known: its first change may be its last.
    """
    has_client = known.client != NOBODY
    # A win without a day is before nothing.
    won = (known.outcome == WON) & has_client & (known.closed != UNDATED)
    first = np.full(len(known.names.clients) + 1, NEVER, np.int64)
    np.minimum.at(first, known.client[won], known.closed[won])
    had = np.where(first[known.client] < known.own_day, _EXISTING, _NEW)
    return np.where(has_client & (known.own_day != UNDATED), had, NOBODY).astype(np.int32)


_NEW, _EXISTING = (GROUPS["clients"].values.index(value) for value in ("new", "existing"))


def parts(
    reader: Reader, names: Names, group: Group, codes: Codes | Ints, day: date
) -> tuple[Ints, list[Label]]:
    """For each deal the place of its label, and the labels: reps of one team on `day` share one."""
    label = labels(reader, group, day)
    values = None if group.is_time else _values(names, group.column)
    found, place = np.unique(codes, return_inverse=True)
    listed: dict[Label, int] = {}
    places = np.empty(len(found), np.int64)
    for i, code in enumerate(found.tolist()):
        value = code if values is None else values[code] if code != NOBODY else None
        is_unknown = values is None and code in (NOBODY, UNDATED, NEVER)
        places[i] = listed.setdefault(label(None if is_unknown else value), len(listed))
    return places[place.reshape(-1)], list(listed)


def _values(names: Names, column: str) -> Sequence[Any]:
    """What the codes of a column stand for."""
    return {
        BOUGHT: GROUPS["clients"].values,
        TERRITORY: _territories(names),
        "owner_id": names.owners,
        "stage_id": [stage.id for stage in names.stages],
        "product_id": names.products,
        "client_id": names.clients,
        "kind": names.kinds,
        "source": names.sources,
        "loss_reason_id": names.reasons,
        "competitor_id": names.competitors,
        "id": names.deals,
    }[column]
