"""The keys that do something with what stands under the cursor, the same on every screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import work
from textual.binding import Binding

from salestui.screens.base import SalesScreen, sales, say

# What only a key needs is imported when the key is pressed: every screen paints sooner.
if TYPE_CHECKING:
    from salestui.queries.activity_log import Dealing
    from salestui.queries.choices import Choices, ClientChoices
    from salestui.queries.deal_card import Deal
    from salestui.screens.day_dialogs import DayDialog
    from salestui.screens.form import Form
    from salestui.usecases.facts import Saved


class AtHand(NamedTuple):
    """What the keys are about: keys of what the cursor is on, as far as it is on one."""

    client_id: str | None = None
    deal_id: str | None = None
    task: tuple[str, int, str] | None = None
    """A planned activity: key, version, what it says."""


_KEYS = (
    Binding("a", "log", "Log", id="activity.log",
            tooltip="Log an activity and plan the next step"),
    Binding("d", "done", "Done", id="task.done", tooltip="Mark the task done, and plan what follows"),
    Binding("plus", "plan", "Plan", id="task.plan", key_display="+", tooltip="Plan a next step"),
    Binding("p", "postpone", "Postpone", id="act.postpone",
            tooltip="Postpone the deal or the task to a day"),
    Binding("n", "new_deal", "New deal", id="deal.new", tooltip="Create a deal"),
    Binding("e", "edit", "Edit", id="act.edit", tooltip="Edit what the cursor is on"),
    Binding("w", "win", "Won", id="deal.win",
            tooltip="Mark the deal won; one in an after-sale stage is finished"),
    Binding("x", "lose", "Lost", id="deal.lose",
            tooltip="Mark the deal lost: reason by digit, competitor by letter"),
    Binding("o", "assign", "Assign", id="act.assign", tooltip="Give the deal or client to another rep"),
    Binding("P", "products", "Products", id="deal.products",
            tooltip="Set the products of the deal: quantity, price, discount"),
    Binding("C", "competitor", "Competitor", id="act.competitor",
            tooltip="Note a competitor met at the client or in the deal"),
    Binding("r", "reopen", "Reopen", id="deal.reopen",
            tooltip="Open a won, lost or postponed deal again"),
    Binding("v", "view_client", "Client", id="client.view", tooltip="View the card of the client"),
    Binding("i", "audit", "Changes", id="act.audit",
            tooltip="Who changed this, when, from what to what"),
    Binding("T", "timer", "Timer", id="timer.turn",
            tooltip="Start a timer on the deal or client; again: stop it and log what was done"),
    Binding("X", "discard_timer", "Discard timer", id="timer.discard",
            tooltip="Discard the timer: nothing is logged"),
)  # fmt: skip


def shown(**labels: str) -> list[Binding]:
    """The keys of `_KEYS` by action, to stand in the footer in this order, with other labels if given."""
    by_action = {binding.action: binding for binding in _KEYS}
    return [
        replace(by_action[action], show=True, description=label or by_action[action].description)
        for action, label in labels.items()
    ]


class ActingScreen(SalesScreen):
    """A screen with things at hand to act on. Subclasses say what those are by `at_hand`."""

    BINDINGS: ClassVar = [replace(binding, show=False) for binding in _KEYS]

    _choices: Choices | None = None

    def at_hand(self) -> AtHand:
        """What the cursor is on."""
        return AtHand()

    def dealing_at_hand(self) -> Dealing | None:
        """The activity the cursor is on, whole, where it can be edited."""
        return None

    async def choices(self) -> Choices:
        """The short lists to choose from."""
        from salestui.queries.choices import load_choices

        return await self.read(load_choices)

    async def choices_about(self, client_id: str | None) -> ClientChoices | None:
        """What there is to choose from of a client."""
        from salestui.queries.choices import load_client_choices

        return await self.read(load_client_choices, client_id=client_id) if client_id else None

    async def today(self) -> date:
        """The day the store's clock says."""
        return (await self.desk.store()).today()

    # Activities and tasks

    def action_log(self) -> None:
        """Log an activity."""
        self._log()

    @work(group="act")
    async def _log(self) -> None:
        from salestui.screens.activity_forms import LogForm

        hand = self.at_hand()
        deal = await self._deal(hand)
        client_id = hand.client_id or (deal.client_id if deal else None)
        about = await self.choices_about(client_id)
        on = (deal.deal_id, deal.title) if deal else None
        form = LogForm(await self.choices(), await self.today(), about=about, deal=on)
        await self.finish(form)

    def action_plan(self) -> None:
        """Plan a next step."""
        self._plan()

    @work(group="act")
    async def _plan(self) -> None:
        from salestui.screens.activity_forms import PlanForm

        hand = self.at_hand()
        deal = await self._deal(hand)
        client_id = hand.client_id or (deal.client_id if deal else None)
        about = await self.choices_about(client_id)
        on = (deal.deal_id, deal.title) if deal else None
        form = PlanForm(await self.choices(), await self.today(), about=about, deal=on)
        await self.finish(form)

    def action_done(self) -> None:
        """Mark the task done."""
        task = self.at_hand().task
        if task is None:
            say(self.app, "Put the cursor on a task first.", is_problem=True)
        else:
            self._done(task)

    @work(group="act")
    async def _done(self, task: tuple[str, int, str]) -> None:
        from salestui.screens.activity_forms import DoneForm

        await self.finish(DoneForm(await self.choices(), await self.today(), task=task))

    def action_postpone(self) -> None:
        """Postpone the task or the deal."""
        hand = self.at_hand()
        if hand.task is not None:
            self._postpone_task(hand.task)
        else:
            self._with_deal(self._postpone_deal)

    @work(group="act")
    async def _postpone_task(self, task: tuple[str, int, str]) -> None:
        from salestui.screens.day_dialogs import PostponeTask

        await self.finish(PostponeTask(task, await self.today()))

    # The timer

    def action_timer(self) -> None:
        """Start the timer, or stop the one that runs."""
        self._turn_timer()

    @work(group="act")
    async def _turn_timer(self) -> None:
        from salestui.screens.timer_form import turn_timer

        await turn_timer(self)

    def action_discard_timer(self) -> None:
        """Throw the timer away."""
        self._discard_timer()

    @work(group="act")
    async def _discard_timer(self) -> None:
        from salestui.screens.timer_form import discard_timer

        await discard_timer(self)

    # Deals

    def action_new_deal(self) -> None:
        """Create a deal."""
        self._new_deal()

    @work(group="act")
    async def _new_deal(self) -> None:
        await self.finish(await self.new_deal_form())

    async def new_deal_form(self) -> Form[Saved]:
        """The form for a new deal, with the client at hand."""
        from salestui.screens.deal_form import NewDealForm
        from salestui.widgets.find_field import Match

        client_id, client = self.at_hand().client_id, None
        about = await self.choices_about(client_id)
        if about is not None:
            client = Match(about.client_id, about.client)
        return NewDealForm(await self.choices(), await self.today(), client=client)

    def action_edit(self) -> None:
        """Edit the deal, or what a subclass has under the cursor."""
        dealing = self.dealing_at_hand()
        if dealing is not None:
            self._edit_dealing(dealing)
        else:
            self._with_deal(self._edit_deal)

    @work(group="act")
    async def _edit_dealing(self, dealing: Dealing) -> None:
        from salestui.screens.activity_forms import ActivityForm

        about = await self.choices_about(dealing.client_id)
        await self.finish(
            ActivityForm(await self.choices(), await self.today(), dealing=dealing, about=about)
        )

    async def _edit_deal(self, deal: Deal) -> None:
        from salestui.queries.deal_card import load_deal_card
        from salestui.screens.deal_form import EditDealForm

        card = await self.read(load_deal_card, deal_id=deal.deal_id)
        about = await self.choices_about(deal.client_id)
        form = EditDealForm(
            await self.choices(),
            await self.today(),
            deal=deal,
            lines=card.lines if card else (),
            contacts=about.contacts if about else (),
        )
        await self.finish(form)

    def action_win(self) -> None:
        """Win the deal."""
        self._with_deal(self._win)

    async def _win(self, deal: Deal) -> None:
        from salestui.screens.outcome_forms import WinForm

        await self.finish(WinForm(deal, await self.today()))

    def action_lose(self) -> None:
        """Lose the deal."""
        self._with_deal(self._lose)

    async def _lose(self, deal: Deal) -> None:
        from salestui.screens.outcome_forms import LoseDialog

        choices = await self.choices()
        chosen = await self.app.push_screen_wait(
            LoseDialog(deal.title, choices.loss_reasons, choices.competitors)
        )
        if chosen is None:
            return
        await self.desk.warm()
        from salestui.usecases.outcomes import lose_deal

        await self.write_and_reload(
            lose_deal,
            deal_id=deal.deal_id,
            expected_version=deal.version,
            loss_reason_id=chosen[0],
            competitor_id=chosen[1] or None,
        )

    async def _postpone_deal(self, deal: Deal) -> None:
        from salestui.screens.day_dialogs import PostponeDeal

        await self.finish(PostponeDeal(deal, await self.today()))

    def action_products(self) -> None:
        """Set the products of the deal."""
        self._with_deal(self._products)

    async def _products(self, deal: Deal) -> None:
        from salestui.screens.deal_lines import lines_form

        await self.finish(await lines_form(self, deal))

    def action_competitor(self) -> None:
        """Note a competitor met."""
        self._met()

    @work(group="act")
    async def _met(self) -> None:
        from salestui.screens.sighting_form import sighting_form

        hand = self.at_hand()
        form = await sighting_form(self, client_id=hand.client_id, deal_id=hand.deal_id)
        if form is not None:
            await self.finish(form)

    def action_reopen(self) -> None:
        """Open the deal again."""
        self._with_deal(self._reopen)

    async def _reopen(self, deal: Deal) -> None:
        await self.desk.warm()
        from salestui.usecases.outcomes import reopen_deal

        await self.write_and_reload(
            reopen_deal, deal_id=deal.deal_id, expected_version=deal.version
        )

    def action_assign(self) -> None:
        """Give the deal to another rep."""
        self._with_deal(self._assign)

    async def _assign(self, deal: Deal) -> None:
        from salestui.screens.pick import Pick

        reps = (await self.choices()).reps
        rep_id = await self.app.push_screen_wait(
            Pick(f"Assign {deal.title} to", reps, deal.owner_id, of="team")
        )
        if rep_id is None:
            return
        await self.desk.warm()
        from salestui.usecases.deals import assign_deal

        await self.write_and_reload(
            assign_deal, deal_id=deal.deal_id, expected_version=deal.version, to_rep_id=rep_id
        )

    # Looking

    def action_view_client(self) -> None:
        """View the card of the client."""
        self._view_client()

    @work(group="act")
    async def _view_client(self) -> None:
        hand = self.at_hand()
        deal = None if hand.client_id else await self._deal(hand)
        client_id = hand.client_id or (deal.client_id if deal else None)
        if client_id is None:
            say(self.app, "There is no client here.", is_problem=True)
        else:
            sales(self.app).open_client(client_id)

    def action_audit(self) -> None:
        """Who changed this."""
        hand = self.at_hand()
        about = ("deal", hand.deal_id) if hand.deal_id else ("client", hand.client_id)
        if about[1] is None:
            say(self.app, "Put the cursor on a deal or a client first.", is_problem=True)
            return
        from salestui.screens.audit import AuditScreen

        self.app.push_screen(AuditScreen(self.MODE, (about[0], about[1])))

    # Together

    async def finish(self, form: Form[Saved] | DayDialog) -> Saved | None:
        """Show a form, and what it has saved."""
        saved = await self.app.push_screen_wait(form)
        if saved is not None:
            say(self.app, saved.summary)
            self.reload()
        return saved

    async def _deal(self, hand: AtHand) -> Deal | None:
        from salestui.queries.deal_card import load_deal

        if hand.deal_id is None:
            return None
        return await self.read(load_deal, deal_id=hand.deal_id)

    @work(group="act")
    async def _with_deal(self, act: Callable[[Deal], Awaitable[None]]) -> None:
        """Do something with the deal at hand as it stands in the store now."""
        hand = self.at_hand()
        deal = await self._deal(hand)
        if deal is not None:
            await act(deal)
        elif hand.deal_id is None:
            say(self.app, "Put the cursor on a deal first.", is_problem=True)
        else:
            say(self.app, "This deal is no longer there.", is_problem=True)
            self.reload()
