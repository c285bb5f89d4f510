"""The calls of one lookup as an HTTP Archive 1.2, which browsers' network tools open. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from webapp.lookups.recorded_calls import RecordedCall
from webapp.pages.console.call_words import is_of_research, phrase
from webapp.upstream.call import Call

VERSION = "1.2"
CREATOR = {"name": "Hum ISP Lookup", "version": "1"}
TOKEN = "SESSION_TOKEN"
AGENT_SESSION = "H_SESSION_ID"
PAGE = "lookup"


def har(
    title: str, started_at: float, calls: Sequence[RecordedCall], base_url: str, agent_url: str = ""
) -> dict[str, Any]:
    """The archive; `base_url` is Hum's, `agent_url` H Company's. Tokens in paths read `SESSION_TOKEN`, ids of H
    Company's sessions `H_SESSION_ID`; sizes of headers are unknown (-1), since not all of them are kept.
    """
    page = {
        "startedDateTime": _iso(started_at),
        "id": PAGE,
        "title": title,
        "pageTimings": {"onContentLoad": -1, "onLoad": -1},
    }
    entries = []
    for recorded in calls:
        called_at = agent_url if is_of_research(recorded.call) else base_url
        entries.append(_entry(recorded, called_at))
    return {"log": {"version": VERSION, "creator": CREATOR, "pages": [page], "entries": entries}}


def _entry(recorded: RecordedCall, base_url: str) -> dict[str, Any]:
    call = recorded.call
    return {
        "pageref": PAGE,
        "startedDateTime": _iso(call.started_at),
        "time": call.milliseconds,
        "request": _request(call, base_url),
        "response": _response(call, recorded.cut),
        "cache": {},
        "timings": {"send": 0, "wait": call.milliseconds, "receive": 0},
    }


def _request(call: Call, base_url: str) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": call.method,
        "url": base_url + call.path.replace("{token}", TOKEN).replace("{id}", AGENT_SESSION),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(call.request_headers),
        "queryString": [],
        "headersSize": -1,
        "bodySize": len((call.request_body or "").encode()),
    }
    if call.request_body is not None:
        request["postData"] = {
            "mimeType": call.request_headers.get("Content-Type", ""),
            "params": [],
            "text": call.request_body,
        }
    return request


def _response(call: Call, cut: bool) -> dict[str, Any]:
    content: dict[str, Any] = {
        "size": call.size,
        "mimeType": call.response_headers.get("Content-Type", "x-unknown"),
        "text": call.response_body,
    }
    if cut:
        content["comment"] = "The text was cut when it was recorded."
    response: dict[str, Any] = {
        # Status 0 is how browsers write a request without an answer.
        "status": call.status or 0,
        "statusText": phrase(call.status or 0),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(call.response_headers),
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": call.size,
    }
    if not call.status:
        response["bodySize"] = -1
    if call.error:
        response["_error"] = call.error
    return response


def _headers(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
