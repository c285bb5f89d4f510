"""Who serves a state: asked of Hum once a day for each state and environment; a failure keeps what is there."""

from __future__ import annotations

import pytest

from tests.integration.lookups.stage import START, Stage
from webapp.addresses.address import Address
from webapp.hum.errors import Unavailable
from webapp.lookups.state_coverage import KEPT_FOR, CoverageStore, StateCoverages, state_name, state_of


def coverages_of(stage: Stage, environment: str = "DEMO") -> StateCoverages:
    return StateCoverages(CoverageStore(stage.engine), stage.hum, environment=environment, clock=stage.clock)


@pytest.mark.parametrize(
    ("address", "state"),
    [
        (Address("1 Main St", state="MI", city="Detroit"), "MI"),
        (Address("1 Main St", state="OH", zip="48226"), "OH"),
        (Address("1 Main St", zip="48226-3437"), "MI"),
        (Address("1600 Pennsylvania Ave NW", zip="20500"), "DC"),
        (Address("1 Main St", zip="00000"), None),
        (Address("1 Main St"), None),
    ],
)
def test_the_state_is_the_typed_one_else_that_of_the_zip(address: Address, state: str | None) -> None:
    assert state_of(address) == state


@pytest.mark.parametrize(
    ("state", "name"), [("MI", "Michigan"), ("PR", "Puerto Rico"), ("DC", "District of Columbia"), ("ZZ", "ZZ")]
)
def test_a_state_is_called_by_its_name(state: str, name: str) -> None:
    assert state_name(state) == name


def test_one_call_serves_all_viewers_for_a_day(any_stage: Stage) -> None:
    coverages = coverages_of(any_stage)
    assert coverages.find("MI") is None
    asked = coverages.ask("MI")
    assert "Rocket Fiber" in [provider.name for provider in asked.providers.providers]
    assert (asked.state, asked.fetched_at, asked.data_set) == ("MI", START, "25041808")
    any_stage.clock.sleep(KEPT_FOR)
    assert coverages.find("MI") == coverages.ask("MI") == asked
    assert any_stage.asked("coverage") == 1
    any_stage.clock.sleep(1)
    assert coverages.find("MI") is None
    assert coverages.ask("MI").fetched_at == any_stage.clock.now
    assert any_stage.asked("coverage") == 2


def test_states_and_environments_have_lists_of_their_own(any_stage: Stage) -> None:
    michigan, puerto_rico = coverages_of(any_stage).ask("MI"), coverages_of(any_stage).ask("PR")
    assert michigan.providers != puerto_rico.providers
    assert coverages_of(any_stage, "SANDBOX").find("MI") is None
    assert coverages_of(any_stage).find("MI") == michigan


def test_a_failure_is_told_and_stores_nothing(stage: Stage) -> None:
    stage.outage = "503 Service Unavailable"
    with pytest.raises(Unavailable):
        coverages_of(stage).ask("MI")
    assert coverages_of(stage).find("MI") is None
    stage.outage = None
    assert coverages_of(stage).ask("MI").providers.providers
