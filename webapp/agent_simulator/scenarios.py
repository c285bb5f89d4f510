"""The ways a session can go, as data. A task chooses one by the word `research:<key>` in its first message, or by the
header `X-Simulator-Scenario`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer in place of a session. `body` is JSON, or a text that is sent as HTML. It is given to the first `times`
    requests of a key.
    """

    status: int
    body: Any
    retry_after: str = ""
    times: int = 1_000_000


@dataclass(frozen=True, slots=True)
class AgentScenario:
    """One way. Times are seconds after the create call; a `settled_at` of None never comes by itself.

    `number` stands in the ids of its sessions. `waits_as` is the status before the agent works, `ends_as` the one after
    it. `changes_refusal` answers every question about changes. `dollars_a_step` is what a step costs, `answer_takes`
    how long each answer of the API takes.
    """

    number: int
    key: str
    title: str
    summary: str
    answer: Any = None
    waits_as: str = "pending"
    ends_as: str = "completed"
    working_at: float = 1.5
    settled_at: float | None = 14.0
    error_code: str | None = None
    outcome: str | None = "success"
    create_refusal: Refusal | None = None
    changes_refusal: Refusal | None = None
    refuses_format: bool = False
    has_old_shapes: bool = False
    dollars_a_step: float = 0.004
    answer_takes: float = 0.0
    heeds_caps: bool = True


def _provider(name: str, **known: Any) -> dict[str, Any]:
    members = ("technology", "max_download_mbps", "max_upload_mbps", "min_price_usd", "url", "source_url", "confidence")
    return {"name": name, **dict.fromkeys(members), **known}


THREE = {
    "providers": [
        _provider(
            "Lakeshore Fiber Cooperative",
            technology="fiber",
            max_download_mbps=1000,
            max_upload_mbps=1000,
            min_price_usd=59.95,
            url="https://lakeshore-fiber.example.com/",
            source_url="https://lakeshore-fiber.example.com/coverage",
            confidence="medium",
        ),
        _provider(
            "Prairie Sky Wireless",
            technology="fixed wireless",
            max_download_mbps=100,
            max_upload_mbps=20,
            url="https://prairiesky.example.org/",
            source_url="https://towns.example.org/broadband-providers?area=east",
            confidence="low",
        ),
        _provider("Orbit North Satellite", technology="satellite", source_url="https://orbitnorth.example.net/map"),
    ]
}
HOSTILE = {
    "providers": [
        _provider(
            "<script x-injected>hit()</script><b x-injected>Best</b>",
            technology='"><img x-injected src=x onerror=hit()>',
            max_download_mbps="1e999",
            max_upload_mbps=-5,
            min_price_usd={"$gt": 0},
            url="javascript:hit()",
            source_url="javascript:alert(1)//https://evil.example/",
            confidence="</p><x-injected>",
        ),
        _provider('=HYPERLINK("https://evil.example/")', source_url="//evil.example/", url="data:text/html,x"),
        _provider("\u202eevil\u202c \u0000 name", source_url="https://user:pass@evil.example/"),
        "not an object",
        None,
    ]
}
FREE_TEXT = (
    "I could not find a page that lists providers for this address. <b x-injected>The town's page</b> names one "
    "cooperative, without speeds or prices."
)
OTHER_BODY = {
    "detail": [
        {
            "type": "value_error",
            "loc": ["header", "Idempotency-Key"],
            "msg": "Idempotency-Key was used with another body",
            "input": None,
        }
    ]
}

