"""A lookup whose tab was closed is finished by the worker with one call or two; one that is watched is left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.lookups.stage import Stage
from tests.integration.worker.rows import RowStage
from webapp.lookups.lifecycle import Lookup, Outcome, State
from webapp.lookups.polling import CREATE_LEASE, SESSION_LIFE
from webapp.lookups.unwatched import LEFT_AFTER, UnwatchedLookups

WINDOW = 30.0


@pytest.fixture
def sweep(stage: Stage) -> Callable[[], int]:
    return UnwatchedLookups(stage.store, stage.service, environment="DEMO", clock=stage.clock).finish


@pytest.mark.parametrize("scenario", ["normal", "late-plans", "slow", "multiple"])
def test_it_is_finished_with_one_or_two_calls(stage: Stage, sweep: Callable[[], int], scenario: str) -> None:
    left = stage.start(scenario)
    before = len(stage.calls)
    stage.clock.sleep(WINDOW + LEFT_AFTER + 1)
    assert sweep() == 1
    assert 1 <= len(stage.calls) - before <= 2
    assert not stage.stored(left).being_asked
    assert stage.stored(left).left_at is not None, "when it was found is not known"
    assert sweep() == 0


def test_what_is_watched_or_may_be_is_left_alone(stage: Stage, sweep: Callable[[], int]) -> None:
    watched = stage.start("slow")
    while watched.being_asked and watched.next_poll_at is not None:
        stage.clock.now = watched.next_poll_at + 3.0
        assert sweep() == 0
        watched = stage.service.refresh(watched)


def test_a_search_that_hum_does_not_end_is_said_to_be_unknown(stage: Stage, sweep: Callable[[], int]) -> None:
    left = stage.start("never")
    stage.clock.sleep(WINDOW + LEFT_AFTER + 1)
    sweep()
    assert stage.stored(left).outcome is Outcome.STILL_UNKNOWN


def test_a_session_that_has_ended_is_not_asked_about(stage: Stage, sweep: Callable[[], int]) -> None:
    stage.start("normal")
    stage.clock.sleep(SESSION_LIFE + 1)
    assert sweep() == 0


def test_a_lookup_whose_create_was_killed_is_said_to_be_uncertain_without_a_call(any_rows: RowStage) -> None:
    stage = any_rows.stage
    begun = stage.start("normal")
    now = stage.clock()
    orphan = Lookup(
        "orphan", begun.viewer, "key", "DEMO", begun.address, None, now, window_started_at=now, next_poll_at=now + 30
    )
    stage.store.add(orphan)
    before = len(stage.calls)
    stage.store.delete_unopened(begun)  # has a session, and so stays
    stage.clock.sleep(CREATE_LEASE + LEFT_AFTER + 1)
    UnwatchedLookups(stage.store, stage.service, environment="DEMO", clock=stage.clock).finish()
    assert stage.stored(orphan).state is State.FAILED
    assert stage.stored(begun).state is State.DONE
    assert {call.path for call in stage.calls[before:]} <= {"/sessions/{token}/services/internet", "/sessions/{token}"}


def test_another_environment_is_not_asked_about(stage: Stage) -> None:
    stage.start("normal")
    stage.clock.sleep(WINDOW + LEFT_AFTER + 1)
    live = UnwatchedLookups(stage.store, stage.service, environment="LIVE", clock=stage.clock)
    assert live.finish() == 0
