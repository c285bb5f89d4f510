"""HoneyHive's simulator: what it is documented to do, and no answer that its own description does not know."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import given
from openapi_spec_validator import validate
from schemathesis import Case
from schemathesis.schemas import BaseSchema

from tests.integration.simulator.test_schemathesis import CONFORMANCE, HEADERS, QUICK
from webapp.simulator.honeyhive import create_app
from webapp.simulator.honeyhive.endpoints import OPENAPI

DESCRIPTION = json.loads(OPENAPI)
OPERATIONS = [
    pytest.param(path, method.upper(), id=f"{method.upper()} {path}")
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
    if method != "parameters"
]
NOW = 1_790_000_000.5
SESSION = str(uuid.UUID(int=1))


@pytest.fixture
def web(tmp_path: Path) -> FlaskClient:
    return create_app(tmp_path / "events.sqlite3", clock=lambda: NOW).test_client()


def post(web: FlaskClient, path: str, body: object) -> dict[str, object]:
    answer = web.post(path, json=body, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_description_is_valid_openapi_and_names_every_call(tmp_path: Path) -> None:
    validate(DESCRIPTION)
    rules = create_app(tmp_path / "events.sqlite3").url_map.iter_rules()
    served = {
        (method.lower(), rule.rule.replace("<", "{").replace(">", "}"))
        for rule in rules
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {
        (method, path) for path, calls in DESCRIPTION["paths"].items() for method in calls if method != "parameters"
    }
    assert served == described


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> BaseSchema:
    app = create_app(tmp_path_factory.mktemp("honeyhive") / "events.sqlite3", clock=lambda: NOW)
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@pytest.mark.soak
def test_generated_calls_get_described_answers(schema: BaseSchema, path: str, method: str) -> None:
    @given(case=schema[path][method].as_strategy())
    @QUICK
    def calls(case: Case) -> None:
        answer = case.call(headers=HEADERS)
        case.validate_response(answer, checks=CONFORMANCE, headers=HEADERS)

    calls()


def test_a_session_needs_nothing_and_says_unknown(web: FlaskClient) -> None:
    session = post(web, "/v1/sessions", {})
    assert (session["event_name"], session["source"], session["event_type"]) == ("unknown", "unknown", "session")
    assert session["event_id"] == session["session_id"]
    assert uuid.UUID(str(session["session_id"]))
    assert session["start_time"] == round(NOW * 1000)


def test_an_id_that_is_no_uuid_is_replaced_and_a_start_time_in_words_is_now(web: FlaskClient) -> None:
    session = post(web, "/v1/sessions", {"session_id": "XqCmeTVgYXrbWrZFZEymkD", "start_time": "yesterday"})
    assert session["session_id"] != "XqCmeTVgYXrbWrZFZEymkD"
    assert session["start_time"] == round(NOW * 1000)


def test_a_second_post_merges_metadata_and_user_properties_alone(web: FlaskClient) -> None:
    post(web, "/v1/sessions", {"session_id": SESSION, "inputs": {"a": 1}, "metadata": {"a": 1}, "event_name": "one"})
    again = post(web, "/v1/sessions", {"session_id": SESSION, "inputs": {"b": 2}, "metadata": {"b": 2}})
    assert (again["inputs"], again["metadata"], again["event_name"]) == ({"a": 1}, {"a": 1, "b": 2}, "one")


def test_a_put_replaces_outputs_and_merges_the_rest(web: FlaskClient) -> None:
    post(web, "/v1/sessions", {"session_id": SESSION, "outputs": {"a": 1}, "metadata": {"a": 1}})
    for change in ({"outputs": {"b": 2}, "metadata": {"b": 2}, "duration": 5}, {"metrics": {"c": 3}}):
        assert web.put(f"/v1/events/{SESSION}", json=change, headers=HEADERS).json == {"success": True}
    event = web.get(f"/v1/events/{SESSION}", headers=HEADERS).json["event"]
    assert (event["outputs"], event["metadata"]) == ({"b": 2}, {"a": 1, "b": 2})
    assert (event["duration"], event["metrics"]) == (5, {"c": 3})


def test_events_need_a_type_and_inputs_and_a_session(web: FlaskClient) -> None:
    path = f"/v1/sessions/{SESSION}/events/batch"
    good = {"event_type": "tool", "inputs": {}}
    assert web.post(path, json={"events": [good]}, headers=HEADERS).status_code == 404
    post(web, "/v1/sessions", {"session_id": SESSION})
    for bad in ({"event_type": "tool"}, {"inputs": {}}, {"event_type": "x", "inputs": {}}, 3):
        answer = web.post(path, json={"events": [good, bad]}, headers=HEADERS)
        assert (answer.status_code, answer.json["errorCode"]) == (400, "INVALID_REQUEST")
    assert post(web, path, {"events": [good, good]}) == {"success": True}
    tree = web.get(f"/v1/sessions/{SESSION}", headers=HEADERS).json
    assert [child["parent_id"] for child in tree["children"]] == [SESSION, SESSION]


def test_a_deleted_session_is_gone_with_its_children(web: FlaskClient) -> None:
    post(web, "/v1/sessions", {"session_id": SESSION})
    post(web, f"/v1/sessions/{SESSION}/events/batch", {"events": [{"event_type": "tool", "inputs": {}}]})
    answer = web.delete(f"/v1/sessions/{SESSION}", headers=HEADERS)
    assert answer.json == {"success": True, "deleted": SESSION}
    assert web.get(f"/v1/sessions/{SESSION}", headers=HEADERS).status_code == 404


def test_nobody_gets_in_without_a_key(web: FlaskClient) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong-key"}, {"Authorization": "Basic abc"}):
        answer = web.post("/v1/sessions", json={}, headers=headers)
        assert (answer.status_code, answer.json["errorCode"]) == (401, "UNAUTHORIZED")


def test_apps_of_one_file_know_the_same_events(tmp_path: Path) -> None:
    one, other = (create_app(tmp_path / "events.sqlite3").test_client() for _ in range(2))
    post(one, "/v1/sessions", {"session_id": SESSION})
    assert other.get(f"/v1/events/{SESSION}", headers=HEADERS).status_code == 200
