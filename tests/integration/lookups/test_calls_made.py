"""What a lookup costs in calls to Hum: as few when a hundred people watch it as when one does."""

from __future__ import annotations

from statistics import mean

import pytest

from tests.integration.lookups.stage import Stage
from tests.integration.lookups.test_scenarios import SERVED_SCENARIOS
from tests.sweeps import few
from webapp.simulator import SCENARIOS

MOST_CALLS, MOST_CALLS_OF_SLOW, MOST_ON_AVERAGE = 6, 7, 5.5
CORE = [key for key in SERVED_SCENARIOS.split() if not SCENARIOS[key].extra]


def calls_of(stage: Stage, scenario: str, viewers: int) -> int:
    """The calls that a scenario costs when so many people watch it, who all ask at the same moments."""
    before = len(stage.calls)
    watched = [stage.start(scenario, submit_key=f"{scenario} {viewers}")] * viewers
    while watched[0].being_asked:
        watched = [stage.refresh_when_due(seen) for seen in watched]
    assert watched[0].provider_count
    stage.clock.sleep(60.0)
    return len(stage.calls) - before


@pytest.mark.parametrize(
    "scenario", few(SERVED_SCENARIOS.split(), ["fast", "slow", "late-plans", "rate-limited", "instant"])
)
def test_a_lookup_that_ends_with_a_list_costs_few_calls_however_many_watch(stage: Stage, scenario: str) -> None:
    most = MOST_CALLS_OF_SLOW if scenario == "slow" else MOST_CALLS
    alone = calls_of(stage, scenario, viewers=1)
    assert alone <= most
    assert calls_of(stage, scenario, viewers=100) == alone


def test_the_lookups_that_end_with_a_list_cost_few_calls_on_average(stage: Stage) -> None:
    assert mean([calls_of(stage, scenario, viewers=1) for scenario in CORE]) <= MOST_ON_AVERAGE
