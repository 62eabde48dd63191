"""The forms of the reference funnel: to keep what is measured, to set one stage by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from salestui.analytics.rendering.wording import UNKNOWN, percent
from salestui.analytics.stages.freezing import to_keep
from salestui.analytics.stages.reference import Funnel
from salestui.errors import Refused
from salestui.screens import typed
from salestui.screens.columns import GAP, laid_out
from salestui.screens.entry_form import EntryForm
from salestui.screens.form import narrow_label
from salestui.screens.setup_reference import StageLine
from salestui.widgets.fields import TextField

if TYPE_CHECKING:
    from salestui.usecases.facts import Saved

_WIDTH = 66
"""Cells that a line has in a narrow form on the narrowest screen."""


class FreezeForm(EntryForm):
    """Keeps `funnel`, which was measured just now, as the next version of its pipeline's reference."""

    WHAT = "reference"

    def __init__(self, funnel: Funnel) -> None:
        super().__init__()
        self._funnel = funnel

    def title_words(self) -> str:
        """Of which pipeline."""
        return f"Keep the reference of {self._funnel.pipeline.name}"

    def fields(self) -> Iterable[Widget]:
        """What would be kept, and why."""
        yield narrow_label("\n".join(self._lines()))
        yield TextField("notes", "Why it is kept")

    def _lines(self) -> Iterable[str]:
        texts: list[tuple[str, ...]] = [("Stage", "Goes on", "Lost", "Won at last", "Of")]
        for stage in self._funnel.pipeline.before_sale:
            figures = self._funnel.figures[stage.id]
            shares = (figures.forward, figures.lost, figures.win)
            told = (UNKNOWN if each is None else percent(each) for each in shares)
            of = "template" if figures.decided is None else f"{figures.decided:,} decided"
            texts.append((stage.name, *told, of))
        yield f"Measured {self._funnel.period.label}; periods are compared with it from now on."
        yield from (GAP.join(row) for row in laid_out(texts, (False, *[True] * 4), _WIDTH))

    async def write(self, values: dict[str, Any]) -> Saved:
        """Keep it. Raises `Refused` where nothing could be measured."""
        from salestui.usecases.reference import freeze_reference

        return await self.desk.write(
            freeze_reference,
            pipeline_id=self._funnel.pipeline.id,
            stages=to_keep(self._funnel),
            first_on=self._funnel.period.first,
            last_on=self._funnel.period.last,
            **values,
        )


class ReferenceStageForm(EntryForm):
    """One stage set by hand: the next version has the others as they are."""

    WHAT = "reference stage"

    def __init__(self, row: StageLine, *, pipeline: str) -> None:
        super().__init__(row)
        self._pipeline = pipeline

    def title_words(self) -> str:
        """Which stage of which pipeline."""
        return f"Reference of {self._row.name} of {self._pipeline}"

    def fields(self) -> Iterable[Widget]:
        """Shares, days, value."""
        code = self._row.currency

        def share(name: str, label: str, parse: Any = typed.hundredths) -> TextField:
            return TextField(name, label, typed.shown_percent(self.was(name)), parse=parse)

        yield share("forward_bp", "Goes on, percent of the decided deals", _needed)
        yield share("lost_bp", "Lost here, percent of the decided deals")
        yield share("win_bp", "Won at last, percent of those that enter")
        days = self.was("median_days")
        yield TextField("median_days", "Days after which half have left",
                        "" if days is None else str(days), parse=typed.number)  # fmt: skip
        yield TextField("value_minor", f"Mean amount of the winners, {code}",
                        typed.shown_money(self.was("value_minor"), code),
                        parse=typed.money(lambda: code))  # fmt: skip

    async def write(self, values: dict[str, Any]) -> Saved:
        """Set it: a template is kept as the next version."""
        from salestui.usecases.reference import set_reference

        if values.get("value_minor") is not None:
            values["currency"] = self._row.currency
        return await self.desk.write(
            set_reference, pipeline_id=self._row.pipeline_id, stage_id=self._row.id, **values
        )


def _needed(text: str) -> int:
    points = typed.hundredths(text)
    if points is None:
        raise Refused("Say how many go on, in percent: 60, 62.5.")
    return points
