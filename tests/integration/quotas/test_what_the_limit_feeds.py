"""How many lookups Hum's limit of 100 calls a minute feeds, with the quotas as they are; and what a lookup is reckoned
at.
"""

from __future__ import annotations

import math
from statistics import mean

import pytest

from tools.bench import thrift
from webapp.lookups.lifecycle import PollSchedule
from webapp.quotas.fair_share import CALLS_PER_LOOKUP

MOST_CALLS, MOST_LAG = 4.7, 1.8
USUAL = (4.0, 15.0)
"""Seconds in which providers usually come."""


def test_a_lookup_is_reckoned_at_the_mean_of_its_schedule() -> None:
    trips = thrift.measure(thrift.list_alone, PollSchedule(), USUAL)
    calls = mean(trip.calls for trip in trips)
    assert calls <= MOST_CALLS
    assert mean(trip.lag for trip in trips if trip.lag is not None) <= MOST_LAG
    assert all(trip.lag is not None for trip in trips)
    assert math.ceil(calls) == CALLS_PER_LOOKUP


@pytest.mark.soak
def test_a_window_of_a_hundred_calls_finishes_seventeen_lookups() -> None:
    assert thrift.finished_in_a_window() >= 17


@pytest.mark.parametrize("people", [1, 18])
def test_lookups_started_at_once_are_all_finished_within_the_window(people: int) -> None:
    seconds = thrift.seconds_until_all_are_finished(people)
    assert len(seconds) == people
    assert max(seconds) < 65
