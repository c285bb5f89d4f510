"""The address form asks as often as a person types and no oftener; one browser or network cannot keep a worker busy for
all others.
"""

from __future__ import annotations

import pytest

from tests.integration.web.clock import Clock
from webapp.quotas.form_requests import PER_NETWORK, PER_VIEWER, FormRequests
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.quotas.token_buckets import Rate, TokenBuckets, network_of

OFFICE = "192.0.2.7"
LONGEST = 64_000


def refused(
    requests: FormRequests, times: int, *, viewer: str = "a", address: str = OFFICE, characters: int = LONGEST
) -> int:
    count = 0
    for _ in range(times):
        try:
            requests.count(viewer=viewer, address=address, characters=characters)
        except QuotaExceeded:
            count += 1
    return count


def test_typing_without_a_pause_beside_the_longest_paste_is_never_refused() -> None:
    """The page waits until nobody has typed for 0.3 s (`delay:300ms`), so this is the fastest it can ever ask."""
    clock = Clock()
    requests = FormRequests(clock)
    for _ in range(2_000):
        assert not refused(requests, 1)
        clock.advance(0.3)


def test_an_office_of_people_who_type_is_not_refused() -> None:
    clock = Clock()
    requests = FormRequests(clock)
    for _ in range(120):
        for person in range(40):
            assert not refused(requests, 1, viewer=f"person {person}", characters=60)
        clock.advance(1)


def test_one_browser_is_refused_and_told_how_long_to_wait() -> None:
    clock = Clock()
    requests = FormRequests(clock)
    assert refused(requests, 1_000) == 1_000 - PER_VIEWER.most / 5
    with pytest.raises(QuotaExceeded) as refusal:
        requests.count(viewer="a", address=OFFICE, characters=LONGEST)
    assert refusal.value.wait == pytest.approx(5 / PER_VIEWER.per_second)
    assert not refused(requests, 1, viewer="b"), "another browser of the same network is not"
    clock.advance(refusal.value.wait)
    assert refused(requests, 2) == 1


def test_new_cookies_do_not_help_a_network() -> None:
    requests = FormRequests(Clock())
    answered = sum(not refused(requests, 1, viewer=f"cookie {number}") for number in range(1_000))
    assert answered == PER_NETWORK.most / 5
    assert not refused(requests, 1, viewer="somewhere else", address="198.51.100.1")
    without = FormRequests(Clock())
    assert refused(without, 1_000, viewer="") == 1_000 - PER_NETWORK.most / 5


def test_a_long_text_counts_for_more_than_a_short_one() -> None:
    requests = FormRequests(Clock())
    assert refused(requests, 101, characters=120) == 1


def test_a_refused_request_costs_nothing() -> None:
    clock = Clock()
    buckets = TokenBuckets(Rate(most=2, per_second=1), clock)
    assert [buckets.take("a", 1) for _ in range(4)] == [0, 0, 1, 1]
    clock.advance(1)
    assert buckets.take("a", 1) == 0


def test_buckets_used_longest_ago_are_forgotten_first() -> None:
    buckets = TokenBuckets(Rate(most=1, per_second=1), Clock(), most_buckets=2)
    assert buckets.take("a", 1) == 0
    assert buckets.take("b", 1) == 0
    assert buckets.take("a", 1) == 1
    assert buckets.take("c", 1) == 0
    assert buckets.take("a", 1) == 1, "still known"
    assert buckets.take("b", 1) == 0, "forgotten"


def test_an_ipv6_subscriber_is_one_network() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2") != network_of("2001:db8:0:1::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("") == ""
