"""What a meeting decides, and where its minutes go."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from textual.widget import Widget

from salestui.analytics.rendering.page import Page
from salestui.analytics.scope import Scope
from salestui.errors import Refused
from salestui.queries.choices import Choice
from salestui.screens.form import Form, narrow_label
from salestui.text import clean, parse_day
from salestui.widgets.choice_fields import ChoiceField, entries
from salestui.widgets.fields import TextField

if TYPE_CHECKING:
    from salestui.usecases.meetings import Decided

_WIDTH = 100
"""Cells of the minutes as plain text."""


class DecisionForm(Form["Decided"]):
    """Closes with the decision."""

    IS_NARROW = True

    def __init__(self, reps: Sequence[Choice], today: date, now: Decided | None = None) -> None:
        super().__init__()
        self._reps, self._today, self._now = reps, today, now

    def title_words(self) -> str:
        """What it is for."""
        return "What is decided"

    def fields(self) -> Iterable[Widget]:
        """What, who, until when."""
        now = self._now
        due_on = now.due_on.isoformat() if now is not None and now.due_on is not None else ""
        yield TextField("text", "Decision", "" if now is None else now.text, is_wide=True)
        options = entries(self._reps, "nobody in particular")
        yield ChoiceField("owner_id", "Who", options, None if now is None else now.owner_id)
        yield TextField("due_on", "Until", due_on, hint="fri, +2w, 2026-10-01", parse=self._day)

    def _day(self, typed: str) -> date | None:
        return parse_day(typed, self._today) if typed.strip() else None

    async def submit(self) -> Decided:
        """The decision."""
        await self.desk.warm()
        from salestui.usecases.meetings import Decided

        values = self.values()
        text = clean(values["text"])
        if not text:
            self.field("text").focus()
            raise Refused("What is decided?")
        return Decided(text, values["owner_id"], values["due_on"])


class MinutesForm(Form[str]):
    """Writes the minutes as text, Markdown and HTML, and keeps the meeting; closes with what was done.

    With `None` for what was decided, a meeting is shown again: nothing is kept.
    """

    IS_NARROW = True

    def __init__(
        self, page: Page, scope: Scope, since: date, decided: Sequence[Decided] | None
    ) -> None:
        super().__init__()
        self._page, self._scope, self._since, self._decided = page, scope, since, decided

    def title_words(self) -> str:
        """What it is for."""
        return "Write the minutes"

    def fields(self) -> Iterable[Widget]:
        """Where to."""
        name = f"meeting-{self._scope.as_of.isoformat()}"
        yield TextField("file", "Files (.txt, .md and .html)", str(Path.cwd() / name), is_wide=True)
        if self._decided is None:
            yield narrow_label("New files only. A meeting of an earlier day is shown, not kept.")
        else:
            yield narrow_label("New files only. Empty: keep the decisions and write no file.")

    async def submit(self) -> str:
        """Write and keep."""
        typed = self.values()["file"].strip()
        if self._decided is None and not typed:
            self.field("file").focus()
            raise Refused("Which files? A meeting of an earlier day is not kept.")
        await self.desk.warm()
        from salestui.usecases.meetings import hold_meeting

        files = await to_thread(_write, typed, self._page) if typed else ()
        names = ", ".join(path.name for path in files)
        if self._decided is None:
            return f"Written: {names}."
        try:
            saved = await self.desk.write(
                hold_meeting,
                as_of_on=self._scope.as_of,
                since_on=self._since,
                pipeline_id=self._scope.pipeline_id,
                decisions=self._decided,
            )
        except Refused:
            for path in files:
                path.unlink(missing_ok=True)
            raise
        return f"{saved.summary}. Written: {names}." if names else f"{saved.summary}."


def _write(typed: str, page: Page) -> tuple[Path, ...]:
    from salestui.interchange.minutes import write_new

    base = Path(typed).expanduser()
    texts = {".txt": page.to_text(_WIDTH), ".md": page.to_markdown(), ".html": page.to_html()}
    files = {base.with_name(base.name + end): text for end, text in texts.items()}
    write_new(files)
    return tuple(files)
