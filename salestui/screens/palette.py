"""The command palette: the actions of the screen, and clients, contacts and deals by typing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.style import Style

from salestui.queries.search import LEAST_TYPED, Found, find
from salestui.screens.base import sales
from salestui.text import cell, fold

_LONGEST = 70
_ABOUT = {"client": "client", "contact": "contact at", "deal": "deal with"}

_Action = tuple[str, str, Callable[[], Any]]
"""What it does, its key, and doing it."""


class SalesProvider(Provider):
    """Everything by name. No text of a user's is ever read as markup."""

    async def discover(self) -> Hits:
        """The actions of the screen, each with its key so that one learns it; not how lists are moved in."""
        for name, keys, run in self._actions(with_moves=False):
            yield DiscoveryHit(_labelled(name, keys), run, text=name)

    async def search(self, query: str) -> Hits:
        """Actions that contain what is typed, then what the store knows by it."""
        wanted = fold(query)
        for name, keys, run in self._actions():
            at = name.casefold().find(query.strip().casefold())
            if at >= 0 or (wanted and wanted in fold(name)):
                label = _labelled(name, keys)
                if at >= 0:
                    label = label.stylize(
                        Style(bold=True, underline=True), at, at + len(query.strip())
                    )
                yield Hit(1.0 if at == 0 else 0.9, label, run, text=name)
        # A card opened from a form would take the form's place, with all that is typed there.
        if len(query.strip()) < LEAST_TYPED or self.screen.is_modal:
            return
        from salestui.screens.setup_lists import LISTS

        desk = sales(self.app).desk
        for place, listed in enumerate(LISTS):
            if wanted in fold(listed.title):
                run = partial(self._set_up, place)
                yield Hit(0.85, _labelled(f"Set up: {listed.title}", "f2"), run, text=listed.title)
        for place, found in enumerate(await desk.read(find, typed=query)):
            yield Hit(0.8 - place / 100, _found(found), partial(self._open, found), text=found.name)

    def _actions(self, *, with_moves: bool = True) -> Iterator[_Action]:
        """What can be done here, first what the footer shows; Textual's own keys say no more of it."""
        shown: dict[str, _Action] = {}
        others: dict[str, _Action] = {}
        for node, binding, enabled, tooltip in self.screen.active_bindings.values():
            is_move = node is self.focused and not binding.show
            is_here = binding.action == "command_palette"
            if not tooltip or not enabled or is_here or (is_move and not with_moves):
                continue
            listed = shown if binding.show else others
            keys = self.app.get_key_display(binding)
            run = partial(self.app.run_action, binding.action, node)
            listed.setdefault(binding.action, (tooltip, keys, run))
        yield from (shown | {k: v for k, v in others.items() if k not in shown}).values()

    def _set_up(self, place: int) -> None:
        from salestui.screens.setup import SetupScreen

        if isinstance(self.screen, SetupScreen):
            self.screen.show_list(place)
        else:
            self.app.push_screen(SetupScreen(self.app.current_mode, place))

    def _open(self, found: Found) -> None:
        app = sales(self.app)
        if found.kind == "deal":
            app.open_deal(found.id)
        elif found.client_id is not None:
            key = f"contact:{found.id}" if found.kind == "contact" else None
            app.open_client(found.client_id, key)


def _labelled(name: str, keys: str) -> Content:
    return Content.assemble(name, "  ", (keys, "dim"))


def _found(found: Found) -> Content:
    name = cell(found.name, _LONGEST).rstrip()
    detail = cell(f"{_ABOUT[found.kind]} {found.detail}".strip(), 40).rstrip()
    return Content.assemble((name, "bold"), "  ", (detail, "dim"))
