"""What the program remembers of this user between runs: theme, board filter; nothing of clients."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from salestui import config


def _file() -> Path:
    import platformdirs

    return Path(platformdirs.user_state_dir(config.APP, appauthor=False)) / "remembered.json"


def recall(name: str) -> Any:
    """What was remembered under `name`, or `None`; a damaged file is as good as none."""
    return _all().get(name)


def remember(name: str, value: Any) -> None:
    """Keep a JSON value under `name`. A folder that cannot be written is no reason to stop."""
    import json

    path = _file()
    known = _all() | {name: value}
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        config.make_private_folder(path.parent)
        handle = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(known, file)
        draft.replace(path)
    except OSError:
        return


def _all() -> dict[str, Any]:
    try:
        text = _file().read_text(encoding="utf-8")
    except (OSError, ValueError):
        return {}
    import json

    try:
        known = json.loads(text)
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}
