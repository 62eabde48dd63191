"""What the user has set in `salestui.toml`: other keys, and commands to run when something happens.

[keys]                          # binding ids are in the help of the program, by `?`
"deal.move_next" = "greater_than_sign"

[hooks]                         # run without a shell, after the commit
deal-won = "notify-send Won"
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from salestui import config
from salestui.errors import Refused

EVENTS = {
    "create_deal": "deal-created",
    "move_deal": "deal-moved",
    "win_deal": "deal-won",
    "lose_deal": "deal-lost",
    "postpone_deal": "deal-postponed",
    "reopen_deal": "deal-reopened",
    "create_client": "client-created",
    "log_activity": "activity-logged",
    "stop_timer": "activity-logged",
    "complete_task": "task-done",
    "import_rows": "imported",
}
"""Use case → the event that a hook names."""


class Settings(NamedTuple):
    """`keys`: key by binding id. `hooks`: words of a command by event."""

    keys: dict[str, str]
    hooks: dict[str, list[str]]


def settings_file() -> Path:
    """Where the settings lie; `SALESTUI_CONFIG` names another file."""
    named = os.environ.get("SALESTUI_CONFIG")
    if named:
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_config_dir(config.APP, appauthor=False)) / "salestui.toml"


def load() -> Settings:
    """The settings; none where there is no file. Raises `Refused` with the place of a mistake."""
    path = settings_file()
    if not path.is_file():
        return Settings({}, {})
    import shlex
    import tomllib

    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"The settings {path} cannot be read: {error}.") from None
    keys, hooks = table.get("keys", {}), table.get("hooks", {})
    for section in (keys, hooks):
        if not isinstance(section, dict) or not all(isinstance(v, str) for v in section.values()):
            raise Refused(f'{path}: [keys] and [hooks] hold lines such as name = "text".')
    unknown = next((event for event in hooks if event not in EVENTS.values()), None)
    if unknown is not None:
        known = ", ".join(EVENTS.values())
        raise Refused(f"{path}: there is no event '{unknown}' for a hook; there are {known}.")
    try:
        return Settings(keys, {event: shlex.split(text) for event, text in hooks.items()})
    except ValueError as error:
        raise Refused(f"{path}: a hook is not a command: {error}.") from None


def run_hook(use_case: str, *, row_id: str, summary: str, actor: str) -> None:
    """Start the command that the user wants run on what has just been committed, and do not wait.

    It gets `SALESTUI_EVENT`, `SALESTUI_ID`, `SALESTUI_SUMMARY` and `SALESTUI_ACTOR` in its
    environment, never in its words, so that no name can be taken for a command.
    """
    event = EVENTS.get(use_case)
    if event is None:
        return
    try:
        command = load().hooks.get(event)
        if command:
            import subprocess

            told = {"EVENT": event, "ID": row_id, "SUMMARY": summary, "ACTOR": actor}
            said = {f"SALESTUI_{name}": text.replace("\0", "") for name, text in told.items()}
            quiet = subprocess.DEVNULL
            subprocess.Popen(
                command, env=os.environ | said, stdin=quiet, stdout=quiet, stderr=quiet
            )
    except (Refused, OSError):
        return  # what was saved is saved; 'salestui doctor' says what is wrong with the settings
