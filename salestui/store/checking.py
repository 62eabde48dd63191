"""Whether what is derived agrees with what it is derived from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import Session

from salestui.models.clients import Client, Contact
from salestui.models.deals import Deal, PassageRow
from salestui.models.records import SearchWord
from salestui.store import derived, faults, history, projections
from salestui.store.engine import make_engine
from salestui.store.history import chunks

if TYPE_CHECKING:
    from salestui.store.store import Store
    from salestui.store.unit import Unit

MOST = 50
"""Problems told at most."""

_deal = Deal.__table__  # type: ignore[attr-defined]
_passage = PassageRow.__table__  # type: ignore[attr-defined]
_word = SearchWord.__table__  # type: ignore[attr-defined]
_subjects = {
    "client": Client.__table__,  # type: ignore[attr-defined]
    "contact": Contact.__table__,  # type: ignore[attr-defined]
    "deal": _deal,
}
_passage_columns = [c for c in _passage.columns if c.name != "id" and c.computed is None]


def derived_problems(store: Store) -> list[str]:
    """A line for each derived row or column that does not follow from its sources. Only reads."""
    engine = make_engine(store.location, is_reader=True)
    try:
        with Session(engine) as session:
            return [problem for problem, _ in zip(_problems(session), range(MOST), strict=False)]
    except Exception as error:
        sentence = faults.in_words(error, store.location)
        if sentence is None:
            raise
        raise sentence from error
    finally:
        engine.dispose()


def rebuild_derived(unit: Unit) -> int:
    """Make everything derived anew; returns from how many deals, clients and contacts."""
    return projections.rebuild(unit.session)


def _problems(session: Session) -> Iterator[str]:
    places = derived.positions(session)
    every = session.execute(select(_deal.c.id)).scalars().all()
    for ids in chunks(every):
        rows, columns = derived.passages(session, ids, places)
        yield from _passage_problems(session, ids, rows)
        yield from _column_problems(session, ids, _live(session, _facts(session, ids)))
        for wanted in (
            columns,
            derived.buyers(session, ids),
            derived.tasks(session, ids),
            derived.products(session, ids),
        ):
            yield from _column_problems(session, ids, wanted)
    for subject, table in _subjects.items():
        yield from _word_problems(session, subject, session.execute(select(table.c.id)).scalars())


def _passage_problems(
    session: Session, ids: Sequence[str], wanted: Iterable[dict[str, Any]]
) -> Iterator[str]:
    should = {_key(row.values()): row for row in (_ordered(row) for row in wanted)}
    found = session.execute(select(*_passage_columns).where(_passage.c.deal_id.in_(ids)))
    there = {_key(row): row._mapping for row in found}
    numbers = _numbers(session, ids)
    for key in sorted(should.keys() ^ there.keys()):
        row = should.get(key) or there[key]
        what = "lacks a" if key in should else "has a wrong"
        yield f"deal {numbers.get(row['deal_id'], row['deal_id'])} {what} passage through a stage"


def _ordered(row: dict[str, Any]) -> dict[str, Any]:
    return {column.name: row[column.name] for column in _passage_columns}


def _key(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _column_problems(
    session: Session, ids: Sequence[str], wanted: Sequence[dict[str, Any]]
) -> Iterator[str]:
    if not wanted:
        return
    names = [name for name in wanted[0] if name != "id"]
    columns = [_deal.c[name] for name in names]
    query = select(_deal.c.id, _deal.c.number, *columns).where(_deal.c.id.in_(ids))
    found = {row[0]: row for row in session.execute(query)}
    for row in wanted:
        _, number, *values = found[row["id"]]
        for name, value in zip(names, values, strict=True):
            if value != row[name]:
                yield f"deal {number}: {name} is {value}, but should be {row[name]}"


def _facts(session: Session, ids: Sequence[str]) -> list[dict[str, Any]]:
    """What the history says last of each deal: so the deal should be."""
    last = history.last_facts(session, ids)
    return [
        {"id": deal_id, **dict(zip(history.FACTS, said, strict=True))}
        for deal_id, said in last.items()
    ]


def _live(session: Session, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of deals that are not deleted: an undone creation has no history left."""
    query = select(_deal.c.id).where(
        _deal.c.id.in_([row["id"] for row in rows]), _deal.c.deleted_at.is_(None)
    )
    live = set(session.execute(query).scalars())
    return [row for row in rows if row["id"] in live]


def _word_problems(session: Session, subject: str, every: Iterable[str]) -> Iterator[str]:
    seen = 0
    for ids in chunks(every):
        should = {
            (row_id, word)
            for row_id, words in derived.words(session, subject, ids).items()
            for word in words
        }
        query = select(_word.c.subject_id, _word.c.word).where(
            _word.c.subject == subject, _word.c.subject_id.in_(ids)
        )
        there = {(row[0], row[1]) for row in session.execute(query)}
        seen += len(there)
        wrong = {row_id for row_id, _ in should ^ there}
        yield from (
            f"{subject} {row_id} cannot be found by all its words" for row_id in sorted(wrong)
        )
    total = session.execute(select(_word.c.word).where(_word.c.subject == subject)).scalars().all()
    if len(total) > seen:
        yield f"{len(total) - seen} search words point to no {subject}"


def _numbers(session: Session, ids: Sequence[str]) -> dict[str, int]:
    query = select(_deal.c.id, _deal.c.number).where(_deal.c.id.in_(ids))
    return {row[0]: row[1] for row in session.execute(query)}
