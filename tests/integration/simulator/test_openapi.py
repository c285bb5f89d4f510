"""Every answer of every scenario is one that the OpenAPI description allows: code, content type, headers, body."""

from __future__ import annotations

import json
from functools import cache

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from tests.sweeps import ENDS, few
from webapp.simulator import SCENARIOS
from webapp.simulator.endpoints import OPENAPI
from webapp.simulator.scenario import FaultKind

DESCRIPTION = json.loads(OPENAPI)
TEMPLATES = {
    "create": ("post", "/sessions"),
    "status": ("get", "/sessions/{token}"),
    "internet": ("get", "/sessions/{token}/services/internet"),
    "close": ("delete", "/sessions/{token}"),
    "ping": ("get", "/ping"),
    "coverage": ("get", "/coverage"),
    "blocks": ("get", "/blocks"),
}
AGES = (0, 1.2, 1.5, 2, 3, 4, 5, 6, 9, 25, 1_790)


@cache
def validator_of(pointer):
    return Draft202012Validator({**DESCRIPTION, "$ref": pointer}, format_checker=FormatChecker(["uuid"]))


def looked_up(node, pointer):
    """The node and its pointer, with one level of reference followed."""
    if "$ref" not in node:
        return node, pointer
    target = DESCRIPTION
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return target, node["$ref"]


def assert_described(operation, answer):
    method, path = TEMPLATES[operation]
    described = DESCRIPTION["paths"][path][method]["responses"]
    assert str(answer.status_code) in described, f"{operation} answered {answer.status_code}"
    pointer = f"#/paths/{path.replace('/', '~1')}/{method}/responses/{answer.status_code}"
    response, pointer = looked_up(described[str(answer.status_code)], pointer)
    required = {name for name, header in response["headers"].items() if looked_up(header, "")[0]["required"]}
    assert required <= set(answer.headers.keys())
    assert ("session_token" in answer.headers) <= ("session_token" in response["headers"])
    assert answer.mimetype in response["content"]
    if answer.mimetype == "application/json":
        assert_valid(f"{pointer}/content/application~1json/schema", answer.json)


def assert_valid(pointer, value):
    errors = [f"{error.json_path}: {error.message[:200]}" for error in validator_of(pointer).iter_errors(value)]
    assert errors == []


def test_the_description_is_valid_openapi():
    validate(DESCRIPTION)


def test_it_describes_every_call_the_simulator_has_and_no_other(app):
    served = {
        (method.lower(), rule.rule.replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert served == {
        (method, path) for path, calls in DESCRIPTION["paths"].items() for method in calls if method != "parameters"
    }


def test_it_offers_every_scenario_by_header():
    assert DESCRIPTION["components"]["parameters"]["Scenario"]["schema"]["enum"] == list(SCENARIOS)


@pytest.mark.parametrize("key", few(SCENARIOS, ENDS))
def test_every_answer_of_a_scenario_is_described(caller, key):
    created = caller.create(key)
    assert_described("create", created)
    if created.status_code != 201:
        return
    born, token = caller.clock.now, created.json["meta"]["session_token"]
    for age in AGES:
        caller.clock.now = max(caller.clock.now, born + age)
        assert_described("status", caller.status(token))
        assert_described("internet", caller.internet(token))
    assert_described("close", caller.close(token))
    assert_described("status", caller.status(token))
    assert_described("close", caller.close(token))


@pytest.mark.parametrize(
    "key",
    [
        key
        for key, scenario in SCENARIOS.items()
        if scenario.create_fault in {None, FaultKind.HANG}
        and scenario.poll_fault is None
        and key not in {"null-fields", "object-address"}
    ],
)
def test_providers_keep_to_the_documented_shape_unless_the_scenario_is_about_that(caller, key):
    token = caller.token(key)
    caller.clock.advance(30)
    for provider in caller.internet(token).json["data"]["internet"]:
        assert_valid("#/components/schemas/Provider", provider)


@pytest.mark.parametrize(
    ("operation", "path"),
    [("ping", "/ping"), ("coverage", "/coverage?states[]=MI"), ("blocks", "/blocks?geoids[]=261635172001000")],
)
def test_calls_without_a_session_are_described(caller, operation, path):
    assert_described(operation, caller.call("GET", path))


@pytest.mark.parametrize(("operation", "template"), [(name, path) for name, (_, path) in TEMPLATES.items()])
def test_refusals_of_every_call_are_described(caller, operation, template):
    method, path = TEMPLATES[operation][0].upper(), template.replace("{token}", caller.token())
    assert_described(operation, caller.call(method, path, headers={"Authorization": "Bearer wrong-key"}))
    assert_described(operation, caller.call(method, path, headers={"Content-Type": "foo/bar"}))
    for name in ("XqCmeTVgYXrbWrZFZEymkD", "%20"):
        assert_described(operation, caller.call(method, template.replace("{token}", name)))
    for _ in range(100):
        answer = caller.call(method, template.replace("{token}", "any-token"))
    assert answer.status_code == 429
    assert_described(operation, answer)
