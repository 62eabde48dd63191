"""Writes docs/keys.md from the bindings themselves. Run it after changing one; a test compares."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from textual.binding import Binding
from textual.dom import DOMNode

import salestui.screens
import salestui.widgets
from salestui import app

TARGET = Path(__file__).parent.parent / "docs" / "keys.md"

HEAD = """\
# The keys by id

What `[keys]` in `salestui.toml` may give another key: `"id" = "key"`. `?` in the program shows which
keys work where one is.

| id | key | what it does |
|---|---|---|
"""


def page() -> str:
    """The page: a line for each binding that has an id."""
    found: dict[str, tuple[str, str]] = {}
    modules = [app]
    for package in (salestui.screens, salestui.widgets):
        names = (
            f"{package.__name__}.{each.name}" for each in pkgutil.iter_modules(package.__path__)
        )
        modules += [importlib.import_module(name) for name in names]
    for module in modules:
        for owner in vars(module).values():
            if isinstance(owner, type) and issubclass(owner, DOMNode):
                for binding in vars(owner).get("BINDINGS", ()):
                    if isinstance(binding, Binding) and binding.id:
                        key = binding.key.replace("|", "\\|")
                        found.setdefault(binding.id, (key, binding.tooltip or binding.description))
    return HEAD + "".join(f"| `{i}` | `{k}` | {t} |\n" for i, (k, t) in sorted(found.items()))


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
