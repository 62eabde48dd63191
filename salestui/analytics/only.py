"""What deals are narrowed to besides days, owners and a pipeline: a product, a sector, new clients …"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from salestui.analytics.groups import SLICES, TERRITORY, Group, Label, seen_by
from salestui.errors import Refused
from salestui.queries.names import Found, chosen, find_client
from salestui.queries.territory import lies_in
from salestui.store.reader import Reader
from salestui.text import clean, fold, inert

_NONE = "none"
"""What may be typed for what has none, beside the group's own words for it."""


@dataclass(frozen=True, slots=True)
class Only:
    """Deals whose `column` has one of the `values`; if `is_without`, those that have none of them.

    `key` is that of the group. If `is_empty`, the deals whose column says nothing.
    """

    key: str
    column: str
    values: frozenset[str]
    is_without: bool = False
    is_empty: bool = False


def typed(wishes: Iterable[str]) -> dict[str, list[str]]:
    """What is asked for as KEY=VALUE, by key. Raises `Refused` with the keys there are."""
    found: dict[str, list[str]] = {}
    for wish in wishes:
        key, sign, value = wish.partition("=")
        key = fold(clean(key))
        if not sign or key not in SLICES:
            raise Refused(
                f"Deals cannot be narrowed to '{inert(wish)[:60]}': write KEY=VALUE, KEY one of "
                f"{', '.join(SLICES)}."
            )
        found.setdefault(key, []).append(value)
    return found


def find_labels(reader: Reader, group: Group, wanted: str) -> list[Label]:
    """The labels of the name that a person types; two stages may share one.

    Raises `Refused` with candidates where none or several names fit.
    """
    folded = fold(clean(wanted))
    is_none = folded in (_NONE, fold(group.missing))
    if group.key == "client" and not is_none:
        client = find_client(reader, wanted)
        return [(client.id, client.name)]
    known = known_labels(reader, group)
    if is_none and all(fold(name) != folded for _, name in known):
        return [("", group.missing)]
    names = [Found(name, name, 0) for name in dict.fromkeys(name for _, name in known)]
    name = chosen(names, group.label.lower(), wanted).name
    return [label for label in known if label[1] == name]


def known_labels(reader: Reader, group: Group) -> list[Label]:
    """What deals can be narrowed to by the group, by name."""
    if group.values:
        return [(value, value) for value in group.values]
    known = set(_names(reader, group).values())
    if group.empty is not None:
        known.update(group.empty(reader).values())
    return sorted(known, key=lambda label: (fold(label[1]), label))


def only_of(reader: Reader, group: Group, keys: Collection[str], day: date | None = None) -> Only:
    """Deals with one of the labels of these keys; "" is that of what has none.

    Reps are in the teams and offices that they were in on `day`.
    """
    reader = seen_by(reader, group, day)
    if group.is_whole and set(keys) == {""}:
        return Only(group.key, group.column, frozenset(), is_empty=True)
    if group.key == "client" and "" not in keys:
        return Only(group.key, group.column, frozenset(keys))
    names = _names(reader, group)
    if "" not in keys:
        return Only(
            group.key, group.column, frozenset(v for v, (key, _) in names.items() if key in keys)
        )
    others = frozenset(value for value, (key, _) in names.items() if key not in keys)
    return Only(group.key, group.column, others, is_without=True)


def _names(reader: Reader, group: Group) -> Mapping[str, Label]:
    if group.names is not None:
        return group.names(reader)
    values: Iterable[str] = group.values or (
        row[0]
        for row in reader.rows(
            f"SELECT DISTINCT {group.column} FROM deal"  # noqa: S608 (a constant of groups.py)
            f" WHERE {group.column} <> ''"
        )
    )
    return {value: (value, value) for value in values}


def narrowing(
    wished: Sequence[Only], deal_id: str | None, own: Mapping[str, str] | None = None
) -> tuple[str, dict[str, Any]]:
    """SQL that narrows a WHERE clause to these deals, and its parameters; nothing for no wish.

    `deal_id` names the column with the key of a deal; `None` where the statement reads `deal` itself.
    `own` has what its rows have themselves in place of a column of their deals.
    """
    of_deal: list[str] = []
    of_row: list[str] = []
    values: dict[str, Any] = {}
    for place, each in enumerate(wished):
        if each.is_without and not each.values:
            continue  # all deals have none of nothing
        name = f"only_{place}"
        column = (own or {}).get(each.column, each.column)
        parts = of_row if deal_id is None or each.column in (own or {}) else of_deal
        if each.is_empty:
            parts.append(f" AND {column} IS NULL")
            continue
        is_place = column == TERRITORY
        if not is_place and len(each.values) == 1 and not each.is_without:
            parts.append(f" AND {column} = :{name}")
            (values[name],) = each.values
            continue
        # The keys of a JSON object: the one list of any length that both engines read alike.
        values[name] = json.dumps(dict.fromkeys(sorted(each.values)), ensure_ascii=False)
        listed = f"(SELECT key FROM json_each(:{name}))"  # noqa: S608 (a name made here)
        if is_place:
            parts.append(f" AND {'NOT ' if each.is_without else ''}{lies_in(listed)}")
        elif each.is_without:
            parts.append(f" AND ({column} IS NULL OR {column} NOT IN {listed})")
        else:
            parts.append(f" AND {column} IN {listed}")
    if of_deal:
        narrowed = f"SELECT id FROM deal WHERE 1 = 1{''.join(of_deal)}"  # noqa: S608 (made here)
        of_row.append(f" AND {deal_id} IN ({narrowed})")
    return "".join(of_row), values
