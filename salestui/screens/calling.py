"""Saying and adjusting a commit: the same where the forecast is looked at and in the meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.analytics.outlook.call_subjects import Subject
from salestui.screens.acting import ActingScreen
from salestui.screens.base import say

if TYPE_CHECKING:
    from salestui.analytics.outlook.calls import CallReports
    from salestui.screens.call_form import AdjustForm, CommitForm


def is_mine(screen: ActingScreen, about: Subject) -> bool:
    """Whether the calls of a row are one's own."""
    return about.whose == (screen.desk.me, None)


def is_known(screen: ActingScreen) -> bool:
    """Whether it is known who would commit; if not, it says so."""
    if screen.desk.me is None:
        say(screen.app, "It is not known which rep you are: start with --me REP.", is_problem=True)
    return screen.desk.me is not None


async def call(
    screen: ActingScreen,
    shown: CallReports,
    about: Subject | None,
    *,
    is_own: bool,
    whose: str | None,
) -> None:
    """Ask for one's own commit, or for an adjustment: of whom a row is, else of the rep or team `whose`."""
    from salestui.models.vocabulary import ONLY_MANAGERS
    from salestui.queries.plans import may_adjust, subjects, usual_currency
    from salestui.screens.call_form import AdjustForm, CommitForm

    known, currency = await screen.read(subjects), await screen.read(usual_currency)
    if about is not None:
        currency = about.currency
    period, me = shown.scope.period, screen.desk.me
    own = next((each for each in known if each.id == me), None)
    if (own is None or not is_own) and not await screen.read(may_adjust):
        say(screen.app, ONLY_MANAGERS, is_problem=True)
        return
    form: CommitForm | AdjustForm
    if own is not None and is_own:
        form = CommitForm(period, currency, shown.calls, (own.id, own.name))
    else:
        chosen = next((each.keys for each in known if each.id == whose), None)
        of = about.whose if about is not None else None
        form = AdjustForm(period, currency, shown.calls, known, of or chosen)
    saved = await screen.app.push_screen_wait(form)
    if saved is not None:
        say(screen.app, f"{saved.summary} for {period.label}")
        screen.reload()


NO_DEALS = "No deal is known yet, so there is nothing to commit to: n adds one."
