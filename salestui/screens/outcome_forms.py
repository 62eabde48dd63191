"""How a deal ends: won, for how much and when; lost, why and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from salestui.queries.choices import Choice
from salestui.queries.deal_card import Deal, load_deal
from salestui.screens import typed
from salestui.screens.dialog import Dialog
from salestui.screens.form import Form
from salestui.widgets.fields import TextField
from salestui.widgets.footer import QuietFooter
from salestui.widgets.line_list import LineList, line
from salestui.widgets.short_list import ShortList

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved


class WinForm(Form["Saved"]):
    """The amount and the day a deal was won, both prefilled."""

    IS_NARROW = True

    def __init__(self, deal: Deal, today: date) -> None:
        super().__init__()
        self._deal, self._today, self._version = deal, today, deal.version

    def title_words(self) -> str:
        """Which deal."""
        return f"Won: {self._deal.title}"

    def fields(self) -> Iterable[Widget]:
        """Enter, enter is a deal won today as it stands."""
        deal = self._deal
        amount = typed.shown_money(deal.amount_minor, deal.currency)
        yield TextField("amount_minor", f"Amount in {deal.currency}", amount,
                        parse=typed.money(lambda: deal.currency))  # fmt: skip
        yield TextField("closed_on", "Day", "today", parse=typed.needed_day(lambda: self._today))

    async def catch_up(self) -> None:
        """Take over the version of today, unless the deal has ended: winning it again would finish it."""
        deal = await self.desk.read(load_deal, deal_id=self._deal.deal_id)
        if deal is not None and deal.outcome == self._deal.outcome:
            self._version = deal.version

    async def submit(self) -> Saved:
        """Win it."""
        await self.desk.warm()
        from salestui.usecases.outcomes import win_deal

        return await self.desk.write(
            win_deal, deal_id=self._deal.deal_id, expected_version=self._version,
            **self.values(),
        )  # fmt: skip


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class LoseDialog(Dialog[tuple[str, str]]):
    """Why a deal was lost, by digit, then to whom, by letter; dismissed with (reason, competitor)."""

    def __init__(
        self, title: str, reasons: Sequence[Choice], competitors: Sequence[Choice]
    ) -> None:
        super().__init__()
        self._title, self._reasons, self._competitors = title, reasons, competitors
        self._reason_id: str | None = None

    def compose(self) -> ComposeResult:
        """First the reasons."""
        with Vertical() as frame:
            frame.border_title = Content(f"Lost: {self._title}")
            yield Static(Content("Why? Press its digit."), id="question")
            yield ShortList()
        yield QuietFooter()

    def on_mount(self) -> None:
        """List the reasons."""
        if not self._reasons:
            self.query_one("#question", Static).update(
                Content("There are no loss reasons yet: salestui reason add NAME")
            )
        self._show()
        self.query_one(ShortList).focus()

    @property
    def _offered(self) -> list[tuple[str, Choice]]:
        if self._reason_id is None:
            return [(str(n), each) for n, each in enumerate(self._reasons, start=1)]
        return list(zip(_LETTERS, self._competitors, strict=False))

    def _show(self) -> None:
        lines = [
            line((f" {key if len(key) == 1 else ' '}  ", "accent"), each.name, key=each.id)
            for key, each in self._offered
        ]
        if self._reason_id is not None:
            lines.insert(0, line((" ␣  ", "accent"), "nobody, or not known", key=""))
        keys = self.query_one(ShortList)
        keys.show(lambda _width: lines, is_new=True)
        keys.refresh(layout=True)

    def on_key(self, event: events.Key) -> None:
        """A digit or letter chooses."""
        if self._reason_id is not None and event.key == "space":
            event.stop()
            self._choose("")
        for key, each in self._offered:
            if event.character == key:
                event.stop()
                self._choose(each.id)
                return

    def on_line_list_opened(self, event: LineList.Opened) -> None:
        """Enter chooses what the cursor is on."""
        self._choose(event.key)

    def _choose(self, key: str) -> None:
        if self._reason_id is not None:
            self.dismiss((self._reason_id, key))
        elif self._competitors:
            self._reason_id = key
            self.query_one("#question", Static).update(
                Content("To whom? Press its letter, or space.")
            )
            self._show()
        else:
            self.dismiss((key, ""))
