"""A caller that keeps a lookup's time itself says at which moment Hum is asked, and how old the session then is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.lookups.stage import START, Clock, request_for
from webapp.lookups.lifecycle import Lookup, Outcome
from webapp.services import Services, build_services
from webapp.settings import load
from webapp.simulator import AGE_HEADER, SPEED_HEADER


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    built = build_services(load({"STATE_DIR": str(tmp_path)}), clock=clock, sleep=clock.sleep, monotonic=clock)
    yield built
    built.engine.dispose()


def begun(services: Services, scenario: str, **headers: str) -> Lookup:
    return services.lookups.start(replace(request_for(scenario), headers=headers)).lookup


def step(services: Services, lookup: Lookup) -> Lookup:
    """Asks as if the moment of the next poll had come."""
    assert lookup.next_poll_at is not None
    age = {AGE_HEADER: f"{lookup.next_poll_at - lookup.created_at:.3f}"}
    return services.lookups.refresh(lookup, now=lookup.next_poll_at, headers=age)


def test_many_who_ask_for_the_same_moment_ask_once(services: Services) -> None:
    lookup = step(services, begun(services, "never"))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(step, [services] * 8, [lookup] * 8))
    stored = services.lookups.find(lookup.id, lookup.viewer)
    assert stored is not None
    assert stored.answered_at == START + services.lookups.poll_schedule.lists[0]
    assert [call.call.operation for call in services.calls.of_lookup(lookup.id)] == ["create", "status", "internet"]


def test_a_kept_time_ends_as_the_clocks_would_and_leaves_the_clock_alone(services: Services, clock: Clock) -> None:
    lookup = begun(services, "slow")
    while lookup.being_asked:
        lookup = step(services, lookup)
    assert lookup.outcome is Outcome.SERVED
    assert lookup.providers_at is not None
    assert lookup.providers_at - lookup.created_at >= 25
    assert clock() == START


def test_a_kept_time_spends_the_window(services: Services) -> None:
    lookup = begun(services, "never")
    while lookup.being_asked:
        lookup = step(services, lookup)
    assert (lookup.outcome, lookup.answered_at) == (Outcome.STILL_UNKNOWN, START + 30)
    resumed = services.lookups.resume(lookup, now=START + 30)
    assert (resumed.next_poll_at, resumed.window_ends_at) == (START + 30, START + 60)
    assert services.lookups.stop(resumed, now=START + 31).finished_at == START + 31


def test_a_call_that_hangs_takes_its_seconds_from_the_kept_time(services: Services, clock: Clock) -> None:
    lookup = step(services, begun(services, "timeout"))
    assert clock() == START + 6
    assert lookup.next_poll_at == START + 2 + 6 + 2
    assert services.calls.of_lookup(lookup.id)[-1].call.milliseconds == 6_000


def test_the_clock_goes_on_where_it_is_no_longer_kept(services: Services, clock: Clock) -> None:
    lookup = step(services, step(services, begun(services, "fast")))
    assert services.lookups.refresh(lookup) is lookup
    clock.sleep(5)
    while lookup.being_asked:
        assert lookup.next_poll_at is not None
        clock.now = max(clock.now, lookup.next_poll_at)
        lookup = services.lookups.refresh(lookup)
    assert lookup.outcome is Outcome.SERVED


def test_a_fast_session_passes_five_seconds_in_one_for_every_viewer(services: Services, clock: Clock) -> None:
    lookup = begun(services, "slow", **{SPEED_HEADER: "5"})
    while lookup.being_asked:
        assert lookup.next_poll_at is not None
        clock.now = max(clock.now, lookup.next_poll_at)
        lookup = services.lookups.refresh(lookup)
    assert lookup.outcome is Outcome.SERVED
    assert lookup.providers_at is not None
    assert 5 <= lookup.providers_at - lookup.created_at < 9
