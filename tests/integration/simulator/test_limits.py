"""What a process remembers is bounded and safe under threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from webapp.simulator.memory import Calls, RateLimit, Sessions

MORE_THAN_ARE_KEPT = 20_001


def test_of_very_many_closed_sessions_the_oldest_is_forgotten():
    sessions = Sessions()
    for number in range(MORE_THAN_ARE_KEPT):
        sessions.close(f"token-{number}")
    assert not sessions.is_gone("token-0", born=0, now=1)
    assert sessions.is_gone("token-1", born=0, now=1)


def test_of_very_many_used_sessions_the_longest_unused_counts_from_its_birth():
    sessions = Sessions()
    for number in range(MORE_THAN_ARE_KEPT):
        sessions.touch(f"token-{number}", now=1_000)
    assert sessions.is_gone("token-0", born=0, now=1_900)
    assert not sessions.is_gone("token-1", born=0, now=1_900)


def test_threads_together_get_no_more_than_the_limit():
    limit = RateLimit(50, 60.0)
    with ThreadPoolExecutor(8) as threads:
        refused = sum(threads.map(lambda _: limit.spend("key", 0.0).refused, range(80)))
    assert refused == 30


def test_threads_lose_no_count():
    calls = Calls()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: calls.add("ping"), range(500)))
    assert calls.counts() == {"ping": 500}
