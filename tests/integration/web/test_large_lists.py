"""A list of sixty providers with sixty plans each must not stop the other requests of its worker."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from tools.bench.large_list import Stretches, play

MOST_CALLS = 90_000
"""Functions entered from one moment at which other requests may run to the next. The longest stretch has 61,000, most
of them comparing the places of a chart's labels, and takes some ten milliseconds.
"""


@pytest.mark.slow("it counts every function that 3,600 plans enter")
@pytest.mark.soak
def test_the_worker_gives_way_throughout_a_poll_that_brings_a_large_list() -> None:
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    stretches = Stretches(lambda: calls)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        play(stretches)
    finally:
        sys.setprofile(before)
    found = stretches.found()
    longest, where = found[0]
    assert longest < MOST_CALLS, f"{longest:,.0f} calls from {where}"
    assert len(found) > 3 * 60 + 20, "three times in reading each provider, and at each row that is drawn"
