"""What a request costs a reader: no more calls of our own code, and no more files, than when this was counted."""

from __future__ import annotations

from tools.trips import measure

MOST = {"submit": (300, 25), "poll that asks Hum": (300, 25), "poll that brings providers": (2_500, 50)}
"""Calls and files."""


def test_a_lookup_s_requests_stay_straight() -> None:
    measured = measure()
    assert measured.keys() == MOST.keys()
    for title, (calls, files) in MOST.items():
        entered = measured[title]
        assert sum(entered.values()) <= calls, f"{title}: python -m tools.trips -v says where they are"
        assert len(entered) <= files, f"{title}: python -m tools.trips -v says where they are"
