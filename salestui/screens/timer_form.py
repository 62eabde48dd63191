"""The timer's keys: starting it, stopping it into the form of an activity, discarding it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from salestui.errors import Refused
from salestui.models.timing import LONGEST_MINUTES
from salestui.queries.choices import Choices, ClientChoices
from salestui.queries.timer import Timer, load_timer
from salestui.screens import typed
from salestui.screens.activity_forms import LogForm
from salestui.screens.base import sales, say
from salestui.screens.confirm import Confirm
from salestui.text import cell

if TYPE_CHECKING:
    from salestui.screens.acting import ActingScreen
    from salestui.usecases.facts import Saved

_MOST_ASKED = 100
"""Cells of what a question names."""


class StopForm(LogForm):
    """Stops the timer and logs what was done; left without saving, the timer runs on."""

    def __init__(
        self,
        choices: Choices,
        today: date,
        *,
        timer: Timer,
        now: datetime,
        about: ClientChoices | None,
    ) -> None:
        deal = (timer.deal_id, timer.deal or "") if timer.deal_id else None
        super().__init__(choices, today, about=about, deal=deal)
        self._timer, self._now = timer, now
        self._is_timed = True

    def title_words(self) -> str:
        """What it is for."""
        return "Stop the timer and log what was done"

    def lasted(self) -> tuple[str, str]:
        """The minutes it tells, and the day on which it was started."""
        minutes, begun = self._timer.minutes(self._now), self._timer.since.date()
        return (
            "" if minutes is None else str(minutes),
            typed.shown_day(begun) if begun < self.today else "today",
        )

    def on_mount(self) -> None:
        """Ask for the minutes where the timer was forgotten."""
        if self._timer.minutes(self._now) is None:
            lasted = self._timer.lasted(self._now)
            self.tell(
                f"The timer has run {lasted}, more than {LONGEST_MINUTES // 60} hours:"
                " type the minutes that it really took."
            )
            self.call_after_refresh(self.field("duration_minutes").focus)

    async def write_activity(self, activity: dict[str, Any]) -> Saved:
        """Stop the timer and log, in one write."""
        if not self._is_timed:
            return await super().write_activity(activity)
        running = await self.desk.read(load_timer)
        if running is None or running.since != self._timer.since:
            self._is_timed = False
            raise Refused(
                "The timer was stopped elsewhere meanwhile: its time may be logged already. "
                "Press ctrl+s again to log this too."
            )
        from salestui.usecases.timer import stop_timer

        return await self.desk.write(stop_timer, since=self._timer.since, **activity)


async def turn_timer(screen: ActingScreen) -> None:
    """Stop the timer that runs, or start one on what is at hand."""
    timer = await screen.read(load_timer)
    if timer is None:
        await _start(screen)
    else:
        now = (await screen.desk.store()).now()
        about = await screen.choices_about(timer.client_id)
        await screen.finish(
            StopForm(
                await screen.choices(), await screen.today(), timer=timer, now=now, about=about
            )
        )
    sales(screen.app).follow_timer()


async def _start(screen: ActingScreen) -> None:
    hand = screen.at_hand()
    if hand.deal_id is None and hand.client_id is None:
        say(screen.app, "Put the cursor on a deal or a client first.", is_problem=True)
        return
    await screen.desk.warm()
    from salestui.usecases.timer import start_timer

    await _written(screen, start_timer, client_id=hand.client_id, deal_id=hand.deal_id)


async def discard_timer(screen: ActingScreen) -> None:
    """Throw the timer away, once asked."""
    timer = await screen.read(load_timer)
    if timer is None:
        say(screen.app, "No timer runs.", is_problem=True)
    elif await screen.app.push_screen_wait(Confirm(await _question(screen, timer))):
        await screen.desk.warm()
        from salestui.usecases.timer import discard_timer as discard

        await _written(screen, discard)
    sales(screen.app).follow_timer()


async def _question(screen: ActingScreen, timer: Timer) -> str:
    words = timer.words((await screen.desk.store()).now())
    return f"Discard the timer and log nothing? {cell(words, _MOST_ASKED).rstrip()}"


async def _written(screen: ActingScreen, use_case: Callable[..., Saved], **fields: Any) -> None:
    done = await screen.write(use_case, **fields)
    if done is not None:
        say(screen.app, done.summary)
