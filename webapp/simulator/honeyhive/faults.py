"""Faults: what HoneyHive may answer besides what it should, documented or not. One at a time holds for every call that
it concerns.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Response

from webapp.simulator.faults import MARKUP, AnswerFault, connections
from webapp.simulator.honeyhive.events import Json
from webapp.simulator.honeyhive.state import as_json

_BATCH = "add_events"
_START = "start_session"
_ELSEWHERE = "https://elsewhere.invalid/v1/sessions"
_GATEWAY_PAGE = f"<!doctype html><html><head><title>Bad gateway</title></head><body>{MARKUP}</body></html>"
_SECONDS = "7"


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` says what it does. With `refuses` nothing is stored; without it what was sent is stored, whatever the
    answer says. `operation` is the only call that it concerns; "" for all.
    """

    line: str
    alter: AnswerFault
    refuses: bool = False
    operation: str = ""

    def concerns(self, endpoint: str | None) -> bool:
        """Whether a call of this endpoint has it."""
        name = (endpoint or "").rpartition(".")[2]
        return name != "openapi" and self.operation in {"", name}


def _status(status: int, message: str | None = None, **headers: str) -> AnswerFault:
    def apply(_: Response) -> Response:
        answer = as_json(status, {"message": message} if message else {})
        answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return answer

    return apply


def _page(status: int) -> AnswerFault:
    return lambda _: Response(_GATEWAY_PAGE, status, content_type="text/html; charset=utf-8")


def _body(status: int, body: Json) -> AnswerFault:
    return lambda _: as_json(status, body)


def _bytes(body: bytes) -> AnswerFault:
    return lambda _: Response(body, 200, content_type="application/json")


def _half(answer: Response) -> Response:
    body = answer.get_data()
    answer.set_data(body[: len(body) // 2])
    return answer


def _other_id(answer: Response) -> Response:
    other = str(uuid.uuid4())
    return as_json(200, {**answer.get_json(), "session_id": other, "event_id": other})


def _wrapped(answer: Response) -> Response:
    return as_json(200, {"session": answer.get_json()})


def _id_alone(answer: Response) -> Response:
    return as_json(200, {"session_id": answer.get_json()["session_id"]})


def _refusal(line: str, alter: AnswerFault) -> Fault:
    return Fault(line, alter, refuses=True)


PARTIAL = {"success": True, "event_ids": [], "errors": ["Event 2 could not be processed"]}

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "400": _refusal("400: an invalid or missing scope.", _status(400, "Invalid or missing scope")),
        "401": _refusal("401: the key is not accepted.", _status(401, "Unauthorized")),
        "403": _refusal("403: the key may not do this.", _status(403, "Forbidden")),
        "404": _refusal("404: not found.", _status(404, "Not found")),
        "408": _refusal("408: HoneyHive took too long to read.", _status(408)),
        "413": _refusal("413: too large.", _status(413)),
        "429": _refusal("429 with Retry-After.", _status(429, "Too many requests", Retry_After=_SECONDS)),
        "429-bare": _refusal("429 that names no wait.", _status(429)),
        "500": _refusal("500 without a message.", _status(500)),
        "502": _refusal("502 with a gateway's page.", _page(502)),
        "503": _refusal("503.", _status(503, "Service unavailable")),
        "504": _refusal("504 with a gateway's page.", _page(504)),
        "500-stored": Fault("500, although everything was stored.", _status(500, "Internal error")),
        "500-partial": Fault("500 with success true and errors: some events.", _body(500, PARTIAL), operation=_BATCH),
        "500-success-elsewhere": Fault("500 with success true and no errors.", _body(500, {"success": True})),
        "success-false": _refusal("200 with success false.", _body(200, {"success": False})),
        "errors": Fault("200 with success true and errors.", _body(200, PARTIAL), operation=_BATCH),
        "wrapped": Fault("The session in an object, as in older answers.", _wrapped, operation=_START),
        "id-alone": Fault("The session's id and nothing else.", _id_alone, operation=_START),
        "other-id": Fault("Another id than the one that was sent.", _other_id, operation=_START),
        "html": _refusal("200 with a page.", _page(200)),
        "empty": Fault("200 with an empty body.", _bytes(b"")),
        "truncated": Fault("JSON that ends in the middle.", _half),
        "array": Fault("A list where the object should be.", _bytes(b"[]")),
        "null": Fault("null.", _bytes(b"null")),
        "huge": Fault("A body of 3 MB.", _bytes(b'"' + b"x" * 3_000_000 + b'"')),
        "redirect": _refusal("302 to another host.", _status(302, None, Location=_ELSEWHERE)),
        "slow": _refusal("A header line every tenth of a second.", connections.slow_headers),
        "hang": _refusal("Not one byte.", connections.silence),
        "reset": Fault("The connection is reset, although everything was stored.", connections.reset),
        "cut": Fault("The connection is closed in the middle of the answer.", connections.cut),
    }
)
