"""The parts as the app wires them: without a key everything works, and any worker can go on where another one began."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.lookups.stage import Clock, request_for
from webapp.addresses.address import clean, faults
from webapp.lookups.lifecycle import Outcome
from webapp.services import Services, build_services
from webapp.settings import load

KEY = {"HUM_API_KEY": "hum-key-0123456789"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workers(tmp_path: Path, clock: Clock) -> Iterator[list[Services]]:
    """Two workers of one installation without a key, each with a simulator of its own."""
    settings = load({"STATE_DIR": str(tmp_path), "POLL_INTERVAL": "0.5"})
    built = [build_services(settings, clock=clock) for _ in range(2)]
    yield built
    for services in built:
        services.engine.dispose()


def test_two_workers_take_turns_with_one_lookup(workers: list[Services], clock: Clock) -> None:
    lookup = workers[0].lookups.start(request_for("fast")).lookup
    assert lookup.environment == "DEMO"
    turn = 0
    while lookup.being_asked:
        turn += 1
        assert lookup.next_poll_at is not None
        clock.now = max(clock.now, lookup.next_poll_at)
        lookup = workers[turn % 2].lookups.refresh(lookup)
    assert turn > 1
    assert lookup.outcome is Outcome.SERVED
    assert workers[0].lookups.providers(lookup) == workers[1].lookups.providers(lookup) is not None


def test_the_poll_interval_is_the_one_that_is_set(workers: list[Services], clock: Clock) -> None:
    lookup = workers[0].lookups.refresh(workers[0].lookups.start(request_for("fast")).lookup)
    assert lookup.next_poll_at == clock.now + 0.5


def test_everything_goes_by_the_clock_that_was_given(workers: list[Services], clock: Clock) -> None:
    lookup = workers[0].lookups.start(request_for("fast")).lookup
    clock.sleep(10)
    assert (lookup.created_at, workers[1].clock()) == (clock.now - 10, clock.now)


def test_examples_are_legal_addresses_and_only_in_the_demo(workers: list[Services], tmp_path: Path) -> None:
    examples = workers[0].examples()
    assert examples
    for scenario in examples:
        assert workers[0].example_address(scenario.key) == scenario.address
        assert faults(clean(scenario.address)) == ()
    assert workers[0].example_address("no-such-scenario") == {}

    live = build_services(load({"STATE_DIR": str(tmp_path), "HUM_API_URL": "production", **KEY}))
    assert (live.examples(), live.example_address(examples[0].key)) == ((), {})
    assert live.hum.base_url == "https://api.letshum.com"
    live.engine.dispose()
