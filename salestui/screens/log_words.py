"""A filter of the activity log in words, and as it is remembered: by keys, without names of clients."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from salestui.errors import Refused
from salestui.models.vocabulary import Direction
from salestui.queries.activity_log import LogFilter
from salestui.queries.choices import load_choices, load_client_choices
from salestui.queries.deal_card import load_deal
from salestui.screens.wording import joined
from salestui.store.reader import Reader
from salestui.text import Period, cell, parse_period

STATES = (
    ("", "done and due"),
    ("done", "done"),
    ("planned", "to be done"),
    ("all", "done and to be done"),
)
_KEPT = ("rep_id", "kind", "direction", "decision_role", "client_id", "deal_id", "state")


@dataclass(frozen=True, slots=True)
class Worded:
    """All of a filter in words; key and name of the client and deal that it is about."""

    words: str = ""
    client: tuple[str, str] | None = None
    deal: tuple[str, str] | None = None


def worded(reader: Reader, *, filter: LogFilter) -> Worded:
    """A filter in words; what is typed besides it is left out."""
    client = deal = None
    if filter.client_id:
        about = load_client_choices(reader, client_id=filter.client_id)
        client = (filter.client_id, about.client if about else "a client that is gone")
    if filter.deal_id:
        found = load_deal(reader, deal_id=filter.deal_id)
        deal = (filter.deal_id, found.title if found else "a deal that is gone")
    words = joined(
        load_choices(reader).name_of(filter.rep_id),
        filter.period.label if filter.period else None,
        filter.kind,
        "neither in nor out" if filter.direction == Direction.NONE else filter.direction,
        filter.decision_role,
        dict(STATES)[filter.state] if filter.state else None,
        *(cell(each[1][:80], 24).rstrip() for each in (client, deal) if each),
    )
    return Worded(words, client, deal)


def kept(wanted: LogFilter) -> dict[str, str | None]:
    """What is remembered of a filter: not what was typed beside it."""
    period = wanted.period.label if wanted.period else None
    return {name: getattr(wanted, name) for name in _KEPT} | {"period": period}


def restored(remembered: Any, today: date) -> LogFilter:
    """The filter that was kept; one that another version of the program has kept shows all."""
    if not isinstance(remembered, dict):
        return LogFilter()
    texts = {k: v for k, v in remembered.items() if k in _KEPT and isinstance(v, str)}
    if texts.get("state", "") not in dict(STATES):
        return LogFilter()
    try:
        period = period_of(str(remembered.get("period") or ""), today)
    except Refused:
        period = None
    return replace(LogFilter(), period=period, **texts)


def period_of(typed: str, today: date) -> Period | None:
    """A period that keeps its words: "this-month" is to mean another one next month."""
    words = typed.strip().lower()
    return parse_period(words, today)._replace(label=words) if words else None
