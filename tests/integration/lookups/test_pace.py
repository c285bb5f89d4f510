"""A demo lookup's own time: what a clock tells inside and outside of it, and that a clock moved by hand is moved
once.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.lookups.stage import START, Clock, request_for
from webapp.lookups.lifecycle import BY_HAND, REAL_TIME, Lookup
from webapp.lookups.pace import FAST, LookupClock, in_time_of, seconds_since_birth
from webapp.services import Services, build_services
from webapp.settings import load


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    built = build_services(load({"STATE_DIR": str(tmp_path)}), clock=clock, sleep=clock.sleep)
    yield built
    built.engine.dispose()


def begun(services: Services, scenario: str, speed: float) -> Lookup:
    return services.lookups.start(replace(request_for(scenario), speed=speed))


def test_outside_of_any_lookup_it_is_the_plain_clock(clock: Clock) -> None:
    times = LookupClock(clock, clock.sleep)
    clock.sleep(10)
    assert times() == START + 10
    times.sleep(5)
    assert clock() == START + 15


@pytest.mark.parametrize(("speed", "told", "waited"), [(REAL_TIME, 10.0, 5.0), (FAST, 50.0, 1.0), (BY_HAND, 0.0, 0.0)])
def test_inside_it_tells_the_lookups_time(
    services: Services, clock: Clock, speed: float, told: float, waited: float
) -> None:
    lookup, times = begun(services, "never", speed), LookupClock(clock, clock.sleep)
    clock.sleep(10)
    with in_time_of(lookup):
        assert times() == pytest.approx(START + told)
        measured = times.monotonic()
        times.sleep(5)
        assert clock() == pytest.approx(START + 10 + waited)
        assert times() == pytest.approx(START + told + 5)
        assert times.monotonic() - measured >= 5 - waited
    assert times() == clock()


def test_lookups_at_the_same_time_keep_their_own(services: Services, clock: Clock) -> None:
    halted = begun(services, "never", BY_HAND)
    other = services.lookups.start(replace(request_for("never", submit_key="second"), speed=FAST))
    clock.sleep(2)
    assert services.lookups.now(halted) == START
    assert services.lookups.now(other) == START + 10


def test_next_pressed_by_many_at_once_moves_the_clock_once(services: Services) -> None:
    lookup = services.lookups.step(begun(services, "never", BY_HAND))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(services.lookups.step, [lookup] * 8))
    stored = services.lookups.find(lookup.id, lookup.viewer)
    assert stored is not None
    assert stored.stepped == 2.0
    assert [call.call.operation for call in services.calls.of_lookup(lookup.id)] == ["create", "status", "status"]


def test_next_does_not_run_over_a_poll_in_flight(services: Services) -> None:
    lookup = replace(begun(services, "never", BY_HAND), claimed_at=START, next_poll_at=START + 20)
    assert services.lookups.step(lookup) is lookup


@pytest.mark.parametrize("speed", [REAL_TIME, FAST])
def test_next_is_only_for_clocks_moved_by_hand(services: Services, speed: float) -> None:
    lookup = begun(services, "never", speed)
    assert services.lookups.step(lookup) is lookup


def test_the_recorded_calls_stand_at_the_moments_of_the_lookups_time(services: Services) -> None:
    lookup = begun(services, "never", BY_HAND)
    for _ in range(4):
        lookup = services.lookups.step(lookup)
    moments = [round(call.call.started_at - START, 1) for call in services.calls.of_lookup(lookup.id)]
    assert moments == [0.0, 0.0, 2.0, 4.0, 6.0]


def test_a_call_that_hangs_takes_its_seconds_from_the_halted_clock(services: Services, clock: Clock) -> None:
    lookup = begun(services, "timeout", BY_HAND)
    for _ in range(2):
        lookup = services.lookups.step(lookup)
    assert clock() == START
    assert services.lookups.now(lookup) == START + 8
    assert services.calls.of_lookup(lookup.id)[-1].call.milliseconds >= 6_000


def test_a_moment_is_reached_for_certain() -> None:
    lookup = Lookup("id", "viewer", "key", "DEMO", request_for("never").address, None, created_at=START + 0.1)
    for moment in (START + 0.1, START + 2.1, START + 6.6 + 1e-7, START + 1 / 3):
        stepped = seconds_since_birth(lookup, moment)
        with in_time_of(replace(lookup, speed=BY_HAND, stepped=stepped)):
            assert moment <= LookupClock(lambda: START)() < moment + 0.0011 or moment < lookup.created_at + stepped
