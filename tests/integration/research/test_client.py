"""Every documented status code and shape of H Company's answers, over real HTTP: what each means, and what is told of
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.integration.hum.wire import Wire, hang, http_answer, reset
from tests.integration.web.site import serve
from webapp.agent_simulator import SCENARIOS, create_app
from webapp.research.answers import AnswerShape
from webapp.research.client import AgentClient, Deadlines
from webapp.research.errors import (
    AgentError,
    KeyRefused,
    NoCapacity,
    RequestRefused,
    SessionUnknown,
    StillInFlight,
    Unavailable,
)
from webapp.research.sessions import AgentStatus
from webapp.upstream.call import Call
from webapp.upstream.circuit_breaker import CircuitBreaker

KEY = "hk-key-of-the-tests-0123456789"
ID = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
BODY = '{"agent": "h/web-surfer-flash", "messages": []}'
INVALID = {
    "detail": [{"type": "extra_forbidden", "loc": ["body", "answer_format"], "msg": "Extra inputs", "input": {"a": 1}}]
}


@dataclass
class Vendor:
    """A wire that plays H, a client on it, and every call that observers were told of."""

    wire: Wire
    client: AgentClient
    calls: list[Call] = field(default_factory=list)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    wire, calls = Wire(), []
    hasty = Deadlines(connect=1, read=0.3, total=0.5, create=0.5, max_bytes=50_000)
    yield Vendor(wire, AgentClient(wire.url, KEY, observers=[calls.append], deadlines=hasty), calls)
    wire.stop()


def create(client: AgentClient) -> object:
    return client.create_session(BODY, "key of a click").facts


def changes(client: AgentClient) -> object:
    return client.get_changes(ID, 3).facts


def force(client: AgentClient) -> object:
    return client.force_answer(ID).facts


def delete(client: AgentClient) -> object:
    return client.delete_session(ID).facts


REFUSALS = [
    pytest.param(create, 400, {"detail": "bad state"}, RequestRefused, id="create 400"),
    pytest.param(create, 401, {"message": "Unauthorized"}, KeyRefused, id="create 401 of the gateway"),
    pytest.param(create, 401, {"detail": "Unauthorized"}, KeyRefused, id="create 401"),
    pytest.param(create, 403, {"detail": "no"}, KeyRefused, id="create 403"),
    pytest.param(create, 404, {"detail": "Agent not found"}, SessionUnknown, id="create 404"),
    pytest.param(create, 409, {"detail": "in flight"}, StillInFlight, id="create 409"),
    pytest.param(create, 412, {"detail": "no"}, RequestRefused, id="create 412"),
    pytest.param(create, 413, {"detail": "too large"}, RequestRefused, id="create 413"),
    pytest.param(create, 422, INVALID, RequestRefused, id="create 422"),
    pytest.param(create, 422, {"detail": "key reused"}, RequestRefused, id="create 422 as a text"),
    pytest.param(create, 429, {"detail": "quota"}, NoCapacity, id="create 429, older"),
    pytest.param(
        create,
        429,
        {"message": "limit", "detail": [{"type": "queue_full", "message": "m", "scope": "platform"}]},
        NoCapacity,
        id="create 429, newer",
    ),
    pytest.param(create, 500, b"<html>", Unavailable, id="create 500"),
    pytest.param(create, 503, {"detail": "no"}, Unavailable, id="create 503"),
    pytest.param(create, 302, b"", Unavailable, id="create 302"),
    pytest.param(create, 201, b"not json", Unavailable, id="create 201, no JSON"),
    pytest.param(create, 201, [], Unavailable, id="create 201, a list"),
    pytest.param(create, 201, {"status": {"status": "pending"}}, Unavailable, id="create 201, no id"),
    pytest.param(create, 201, {"id": "../../etc"}, Unavailable, id="create 201, a path as id"),
    pytest.param(create, 201, {"id": 17}, Unavailable, id="create 201, a number as id"),
    pytest.param(changes, 400, {"detail": "bad state"}, RequestRefused, id="changes 400"),
    pytest.param(changes, 401, {"message": "Unauthorized"}, KeyRefused, id="changes 401"),
    pytest.param(changes, 403, {"detail": "no"}, KeyRefused, id="changes 403"),
    pytest.param(changes, 404, {"detail": "no"}, SessionUnknown, id="changes 404"),
    pytest.param(changes, 410, {"detail": "no"}, SessionUnknown, id="changes 410"),
    pytest.param(changes, 422, INVALID, RequestRefused, id="changes 422"),
    pytest.param(changes, 429, {"detail": "no"}, NoCapacity, id="changes 429"),
    pytest.param(changes, 502, b"<html>", Unavailable, id="changes 502"),
    pytest.param(changes, 200, b"{", Unavailable, id="changes 200, cut"),
    pytest.param(changes, 200, b"null", Unavailable, id="changes 200, null"),
    pytest.param(changes, 200, b"x" * 60_000, Unavailable, id="changes 200, too large"),
    pytest.param(force, 400, {"detail": "not running"}, RequestRefused, id="force 400"),
    pytest.param(force, 404, {"detail": "no"}, SessionUnknown, id="force 404"),
    pytest.param(force, 500, b"", Unavailable, id="force 500"),
    pytest.param(delete, 404, {"detail": "no"}, SessionUnknown, id="delete 404"),
    pytest.param(delete, 409, {"detail": "no"}, StillInFlight, id="delete 409"),
    pytest.param(delete, 500, b"", Unavailable, id="delete 500"),
]


@pytest.mark.parametrize(("ask", "status", "body", "meaning"), REFUSALS)
def test_every_refusal_has_its_meaning(
    vendor: Vendor, ask: Callable[[AgentClient], object], status: int, body: object, meaning: type[AgentError]
) -> None:
    vendor.wire.answer(http_answer(status, body))
    with pytest.raises(AgentError) as failed:
        ask(vendor.client)
    assert type(failed.value) is meaning
    assert failed.value.status == status
    # Once: no answer of this client is asked for again by itself.
    assert list(failed.value.calls) == vendor.calls
    assert (len(vendor.calls), vendor.calls[0].status) == (1, status)
    assert KEY not in f"{failed.value} {vendor.calls}"
    assert ID not in f"{failed.value} {vendor.calls}"


@pytest.mark.parametrize("ask", [create, changes, force, delete])
@pytest.mark.parametrize("play", [reset, hang], ids=["reset", "hang"])
def test_no_answer_is_unavailable(vendor: Vendor, ask: Callable[[AgentClient], object], play: object) -> None:
    vendor.wire.answer(play)
    with pytest.raises(Unavailable) as failed:
        ask(vendor.client)
    assert failed.value.status is None
    assert len(vendor.calls) == 1


@pytest.mark.parametrize(
    ("header", "wait"),
    [((), 1.0), (("Retry-After: 3",), 3.0), (("Retry-After: 600",), 10.0), (("Retry-After: soon",), 1.0)],
)
def test_a_request_in_flight_says_how_long_to_wait(vendor: Vendor, header: tuple[str, ...], wait: float) -> None:
    vendor.wire.answer(http_answer(409, {"detail": "in flight"}, *header))
    with pytest.raises(StillInFlight) as failed:
        create(vendor.client)
    assert failed.value.retry_after == wait


def test_a_refused_member_is_named(vendor: Vendor) -> None:
    vendor.wire.answer(http_answer(422, INVALID))
    with pytest.raises(RequestRefused) as failed:
        create(vendor.client)
    assert failed.value.fields == {"body", "answer_format"}


@pytest.mark.parametrize("code", [200, 201])
@pytest.mark.parametrize(
    ("status", "read"),
    [
        ({"status": "pending"}, AgentStatus.PENDING),
        ({"status": "queued"}, AgentStatus.QUEUED),
        ("pending", AgentStatus.PENDING),
        (None, AgentStatus.UNKNOWN),
    ],
)
def test_a_session_is_read_in_every_shape(vendor: Vendor, code: int, status: object, read: AgentStatus) -> None:
    vendor.wire.answer(http_answer(code, {"id": ID, "status": status, "agent_view_url": f"https://x.example/{ID}"}))
    session = vendor.client.create_session(BODY, "key of a click").facts
    assert (session.id, session.status) == (ID, read)
    head = vendor.wire.requests[0].decode()
    assert "POST /api/v2/sessions HTTP/1.1" in head
    assert "Idempotency-Key: key of a click" in head
    assert f"Authorization: Bearer {KEY}" in head
    # The id is in no record, not even within the address of H's own page.
    assert ID not in str(vendor.calls)
    assert KEY not in str(vendor.calls)


@pytest.mark.parametrize("status", list(AgentStatus))
def test_every_status_is_read(vendor: Vendor, status: AgentStatus) -> None:
    vendor.wire.answer(http_answer(200, {"status": status.value, "answer": None, "new_events": []}))
    found = vendor.client.get_changes(ID, 3).facts
    assert found is not None
    assert (found.status, found.next_index, found.steps, found.cost) == (status, 3, None, None)
    assert "GET /api/v2/sessions/" in vendor.wire.requests[0].decode()
    assert "from_index=3&include_events=false&wait_for_seconds=0" in vendor.wire.requests[0].decode()


TERMINAL = {"completed", "failed", "timed_out", "interrupted"}


@pytest.mark.parametrize("status", list(AgentStatus))
def test_what_holds_a_place_is_told_from_what_does_not(status: AgentStatus) -> None:
    assert status.is_terminal == (status.value in TERMINAL)
    assert status.is_settled == (status.value in TERMINAL | {"idle", "paused", "awaiting_tool_results"})
    assert status.is_waiting == (status.value in {"queued", "pending"})


def test_changes_are_read_with_metrics_and_index(vendor: Vendor) -> None:
    body = {
        "status": {"status": "running", "steps": 4},
        "metrics": {"steps": 5, "total_cost": 0.0213},
        "first_index": 3,
        "new_events": [{}, {}],
        "answer": {"providers": []},
        "outcome": "partial",
        "error_code": None,
    }
    vendor.wire.answer(http_answer(200, body))
    found = vendor.client.get_changes(ID, 3).facts
    assert found is not None
    assert (found.steps, found.cost, found.next_index, found.outcome) == (5, 0.0213, 5, "partial")
    assert (found.answer.shape, found.error_code) == (AnswerShape.LIST, "")


@pytest.mark.parametrize(
    "odd",
    [
        {"metrics": "none"},
        {"metrics": {"steps": -1, "total_cost": -2}},
        {"metrics": {"steps": "many", "total_cost": "NaN"}},
        {"metrics": {"steps": 1e9, "total_cost": 1e12}},
        {"first_index": -5, "new_events": "x"},
        {"first_index": 10**30},
        {"status": ["running"], "answer": [[[]]]},
        {"status": 7, "error_code": {"a": 1}, "outcome": [1]},
    ],
)
def test_odd_changes_are_read_as_far_as_they_make_sense(vendor: Vendor, odd: dict[str, object]) -> None:
    vendor.wire.answer(http_answer(200, {"status": "running", **odd}))
    found = vendor.client.get_changes(ID, 3).facts
    assert found is not None
    assert (found.steps, found.cost, found.error_code, found.outcome) == (None, None, "", "")
    assert found.next_index >= 3


def test_nothing_new_is_none(vendor: Vendor) -> None:
    vendor.wire.answer(http_answer(204))
    assert changes(vendor.client) is None


@pytest.mark.parametrize(("ask", "code"), [(force, 202), (force, 200), (delete, 204), (delete, 200)])
def test_what_is_done_is_done_whatever_the_body(
    vendor: Vendor, ask: Callable[[AgentClient], object], code: int
) -> None:
    vendor.wire.answer(http_answer(code, b"" if code == 204 else b"<html>"))
    ask(vendor.client)
    assert vendor.calls[0].path in {"/api/v2/sessions/{id}/force_answer", "/api/v2/sessions/{id}"}


def test_a_malformed_id_is_never_sent(vendor: Vendor) -> None:
    for text in ("", "a/../b", "x" * 65, "id?x=1", "é" * 10):
        with pytest.raises(Unavailable):
            vendor.client.get_changes(text)
    assert vendor.calls == []


def test_h_is_not_asked_while_it_is_known_to_be_down(vendor: Vendor) -> None:
    vendor.wire.answer(reset)
    client = AgentClient(vendor.wire.url, KEY, observers=[vendor.calls.append], breaker=CircuitBreaker(lambda: 100.0))
    for _ in range(8):
        with pytest.raises(Unavailable):
            changes(client)
    assert len(vendor.calls) == 5


def test_a_quota_refusal_holds_back_no_other_session(vendor: Vendor) -> None:
    vendor.wire.answer(http_answer(429, {"detail": "quota"}, "Retry-After: 60"), http_answer(204))
    with pytest.raises(NoCapacity):
        create(vendor.client)
    assert delete(vendor.client) is None


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_simulator_plays_each_scenario_over_http(scenario: str) -> None:
    now = [1_790_000_000.0]
    app = create_app(clock=lambda: now[0], sleep=lambda _: None, api_key=KEY)
    app.extensions["agent_simulator"].default = SCENARIOS[scenario]
    refusal = SCENARIOS[scenario].create_refusal or SCENARIOS[scenario].changes_refusal
    with serve(app) as url:
        client, statuses = AgentClient(url, KEY), []
        try:
            session = client.create_session(BODY, "key of a click").facts
            for now[0] in (1_790_000_003.0, 1_790_000_060.0):
                statuses.append(client.get_changes(session.id).facts)
        except AgentError as error:
            refused = error.status
        else:
            refused = None
            client.delete_session(session.id)
    assert refused == (None if refusal is None else refusal.status)
    assert refused or statuses[-1] is not None
