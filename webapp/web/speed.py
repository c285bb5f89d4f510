"""How fast the demo's simulated clock runs: chosen per browser, for the lookups started afterwards. Real answers take
their own time.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import session

from webapp.lookups.lifecycle import BY_HAND, REAL_TIME
from webapp.lookups.pace import FAST
from webapp.web.context import services

_KEY = "speed"


@dataclass(frozen=True, slots=True)
class Speed:
    """One choice; `factor` is how many simulated seconds pass in one of ours."""

    key: str
    factor: float
    title: str
    line: str


CHOICES = (
    Speed("real", REAL_TIME, "Real time", "As long as Hum would take."),
    Speed("fast", FAST, "Fast", "Five simulated seconds pass in one."),
    Speed(
        "step",
        BY_HAND,
        "Step by step",
        "The simulated clock stands still until you press Next on a lookup's page; each step asks once.",
    ),
)
_BY_KEY = {choice.key: choice for choice in CHOICES}


def chosen() -> Speed:
    """This browser's choice; real time outside the demo."""
    return _BY_KEY.get(str(session.get(_KEY)), CHOICES[0]) if services().settings.demo else CHOICES[0]


def choose(key: str) -> None:
    """Remembers a choice; an unknown one changes nothing."""
    if key in _BY_KEY:
        session[_KEY] = key


def of(factor: float) -> Speed:
    """The choice that a lookup was started with."""
    return next((choice for choice in CHOICES if choice.factor == factor), CHOICES[0])
