"""The poll schedule never asks more than Hum advises; the wait after a 429 is always bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from webapp.hum.poll_schedule import PollSchedule
from webapp.upstream.limits import seconds_to_wait

NOW = 1_763_800_000.0


def polls(changes: list[bool], latency: float = 0.0) -> list[tuple[float, float]]:
    """When each poll is sent and the wait before it, when the n-th poll shows a change or not and its answer takes
    `latency`.
    """
    sent: list[tuple[float, float]] = []
    elapsed, interval, changed = 0.0, 0.0, False
    while (upcoming := PollSchedule().next_poll(len(sent), elapsed, interval, changed)) is not None:
        elapsed += upcoming.delay
        sent.append((elapsed, upcoming.delay))
        interval, changed = upcoming.interval, changes[(len(sent) - 1) % len(changes)]
        elapsed += latency
    return sent


def poll_times(changes: list[bool]) -> list[float]:
    return [time for time, _ in polls(changes)]


def test_while_nothing_changes_the_polls_grow_apart_and_the_last_is_at_the_end() -> None:
    times = poll_times([False])
    assert times == pytest.approx([0, 2, 4, 6, 8, 10.8, 14.72, 20.208, 30])


def test_a_change_brings_the_shortest_wait_back() -> None:
    times = poll_times([False, False, False, False, False, True, False, False])
    assert times[:8] == pytest.approx([0, 2, 4, 6, 8, 10.8, 12.8, 15.6])


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.floats(0, 5))
def test_at_most_nine_polls_never_hurried_and_the_last_at_the_end_of_the_window(
    changes: list[bool], latency: float
) -> None:
    sent = polls(changes, latency)
    last_time, last_wait = sent[-1]
    assert sent[0] == (0, 0)
    assert len(sent) <= 9
    assert all(wait >= 2 for _, wait in sent[1:-1])
    assert last_wait >= 2 or last_time == pytest.approx(30)
    assert last_time == pytest.approx(30) or last_time + latency >= 30


def test_a_window_that_is_over_has_no_next_poll() -> None:
    assert PollSchedule().next_poll(3, 30.0, 2.5, changed=True) is None
    assert PollSchedule().next_poll(9, 12.0, 2.5, changed=True) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 5),
        ({"X-RateLimit-Reset": str(int(NOW) + 3)}, 3),
        ({"x-ratelimit-reset": f"{NOW + 2.5}"}, 2.5),
        ({"X-RateLimit-Reset": str(int(NOW) + 600)}, 60),
        ({"X-RateLimit-Reset": str(int(NOW) - 10)}, 5),
        ({"X-RateLimit-Reset": str(int(NOW) * 1000)}, 5),
        ({"X-RateLimit-Reset": "soon"}, 5),
        ({"X-RateLimit-Reset": "9" * 400}, 5),
        ({"X-RateLimit-Reset": "-5"}, 5),
        ({"Retry-After": "7", "X-RateLimit-Reset": str(int(NOW) + 30)}, 7),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": " 7\x1f"}, 7),
        ({"Retry-After": "100000"}, 60),
        ({"Retry-After": "Sat, 22 Nov 2025 08:26:50 GMT"}, 10),
        ({"Retry-After": "Sat, 22 Nov 2014 08:26:50 GMT", "X-RateLimit-Reset": str(int(NOW) + 9)}, 9),
        ({"Retry-After": "9" * 400}, 5),
        ({"Retry-After": "\u0663"}, 5),
    ],
)
def test_the_wait_after_a_429_is_what_hum_asks_for_within_bounds(headers: dict[str, str], seconds: float) -> None:
    assert seconds_to_wait(CaseInsensitiveDict(headers), NOW) == pytest.approx(seconds)


@given(st.dictionaries(st.sampled_from(["Retry-After", "X-RateLimit-Reset"]), st.text(max_size=40)))
def test_the_wait_is_bounded_whatever_the_headers_say(headers: dict[str, str]) -> None:
    assert 1 <= seconds_to_wait(CaseInsensitiveDict(headers), NOW) <= 60