_ALL = (
    AgentScenario(0, "finds-three", "Finds three providers", "Works for 14 seconds and names three.", THREE),
    AgentScenario(1, "finds-none", "Finds none", "The answer is an empty list.", {"providers": []}),
    AgentScenario(2, "json-text", "JSON in a text", "The answer is a text that holds the JSON.", json.dumps(THREE)),
    AgentScenario(
        3,
        "fenced-json",
        "JSON in a fence",
        "The JSON stands between three backticks, with words around it.",
        f"Here is what I found:\n```json\n{json.dumps(THREE)}\n```\nPlease check it.",
    ),
    AgentScenario(4, "free-text", "Free text", "The answer is a sentence.", FREE_TEXT),
    AgentScenario(
        5, "outside-schema", "Outside the schema", "An object without a list of providers.", {"result": [1, 2], "ok": 1}
    ),
    AgentScenario(6, "hostile-html", "Hostile answer", "Markup, scripts, formulas and false links as facts.", HOSTILE),
    AgentScenario(
        7, "idle", "Idle at the end", "Settles as idle, and holds its place until it is deleted.", THREE, ends_as="idle"
    ),
    AgentScenario(
        8,
        "times-out",
        "Times out",
        "Works until its time is up, without an answer.",
        ends_as="timed_out",
        settled_at=None,
        outcome=None,
        error_code="timeout",
    ),
    AgentScenario(
        9,
        "quota-old",
        "Quota, older shape",
        "429 with a text.",
        create_refusal=Refusal(429, {"detail": "Concurrency quota exceeded"}),
    ),
    AgentScenario(
        10,
        "quota",
        "Quota",
        "429 with a list of limits.",
        create_refusal=Refusal(
            429,
            {
                "message": "Too many sessions",
                "detail": [{"type": "plan_limit", "message": "3 of 3 sessions are active", "scope": "org"}],
            },
        ),
    ),
    AgentScenario(
        11,
        "in-flight",
        "409 in flight",
        "The first two requests with a key are told that one is in flight.",
        THREE,
        create_refusal=Refusal(409, {"detail": "A request with this key is in flight"}, retry_after="2", times=2),
    ),
    AgentScenario(
        12,
        "other-body",
        "422 for another body",
        "The key is taken for one that was used with another body.",
        create_refusal=Refusal(422, OTHER_BODY),
    ),
    AgentScenario(13, "slow", "Slow answers", "Each answer of the API takes 3 seconds.", THREE, answer_takes=3.0),
    AgentScenario(
        14, "never", "Never ends", "Runs on past its own time.", settled_at=None, outcome=None, heeds_caps=False
    ),
    AgentScenario(
        15,
        "fails",
        "Fails",
        "The browser of the agent breaks.",
        ends_as="failed",
        settled_at=9.0,
        outcome=None,
        error_code="environment_error",
    ),
    AgentScenario(
        16,
        "queued",
        "Queued",
        "Waits for 12 seconds before it works.",
        THREE,
        "queued",
        working_at=12.0,
        settled_at=25.0,
    ),
    AgentScenario(
        17,
        "dear",
        "Expensive",
        "Each step costs 20 cents, and it goes on until it is asked for its answer.",
        THREE,
        settled_at=None,
        dollars_a_step=0.2,
    ),
    AgentScenario(
        18,
        "no-credit",
        "No credit",
        "Ends because the account has none left.",
        ends_as="failed",
        settled_at=3.0,
        outcome=None,
        error_code="insufficient_credit",
    ),
    AgentScenario(
        19,
        "unauthorized",
        "Key refused",
        "401 as the gateway says it.",
        create_refusal=Refusal(401, {"message": "Unauthorized"}),
    ),
    AgentScenario(
        20,
        "error-once",
        "One server error",
        "The first request with a key is answered 503, the next one makes the session.",
        THREE,
        create_refusal=Refusal(503, {"detail": "unavailable"}, times=1),
    ),
    AgentScenario(
        21,
        "no-format",
        "Refuses answer_format",
        "422 for a request with this member at its top; without it the answer is a text that holds the JSON.",
        json.dumps(THREE),
        refuses_format=True,
    ),
    AgentScenario(
        22, "old-shapes", "Older shapes", "The status is a text, and there are no metrics.", THREE, has_old_shapes=True
    ),
    AgentScenario(23, "no-answer", "No answer", "Completes without an answer.", outcome=None, error_code="no_answer"),
    AgentScenario(
        24,
        "gone",
        "Session gone",
        "404 for every question about the session.",
        changes_refusal=Refusal(404, {"detail": "Session not found"}),
    ),
    AgentScenario(
        25,
        "bad-gateway",
        "Bad gateway",
        "502 with a page of HTML for every question about the session.",
        changes_refusal=Refusal(502, "<html><body><h1 x-injected>Bad gateway</h1></body></html>"),
    ),
)
SCENARIOS: Mapping[str, AgentScenario] = MappingProxyType({scenario.key: scenario for scenario in _ALL})
DEFAULT = SCENARIOS["finds-three"]
