"""Many new deals that come with their whole history: what is derived is written with them, not after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from salestui.models.deals import Deal, DealLine, PassageRow
from salestui.models.keys import new_keys
from salestui.models.process import Stage
from salestui.models.records import SearchWord
from salestui.store import bulk, derived, history, holding
from salestui.store.unit import Unit

_stage = Stage.__table__  # type: ignore[attr-defined]
_word = SearchWord.__table__  # type: ignore[attr-defined]
_passage = PassageRow.__table__  # type: ignore[attr-defined]

Fields = dict[str, Any]


def insert_deals(
    unit: Unit, deals: Sequence[Fields], events: Sequence[Fields], lines: Sequence[Fields]
) -> None:
    """Insert deals, all of their events (oldest first) and their lines, given as columns.

    The deals get their derived columns, so that they need not be read back and written again.
    """
    if not deals:
        return
    # Held before their order is read: it stays so until the deals are there to be seen.
    holding.hold(unit.session, _stage, {event["stage_id"] for event in events}, holding.KEY)
    derived.set_buyers(unit.session, deals, unit.first_wins)
    passages = derived.of_new_deals(deals, events, lines, derived.positions(unit.session))
    unit.insert_many(Deal, deals)
    unit.insert_many(DealLine, lines)
    history.insert_events(unit, events)
    keys = new_keys(len(passages))
    bulk.insert_rows(
        unit.session,
        _passage,
        [{"id": key, **row} for key, row in zip(keys, passages, strict=True)],
    )
    bulk.insert_rows(unit.session, _word, [row for deal in deals for row in _words(deal)])
    done = {deal["id"] for deal in deals}
    unit.touched.deals -= done
    unit.touched.lines -= done
    unit.touched.words -= {("deal", deal_id) for deal_id in done}


def _words(deal: Fields) -> Iterator[Fields]:
    for word in derived.deal_words(deal["number"], deal["title"]):
        yield {"word": word, "subject": "deal", "subject_id": deal["id"]}
