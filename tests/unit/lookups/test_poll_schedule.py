"""When Hum is asked: never more often than it advises, whatever fails; the wait that a 429 names is always bounded."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from webapp.lookups.lifecycle import PollSchedule
from webapp.upstream.limits import stated_wait

NOW = 1_763_800_000.0
PLAN = PollSchedule()
Upcoming = Callable[[float, int], float | None]


def times(upcoming: Upcoming, elapsed: float = 0.0, polls: int = 0, latency: float = 0.0) -> list[float]:
    """When each poll is sent, when its answer takes `latency`."""
    sent: list[float] = []
    while (due := upcoming(elapsed, polls + len(sent))) is not None:
        sent.append(due)
        elapsed = due + latency
    return sent


def test_the_status_is_asked_for_every_two_seconds_then_ever_later_and_at_the_end() -> None:
    assert times(PLAN.next_status) == pytest.approx([2, 4, 6, 8, 10.8, 14.72, 20.208, 27.8912, 30])


def test_the_list_is_asked_for_when_it_is_likely_to_be_there_and_at_the_end() -> None:
    assert times(PLAN.next_list, elapsed=2.0, polls=1) == [*PLAN.lists, 30]
    assert times(PLAN.next_list, elapsed=9.0, polls=4) == [time for time in (*PLAN.lists, 30.0) if time >= 10]


@pytest.mark.parametrize("upcoming", [PLAN.next_status, PLAN.next_list])
@given(st.floats(0, 40), st.integers(0, 12), st.floats(0, 8))
def test_at_most_nine_polls_never_hurried_and_the_last_at_the_end_of_the_window(
    upcoming: Upcoming, elapsed: float, polls: int, latency: float
) -> None:
    sent = times(upcoming, elapsed, polls, latency)
    assert len(sent) <= max(0, 9 - polls)
    assert not sent or sent[0] - elapsed >= 1 or sent[0] == 30, "a second after an answer, or at the end"
    assert all(later - earlier >= 2 for earlier, later in pairwise(sent))
    assert not sent or sent[-1] == 30 or sent[-1] + latency >= 30


def test_the_ninth_poll_is_kept_for_the_end() -> None:
    assert PLAN.next_list(6.0, 7) == PLAN.lists[1]
    assert PLAN.next_list(6.0, 8) == PLAN.next_status(3.0, 8) == 30


def test_a_window_that_is_over_has_no_next_poll() -> None:
    assert PLAN.next_status(30.0, 3) is PLAN.next_list(30.0, 3) is None
    assert PLAN.next_status(12.0, 9) is PLAN.next_list(12.0, 9) is None


def test_another_interval_moves_the_status_polls() -> None:
    assert PollSchedule(interval=3.0).statuses[:3] == (3, 6, 9)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"X-RateLimit-Reset": str(int(NOW) + 3)}, 3),
        ({"x-ratelimit-reset": f"{NOW + 2.5}"}, 2.5),
        ({"X-RateLimit-Reset": str(int(NOW) + 600)}, 60),
        ({"X-RateLimit-Reset": str(int(NOW) - 10)}, None),
        ({"X-RateLimit-Reset": str(int(NOW) * 1000)}, None),
        ({"X-RateLimit-Reset": "soon"}, None),
        ({"X-RateLimit-Reset": "9" * 400}, None),
        ({"X-RateLimit-Reset": "-5"}, None),
        ({"Retry-After": "7", "X-RateLimit-Reset": str(int(NOW) + 30)}, 7),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": " 7\x1f"}, 7),
        ({"Retry-After": "100000"}, 60),
        ({"Retry-After": "Sat, 22 Nov 2025 08:26:50 GMT"}, 10),
        ({"Retry-After": "Sat, 22 Nov 2014 08:26:50 GMT", "X-RateLimit-Reset": str(int(NOW) + 9)}, 9),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "\u0663"}, None),
    ],
)
def test_the_wait_after_a_429_is_what_hum_asks_for_within_bounds(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert stated_wait(CaseInsensitiveDict(headers), NOW) == pytest.approx(seconds)


@given(st.dictionaries(st.sampled_from(["Retry-After", "X-RateLimit-Reset"]), st.text(max_size=40)))
def test_the_wait_is_bounded_whatever_the_headers_say(headers: dict[str, str]) -> None:
    wait = stated_wait(CaseInsensitiveDict(headers), NOW)
    assert wait is None or 1 <= wait <= 60
