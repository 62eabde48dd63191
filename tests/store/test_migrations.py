"""The schema that migrations make is the one the models describe; migrating is safe."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Boolean, Connection, String, inspect

from salestui.errors import StoreUnusable
from salestui.models import tables
from salestui.models.clients import Client
from salestui.models.deals import Deal, DealEvent, PassageRow
from salestui.models.process import Pipeline, Stage
from salestui.store import backup, driver, migrate, opening
from salestui.store.engine import make_engine
from salestui.store.location import locate
from salestui.store.store import Store
from salestui.usecases import clients, process
from tests.team import make_team


def test_the_migrations_make_what_the_models_say(store: Store) -> None:
    """As `alembic check` does: types, defaults, constraints and indexes are compared."""
    engine = make_engine(store.location)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "render_as_batch": True}
        context = MigrationContext.configure(connection, opts=options)
        found = compare_metadata(context, tables.schema())
    engine.dispose()
    assert found == []


def test_partial_indexes_are_of_the_rows_that_the_models_say(store: Store) -> None:
    """`compare_metadata` does not look at conditions."""
    engine = make_engine(store.location)
    with engine.connect() as connection:
        reflected = inspect(connection)
        found = {
            index["name"]: re.sub(r"[()]|::text", "", str(where))
            for table in reflected.get_table_names()
            for index in reflected.get_indexes(table)
            if (where := index["dialect_options"].get(f"{store.dialect}_where")) is not None
        }
    engine.dispose()
    said = {
        index.name: str(index.dialect_options[store.dialect]["where"])
        for table in tables.schema().tables.values()
        for index in table.indexes
        if "where" in index.info
    }
    assert said == found
    assert "ix_deal_board" in said


def test_the_revision_the_program_names_is_the_newest_migration() -> None:
    assert migrate.is_known(opening.REVISION)
    names = sorted(
        path.stem
        for path in (Path(migrate.__file__).parent / "migrations" / "versions").glob("m*.py")
    )
    assert names[-1].startswith(f"m{opening.REVISION}_")


def _as_if_older(monkeypatch: pytest.MonkeyPatch, db: Path) -> None:
    """A store of revision 0000, which this program would know how to bring to its own."""
    connection = driver.connect(db, is_reader=False)
    connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    monkeypatch.setattr(
        migrate, "is_known", lambda revision: revision in ("0000", opening.REVISION)
    )


def test_an_older_store_is_backed_up_before_it_is_migrated(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_team(sqlite_store)
    db = sqlite_store.location.path
    assert db is not None
    sqlite_store.close()
    _as_if_older(monkeypatch, db)

    def upgrade(location: object) -> None:
        copy = db.with_name(f"{db.name}.before-{opening.REVISION}")
        assert copy.exists() and stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert backup.check(locate(str(copy))) == []
        connection = driver.connect(db, is_reader=False)
        connection.execute("UPDATE alembic_version SET version_num = ?", (opening.REVISION,))
        connection.close()

    monkeypatch.setattr(migrate, "upgrade", upgrade)
    opening.open_store(str(db)).close()
    assert db.with_name(f"{db.name}.before-{opening.REVISION}").exists()


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real first migration, run again over its own tables, must fail and change nothing."""
    make_team(sqlite_store)
    db = sqlite_store.location.path
    assert db is not None
    sqlite_store.close()
    connection = driver.connect(db, is_reader=False)
    connection.execute("DELETE FROM alembic_version")
    connection.close()
    before = _rows(db)
    with pytest.raises(Exception, match="already exists"):
        migrate.upgrade(locate(str(db)))
    assert _rows(db) == before


def _rows(db: Path) -> list[tuple[object, ...]]:
    connection = driver.connect(db, is_reader=True)
    found: list[tuple[object, ...]] = connection.execute(
        "SELECT 'schema', count(*) FROM sqlite_master UNION ALL SELECT 'deal', count(*) FROM deal"
        " UNION ALL SELECT 'version', count(*) FROM alembic_version"
    ).fetchall()
    connection.close()
    return found


