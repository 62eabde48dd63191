"""Where a store is: a SQLite file or a PostgreSQL server."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from salestui.errors import Refused

SQLITE, POSTGRESQL = "sqlite", "postgresql"


class Location(NamedTuple):
    """`path` is set for SQLite, `url` (with `+psycopg`) for PostgreSQL."""

    dialect: str
    path: Path | None
    url: str

    @property
    def conninfo(self) -> str:
        """The address in libpq's own form, for psycopg."""
        return self.url.replace("postgresql+psycopg://", "postgresql://", 1)

    @property
    def shown(self) -> str:
        """The address without a password."""
        if self.path is not None:
            return str(self.path)
        scheme, _, rest = self.url.partition("://")
        if "@" in rest.partition("?")[2]:  # nobody can tell what of this is password
            return f"{scheme}://…"
        user, at, host = rest.rpartition("@")
        return f"{scheme}://{user.partition(':')[0]}{at}{host}".partition("?")[0]


def locate(text: str) -> Location:
    """The store that `--db` or `SALESTUI_DB` names."""
    if text.startswith(("postgresql+psycopg://", "postgresql://", "postgres://")):
        _, _, rest = text.partition("://")
        return Location(POSTGRESQL, None, f"postgresql+psycopg://{rest}")
    if "://" in text:
        raise Refused(
            f"'{text.partition('://')[0]}://' is no store I know: "
            "give a path or a postgresql+psycopg:// URL."
        )
    if not text.strip() or "\0" in text:
        raise Refused("The store's path is empty: give --db a file name.")
    path = Path(text).expanduser().absolute()
    return Location(SQLITE, path, f"sqlite:///{path}")
