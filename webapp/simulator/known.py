"""Every scenario that can be named, those of the fault catalogue too: by key, and by the number that tokens hold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from webapp.simulator.faults.table import FAULTS
from webapp.simulator.scenario import Scenario
from webapp.simulator.scenarios import SCENARIOS

BY_KEY: Mapping[str, Scenario] = MappingProxyType({**SCENARIOS, **FAULTS})
BY_NUMBER: Mapping[int, Scenario] = MappingProxyType({scenario.number: scenario for scenario in BY_KEY.values()})
