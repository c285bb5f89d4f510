"""The demo's scenarios as the picker lists them: by what they show, with more scenarios at the end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import starmap

from webapp.simulator import SCENARIOS, Scenario


@dataclass(frozen=True, slots=True)
class Group:
    """Scenarios under one heading."""

    title: str
    line: str
    scenarios: tuple[Scenario, ...]


_KEYS = (
    (
        "Answers",
        "What Hum can say about an address.",
        "fast instant multiple geocode-failed no-providers internet-failed other-house",
    ),
    ("Waiting", "Answers that take their time.", "accepted-then-ready slow never"),
    (
        "Odd data",
        "Long, old, missing and surprising data.",
        "sixty-providers empty-catalog null-fields range-speeds old-promo object-address",
    ),
    (
        "Errors",
        "What goes wrong, and what the page makes of it.",
        "invalid unauthorized not-found gone-mid-poll rate-limited server-error-once html-error timeout",
    ),
)
_MORE = tuple(scenario for scenario in SCENARIOS.values() if scenario.extra)


def _group(title: str, line: str, keys: str) -> Group:
    return Group(title, line, tuple(map(SCENARIOS.__getitem__, keys.split())))


GROUPS = (
    *starmap(_group, _KEYS),
    Group("More scenarios", "Rarer ways a lookup can go.", _MORE),
)