def test_a_store_that_a_newer_program_made_is_refused_on_each_engine(
    where: str, open_at: Callable[..., Store]
) -> None:
    store = open_at(where)
    engine = make_engine(store.location)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(StoreUnusable, match="made by a newer salestui"):
        opening.open_store(where)


def test_foreign_keys_are_checked_after_a_migration(sqlite_store: Store) -> None:
    make_team(sqlite_store)
    db = sqlite_store.location.path
    assert db is not None
    sqlite_store.close()
    connection = driver.connect(db, is_reader=False)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("DELETE FROM client")
    connection.close()
    with pytest.raises(StoreUnusable, match="point to nothing"):
        migrate.upgrade(locate(str(db)))


def test_a_quota_of_the_first_schema_becomes_one_of_revenue(tmp_path: Path) -> None:
    db = tmp_path / "old.db"
    db.touch()
    engine = make_engine(locate(str(db)))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id={driver.APPLICATION_ID}")
        command.upgrade(migrate._config(connection), "0001")
        values = "'k', 1, 1, '{}', 20000, 20090, 500, 'EUR'"
        connection.exec_driver_sql(
            "INSERT INTO rep (id, version, created_at, name, email, login, role)"
            " VALUES ('r', 1, 1, 'Ona', '', '', 'rep')"
        )
        connection.exec_driver_sql(
            "INSERT INTO quota (id, version, created_at, rep_id, first_on, last_on, amount_minor,"
            f" currency) VALUES ({values.format('r')})"
        )
    engine.dispose()
    store = opening.open_store(str(db))
    asked = "SELECT rep_id, measure, amount_minor, deals, team_id FROM quota"
    assert store.read(lambda r: r.rows(asked)) == [("r", "revenue", 500, None, None)]
    store.close()
    assert backup.check(locate(str(db))) == []


@contextmanager
def _of_schema(where: str, revision: str) -> Iterator[Connection]:
    """A connection to an empty store of an earlier schema, which is there once the block has ended."""
    location = locate(where)
    if location.path is not None:
        location.path.write_bytes(b"")
    engine = make_engine(location)
    with engine.begin() as connection:
        if location.path is not None:
            connection.exec_driver_sql(f"PRAGMA application_id={driver.APPLICATION_ID}")
        else:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        command.upgrade(migrate._config(connection), revision)
        yield connection
    engine.dispose()


def test_a_client_of_the_second_schema_is_put_into_a_territory(
    where: str, open_at: Callable[..., Store]
) -> None:
    location = locate(where)
    with _of_schema(where, "0002") as connection:
        needed = [c.name for c in Client.__table__.columns if not c.nullable]
        acme = {"id": "c", "version": 1, "created_at": 1, "number": 1, "name": "Acme"}
        acme |= {"status": "lead", "market": "B2B", "turnover_currency": "EUR"}
        connection.exec_driver_sql(
            f"INSERT INTO client ({', '.join(needed)})"
            f" VALUES ({', '.join(repr(acme.get(name, '')) for name in needed)})"
        )
    store = open_at(where)
    baltic = store.write(process.add_entry, what="territory", name="Baltic").id
    store.write(clients.edit_client, client_id="c", territory_id=baltic)
    assert store.read(lambda r: r.rows("SELECT name, territory_id FROM client")) == [
        ("Acme", baltic)
    ]
    if location.path is not None:
        before = location.path.with_name(f"{location.path.name}.before-{opening.REVISION}")
        assert backup.check(locate(str(before))) == []


