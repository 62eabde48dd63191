"""Everything the Funnel screen shows of one scope, each fact read once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from salestui.analytics.facts import closed, reached
from salestui.analytics.groups import GROUPS, labels
from salestui.analytics.hindsight import hindsight
from salestui.analytics.passages import tallies
from salestui.analytics.past import known_on
from salestui.analytics.pipelines import Pipeline, read_pipelines
from salestui.analytics.report import Report
from salestui.analytics.scope import Scope
from salestui.analytics.selling import winning
from salestui.analytics.stages import conversion, funnel, losses
from salestui.analytics.wish import Wish, scope_of
from salestui.store.reader import Reader


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The funnel of one scope, which is read before the rest."""

    scope: Scope
    pipelines: tuple[Pipeline, ...]
    funnel: Report


@dataclass(frozen=True, slots=True)
class Overview(FirstLook):
    """The reports of one scope. `is_empty`: the store holds no deal at all."""

    conversion: Report
    win_rate: Report
    losses: Report
    is_empty: bool


def overview(
    reader: Reader,
    scope: Scope,
    pipelines: tuple[Pipeline, ...] | None = None,
    show: Callable[[FirstLook], None] | None = None,
) -> Overview:
    """The Funnel screen's reports, as known at the end of the scope's day.

    `show` is given the funnel before the rest is read, if there is anything in it.
    """
    if pipelines is None:
        pipelines = read_pipelines(reader)
    live = tuple(pipeline for pipeline in pipelines if pipeline.is_live)
    warning = hindsight(reader, scope)
    with known_on(reader, scope.as_of) as then:
        cohort = funnel.build(scope, pipelines, reached(then, scope)).warned(warning)
        if show is not None and cohort.n:
            show(FirstLook(scope, live, cohort))
        passed = tallies(then, scope)
        ended = closed(then, scope, stage_ids=winning.stages_of(pipelines, scope))
    reasons = labels(reader, GROUPS["reason"])
    return Overview(
        scope=scope,
        pipelines=live,
        funnel=cohort,
        conversion=conversion.build(scope, pipelines, passed),
        win_rate=winning.build(scope, pipelines, ended),
        losses=losses.build(scope, pipelines, ended, lambda fact: reasons(fact.reason_id)),
        is_empty=not cohort.n and not ended and _is_empty(reader),
    )


def _is_empty(reader: Reader) -> bool:
    return reader.row("SELECT 1 FROM deal WHERE deleted_at IS NULL LIMIT 1") is None


def look(reader: Reader, wish: Wish, show: Callable[[FirstLook], None] | None = None) -> Overview:
    """The overview that is wished for: of one pipeline, where there are several."""
    pipelines = read_pipelines(reader)
    scope = scope_of(reader, wish)
    live = [pipeline for pipeline in pipelines if pipeline.is_live]
    if len(live) > 1:
        chosen = live[wish.place % len(live)]
        words = {"pipeline": chosen.name, **scope.words}
        scope = replace(scope, pipeline_id=chosen.id, words=words)
    return overview(reader, scope, pipelines, show)
