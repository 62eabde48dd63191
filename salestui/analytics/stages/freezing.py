"""What is measured of a pipeline's stages, as a version of its reference keeps it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from salestui.analytics.scope import ask
from salestui.analytics.stages.reference import Figures, Funnel
from salestui.analytics.stages.reference_report import funnels_of
from salestui.errors import Refused
from salestui.store.reader import Reader

if TYPE_CHECKING:
    from salestui.usecases.reference import StageFigures


def measured_now(reader: Reader, pipeline: str, day: date) -> Funnel:
    """What a pipeline's stages did in the 12 months before the month of `day`, whatever was kept."""
    scope = ask(reader, pipeline=pipeline, as_of=day)
    return next(iter(funnels_of(reader, scope, is_measured=True)))


def to_keep(funnel: Funnel) -> list[StageFigures]:
    """The stages as a version keeps them. Raises `Refused` where none was measured."""
    if all(figures.decided is None for figures in funnel.figures.values()):
        raise Refused(
            f"Too little was decided in {funnel.pipeline.name} to be measured: set a template with "
            "'salestui reference set', or e on a stage in the list of references (F2)."
        )
    return [_kept(figures, funnel.pipeline.currency) for figures in funnel.figures.values()]


def _kept(figures: Figures, currency: str) -> StageFigures:
    """One stage; of the values that of one currency."""
    from salestui.usecases.reference import WHOLE, StageFigures

    def share(each: float | None) -> int | None:
        return None if each is None else round(WHOLE * each)

    def whole(days: Any) -> int | None:
        return days if isinstance(days, int) else None

    forward = share(figures.forward) or 0
    lost = share(figures.lost)
    code = currency if currency in figures.values else next(iter(sorted(figures.values)), currency)
    return StageFigures(
        figures.stage_id,
        forward,
        lost_bp=None if lost is None else min(lost, WHOLE - forward),
        win_bp=share(figures.win),
        entered=figures.decided,
        quarter_days=whole(figures.quarter_days),
        median_days=whole(figures.median_days),
        three_quarter_days=whole(figures.three_quarter_days),
        value_minor=figures.values.get(code),
        currency=code,
    )
