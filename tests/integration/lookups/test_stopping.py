"""A person's decisions over a lookup: *Stop* and *Keep checking*."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.integration.lookups.stage import START, Stage
from webapp.hum.errors import SessionGone
from webapp.lookups.lifecycle import POLL_WINDOW, Lookup, Outcome, Reason, State


def test_stop_closes_the_session_and_ends_the_lookup(any_stage: Stage) -> None:
    lookup = any_stage.refresh_when_due(any_stage.start("never"))
    stopped = any_stage.service.stop(lookup)

    assert (stopped.state, stopped.reason, stopped.outcome) == (State.FAILED, Reason.STOPPED, Outcome.STOPPED)
    assert stopped.finished_at == any_stage.clock.now
    assert any_stage.stored(lookup) == stopped
    assert any_stage.asked("close") == 1
    with pytest.raises(SessionGone):
        any_stage.hum.get_session(str(lookup.token))


def test_hum_is_not_asked_about_a_stopped_lookup_again(stage: Stage) -> None:
    lookup = stage.refresh_when_due(stage.start("never"))
    stopped = stage.service.stop(lookup)
    asked = len(stage.calls)
    stage.clock.sleep(POLL_WINDOW)
    assert stage.service.refresh(stopped) == stopped
    assert stage.service.refresh(lookup) == stopped, "a tab that still shows the running lookup"
    assert stage.service.resume(stopped) == stopped
    assert stage.service.stop(stopped) == stopped
    assert len(stage.calls) == asked


def test_stop_keeps_providers_that_are_shown(stage: Stage) -> None:
    lookup = stage.watch(stage.start("late-plans"), until=lambda lookup: lookup.provider_count > 0)
    stopped = stage.service.stop(lookup)
    assert (stopped.state, stopped.outcome) == (State.DONE, Outcome.SERVED)
    listed = stage.service.providers(stopped)
    assert listed is not None
    assert len(listed.providers) == lookup.provider_count


def test_stop_fences_out_a_poll_in_flight(any_stage: Stage) -> None:
    lookup = any_stage.start("fast")
    in_flight = any_stage.claim_when_due(lookup)
    stopped = any_stage.service.stop(any_stage.stored(lookup))

    late = replace(in_flight, state=State.INTERNET, next_poll_at=any_stage.clock.now + 2)
    assert not any_stage.store.finish_poll(in_flight, late, None)
    assert any_stage.stored(lookup) == stopped


def test_a_tab_whose_poll_was_under_way_shows_the_stop(stage: Stage) -> None:
    def stop_meanwhile(seconds: float) -> None:
        stage.clock.sleep(seconds)
        stage.wait = stage.clock.sleep
        stage.service.stop(stage.stored(lookup))

    lookup = stage.start("timeout")
    stage.clock.sleep(2)
    stage.wait = stop_meanwhile
    assert stage.service.refresh(lookup).outcome is Outcome.STOPPED
    assert stage.stored(lookup).outcome is Outcome.STOPPED


def test_stop_from_a_page_that_is_a_poll_behind_counts(stage: Stage) -> None:
    shown = stage.start("never")
    stage.refresh_when_due(shown)
    assert stage.service.stop(shown).outcome is Outcome.STOPPED


def test_stop_on_a_finished_lookup_does_nothing(stage: Stage) -> None:
    shown = stage.start("fast")
    ended = stage.watch(shown)
    asked = len(stage.calls)
    assert stage.service.stop(ended) == ended
    assert stage.service.stop(shown) == ended, "also from a page that has not heard of the end"
    assert stage.stored(ended) == ended
    assert len(stage.calls) == asked


def test_stop_holds_where_hum_cannot_be_told(stage: Stage) -> None:
    lookup = stage.start("never")
    stage.outage = "503 Service Unavailable"
    assert stage.service.stop(lookup).outcome is Outcome.STOPPED
    assert stage.stored(lookup).outcome is Outcome.STOPPED


def test_stop_tells_no_other_environment_the_token(stage: Stage) -> None:
    lookup = stage.start("never")
    assert stage.service_for("SANDBOX").stop(lookup).outcome is Outcome.STOPPED
    assert stage.asked("close") == 0


def test_keep_checking_continues_the_same_session(any_stage: Stage) -> None:
    paused = any_stage.watch(any_stage.start("never"))
    assert (paused.outcome, paused.can_resume) == (Outcome.STILL_UNKNOWN, True)
    any_stage.clock.sleep(60)

    resumed = any_stage.service.resume(paused)
    assert resumed.being_asked
    assert resumed.outcome is None
    assert resumed.token == paused.token
    assert resumed.next_poll_at == resumed.window_started_at == any_stage.clock.now
    first_window = any_stage.asked("status")
    again = any_stage.watch(resumed)
    assert again.outcome is Outcome.STILL_UNKNOWN
    assert again.can_resume
    assert any_stage.asked("status") == first_window == 1, "the address is known already"
    assert again.window_polls == 7
    assert any_stage.clock.now - resumed.window_started_at <= POLL_WINDOW
    assert any_stage.asked("create") == 1


def test_keep_checking_finds_what_came_after_the_pause(stage: Stage) -> None:
    lookup = stage.start("slow")
    stage.outage = "502 Bad Gateway"
    paused = stage.watch(lookup)
    assert stage.clock.now - START < 10
    stage.outage = None

    ended = stage.watch(stage.service.resume(paused))
    assert (ended.outcome, ended.reason, ended.failures) == (Outcome.SERVED, None, 0)
    assert stage.clock.now - START >= 25
    assert stage.asked("create") == 1


def test_keep_checking_in_two_tabs_opens_one_window(any_stage: Stage) -> None:
    paused = any_stage.watch(any_stage.start("never"))
    first = any_stage.service.resume(paused)
    polled = any_stage.refresh_when_due(first)
    assert any_stage.service.resume(paused) == polled
    assert any_stage.stored(paused) == polled


def test_keep_checking_leaves_running_and_finished_lookups_alone(stage: Stage) -> None:
    running = stage.start("fast")
    assert stage.service.resume(running) == running
    ended = stage.watch(running)
    assert stage.service.resume(ended) == ended
    assert stage.stored(ended) == ended


def test_keep_checking_too_late_says_expired(stage: Stage) -> None:
    paused = stage.watch(stage.start("never"))
    stage.clock.sleep(31 * 60)
    ended = stage.watch(stage.service.resume(paused))
    assert (ended.state, ended.outcome) == (State.EXPIRED, Outcome.EXPIRED)


def test_stop_ends_a_paused_lookup(stage: Stage) -> None:
    paused: Lookup = stage.watch(stage.start("never"))
    stopped = stage.service.stop(paused)
    assert (stopped.outcome, stopped.can_resume) == (Outcome.STOPPED, False)
    assert stage.asked("close") == 1
