"""Where stages are dated and differ, a deal's stage tells more than its age."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from salestui.analytics.events import Events, StageOf
from salestui.analytics.forecast.probability import STAGE, chances, prove
from salestui.analytics.forecast.staged import stage_chances, stage_model
from salestui.analytics.forecast.study import Study, Window
from tests.analytics.forecast.past import START, Line, make_events

DAY = START + 400
NEVER_LEFT = 10**6


def two_stages(seed: int = 1) -> Events:
    """Half the deals come to an offer after some days; from there most are won, of the others none."""
    random, lines, offers = np.random.default_rng(seed), [], []
    for created in np.sort(random.integers(0, 400, 3000)).tolist():
        offered = created + int(random.geometric(0.05)) if random.random() < 0.5 else NEVER_LEFT
        begun = min(offered, created + 20)
        ended = begun + int(random.geometric(0.06))
        outcome = "won" if offered < NEVER_LEFT and random.random() < 0.8 else "lost"
        lines.append(Line(created, max(ended, offered if offered < NEVER_LEFT else 0) + 1, outcome))
        offers.append(offered)
    events = make_events(lines)
    days = np.array(offers)[events.deal] + START
    stage = np.where(events.day >= days, 1, 0).astype(np.int32)
    # A row for the move itself, between creation and end.
    is_first = np.ones(len(stage), bool)
    is_first[1:] = events.deal[1:] != events.deal[:-1]
    at = np.flatnonzero(is_first & (days < START + NEVER_LEFT))
    parts = {
        name: np.insert(getattr(events, name), at + 1, getattr(events, name)[at])
        for name in (
            "deal", "day", "recorded", "voided", "outcome", "owner", "amount", "currency",
            "expected", "category", "reason", "competitor",
        )
    }  # fmt: skip
    moved = at + 1 + np.arange(len(at))
    parts["day"][moved] = parts["recorded"][moved] = days[at]
    parts["stage"] = np.insert(stage, at + 1, 1).astype(np.int32)
    both = (StageOf("s", "p", 1, "sale", 30), StageOf("t", "p", 2, "sale", 60))
    return replace(events, names=replace(events.names, stages=both), **parts)


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(two_stages(), "EUR")


def test_the_stage_model_is_kept_where_it_is_better(study: Study) -> None:
    found = prove(study, DAY, origins=6)
    assert STAGE in found.kept
    window = Window(DAY - 20, DAY - 19, DAY + 10)
    known = study.ledger.known_on(window.day)
    by_stage = chances(study, window, (STAGE,))
    stage = known.stage[by_stage.row]
    assert by_stage.within[stage == 1].mean() > 2 * by_stage.within[stage == 0].mean()
    plain = chances(study, window)
    assert by_stage.within.sum() == pytest.approx(plain.within.sum(), rel=0.25)


def test_a_later_window_is_what_is_left_of_both(study: Study) -> None:
    day = DAY - 60
    model = stage_model(study, day)
    assert model is not None
    near, far, both = (
        stage_chances(study, model, window, 1)
        for window in (
            Window(day, day + 1, day + 20),
            Window(day, day + 21, day + 50),
            Window(day, day + 1, day + 50),
        )
    )
    is_open = ~np.isnan(both)
    assert is_open.any() and (near + far)[is_open].tolist() == pytest.approx(both[is_open].tolist())
    seasonal = stage_chances(study, model, Window(day, day + 1, day + 50), 3)[is_open]
    assert seasonal.sum() == pytest.approx(both[is_open].sum(), rel=0.3)


def test_without_stage_dates_there_is_no_stage_model() -> None:
    lines = [Line(i, i + 20, "won") for i in range(100)]
    study = Study(make_events(lines), "EUR")
    assert stage_model(study, START + 110) is None
    assert stage_model(Study(make_events([]), "EUR"), START) is None
    assert STAGE not in prove(study, START + 200).kept
