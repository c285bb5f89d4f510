"""One exchange with a vendor as everything else sees it: the API console, metrics and logs all live on this record.

It holds no secrets: headers come by an allow-list, bodies masked and clamped; what is not named here is never recorded.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from webapp.upstream.masking import HIDDEN, Mask, hint, storable
from webapp.upstream.text import clean

MAX_BODY_CHARACTERS = 256 * 1024

REQUEST_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent", "X-Simulator-Scenario")
RESPONSE_HEADERS = (
    "Age",
    "Cache-Control",
    "Content-Length",
    "Content-Type",
    "Date",
    "Retry-After",
    "Server-Timing",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-Id",
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Operation:
    """One of a vendor's endpoints: our short name for it, its method and the template of its path."""

    name: str
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP exchange, masked. `path` is the template, never a real path with a token in it.

    `started_at` is in epoch seconds, `size` the bytes of the answer's body as received (0 without an answer), `error`
    one short word (a `transport.Fault`) when no usable HTTP answer came. Bodies are texts with secrets masked, at most
    256 kB long.
    """

    operation: str
    method: str
    path: str
    status: int | None
    started_at: float
    milliseconds: int
    request_headers: Mapping[str, str]
    request_body: str | None
    response_headers: Mapping[str, str]
    response_body: str
    size: int
    error: str | None


Observer = Callable[[Call], None]


def notify(observers: Iterable[Observer], call: Call) -> None:
    """Hands the call to every observer; one that raises is logged and never breaks the call itself."""
    for observer in observers:
        try:
            observer(call)
        except Exception:
            log.warning("an observer of calls failed", exc_info=True)


def shown_request_headers(headers: Mapping[str, str], mask: Mask) -> dict[str, str]:
    """The request's headers as they may be recorded."""
    return {"Authorization": f"Bearer {HIDDEN}", **_allowed(headers, REQUEST_HEADERS, mask)}


def shown_response_headers(headers: Mapping[str, str], secret_headers: Iterable[str], mask: Mask) -> dict[str, str]:
    """The answer's headers as they may be recorded; of `secret_headers` only the first letters."""
    shown = _allowed(headers, RESPONSE_HEADERS, mask)
    for name in secret_headers:
        if name in headers:
            shown[name] = hint(clean(headers[name]))
    return shown


def shown_json(value: object) -> str:
    """A masked JSON body as text."""
    return json.dumps(value, ensure_ascii=False)[:MAX_BODY_CHARACTERS]


def shown_bytes(body: bytes, mask: Mask) -> str:
    """A body that is not JSON as text."""
    return mask.raw_text(storable(body.decode("utf-8", "replace")))[:MAX_BODY_CHARACTERS]


def _allowed(headers: Mapping[str, str], names: Iterable[str], mask: Mask) -> dict[str, str]:
    return {name: mask.text(clean(headers[name])) for name in names if name in headers}
