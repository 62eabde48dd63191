"""The deal board: the widget, its filter, and moving deals."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding
from textual.widget import Widget

from salestui import remembered
from salestui.queries.board import Board, BoardFilter, load_board
from salestui.queries.board_moves import moved
from salestui.screens.acting import ActingScreen, AtHand, shown
from salestui.screens.base import sales
from salestui.widgets.board import DealBoard

if TYPE_CHECKING:
    from textual.widgets import Input

    from salestui.screens.day_dialogs import DayDialog
    from salestui.screens.form import Form
    from salestui.usecases.facts import Saved

_WHOSE = {"mine": "mine", "team": "my team's"}


class BoardScreen(ActingScreen):
    """One pipeline's deals by stage."""

    MODE = "board"
    AUTO_FOCUS = "DealBoard"

    HELP = (
        "What is hidden by a filter is always counted; the filter stays when the program is left."
    )

    BINDINGS: ClassVar = [
        *shown(log="", win="", lose="", new_deal="New"),
        Binding("slash", "filter", "Find", id="screen.filter",
                tooltip="Show the deals and clients whose words begin as typed"),
        Binding("f", "filter_form", "Filter", id="screen.filter_form", show=False,
                tooltip="Mine, team, territory, product, kind, amount, close month, pipeline"),
        Binding("right_square_bracket", "pipeline(1)", "Next pipeline", id="board.next_pipeline",
                show=False, key_display="]", tooltip="Show the next pipeline"),
        Binding("left_square_bracket", "pipeline(-1)", "Previous pipeline",
                id="board.previous_pipeline", show=False, key_display="[",
                tooltip="Show the previous pipeline"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._filter = BoardFilter()
        self._pipeline_id: str | None = None
        self._is_recalled = False
        self._filter_words = ""
        self._moving = asyncio.Lock()

    def compose_body(self) -> Iterable[Widget]:
        """The board."""
        yield DealBoard()

    @property
    def deals(self) -> DealBoard:
        """The widget."""
        return self.query_one(DealBoard)

    def title_words(self) -> str:
        """Pipeline, filter, and how many deals it hides."""
        board = self.deals.board
        if board is None:
            return ""
        words = [board.pipeline]
        if self._filter.whose in _WHOSE:
            words.append(_WHOSE[self._filter.whose])
        if self._filter_words:
            words.append(self._filter_words)
        if self._filter.text:
            words.append(f"“{self._filter.text}”")
        if board.hidden:
            words.append(f"{board.hidden:,} hidden")
        return " · ".join(words)

    async def fetch(self) -> None:
        """Read the board in one statement."""
        store = await self.desk.store()
        if not self._is_recalled:
            self._is_recalled = True
            self._recall()
        board = await self.read(load_board, pipeline_id=self._pipeline_id, filter=self._filter)
        assert store is not None
        if board is not None:
            self._pipeline_id = board.pipeline_id
        self.deals.show(board or Board("", "", (), 0, store.today()))

    def at_hand(self) -> AtHand:
        """The deal under the cursor."""
        card = self.deals.current
        return AtHand(card.client_id, card.deal_id) if card else AtHand()

    def on_deal_board_open_requested(self, event: DealBoard.OpenRequested) -> None:
        """Show the deal."""
        sales(self.app).open_deal(event.deal_id)

    # Moving

    def on_deal_board_move_requested(self, event: DealBoard.MoveRequested) -> None:
        """Move a deal by as many stages as were asked for."""
        board = self.deals.board
        card = self.deals.current
        if board is None or card is None or card.deal_id != event.deal_id:
            return
        places = {column.stage_id: place for place, column in enumerate(board.columns)}
        self._move(event.deal_id, places[event.to_stage_id] - places[card.stage_id])

    @work(group="write")
    async def _move(self, deal_id: str, stages: int) -> None:
        await self.desk.warm()
        from salestui.usecases.deals import move_deal

        # One at a time: a second press counts from where the first has brought the deal.
        async with self._moving:
            board = self.deals.board
            place = _place_of(board, deal_id)
            if board is None or place is None:
                return
            column, card = place
            target = max(0, min(column + stages, len(board.columns) - 1))
            if target == column:
                return
            stage_id = board.columns[target].stage_id
            done = await self.write(
                move_deal,
                deal_id=deal_id,
                to_stage_id=stage_id,
                expected_version=board.columns[column].cards[card].version,
            )
            if done is None:
                self.reload()
            elif (now := self.deals.board) is not None and (place := _place_of(now, deal_id)):
                column, card = place
                self.deals.patch(
                    moved(now, now.columns[column].cards[card], stage_id, done.version)
                )

    # Deals of one's own

    async def new_deal_form(self) -> Form[Saved]:
        """The form for a new deal in the stage of the cursor."""
        from salestui.screens.deal_form import NewDealForm

        return NewDealForm(
            await self.choices(),
            await self.today(),
            pipeline_id=self._pipeline_id,
            stage_id=self.deals.current_stage_id,
        )

    async def finish(self, form: Form[Saved] | DayDialog) -> Saved | None:
        """Put the cursor on a deal that was created."""
        saved = await super().finish(form)
        if saved is not None and saved.number is not None:
            await self.fetch()
            self.deals.select(saved.id)
        return saved

    # Filters

    def begin_filter(self) -> None:
        """A line to type on above the keys; escape clears and closes it."""
        from textual.widgets import Input

        found = self.query(Input)
        if found:
            found.first().focus()
            return
        line = Input(self._filter.text, placeholder="deal or client; enter keeps, escape clears",
                     compact=True, classes="find-line")  # fmt: skip
        self.mount(line, before="QuietFooter")
        line.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as one types."""
        event.stop()
        self._set_filter(self._filter._replace(text=event.value.strip()))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter and go back to the deals."""
        event.stop()
        self._end_filter()

    def key_escape(self) -> None:
        """Clear what was typed as a filter."""
        from textual.widgets import Input

        if self.query(Input) or self._filter.text:
            self._set_filter(self._filter._replace(text=""))
            self._end_filter()

    def _end_filter(self) -> None:
        from textual.widgets import Input

        self.deals.focus()
        self.query(Input).remove()

    def action_filter_form(self) -> None:
        """Choose what is shown."""
        self._filter_form()

    @work(group="act")
    async def _filter_form(self) -> None:
        from salestui.screens.board_filter import BoardFilterForm

        choices = await self.choices()
        form = BoardFilterForm(choices, self._filter, self._pipeline_id)
        chosen = await self.app.push_screen_wait(form)
        if chosen is not None:
            self._pipeline_id, wanted = chosen
            self._filter_words = form.words
            self._set_filter(wanted)

    def action_pipeline(self, by: int) -> None:
        """Show a neighbouring pipeline."""
        self._pipeline(by)

    @work(exclusive=True, group="load")
    async def _pipeline(self, by: int) -> None:
        ids = [pipeline.id for pipeline in (await self.choices()).pipelines]
        if self._pipeline_id in ids:
            self._pipeline_id = ids[(ids.index(self._pipeline_id) + by) % len(ids)]
        self._keep()
        self.reload()

    def _set_filter(self, wanted: BoardFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
        self._keep()
        self.reload()

    def _keep(self) -> None:
        kept = self._filter._asdict() | {
            "pipeline_id": self._pipeline_id,
            "words": self._filter_words,
        }
        remembered.remember(self._memory_name, kept)

    def _recall(self) -> None:
        kept = remembered.recall(self._memory_name)
        if not isinstance(kept, dict):
            return
        self._pipeline_id = kept.pop("pipeline_id", None)
        self._filter_words = str(kept.pop("words", ""))
        try:
            self._filter = BoardFilter(**kept)
        except TypeError:  # kept by another version of the program
            self._filter, self._filter_words = BoardFilter(), ""

    @property
    def _memory_name(self) -> str:
        return f"board of {self.desk.me or 'nobody'} in {self.desk.address}"


def _place_of(board: Board | None, deal_id: str) -> tuple[int, int] | None:
    """Column and row of a deal's card."""
    for column, stage in enumerate(board.columns if board else ()):
        for row, card in enumerate(stage.cards):
            if card.deal_id == deal_id:
                return column, row
    return None
