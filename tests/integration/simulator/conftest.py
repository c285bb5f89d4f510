"""A simulator whose clock the test turns, and a caller that speaks to it as a client would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.simulator import create_app

KEY = "key-of-the-tests"
START = 1_790_000_000.123


class Clock:
    """Epoch seconds that stand still until told otherwise; sleeping moves them."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Caller:
    """Calls the API with a good key and content type."""

    web: FlaskClient
    clock: Clock

    def create(
        self, scenario: str | None = None, headers: Mapping[str, str] | None = None, **body: object
    ) -> TestResponse:
        address = body or {"street1": "1001 Woodward Ave", "zip": "48226"}
        chosen = {"X-Simulator-Scenario": scenario} if scenario else {}
        return self.call("POST", "/sessions", data=json.dumps(address), headers={**chosen, **(headers or {})})

    def token(self, scenario: str | None = None, **body: object) -> str:
        answer = self.create(scenario, **body)
        assert answer.status_code == 201, answer.text
        return str(answer.json["meta"]["session_token"])

    def status(self, token: str) -> TestResponse:
        return self.call("GET", f"/sessions/{token}")

    def internet(self, token: str) -> TestResponse:
        return self.call("GET", f"/sessions/{token}/services/internet")

    def close(self, token: str) -> TestResponse:
        return self.call("DELETE", f"/sessions/{token}")

    def call(self, method: str, path: str, headers: Mapping[str, str] | None = None, **options: object) -> TestResponse:
        defaults = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        return self.web.open(path, method=method, headers={**defaults, **(headers or {})}, **options)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(clock: Clock) -> Flask:
    return create_app(clock=clock, sleep=clock.advance, faults=True)


@pytest.fixture
def caller(app: Flask, clock: Clock) -> Caller:
    return Caller(app.test_client(), clock)
