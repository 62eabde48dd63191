"""Statements about the rows of some ids, made once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session

Among = Callable[[Any], Any]
"""Makes of a column the condition that it is among the ids."""


class ByIds:
    """A statement for a key that moves one deal, and the same for many.

    SQLAlchemy writes the list of an IN anew each time, which for one id takes it as long as the
    statement takes SQLite.
    """

    def __init__(self, make: Callable[[Among], Any]) -> None:
        self._one = make(lambda column: column == bindparam("one"))
        self._many = make(lambda column: column.in_(bindparam("ids", expanding=True)))

    def run(self, session: Session, ids: Sequence[str]) -> Any:
        """The result for these ids."""
        if len(ids) == 1:
            return session.execute(self._one, {"one": ids[0]})
        return session.execute(self._many, {"ids": ids})
