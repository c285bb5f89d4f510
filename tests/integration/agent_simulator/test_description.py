"""The agent simulator answers as its description says: to generated calls, and in every scenario."""

from __future__ import annotations

import json
from itertools import count

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from schemathesis import Case, checks
from schemathesis.schemas import BaseSchema

from webapp.agent_simulator import SCENARIOS, create_app
from webapp.agent_simulator.app import OPENAPI

checks.load_all_checks()

DESCRIPTION = json.loads(OPENAPI)
HEADERS = {"Authorization": "Bearer key-of-the-tests"}
CONFORMANCE = checks.CHECKS.get_by_names(
    [
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
QUICK = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
OPERATIONS = [
    pytest.param(path, method.upper(), id=f"{method.upper()} {path}")
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
    if method != "parameters"
]


@pytest.fixture(scope="module")
def schema() -> BaseSchema:
    """The description as schemathesis reads it."""
    ticks = count(1_790_000_000_000, 300)
    app = create_app(clock=lambda: next(ticks) / 1000, sleep=lambda _: None, limit=10**9)
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


def test_it_is_a_description() -> None:
    validate(DESCRIPTION)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@pytest.mark.soak
def test_generated_calls_get_described_answers(schema: BaseSchema, path: str, method: str) -> None:
    @given(case=schema[path][method].as_strategy())
    @QUICK
    def calls(case: Case) -> None:
        answer = case.call(headers=HEADERS)
        case.validate_response(answer, checks=CONFORMANCE, headers=HEADERS)

    calls()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_answer_of_every_scenario_is_described(scenario: str) -> None:
    now = [1_790_000_000.0]
    app = create_app(clock=lambda: now[0], sleep=lambda _: None)
    caller = app.test_client()
    sent = {"agent": "h/web-surfer-flash", "messages": [{"message": f"Find out. research:{scenario}"}], "max_steps": 30}
    key = {**HEADERS, "Idempotency-Key": "one click"}
    created = caller.post("/api/v2/sessions", json={**sent, "answer_format": {}}, headers=key)
    assert_described("/api/v2/sessions", "post", created)
    if created.status_code != 201:
        return
    path = f"/api/v2/sessions/{created.json['id']}"
    for now[0] in (1_790_000_000.5, 1_790_000_005.0, 1_790_000_016.0, 1_790_000_120.0):
        for end in ("", "/status", "/changes?include_events=true", "/changes?from_index=2&include_events=false"):
            template = "/api/v2/sessions/{id}" + end.partition("?")[0]
            assert_described(template, "get", caller.get(path + end, headers=HEADERS))
    assert_described("/api/v2/sessions/{id}/force_answer", "post", caller.post(f"{path}/force_answer", headers=HEADERS))
    assert_described("/api/v2/sessions/{id}", "delete", caller.delete(path, headers=HEADERS))
    assert app.extensions["agent_simulator"].active() == []


def assert_described(path: str, method: str, answer: object) -> None:
    described = DESCRIPTION["paths"][path][method]["responses"]
    status = str(answer.status_code)  # type: ignore[attr-defined]
    assert status in described, f"{method} {path} answered {status}"
    content = described[status].get("content", {})
    if not content:
        assert answer.data == b""  # type: ignore[attr-defined]
        return
    assert answer.mimetype in content  # type: ignore[attr-defined]
    if answer.mimetype == "application/json":  # type: ignore[attr-defined]
        pointer = f"#/paths/{path.replace('/', '~1')}/{method}/responses/{status}/content/application~1json/schema"
        validator = Draft202012Validator({**DESCRIPTION, "$ref": pointer})
        assert [error.message for error in validator.iter_errors(answer.json)] == []  # type: ignore[attr-defined]


def test_a_key_makes_one_session_and_takes_no_other_body() -> None:
    caller = create_app().test_client()
    key = {**HEADERS, "Idempotency-Key": "one click"}
    first = caller.post("/api/v2/sessions", json={"agent": "a"}, headers=key)
    again = caller.post("/api/v2/sessions", json={"agent": "a"}, headers=key)
    other = caller.post("/api/v2/sessions", json={"agent": "b"}, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json["id"] == again.json["id"]


def test_sessions_that_begin_at_the_same_moment_are_told_apart() -> None:
    client = create_app(clock=lambda: 1_790_000_000.0, limit=200).test_client()
    made = [client.post("/api/v2/sessions", json={"agent": "a"}, headers=HEADERS) for _ in range(100)]
    assert len({answer.json["id"] for answer in made}) == 100


def test_no_more_sessions_are_active_than_may_be() -> None:
    caller = create_app(limit=2).test_client()
    made = [caller.post("/api/v2/sessions", json={"agent": "a"}, headers=HEADERS) for _ in range(3)]
    assert [answer.status_code for answer in made] == [201, 201, 429]
    caller.delete(f"/api/v2/sessions/{made[0].json['id']}", headers=HEADERS)
    assert caller.get("/api/v2/sessions/quota", headers=HEADERS).json["available"] == 1


def test_another_process_with_the_same_secret_answers_for_a_session() -> None:
    one, other, foreign = create_app(), create_app(), create_app(secret=b"another")
    made = one.test_client().post("/api/v2/sessions", json={"agent": "a"}, headers=HEADERS)
    path = f"/api/v2/sessions/{made.json['id']}/status"
    assert other.test_client().get(path, headers=HEADERS).status_code == 200
    assert foreign.test_client().get(path, headers=HEADERS).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, {"Authorization": "Bearer wrong-key"}])
def test_a_wrong_key_is_refused_as_the_gateway_does(headers: dict[str, str]) -> None:
    answer = create_app().test_client().get("/api/v2/sessions/quota", headers=headers)
    assert (answer.status_code, answer.json) == (401, {"message": "Unauthorized"})
