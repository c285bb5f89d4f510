"""Calls in words: what was asked, how it ended, how large and how long. Pure."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus

from webapp.hum.errors import Cause
from webapp.lookups.recorded_calls import TurnKind
from webapp.upstream.call import Call


class Tone(StrEnum):
    """How a call went; picks icon and color, which the words repeat."""

    GOOD = "good"
    PENDING = "waiting"
    WARN = "warn"
    BAD = "bad"


ASKED = {
    "create": "Open a session for the address",
    "status": "Check session status",
    "internet": "Which providers serve the address?",
    "close": "Close the session",
    "h_create": "H Company: start an agent",
    "h_changes": "H Company: what has changed?",
    "h_force_answer": "H Company: answer now",
    "h_delete": "H Company: end the session",
}

TURNS = {
    TurnKind.START: "Form sent",
    TurnKind.POLL: "Poll",
    TurnKind.STOP: "Stop pressed",
    TurnKind.CHECK: "Check for more plans pressed",
    TurnKind.RESEARCH: "Web search",
}

MEANINGS = {
    200: "answered",
    201: "session opened",
    202: "accepted, not finished yet",
    204: "done, nothing to say",
    400: "Hum could not read the request",
    401: "the key is not accepted",
    403: "the key is not allowed to do this",
    404: "Hum does not know this session",
    406: "Hum wants another content type",
    410: "the session was closed or has expired",
    422: "Hum refused the address",
    429: "too many requests, told to wait",
    500: "a fault inside Hum",
    502: "a gateway before Hum got no proper answer",
    503: "Hum is not available right now",
    504: "a gateway before Hum got no answer in time",
}

AGENT_MEANINGS = {
    200: "answered",
    201: "session started",
    202: "accepted",
    204: "nothing has changed, or done",
    400: "H Company could not read the request",
    401: "the key is not accepted",
    403: "the key is not allowed to do this",
    404: "H Company does not know this session",
    409: "the same request is being answered",
    413: "the request is too large",
    422: "H Company refused the request",
    429: "as many sessions run as may",
    500: "a fault inside H Company",
    502: "a gateway before H Company got no proper answer",
    503: "H Company is not available right now",
    504: "a gateway before H Company got no answer in time",
}
"""The same of H Company's answers."""

FAULTS: dict[str, str] = {
    Cause.TIMEOUT: "no complete answer in time",
    Cause.CONNECTION: "the connection failed",
    Cause.TOO_LARGE: "the answer was too large to read",
    Cause.ENCODED: "the answer was packed in a way we did not ask for",
}


def status_words(call: Call) -> str:
    """`202 Accepted: accepted, not finished yet`; for a call without an answer why there is none."""
    fault = FAULTS.get(call.error or "", call.error)
    if call.status is None:
        return f"No answer: {fault or 'nothing came back'}"
    said = f"{call.status} {phrase(call.status)}".strip()
    meaning = _meaning(call, call.status)
    if meaning:
        said = f"{said}: {meaning}"
    if fault:
        said = f"{said}, but {fault}"
    return said


def phrase(status: int) -> str:
    """`Not Found` for 404; "" for a number that HTTP does not define."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _meaning(call: Call, status: int) -> str | None:
    if _no_list_yet(call):
        return "no provider is listed yet, or the list is not ready"
    if is_of_research(call):
        return AGENT_MEANINGS.get(status)
    return MEANINGS.get(status)


def is_of_research(call: Call) -> bool:
    """Whether a call went to H Company."""
    return call.operation.startswith("h_")


def short_status(call: Call) -> str:
    """The same for a narrow place: `202` or `timeout`."""
    return call.error or str(call.status)


def tone(call: Call) -> Tone:
    """Fine, not ready yet, told to wait, or failed."""
    if call.error is not None or call.status is None or call.status >= 500:
        return Tone.BAD
    if call.status == 202 and not is_of_research(call):
        return Tone.PENDING
    if call.status < 300:
        return Tone.GOOD
    if call.status == 429 or _no_list_yet(call):
        return Tone.WARN
    return Tone.BAD


def failed(call: Call) -> bool:
    """Whether the call brought nothing that could be used."""
    return tone(call) is Tone.BAD or call.status == 429


def size_text(size: int) -> str:
    """`567 bytes`, `16.4 kB`."""
    if size < 1_000:
        return f"{size:,} bytes"
    return f"{size / 1_000:,.1f} kB"


def duration_text(milliseconds: float) -> str:
    """`312 ms`, `6.00 s`."""
    if milliseconds < 1_000:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1_000:.2f} s"


def _no_list_yet(call: Call) -> bool:
    return call.operation == "internet" and call.status == 404
