"""What every form shares: fields in a frame, saving, refusals, and leaving without losing anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Generic, TypeVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Grid, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from salestui.errors import Conflict, Refused
from salestui.screens.base import sales
from salestui.screens.confirm import Confirm
from salestui.screens.desk import Desk
from salestui.widgets.fields import Field, check
from salestui.widgets.footer import QuietFooter

R = TypeVar("R")


class _Body(VerticalScroll, inherit_bindings=False):
    """What scrolls with the field that has the cursor: up and down go to fields, whatever the height."""


class Form(ModalScreen[R | None], Generic[R]):
    """A form over a screen. Subclasses give `title`, `fields` and `submit`.

    It closes with what `submit` returns; a refusal is said below the fields and nothing typed is
    lost. After a conflict, saving again writes what was typed over what the other person wrote.
    """

    BINDINGS: ClassVar = [
        Binding("ctrl+s", "save", "Save", id="form.save", tooltip="Save and close", priority=True),
        Binding("escape", "leave", "Leave", id="form.leave", tooltip="Leave without saving"),
        Binding("down", "go(1)", "Next field", id="form.next", show=False,
                tooltip="Go to the next field (also enter and tab)"),
        Binding("up", "go(-1)", "Previous field", id="form.previous", show=False,
                tooltip="Go to the previous field (also shift+tab)"),
        Binding("f1", "app.help", "Keys", id="form.help", tooltip="Show what the keys do here"),
    ]  # fmt: skip

    DEFAULT_CSS = """
    Form {
        align: center middle;

        & > Vertical {
            width: 96%;
            max-width: 110;
            height: auto;
            max-height: 100%;
            margin: 0 0 1 0;
            padding: 0 1;
            border: round $primary;
            border-title-style: bold;
            background: $background;
        }
        &.-narrow-form > Vertical { max-width: 72; }
        & > Vertical > VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & Grid {
            grid-size: 2;
            grid-gutter: 0 2;
            grid-rows: auto;
            height: auto;
        }
        &.-narrow-form Grid { grid-size: 1; }
        & .-wide-field { column-span: 2; }
        &.-narrow-form .-wide-field { column-span: 1; }
        & .field {
            border: none;
            border-top: solid $border;
            border-title-color: $text-muted;
            border-title-background: $background;
            background: $background;
            padding: 0 1;
            height: 2;
        }
        & NotesField.field { height: 4; min-height: 4; }
        & ManyField.field { height: auto; max-height: 5; }
        & .field:focus {
            border: none;
            border-top: heavy $accent;
            border-title-color: $text-accent;
            border-title-style: bold;
            background-tint: $foreground 0%;
        }
        & .field.-wrong, & .field.-wrong:focus {
            border-bottom: solid $error;
            border-subtitle-color: $text-error;
            border-subtitle-background: $background;
            height: 3;
        }
        & NotesField.field.-wrong { height: 5; min-height: 5; }
        & #message { height: auto; max-height: 4; display: none; color: $text-error; padding: 0 1; }
        & #message.-said { display: block; }
        & .note { column-span: 2; color: $text-muted; padding: 0 1; height: auto; }
        &.-narrow-form .note { column-span: 1; }
    }
    """

    IS_NARROW: ClassVar[bool] = False
    FIRST: ClassVar[str] = ""
    """Name of the field that has the cursor first; the first field if empty."""

    def __init__(self) -> None:
        super().__init__(classes="-narrow-form" if self.IS_NARROW else "")
        self._is_saving = False

    @property
    def desk(self) -> Desk:
        """The open store."""
        return sales(self.app).desk

    def title_words(self) -> str:
        """What the form is for."""
        return "Edit"

    def fields(self) -> Iterable[Widget]:
        """The fields, in order; other widgets may stand between them."""
        return ()

    async def submit(self) -> R:
        """Write what was typed. Raises `Refused`."""
        raise NotImplementedError

    async def catch_up(self) -> None:
        """After a conflict: take over the version the row has now."""

    def compose(self) -> ComposeResult:
        """The frame with the fields."""
        with Vertical() as frame:
            frame.border_title = Content(self.title_words())
            with _Body(can_focus=False), Grid():
                yield from self.fields()
            yield Static(id="message", markup=False)
        yield QuietFooter()

    def on_mount(self) -> None:
        """Put the cursor into the first field."""
        first = next((f for f in self.all_fields() if f.field_name == self.FIRST), None)
        chosen = first or next(iter(self.all_fields()), None)
        if chosen is not None:
            cast(Widget, chosen).focus()

    def all_fields(self) -> list[Field]:
        """The fields, in order."""
        found = [cast(Any, each) for each in self.query("*") if hasattr(each, "field_name")]
        return [each for each in found if not each.field_name.endswith("-typed")]

    def field(self, name: str) -> Any:
        """The field of that name."""
        return next(each for each in self.all_fields() if each.field_name == name)

    @property
    def has_typed(self) -> bool:
        """Whether anything would be lost by leaving."""
        return any(each.raw != each.initial for each in self.all_fields())

    def values(self, *, only_changed: bool = False) -> dict[str, Any]:
        """The values by field. Raises `Refused` for the first that is wrong, with all complaining."""
        wrong: list[Field] = [each for each in self.all_fields() if not check(each)]
        if wrong:
            cast(Widget, wrong[0]).focus()
            raise Refused("Something is not right yet; see the fields marked with !.")
        return {
            each.field_name: each.read()
            for each in self.all_fields()
            if not only_changed or each.raw != each.initial
        }

    def tell(self, text: str) -> None:
        """Say something below the fields."""
        message = self.query_one("#message", Static)
        message.update(Content(f"! {text}" if text else ""))
        message.set_class(bool(text), "-said")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field, and saves in the last one."""
        event.stop()
        self._next_or_save()

    def on_text_field_left(self) -> None:
        """The same for fields that are no line of text."""
        self._next_or_save()

    def _next_or_save(self) -> None:
        chain = self.focus_chain
        if chain and self.focused is chain[-1]:
            self.action_save()
        else:
            self.focus_next()

    def action_go(self, by: int) -> None:
        """Go to a neighbouring field."""
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_save(self) -> None:
        """Save and close."""
        if not self._is_saving:
            self._save()

    @work(group="write")
    async def _save(self) -> None:
        self._is_saving = True
        try:
            done = await self.submit()
        except Conflict as error:
            await self.catch_up()
            self.tell(f"{error} Or press ctrl+s again to write yours over it.")
        except Refused as error:
            self.tell(str(error))
        else:
            self.dismiss(done)
        finally:
            self._is_saving = False

    def action_leave(self) -> None:
        """Leave; asks first if something was typed."""
        if not self.has_typed:
            self.dismiss(None)
            return
        self.app.push_screen(Confirm("Leave without saving what you typed?"), self._leave_if)

    def _leave_if(self, is_wished: bool | None) -> None:
        if is_wished:
            self.dismiss(None)


def narrow_label(text: str) -> Static:
    """A line between the fields that says something."""
    return Static(Content(text), classes="note")
