"""Where things lie and what the user has set. Flags win over the environment."""

from __future__ import annotations

import os
from pathlib import Path

APP = "salestui"


def data_folder() -> Path:
    """The platform's folder for the store."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def log_file() -> Path:
    """The file that takes crash reports."""
    import platformdirs

    return Path(platformdirs.user_log_dir(APP, appauthor=False)) / "salestui.log"


def store_location(flag: str | None = None) -> str:
    """Path or `postgresql+psycopg://` URL of the store: `--db`, `SALESTUI_DB`, or the default file."""
    return flag or os.environ.get("SALESTUI_DB") or str(data_folder() / "sales.db")


def rep(flag: str | None = None) -> str | None:
    """The rep who works: `--me`, `SALESTUI_REP`, or `None` for the rep with this system user's login."""
    return flag or os.environ.get("SALESTUI_REP") or None


def demo_location() -> str:
    """The demo team's own store, beside the real one and never the same."""
    return str(data_folder() / "demo.db")


def login() -> str:
    """The name of the system user, by which a rep is recognised."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "user"


def wants_acknowledgements() -> bool:
    """`SALESTUI_ACK=1`: print `ACK <request id>` on standard error after each commit has returned."""
    return os.environ.get("SALESTUI_ACK") == "1"


def make_private_folder(folder: Path) -> None:
    """Create `folder` for this user only (0700)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
