"""What one simulator app holds: its clock, its key, its limits, its scenarios, and what it remembers of sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from webapp.simulator.memory import Calls, RateLimit, Sessions
from webapp.simulator.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Simulator:
    """Reached as `app.extensions["simulator"]`."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]
    api_key: str | None
    rate_limit: RateLimit
    secret: bytes
    scenarios: Mapping[str, Scenario]
    calls: Calls = field(default_factory=Calls)
    sessions: Sessions = field(default_factory=Sessions)

    def counts(self) -> dict[str, int]:
        """Requests seen by operation: create, status, internet, close, ping, coverage, blocks, openapi; refused ones
        too.
        """
        return self.calls.counts()

    def numbered(self, number: int) -> Scenario | None:
        """The scenario of this number; None where there is none, or where it is a fault and faults are switched off."""
        for scenario in self.scenarios.values():
            if scenario.number == number:
                return scenario
        return None

    def reset(self) -> None:
        """Count from zero again."""
        self.calls.reset()


def simulator() -> Simulator:
    """The simulator of the current app."""
    return cast(Simulator, current_app.extensions["simulator"])
