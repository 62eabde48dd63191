"""The forms of the sales cycles: pipelines, stages, and the plain lists of names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from salestui.errors import Refused
from salestui.models.vocabulary import StageKind
from salestui.screens import typed
from salestui.screens.entry_form import EntryForm
from salestui.screens.form import narrow_label
from salestui.usecases.templates import TEMPLATES
from salestui.widgets.choice_fields import ChoiceField
from salestui.widgets.fields import TextField

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved

_KINDS = (
    (StageKind.LEAD.value, "lead: not yet qualified"),
    (StageKind.SALE.value, "sale"),
    (StageKind.AFTER_SALE.value, "after-sale: the deal is won"),
)


class PipelineForm(EntryForm):
    """A pipeline; a new one starts with the stages of a template."""

    WHAT = "pipeline"

    def fields(self) -> Iterable[Widget]:
        """Name, currency, template."""
        yield TextField("name", "Name", self.was("name"), parse=typed.needed("The name"))
        yield TextField("currency", "Currency of its new deals", self.was("currency", "EUR"),
                        parse=typed.currency)  # fmt: skip
        if self.is_new:
            yield ChoiceField("template", "First stages", [(name, name) for name in TEMPLATES])
            yield Static(_stages("short"), classes="note", id="stages")

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        """Tell the stages of the template."""
        self.query_one("#stages", Static).update(_stages(event.field.raw))

    async def write(self, values: dict[str, Any]) -> Saved:
        """Create or change it."""
        from salestui.usecases import process

        if self.is_new:
            return await self.desk.write(process.create_pipeline, **values)
        return await self.desk.write(
            process.edit_pipeline,
            pipeline_id=self._row.id,
            expected_version=self._version,
            **values,
        )


def _stages(template: str) -> Content:
    return Content(" › ".join(stage.name for stage in TEMPLATES[template]))


class StageForm(EntryForm):
    """A stage of a pipeline; a new one takes the place `position`."""

    WHAT = "stage"

    def __init__(
        self, row: Any = None, *, pipeline: str, pipeline_id: str, position: int | None = None
    ) -> None:
        super().__init__(row)
        self._pipeline, self._pipeline_id, self._position = pipeline, pipeline_id, position

    def title_words(self) -> str:
        """Which stage of which pipeline."""
        return f"{super().title_words()} of {self._pipeline}"

    def fields(self) -> Iterable[Widget]:
        """All that a stage is."""
        idle = self.was("idle_days", None)
        yield TextField("name", "Name", self.was("name"), parse=typed.needed("The name"))
        yield ChoiceField("kind", "Kind", _KINDS, self.was("kind", StageKind.SALE.value))
        yield TextField("probability", "Probability in percent", str(self.was("probability", 0)),
                        parse=_percent)  # fmt: skip
        yield TextField("idle_days", "Idle limit in days", "" if idle is None else str(idle),
                        hint="none: deals never stall here", parse=_idle)  # fmt: skip
        if self.is_new:
            yield narrow_label("J and K move it afterwards.")

    async def write(self, values: dict[str, Any]) -> Saved:
        """Add or change it."""
        from salestui.usecases import process

        if self.is_new:
            return await self.desk.write(
                process.add_stage, pipeline_id=self._pipeline_id, position=self._position, **values
            )
        return await self.desk.write(
            process.edit_stage, stage_id=self._row.id, expected_version=self._version, **values
        )


def _percent(text: str) -> int:
    percent = typed.number(text.strip().removesuffix("%"))
    if percent is None or percent > 100:
        raise Refused("Write a percentage from 0 to 100.")
    return percent


def _idle(text: str) -> int | None:
    days = typed.number(text)
    if days == 0:
        raise Refused("At least one day; leave it empty for no limit.")
    return days


class NameForm(EntryForm):
    """An entry that is just a name: a loss reason, a kind of activity."""

    def __init__(self, row: Any = None, *, what: str) -> None:
        super().__init__(row)
        self.WHAT = what

    def fields(self) -> Iterable[Widget]:
        """The name."""
        yield TextField("name", "Name", self.was("name"), parse=typed.needed("The name"))

    async def write(self, values: dict[str, Any]) -> Saved:
        """Add or rename it."""
        from salestui.usecases import process

        if self.is_new:
            return await self.desk.write(process.add_entry, what=self.WHAT, **values)
        return await self.desk.write(
            process.edit_entry,
            what=self.WHAT,
            entry_id=self._row.id,
            expected_version=self._version,
            **values,
        )
