"""Each answer that HoneyHive is documented to give, and those that it is not, means what it should, over real HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from tests.integration.tracing.conftest import API_KEY, HASTY, HoneyHive
from webapp.simulator.honeyhive.faults import FAULTS
from webapp.tracing.client import MOST_EVENTS, Cause, HoneyHiveClient, TraceError
from webapp.tracing.trace import Json
from webapp.upstream.circuit_breaker import IN_A_ROW, OPEN_FOR, CircuitBreaker

SESSION = str(uuid.UUID(int=7))
BODY = {"session_id": SESSION, "session_name": "isp-lookup", "start_time": 1_790_000_000_000, "inputs": {"state": "MI"}}
ENDING = {"outputs": {"outcome": "served"}, "duration": 12, "end_time": 1_790_000_000_012}


def event(number: int) -> Json:
    return {"event_id": str(uuid.UUID(int=number)), "event_type": "tool", "event_name": "hum.create", "inputs": {}}


CALLS: dict[str, Callable[[HoneyHiveClient], object]] = {
    "start": lambda client: client.start_session(BODY),
    "events": lambda client: client.add_events(SESSION, [event(1), event(2)]),
    "end": lambda client: client.end_session(SESSION, ENDING),
    "read": lambda client: client.read_session(SESSION),
}
"""One method for each endpoint that is used."""

MEANS: dict[str, Cause | None] = {
    "400": Cause.REFUSED,
    "401": Cause.KEY,
    "403": Cause.KEY,
    "404": Cause.UNKNOWN_SESSION,
    "408": Cause.NO_ANSWER,
    "413": Cause.REFUSED,
    "429": Cause.RATE_LIMIT,
    "429-bare": Cause.RATE_LIMIT,
    "500": Cause.SERVER_ERROR,
    "502": Cause.SERVER_ERROR,
    "503": Cause.SERVER_ERROR,
    "504": Cause.SERVER_ERROR,
    "500-stored": Cause.SERVER_ERROR,
    "500-partial": None,
    "500-success-elsewhere": Cause.SERVER_ERROR,
    "success-false": Cause.REFUSED,
    "errors": None,
    "wrapped": None,
    "id-alone": None,
    "other-id": Cause.OTHER_SESSION,
    "html": Cause.UNUSABLE,
    "empty": None,
    "truncated": Cause.UNUSABLE,
    "array": Cause.UNUSABLE,
    "null": Cause.UNUSABLE,
    "huge": Cause.UNUSABLE,
    "redirect": Cause.UNUSABLE,
    "slow": Cause.NO_ANSWER,
    "hang": Cause.NO_ANSWER,
    "reset": Cause.NO_ANSWER,
    "cut": Cause.UNUSABLE,
}
"""None: what was sent is there. A fault of one call alone leaves the others as they are."""
CONCERN_ALL = {"401", "403", "408", "429", "429-bare", "500", "502", "503", "504", "html", "hang", "redirect"}
OTHERWISE = {("empty", "start"): Cause.UNUSABLE}
"""A session without an id in the answer may be any."""


def cause_of(ask: Callable[[], object]) -> TraceError | None:
    try:
        ask()
    except TraceError as error:
        return error
    return None


@pytest.fixture
def session(honeyhive: HoneyHive) -> str:
    """A session that exists, with two children."""
    client = honeyhive.client()
    client.start_session(BODY)
    client.add_events(SESSION, [event(1), event(2)])
    return SESSION


def test_every_fault_has_a_meaning() -> None:
    assert MEANS.keys() == FAULTS.keys()


@pytest.mark.parametrize("fault", MEANS)
def test_an_answer_means_what_it_should(honeyhive: HoneyHive, session: str, fault: str) -> None:
    waits_in_vain = fault in {"slow", "hang"}
    for name, ask in CALLS.items():
        client = honeyhive.client(HASTY) if waits_in_vain else honeyhive.client()
        honeyhive.break_down(fault)
        concerned = FAULTS[fault].concerns(f"x.{ {'start': 'start_session', 'events': 'add_events'}.get(name, name) }")
        expected = OTHERWISE.get((fault, name), MEANS[fault] if concerned else None)
        error = cause_of(lambda ask=ask, client=client: ask(client))
        assert (error and error.cause) == expected, name
        if error is not None and fault in CONCERN_ALL:
            assert error.concerns_all
        assert API_KEY not in f"{error!r} {honeyhive.calls}"


@pytest.mark.parametrize("fault", ["500-partial", "errors"])
def test_events_that_honeyhive_could_not_use_are_counted(honeyhive: HoneyHive, session: str, fault: str) -> None:
    honeyhive.break_down(fault)
    assert honeyhive.client().add_events(session, [event(3), event(4)]) == 1


def test_a_429_names_its_wait_and_holds_back_the_next_call(honeyhive: HoneyHive, session: str) -> None:
    honeyhive.break_down("429")
    client = honeyhive.client()
    first = cause_of(lambda: client.end_session(session, ENDING))
    assert first is not None
    assert first.wait == 7
    honeyhive.break_down(None)
    before = honeyhive.asked()
    held_back = cause_of(lambda: client.end_session(session, ENDING))
    assert held_back is not None
    assert (held_back.cause, held_back.status) == (Cause.RATE_LIMIT, None)
    assert honeyhive.asked() == before
    honeyhive.clock.sleep(8)
    client.end_session(session, ENDING)


def test_a_refused_key_is_told_apart(honeyhive: HoneyHive) -> None:
    error = cause_of(lambda: honeyhive.client(key="wrong-key").start_session(BODY))
    assert error is not None
    assert (error.cause, error.status) == (Cause.KEY, 401)


def test_nobody_there_is_no_answer() -> None:
    client = HoneyHiveClient("http://127.0.0.1:9", API_KEY)
    error = cause_of(lambda: client.start_session(BODY))
    assert error is not None
    assert error.cause is Cause.NO_ANSWER


def test_while_nobody_is_there_the_breaker_refuses_and_then_tries_again(honeyhive: HoneyHive) -> None:
    honeyhive.break_down("reset")
    client = honeyhive.client(breaker=CircuitBreaker(honeyhive.clock))
    causes = [cause_of(lambda: client.start_session(BODY)) for _ in range(IN_A_ROW + 1)]
    assert [error and error.cause for error in causes] == [Cause.NO_ANSWER] * IN_A_ROW + [Cause.DOWN]
    assert honeyhive.asked()["start_session"] == IN_A_ROW
    honeyhive.break_down(None)
    honeyhive.clock.sleep(OPEN_FOR)
    client.start_session(BODY)


def test_an_ended_session_has_its_outputs_and_its_children(honeyhive: HoneyHive, session: str) -> None:
    honeyhive.client().end_session(session, ENDING)
    read = honeyhive.client().read_session(session)
    assert (read["outputs"], read["duration"], read["end_time"]) == ({"outcome": "served"}, 12, 1_790_000_000_012)
    assert len(read["children"]) == 2


def test_events_sent_again_are_the_same_events(honeyhive: HoneyHive, session: str) -> None:
    honeyhive.client().start_session(BODY)
    honeyhive.client().add_events(session, [event(1), event(2)])
    assert len(honeyhive.events.of_session(session)) == 3


def test_many_events_take_several_calls_and_no_event_is_larger_than_64_kb(honeyhive: HoneyHive, session: str) -> None:
    many = [{**event(number), "outputs": {"path": "x" * 70_000}} for number in range(10, 10 + MOST_EVENTS + 1)]
    assert honeyhive.client().add_events(session, many) == 0
    sent = [call.request_body for call in honeyhive.calls[-2:]]
    assert all(body is not None and len(body) < 64 * 1024 for body in sent)
    last = honeyhive.events.find(str(uuid.UUID(int=10 + MOST_EVENTS)))
    assert last is not None
    assert (last["metadata"], last["outputs"]) == ({"cut": True}, {})


@pytest.mark.parametrize(
    ("url", "key"), [("http://example.com", "k"), ("https://u:p@example.com", "k"), ("https://example.com", "a b")]
)
def test_a_bad_address_or_key_is_refused_at_once(url: str, key: str) -> None:
    with pytest.raises(ValueError, match="must"):
        HoneyHiveClient(url, key)
