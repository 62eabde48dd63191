"""Column types and mixins that make one schema behave alike on SQLite and PostgreSQL.

Instants are BIGINT microseconds, days INTEGER, keys and folded words byte-ordered text:
both engines then compare, sort and subtract them alike, and a read needs no ORM to decode them.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    event,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

from salestui.models.keys import new_key
from salestui.text.days import from_day, from_micros, to_day, to_micros

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTC(TypeDecorator[datetime]):
    """An instant as microseconds since 1970; a naive time is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)


class Day(TypeDecorator[date]):
    """A calendar day as days since 1970-01-01."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:
        return None if value is None else to_day(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> date | None:
        return None if value is None else from_day(value)


class Choice(TypeDecorator[StrEnum]):
    """One word of a vocabulary, kept as its text."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__(20)
        self.words = words

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


class Bytewise(TypeDecorator[str]):
    """Text that both engines compare byte by byte: keys, folded words."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Text(collation="C"))
        return dialect.type_descriptor(Text())


_kinds: dict[tuple[Any, ...], Any] = {}


@event.listens_for(Column, "before_parent_attach")
def _share_type(column: Column[Any], table: Table) -> None:
    """Columns alike share one instance: SQLAlchemy makes a class that compares for each there is."""
    kind: Any = column.type
    if table.metadata is SQLModel.metadata and isinstance(kind, TypeDecorator | Integer):
        which = (type(kind), getattr(kind, "length", None), getattr(kind, "words", None))
        column.type = _kinds.setdefault(which, kind)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """The constraint that keeps foreign writers to the vocabulary."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that meet a condition; `tables.schema` states it to each engine.

    As an argument of an engine's, SQLAlchemy would import the engine's whole dialect to check it.
    """
    return Index(name, *columns, info={"where": text(where)})


class Row(SQLModel):
    """A row with a time-ordered key made by the program, so that stores can be merged."""

    # What pydantic would check rows with is never asked for: the database's own rules are.
    model_config = {"defer_build": True}

    id: str = Field(default_factory=new_key, primary_key=True, sa_type=Bytewise)


class Kept(Row):
    """A row people edit: versioned for conflicts, never really deleted so that undo can bring it back."""

    version: int = Field(default=1)
    created_at: datetime = Field(default=None, sa_type=UTC, nullable=False)
    deleted_at: datetime | None = Field(default=None, sa_type=UTC)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        if "__table__" in cls.__dict__:
            return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]
        return {}


def link(table: str, *, index: bool = False, required: bool = False) -> Any:
    """A foreign key to `table`."""
    if required:
        return Field(foreign_key=f"{table}.id", sa_type=Bytewise, index=index)
    return Field(default=None, foreign_key=f"{table}.id", sa_type=Bytewise, index=index)


def word(words: type[StrEnum], default: StrEnum) -> Any:
    """A required column that holds one word of a vocabulary."""
    return Field(default=default, sa_type=Choice(words))
