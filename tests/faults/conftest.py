"""Databases that tests of faults need besides the usual ones."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture
def empty_database(postgres: str) -> Iterator[str]:
    """The URL of a PostgreSQL database without a single table."""
    import psycopg

    name = f"empty_{os.getpid()}"
    plain = postgres.replace("+psycopg", "")
    head, mark, options = postgres.partition("?")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield f"{head.rpartition('/')[0]}/{name}{mark}{options}"
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def postgres_where(empty_database: str) -> str:
    """The address of a new store on PostgreSQL, for what only several writers at once can do."""
    from salestui.store.opening import open_store

    open_store(empty_database).close()
    return empty_database
