"""Generated calls, sensible and senseless, find no answer that the description does not know."""

from __future__ import annotations

from itertools import count

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks

from webapp.simulator import create_app

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

ticks = count(1_790_000_000_000, 300)
app = create_app(
    clock=lambda: next(ticks) / 1000, sleep=lambda seconds: None, rate_limit=10**9
)  # each look at the clock finds it 0.3 s on
schema = schemathesis.openapi.from_wsgi("/openapi.json", app)


@schema.parametrize()
@QUICK
def test_generated_calls_get_described_answers(case):
    answer = case.call(headers=HEADERS)
    case.validate_response(answer, checks=CONFORMANCE, headers=HEADERS)


class Lookups(schema.as_state_machine()):
    """Follows the description's links: what create answers is polled, listed and closed, in any order."""

    def get_call_kwargs(self, case):
        return {"headers": HEADERS}

    def validate_response(self, response, case, additional_checks=(), **_):
        case.validate_response(response, checks=CONFORMANCE, headers=HEADERS)


TestLookups = Lookups.TestCase
TestLookups.settings = settings(QUICK, max_examples=30, stateful_step_count=8)
