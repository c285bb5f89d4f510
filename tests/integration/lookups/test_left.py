"""A lookup that nobody watches is finished when it is next read: with one or two calls, and without seconds that nobody
has measured.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.integration.lookups.stage import START, Clock, Stage, request_for
from webapp.lookups.lifecycle import Lookup, Outcome, State
from webapp.pages.progress import steps
from webapp.simulator import SCENARIOS, create_app

LEFT_AT = {
    "after the create": ("normal", State.GEOCODING),
    "when the address is matched": ("normal", State.INTERNET),
    "when providers show": ("late-plans", State.PLANS),
}
REOPENED = {"10 s": 10.0, "60 s": 60.0, "10 min": 600.0, "session gone": 3600.0}


def left(stage: Stage, stage_name: str) -> Lookup:
    scenario, state = LEFT_AT[stage_name]
    lookup = stage.watch(stage.start(scenario), until=lambda lookup: lookup.state is state)
    assert lookup.state is state
    return lookup


@pytest.mark.parametrize("after", REOPENED)
@pytest.mark.parametrize("stage_name", LEFT_AT)
def test_it_is_finished_with_one_or_two_calls(stage: Stage, stage_name: str, after: str) -> None:
    lookup = left(stage, stage_name)
    known = [step.seconds for step in steps(lookup, stage.clock.now) if step.status == "done"]
    before = len(stage.calls)
    stage.clock.sleep(REOPENED[after])
    ended = stage.watch(stage.service.refresh(lookup))
    assert 1 <= len(stage.calls) - before <= 2
    has_list = after != "session gone" or stage_name == "when providers show"
    assert ended.outcome is (Outcome.SERVED if has_list else Outcome.EXPIRED)
    if after != "session gone":
        assert ended.plan_count > 0
    shown = [step.seconds for step in steps(ended, stage.clock.now)]
    assert shown == known + [None] * (3 - len(known)), "what was found on reading came at a time that nobody knows"
    asked_at = {call.started_at for call in stage.calls}
    moments = {ended.geocoded_at, ended.providers_at, ended.finished_at} - {None}
    assert moments <= asked_at, "times are those of answers"


def test_a_page_that_asks_on_time_keeps_its_seconds(stage: Stage) -> None:
    lookup = stage.start("fast")
    while lookup.next_poll_at is not None and lookup.being_asked:
        stage.clock.now = lookup.next_poll_at + 3.0
        lookup = stage.service.refresh(lookup)
    assert lookup.left_at is None
    assert None not in [step.seconds for step in steps(lookup, stage.clock.now)]


def test_a_search_that_has_not_ended_after_minutes_is_said_to_be_unknown(stage: Stage) -> None:
    lookup = stage.refresh_when_due(stage.start("never"))
    before = len(stage.calls)
    stage.clock.sleep(300)
    ended = stage.watch(stage.service.refresh(lookup))
    assert (ended.outcome, len(stage.calls) - before) == (Outcome.STILL_UNKNOWN, 1)


@pytest.mark.parametrize(("ready_at", "found_at", "seconds"), [(60.0, 90.0, None), (92.0, 95.5, 95.5)])
def test_only_what_the_first_answer_after_a_pause_tells_has_no_seconds(
    sqlite_url: str, ready_at: float, found_at: float, seconds: float | None
) -> None:
    slow = replace(SCENARIOS["slow"], number=200, key="very-slow", internet_at=ready_at)
    clock = Clock()
    app = create_app(clock=clock, sleep=clock.sleep, rate_limit=100_000, more_scenarios=[slow])
    stage = Stage(sqlite_url, clock=clock, upstream=app)
    request = replace(request_for("normal"), campaign_id=f"scenario:{slow.key}")
    paused = stage.watch(stage.service.start(request).lookup)
    clock.now = START + 90
    ended = stage.watch(stage.service.resume(paused))
    assert ended.providers_at == START + found_at
    address, providers, plans = steps(ended, clock.now)
    assert address.seconds == 2
    assert providers.seconds == plans.seconds == seconds
    stage.close()


def test_a_page_opened_late_does_not_count_the_seconds_of_a_search_that_nobody_made(stage: Stage) -> None:
    lookup = stage.refresh_when_due(stage.start("never"))
    assert steps(lookup, stage.clock.now + 3)[1].seconds == pytest.approx(5)
    assert steps(lookup, stage.clock.now + 600)[1].seconds is None
