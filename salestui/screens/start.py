"""The guided start of an empty store: three answers, and one can work; or the demo, or an import."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from salestui import config
from salestui.models.vocabulary import StageKind
from salestui.screens import typed
from salestui.screens.base import say
from salestui.screens.form import Form, narrow_label
from salestui.text import cell
from salestui.usecases.templates import TEMPLATES
from salestui.widgets.choice_fields import ChoiceField
from salestui.widgets.fields import TextField

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved

_ABOUT = {
    "short": "short",
    "consultative": "consultative: needs first, then a solution",
    "full": "full cycle, with delivery and service",
    "B2B": "to companies, with installation and training",
    "B2C": "to consumers, with delivery and service",
    "tender": "tenders, with periodic inspection",
}


class StartScreen(Form["Saved"]):
    """Asks who works here, in which currency, and how sales go."""

    IS_NARROW = True

    BINDINGS: ClassVar = [
        Binding("ctrl+s", "save", "Start", id="form.save", priority=True,
                tooltip="Start with what is filled in"),
        Binding("escape", "leave", "Leave it empty", id="form.leave",
                tooltip="Leave the store empty for now; you are asked again next time"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    StartScreen #stages { min-height: 3; }
    """

    def title_words(self) -> str:
        """A greeting."""
        return "Welcome to salestui"

    def fields(self) -> Iterable[Widget]:
        """Three answers, and two other ways."""
        yield narrow_label(
            "This store is empty. Three answers and you can work; all can be changed later (f2)."
        )
        if self._is_named:
            yield narrow_label(f"You work as {cell(self.desk.actor[:80], 50).rstrip()}.")
        else:
            yield TextField("rep_name", "Your name", name_of(self.desk.actor),
                            parse=typed.needed("Your name"))  # fmt: skip
        yield TextField("currency", "Currency you sell in", "EUR", parse=typed.currency)
        options = [(name, _ABOUT.get(name, name)) for name in TEMPLATES]
        yield ChoiceField("template", "How your sales go", options, "short")
        stages = narrow_label(stages_words("short"))
        stages.id = "stages"
        yield stages
        yield narrow_label(
            "To look around first, leave with escape and q: salestui demo\n"
            "To bring what you have: salestui import clients.csv deals.csv …"
        )

    @property
    def _is_named(self) -> bool:
        """Whether it was said on the command line who works: by this name one is known the next time."""
        return self.desk.actor != config.login()

    @property
    def has_typed(self) -> bool:
        """Nothing here is worth a question."""
        return False

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        """Show the stages of what is chosen."""
        self.query_one("#stages", Static).update(Content(stages_words(event.field.raw)))

    async def submit(self) -> Saved:
        """Make the first pipeline, lists and rep."""
        await self.desk.warm()
        from salestui.usecases.start import start_team

        answers = {"rep_name": self.desk.actor} | self.values()
        saved = await self.desk.write(start_team, **answers)
        say(self.app, f"{saved.summary}. n makes your first deal, ? shows all keys.")
        return saved


def stages_words(template: str) -> str:
    """The stages of a template with what share of their deals is won."""
    stages = TEMPLATES[template]
    before = [f"{s.name} {s.probability} %" for s in stages if s.kind != StageKind.AFTER_SALE]
    after = [s.name for s in stages if s.kind == StageKind.AFTER_SALE]
    words = " → ".join(before)
    return f"{words} → won, then {' → '.join(after)}" if after else f"{words} → won"


def name_of(login: str) -> str:
    """A person's name as a login suggests it: "ona.petraite" is "Ona Petraite"."""
    return " ".join(part[:1].upper() + part[1:] for part in re.split(r"[\s._-]+", login) if part)
