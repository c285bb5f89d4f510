"""A Hum that attacks: the simulator's own answers with payloads in place of their texts, in headers, names and error
pages too.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from tests.integration.attacks.payloads import EVERY, MARKUP
from tests.integration.web.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FLOW = frozenset({"session_token", "request_status", "geocoding", "internet", "currency"})
"""Texts without which a lookup gets nowhere: left as they are unless a test says otherwise."""
FIGURES = frozenset({"download_speed", "upload_speed", "max_download_speed", "max_upload_speed"})
"""Texts without which a plan has no place in comparisons and pictures."""
HEADERS = (
    "Age",
    "Cache-Control",
    "Retry-After",
    "Server-Timing",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-Request-Id",
    "Set-Cookie",
)
SENT_ON = ("HX-Redirect", "HX-Trigger", "Refresh", "Link", "Content-Security-Policy", "Location")


class HostileHum:
    """WSGI middleware for the simulator. `spared` names the members whose texts stay; `placed` is kind of member ->
    payloads put there.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self.spared = FLOW
        self.numbers_too = False
        self.placed: defaultdict[str, set[str]] = defaultdict(set)
        self._used: Counter[str] = Counter()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        body = b"".join(chunks)
        try:
            answer = json.dumps(self._hostile(json.loads(body), "")).encode()
        except ValueError:
            answer = ("<html><body>" + "".join(MARKUP)).encode()
        sent = {name: self._header(name) for name in HEADERS} | dict.fromkeys(SENT_ON, "//evil.example/")
        sent |= {
            "session_token": headers.get("session_token", ""),
            "Content-Type": f"application/json; x={self._header('Content-Type')}",
        }
        start_response(status, [*sent.items(), ("Content-Length", str(len(answer)))])
        return [answer]

    def _hostile(self, value: object, kind: str) -> object:
        if isinstance(value, Mapping):
            return self._members(value, kind)
        if isinstance(value, list):
            return [self._hostile(item, kind) for item in (_longer(value) if kind == ".data.internet" else value)]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if kind.rpartition(".")[2] in self.spared or not (isinstance(value, str) or (is_number and self.numbers_too)):
            return value
        return self._payload(kind)

    def _members(self, value: Mapping[str, object], kind: str) -> dict[str, object]:
        hostile = {name: self._hostile(item, f"{kind}.{name}") for name, item in value.items()}
        if "monthly_price" in value:
            hostile[self._payload(f"{kind}.(name)")] = {"amount_cents": 100, "currency": "USD"}
        elif "provider_name" in value:
            # Where a promotion or an icon is missing, or an object, Hum may also send a text.
            hostile |= {
                name: self._payload(f"{kind}.{name}") for name in ("promo_text", "provider_icon", "provider_promo")
            }
        else:
            hostile[self._payload(f"{kind}.(name)")] = self._payload(f"{kind}.(unknown)")
        return hostile

    def _payload(self, kind: str) -> str:
        # Kinds start at different places, so that the members of one provider do not all hold the same.
        chosen = EVERY[(self._used[kind] + 31 * len(kind)) % len(EVERY)]
        self._used[kind] += 1
        self.placed[kind].add(chosen)
        return chosen

    def _header(self, name: str) -> str:
        sendable = [text for text in EVERY if text.isascii() and text.isprintable()]
        self._used[name] += 1
        return sendable[(self._used[name] * 7) % len(sendable)]


@dataclass(frozen=True)
class Attacked:
    """The app on a hostile Hum, and its URL."""

    site: Site
    hum: HostileHum
    url: str


def _longer(providers: list[object]) -> list[object]:
    """A long list of providers made so long that two of its kind have room for every payload in every field."""
    return (providers * 2)[: max(len(providers), len(EVERY) // 2)] if len(providers) >= 60 else providers


def as_response(html: str, **headers: str) -> WSGIApplication:
    """An app that answers every request with this page: what an application without any defense would send."""
    return Response(html, content_type="text/html; charset=utf-8", headers=headers)
