"""Generated calls, sensible and senseless, find no answer that the description does not know."""

from __future__ import annotations

import json
from itertools import count

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case, checks
from schemathesis.core.transport import Response
from schemathesis.schemas import BaseSchema

from webapp.simulator import create_app
from webapp.simulator.endpoints import OPENAPI

checks.load_all_checks()

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
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

OPERATIONS = [
    pytest.param(path, method.upper(), id=f"{method.upper()} {path}")
    for path, methods in json.loads(OPENAPI)["paths"].items()
    for method in methods
    if method != "parameters"
]


@pytest.fixture(scope="module")
def schema() -> BaseSchema:
    """The description as schemathesis reads it. Reading it and planning calls takes seconds, in each process that
    collects tests: so it is left to those that run one of these.
    """
    ticks = count(1_790_000_000_000, 300)  # each look at the clock finds it 0.3 s on
    app = create_app(clock=lambda: next(ticks) / 1000, sleep=lambda seconds: None, rate_limit=10**9)
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_generated_calls_get_described_answers(schema: BaseSchema, path: str, method: str) -> None:
    @given(case=schema[path][method].as_strategy())
    @QUICK
    def calls(case: Case) -> None:
        answer = case.call(headers=HEADERS)
        case.validate_response(answer, checks=CONFORMANCE, headers=HEADERS)

    calls()


@pytest.mark.soak
def test_calls_that_follow_the_links_get_described_answers(schema: BaseSchema) -> None:
    class Lookups(schema.as_state_machine()):
        """Follows the description's links: what create answers is polled, listed and closed, in any order."""

        def get_call_kwargs(self, case: Case) -> dict[str, object]:
            return {"headers": HEADERS}

        def validate_response(
            self, response: Response, case: Case, additional_checks: object = (), **_: object
        ) -> None:
            case.validate_response(response, checks=CONFORMANCE, headers=HEADERS)

    run_state_machine_as_test(Lookups, settings=settings(QUICK, max_examples=30, stateful_step_count=8))
