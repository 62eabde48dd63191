"""Where stages are dated and differ, a deal's stage tells more than its age."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from salestui.analytics.events import Events, StageOf
from salestui.analytics.forecast.probability import chances, prove, won_in
from salestui.analytics.forecast.staged import open_chances, stage_model
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


def test_deals_are_priced_by_the_stage_they_are_in(study: Study) -> None:
    window = Window(DAY - 20, DAY - 19, DAY + 10)
    known = study.ledger.known_on(window.day)
    priced = chances(study, window.day)
    stage, within = known.stage[priced.row], won_in(study, window, priced.odds)
    assert within[stage == 1].mean() > 2 * within[stage == 0].mean()
    by_age = study.by_age(window, study.gate(window.day).season, "count")
    assert within.sum() == pytest.approx(by_age.open, rel=0.25)


def test_a_later_window_is_what_is_left_of_both(study: Study) -> None:
    day = DAY - 60
    _, deals = study.deals(day)
    mine = deals.where(deals.is_open)
    near, far, both = (
        open_chances(study, mine, window, 1)
        for window in (
            Window(day, day + 1, day + 20),
            Window(day, day + 21, day + 50),
            Window(day, day + 1, day + 50),
        )
    )
    assert len(both) and (near + far).tolist() == pytest.approx(both.tolist())
    seasonal = open_chances(study, mine, Window(day, day + 1, day + 50), 3)
    assert seasonal.sum() == pytest.approx(both.sum(), rel=0.3)


def test_a_factor_counts_for_what_stages_do_not_tell_already(study: Study) -> None:
    """The owner of an offer is another than that of an enquiry: once the stage is known that is nothing."""
    events = study.events
    handed = replace(events, owner=events.stage, names=replace(events.names, owners=["u", "v"]))
    assert prove(Study(handed, "EUR"), DAY, origins=6).kept == ()


def test_without_stage_dates_there_is_no_stage_model() -> None:
    lines = [Line(i, i + 20, "won") for i in range(100)]
    study = Study(make_events(lines), "EUR")
    assert stage_model(study, START + 110) is None
    assert stage_model(Study(make_events([]), "EUR"), START) is None
    assert prove(study, START + 200).kept == ()
