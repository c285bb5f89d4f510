"""A Hum that is down is asked by one call at a time, everybody else is told at once; what recovers is used again at
once.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

import pytest

from tests.integration.hum.wire import TOKEN, Wire
from webapp.hum.client import HumClient
from webapp.hum.errors import Busy, Cause, HumError, Unavailable
from webapp.hum.operations import STATUS
from webapp.upstream.circuit_breaker import FEWEST_CALLS, IN_A_ROW, NEWS_FOR, OPEN_FOR, CircuitBreaker
from webapp.upstream.limits import ConcurrencyLimit


class Stopwatch:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def breaker(watch: Stopwatch) -> CircuitBreaker:
    return CircuitBreaker(watch)


def down(breaker: CircuitBreaker) -> None:
    for _ in range(IN_A_ROW):
        breaker.unanswered("status")


def test_calls_in_a_row_without_an_answer_stop_every_operation(breaker: CircuitBreaker, watch: Stopwatch) -> None:
    for _ in range(IN_A_ROW - 1):
        breaker.unanswered("status")
    assert breaker.admit("create").wait == 0
    breaker.unanswered("internet")
    assert breaker.admit("create").wait == pytest.approx(OPEN_FOR)
    assert breaker.is_open("create")
    watch.now += 2
    assert breaker.admit("status").wait == pytest.approx(OPEN_FOR - 2)


def test_an_answer_in_between_begins_the_row_anew(breaker: CircuitBreaker) -> None:
    for _ in range(3):
        for _ in range(IN_A_ROW - 1):
            breaker.unanswered("status")
        breaker.answered("create")
    assert breaker.admit("create").wait == 0


def test_after_a_while_one_call_finds_out_and_all_others_wait_for_it(breaker: CircuitBreaker, watch: Stopwatch) -> None:
    down(breaker)
    watch.now += OPEN_FOR
    assert breaker.admit("status") == (0, True)
    assert [breaker.admit(name).wait > 0 for name in ("status", "create", "internet")] == [True] * 3
    breaker.answered("status")
    assert [breaker.admit(name) for name in ("status", "create")] == [(0, False)] * 2
    assert not breaker.is_open("create")


def test_a_probe_that_fails_opens_it_anew(breaker: CircuitBreaker, watch: Stopwatch) -> None:
    down(breaker)
    watch.now += OPEN_FOR
    breaker.admit("status")
    breaker.unanswered("status")
    assert breaker.admit("status").wait == pytest.approx(OPEN_FOR)


def test_a_probe_that_is_never_heard_of_again_does_not_close_the_door_for_ever(
    breaker: CircuitBreaker, watch: Stopwatch
) -> None:
    down(breaker)
    watch.now += OPEN_FOR
    breaker.admit("status")
    watch.now += 60
    assert breaker.admit("status") == (0, True)


def test_an_operation_that_fails_half_the_time_is_stopped_alone(breaker: CircuitBreaker) -> None:
    for number in range(FEWEST_CALLS):
        assert breaker.admit("status").wait == 0
        breaker.failed("status") if number % 2 else breaker.answered("status")
    assert breaker.admit("status").wait > 0
    assert breaker.admit("create").wait == 0
    assert not breaker.is_open("create")


def test_failures_of_long_ago_count_no_more(breaker: CircuitBreaker, watch: Stopwatch) -> None:
    for _ in range(FEWEST_CALLS * 2):
        breaker.failed("status")
        watch.now += 3
        breaker.answered("status")
        watch.now += 3
    assert breaker.admit("status").wait == 0


def test_an_outage_without_calls_for_a_while_is_forgotten(breaker: CircuitBreaker, watch: Stopwatch) -> None:
    down(breaker)
    watch.now += NEWS_FOR
    assert not breaker.is_open("create")


def test_a_client_stops_asking_and_comes_back_by_itself(wire: Wire, watch: Stopwatch) -> None:
    client = HumClient(wire.url, "a-key", breaker=CircuitBreaker(watch))
    wire.answer(lambda *_: None)
    for _ in range(IN_A_ROW):
        with pytest.raises(Unavailable):
            client.get_session(TOKEN)
    asked = len(wire.requests)
    with pytest.raises(Unavailable) as caught:
        client.create_session({"street1": "1 Main St", "zip": "48226"})
    assert (caught.value.reason, caught.value.uncertain, len(wire.requests)) == (Cause.DOWN, False, asked)
    assert 0 < caught.value.wait <= OPEN_FOR
    watch.now += OPEN_FOR
    wire.answer(b'HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n{"request_status":"ok"}')
    client.get_session(TOKEN)
    client.get_session(TOKEN)


def test_a_create_is_never_the_call_that_finds_out(wire: Wire, watch: Stopwatch) -> None:
    client = HumClient(wire.url, "a-key", breaker=CircuitBreaker(watch))
    wire.answer(lambda *_: None)
    for _ in range(IN_A_ROW):
        with suppress(HumError):
            client.get_session(TOKEN)
    watch.now += OPEN_FOR
    with pytest.raises(Unavailable) as caught:
        client.create_session({"street1": "1 Main St", "zip": "48226"})
    assert caught.value.reason is Cause.DOWN
    assert wire.requests[-1].startswith(b"GET /ping ")
    assert not any(request.startswith(b"POST") for request in wire.requests)


def test_when_all_slots_are_taken_a_call_does_not_wait_for_one(wire: Wire) -> None:
    client = HumClient(wire.url, "a-key", concurrency=ConcurrencyLimit(1))
    wire.answer(b'HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n{"request_status":"ok"}')
    with client.acquire(STATUS) as slot:
        client.get_session(TOKEN, slot=slot)
        raised: list[HumError] = []

        def other() -> None:
            try:
                client.get_session(TOKEN)
            except HumError as error:
                raised.append(error)

        thread = Thread(target=other)
        thread.start()
        thread.join()
        assert [type(error) for error in raised] == [Busy]
    client.get_session(TOKEN)
