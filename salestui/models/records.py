"""The store's own books: the audit trail, foreign ids, numbers, the search index, settings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from salestui.models.base import UTC, Bytewise, Row, one_of, word
from salestui.models.vocabulary import EntryKind


class AuditEntry(Row, table=True):
    """One write: who, when, what. `target_id` is the entry that an undo or redo is about."""

    __tablename__ = "audit_entry"
    __table_args__ = (one_of("kind", EntryKind), Index("ix_audit_entry_actor", "actor_id", "id"))

    request_id: str = Field(sa_type=Bytewise, unique=True)
    at: datetime = Field(sa_type=UTC)
    actor_id: str | None = Field(default=None, sa_type=Bytewise)
    actor: str
    action: str
    summary: str
    kind: EntryKind = word(EntryKind, EntryKind.DO)
    target_id: str | None = Field(default=None, sa_type=Bytewise)
    change_count: int = 0


class AuditChange(Row, table=True):
    """One row that an entry changed: JSON of the fields before and after; `before` is null for a new row."""

    __tablename__ = "audit_change"
    __table_args__ = (
        Index("ix_audit_change_entry", "entry_id"),
        Index("ix_audit_change_row", "row_id"),
    )

    entry_id: str = Field(foreign_key="audit_entry.id", sa_type=Bytewise)
    table_name: str
    row_id: str = Field(sa_type=Bytewise)
    before: str | None = None
    after: str


class ExternalId(Row, table=True):
    """What a source calls one of our rows, so that a repeated import finds it again.

    `digest` is of the source's row as it was last taken over: while it stays the same, what people
    have changed here since is left alone.
    """

    __tablename__ = "external_id"
    __table_args__ = (
        Index("uq_external_id", "source", "table_name", "key", unique=True),
        Index("ix_external_id_row", "row_id"),
    )

    source: str = Field(sa_type=Bytewise)
    table_name: str = Field(sa_type=Bytewise)
    key: str = Field(sa_type=Bytewise)
    row_id: str = Field(sa_type=Bytewise)
    digest: str = Field(default="", sa_type=Bytewise)


class Counter(SQLModel, table=True):
    """The next short number of a table."""

    name: str = Field(primary_key=True, sa_type=Bytewise)
    next: int


class SearchWord(SQLModel, table=True):
    """Derived: a folded word by which a client, contact or deal is found by its beginning."""

    __tablename__ = "search_word"
    __table_args__ = (Index("ix_search_word_subject", "subject_id", "word"),)

    word: str = Field(primary_key=True, sa_type=Bytewise)
    subject: str = Field(primary_key=True, sa_type=Bytewise)
    subject_id: str = Field(primary_key=True, sa_type=Bytewise)


class Setting(SQLModel, table=True):
    """A setting of the whole team, or the timer of a rep (`models/timing.py`); in no audit trail."""

    name: str = Field(primary_key=True, sa_type=Bytewise)
    value: str