def test_the_passages_of_the_third_schema_are_made_anew_with_the_number_of_their_deal(
    where: str, open_at: Callable[..., Store]
) -> None:
    with _of_schema(where, "0003") as connection:
        of_deal = {"pipeline_id": "p", "stage_id": "s", "currency": "EUR"}
        _insert(connection, Pipeline, id="p", currency="EUR")
        _insert(connection, Stage, id="s", pipeline_id="p", kind="sale")
        _insert(connection, Deal, id="d", number=7, forecast_category="pipeline", outcome="open",
                kind="new", **of_deal)  # fmt: skip
        steps = (("open", 20_000), ("won", 20_010), ("open", 20_020), ("lost", 20_030))
        for seq, (outcome, day) in enumerate(steps):
            _insert(connection, DealEvent, id=f"e{seq}", deal_id="d", seq=seq, kind="change",
                    outcome=outcome, occurred_on=day, recorded_at=0, entry_id="a",
                    is_active="true" if outcome == "open" else False,
                    forecast_category="pipeline", **of_deal)  # fmt: skip
        _insert(connection, PassageRow, ("number",), id="w", deal_id="d", result="advanced",
                slot="sEURa+10", **of_deal)  # fmt: skip
    store = open_at(where)
    asked = "SELECT deal_id, number, result FROM passage"
    assert store.read(lambda reader: reader.rows(asked)) == [("d", 7, "lost")]


def test_the_deals_of_the_fourth_schema_learn_whether_their_client_had_bought(
    where: str, open_at: Callable[..., Store]
) -> None:
    of_deal = {"pipeline_id": "p", "stage_id": "s", "currency": "EUR"}
    with _of_schema(where, "0004") as connection:
        _insert(connection, Pipeline, id="p", currency="EUR")
        _insert(connection, Stage, id="s", pipeline_id="p", kind="sale")
        for number, name in enumerate("cd"):
            _insert(connection, Client, id=name, number=number, status="lead", market="B2B",
                    turnover_currency="EUR")  # fmt: skip
        for number, (client, created, outcome, closed) in enumerate(_BUYERS):
            known = {"client_id": client, "created_on": created, "closed_on": closed}
            _insert(connection, Deal, id=f"d{number}", number=number, outcome=outcome, kind="new",
                    forecast_category="pipeline",
                    **of_deal, **{name: day for name, day in known.items() if day})  # fmt: skip
            _insert(connection, PassageRow, id=f"w{number}", deal_id=f"d{number}", number=number,
                    result="open", slot="sEURo", **of_deal)  # fmt: skip
    store = open_at(where)
    for table in ("deal", "passage"):
        asked = f"SELECT number, buyer FROM {table} ORDER BY number"
        assert dict(store.read(lambda reader, sql=asked: reader.rows(sql))) == dict(
            enumerate(_BUYERS.values())
        )


_BUYERS: dict[tuple[str | None, int | None, str, int | None], str | None] = {
    ("c", 20_000, "won", 20_010): "new",
    ("c", 20_010, "open", None): "new",
    ("c", 20_011, "open", None): "existing",
    ("c", None, "open", None): None,
    ("d", 20_011, "won", None): "new",
    ("d", 20_012, "lost", 20_013): "new",
    (None, 20_020, "open", None): None,
}
"""Client, day created, outcome, day closed → whether the client had bought."""


def _insert(
    connection: Connection, model: Any, without: tuple[str, ...] = (), **known: object
) -> None:
    """A row with what it must have: of what is not said a nought, and no text."""
    row: dict[str, object] = {}
    for column in model.__table__.columns:
        if column.name in known:
            row[column.name] = known[column.name]
        elif not column.nullable and column.name not in without:
            kind = getattr(column.type, "impl", column.type)
            row[column.name] = (
                "" if isinstance(kind, String) else isinstance(kind, Boolean) and "true" or 0
            )
    names = ", ".join(row)
    values = ", ".join("true" if value == "true" else repr(value) for value in row.values())
    connection.exec_driver_sql(f"INSERT INTO {model.__tablename__} ({names}) VALUES ({values})")
