"""A store takes writes, shows reads and keeps to itself."""

from __future__ import annotations

import pytest

from salestui.errors import StoreUnusable
from salestui.models.people import Rep
from salestui.store import driver
from salestui.store import store as stores
from salestui.store.reader import Reader
from salestui.store.store import Store
from salestui.store.unit import Unit


def _add_rep(unit: Unit, *, name: str) -> str:
    return unit.add(Rep(name=name)).id


def _names(reader: Reader) -> list[tuple[str]]:
    return reader.rows("SELECT name FROM rep WHERE deleted_at IS NULL ORDER BY id")


def test_what_is_written_is_read(store: Store) -> None:
    store.write(_add_rep, name="Ona")
    assert store.read(_names) == [("Ona",)]


def test_only_a_large_file_is_mapped(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked at of a mapped file counts as the program's own memory."""

    def mapped(reader: Reader) -> int:
        size: int = reader.value("PRAGMA mmap_size")
        return size

    assert sqlite_store.read(mapped) == 0
    sqlite_store.close()
    monkeypatch.setattr(driver, "_LARGE", 1)
    assert sqlite_store.read(mapped) == 2**30


def test_a_write_leaves_its_audit_entry(store: Store) -> None:
    store.write(_add_rep, name="Ona")
    entry = store.read(lambda r: r.row("SELECT actor, action, change_count, kind FROM audit_entry"))
    assert entry == ("Ona", "_add_rep", 1, "do")


def test_a_refused_write_leaves_nothing(store: Store) -> None:
    def fail(unit: Unit) -> None:
        _add_rep(unit, name="Jonas")
        raise RuntimeError

    try:
        store.write(fail)
    except RuntimeError:
        pass
    assert store.read(_names) == []
    assert store.read(lambda r: r.value("SELECT count(*) FROM audit_entry")) == 0


def test_a_write_stands_though_nobody_can_be_asked_afterwards_who_works_here(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(reader: Reader, **_: object) -> None:
        raise StoreUnusable("The server has gone away.")

    with monkeypatch.context() as broken:
        broken.setattr(stores, "_find_me", fail)
        assert store.write(_add_rep, name="Ona")
    assert store.read(_names) == [("Ona",)]
    assert store.actor_id is None
    store.write(_add_rep, name="Jonas")
    assert store.actor_id is not None
