"""What can go wrong in a call to Hum, named by meaning.

    HumError               any failed call; catch this to catch them all
    ├── InvalidAddress     Hum refused the address: texts by field and for the form (422, or 400 with words)
    ├── RateLimited        too many calls: wait `retry_after` seconds (429)
    ├── NotAuthorized      the API key is not accepted (401, 403)
    ├── SessionNotFound    Hum does not know the session (404)
    ├── SessionGone        the session was closed or has expired (410)
    ├── Rejected           Hum refused a question about a session for good, in words of its own (400, 406, 422)
    └── Unavailable        no answer that counts: time-out, connection, 5xx
        │                  or not even asked, because Hum is known to be down; `wait` says until when
        ├── Busy           not asked, because too many of our requests are asking
        └── Unusable       an answer came, but not one we can use: other status, not JSON, too large, redirect

No error holds an API key, a token, a request id or Hum's own free text, except the cleaned texts of `InvalidAddress`
and `Rejected`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from webapp.hum.operations import CLOSE, CREATE, INTERNET, STATUS
from webapp.hum.readers import humanized, mapping, texts
from webapp.texts import clean
from webapp.upstream.call import Call, Operation
from webapp.upstream.transport import Fault, TransportFault
from webapp.upstream.vendor_http import Reply


class Cause(StrEnum):
    """Why a call was `Unavailable`; short words, safe for logs and metrics."""

    TIMEOUT = Fault.TIMEOUT.value
    CONNECTION = Fault.CONNECTION.value
    SERVER_ERROR = "server-error"
    REFUSED = "refused"
    UNEXPECTED_STATUS = "unexpected-status"
    REDIRECT = "redirect"
    TOO_LARGE = Fault.TOO_LARGE.value
    ENCODED = Fault.ENCODED.value
    NOT_JSON = "not-json"
    NOT_AN_OBJECT = "not-an-object"
    NO_TOKEN = "no-token"
    NO_LIST = "no-list"
    BAD_TOKEN = "bad-token"
    OTHER_SESSION = "other-session"
    DOWN = "down"
    BUSY = "busy"


class HumError(Exception):
    """A call to Hum that failed.

    `operation` is create, status, internet, close, ping or coverage; `status` is the HTTP status, None when no answer
    came.
    `retryable` says whether the same call may succeed later without anything being changed. `calls` are the exchanges
    that were made, in order; none when Hum was not asked.
    """

    is_timeout = False
    retryable = False

    def __init__(self, operation: str, method: str, status: int | None = None) -> None:
        super().__init__(operation, method, status)
        self.operation = operation
        self.method = method
        self.status = status
        self.calls: tuple[Call, ...] = ()

    def __str__(self) -> str:
        status = "no status" if self.status is None else str(self.status)
        return f"{type(self).__name__}: {self.operation} ({self.method}), {status}"


class InvalidAddress(HumError):
    """Hum refused the address. `field_errors` by form field, `base_errors` for the form as a whole; both may be
    empty.
    """

    def __init__(
        self,
        operation: str,
        method: str,
        status: int | None = None,
        field_errors: Mapping[str, tuple[str, ...]] | None = None,
        base_errors: tuple[str, ...] = (),
    ) -> None:
        super().__init__(operation, method, status)
        self.field_errors = dict(field_errors or {})
        self.base_errors = base_errors


class RateLimited(HumError):
    """Too many calls. `retry_after` is the wait in seconds, always between 1 and 60. Without a status Hum was not even
    asked.
    """

    retryable = True

    def __init__(self, operation: str, method: str, status: int | None = 429, retry_after: float = 5.0) -> None:
        super().__init__(operation, method, status)
        self.retry_after = retry_after


class NotAuthorized(HumError):
    """The API key is missing, wrong or revoked."""


class SessionNotFound(HumError):
    """Hum does not know this session."""


class SessionGone(HumError):
    """The session was closed or has expired."""


class Rejected(HumError):
    """Hum refused a question about a session, and would refuse it again. `said` is what it says about that, on one
    cleaned line; "" when it says nothing.
    """

    def __init__(self, operation: str, method: str, status: int | None = None, said: str = "") -> None:
        super().__init__(operation, method, status)
        self.said = said


class Unavailable(HumError):
    """No answer that counts. `uncertain`: a create may have reached Hum, so a session may exist (and cost) that we
    cannot name.

    `wait` is the seconds after which Hum will be asked again when it was not asked now; else 0.
    """

    def __init__(
        self,
        operation: str,
        method: str,
        status: int | None = None,
        reason: Cause = Cause.CONNECTION,
        uncertain: bool = False,
        wait: float = 0.0,
    ) -> None:
        super().__init__(operation, method, status)
        self.reason = reason
        self.uncertain = uncertain
        self.wait = wait
        self.is_timeout = reason is Cause.TIMEOUT
        self.retryable = not uncertain

    def __str__(self) -> str:
        return f"{super().__str__()}, {self.reason.value}"


class Busy(Unavailable):
    """Hum was not asked, because as many requests as may are asking it."""

    def __init__(self, operation: str, method: str) -> None:
        super().__init__(operation, method, None, Cause.BUSY, wait=2.0)


class Unusable(Unavailable):
    """An answer came, but not one we can use. Asking again may help only after a 2xx that we could not read."""

    def __init__(
        self,
        operation: str,
        method: str,
        status: int | None = None,
        reason: Cause = Cause.NOT_JSON,
        uncertain: bool = False,
    ) -> None:
        super().__init__(operation, method, status, reason, uncertain)
        self.retryable = not uncertain and status is not None and 200 <= status < 300


# From an answer to the error that its status and body stand for.

FORM_FIELDS = ("street1", "street2", "city", "state", "zip", "campaign_id")
MOST_MESSAGES = 10

_WITH_SESSION = frozenset({STATUS, INTERNET, CLOSE})
_ABOUT_SESSION = frozenset({STATUS, INTERNET})
_FINAL = frozenset({400, 406, 422})
_NO_SESSION = {404: SessionNotFound, 410: SessionGone}
# A gateway says these when it gave up waiting: what stands behind it may still have made the session.
_GATEWAY_GAVE_UP = frozenset({502, 504, *range(520, 528)})


def failure_of(reply: Reply, operation: Operation) -> HumError:
    """The error that an answer's status stands for (429 apart)."""
    name, method, status = operation.name, operation.method, reply.status
    if status in (401, 403):
        return NotAuthorized(name, method, status)
    if operation in _WITH_SESSION and status in _NO_SESSION:
        return _NO_SESSION[status](name, method, status)
    refusal = _refusal_of(reply, operation)
    if refusal is not None:
        return refusal
    if status >= 500:
        uncertain = operation is CREATE and status in _GATEWAY_GAVE_UP
        return Unavailable(name, method, status, Cause.SERVER_ERROR, uncertain)
    if 300 <= status < 400:
        return Unusable(name, method, status, Cause.REDIRECT)
    return Unusable(name, method, status, Cause.UNEXPECTED_STATUS, uncertain=operation is CREATE and status < 300)


def error_of_fault(fault: TransportFault, operation: Operation) -> Unavailable:
    """The error of an exchange without a complete answer. Only a create leaves doubt about what Hum has done."""
    reason = Cause(fault.reason.value)
    kind = Unusable if reason in (Cause.TOO_LARGE, Cause.ENCODED) else Unavailable
    uncertain = operation is CREATE and fault.may_have_arrived
    return kind(operation.name, operation.method, fault.status, reason, uncertain)


def _refusal_of(reply: Reply, operation: Operation) -> Rejected | InvalidAddress | None:
    status = reply.status
    if operation in _ABOUT_SESSION and status in _FINAL:
        return Rejected(operation.name, operation.method, status, _refusal_text(reply))
    if operation is CREATE and (status == 422 or (status == 400 and _says_what_is_wrong(reply))):
        return invalid_address(reply, operation)
    return None


def _refusal_text(reply: Reply) -> str:
    fields, base = _refusals(reply)
    for name, messages in fields.items():
        base += [f"{humanized(name)}: {text}" for text in messages]
    return clean(" ".join(base))


def _says_what_is_wrong(reply: Reply) -> bool:
    """Whether a 400 is about what was sent: Hum's guide names missing fields with it, in the shape of any error."""
    body = mapping(reply.json)
    return bool(body.get("errors") or clean(body.get("message")))


def invalid_address(reply: Reply, operation: Operation) -> InvalidAddress:
    """What Hum objects to in an address: texts for boxes of the form, and for the form as a whole."""
    fields, base = _refusals(reply)
    return InvalidAddress(operation.name, operation.method, reply.status, fields, tuple(base))


def _refusals(reply: Reply) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """What Hum objects to: texts by form field, and those about the whole.

    Both nestings (`errors.zip`, `errors.errors.zip`), each a list or a single text. What is about no box of ours goes
    to the whole, under the name that Hum gives it, and so does the answer's message where it has no errors.
    """
    body = mapping(reply.kept)
    fields: dict[str, tuple[str, ...]] = {}
    base: list[str] = []
    errors = body.get("errors")
    for level in (errors, mapping(errors).get("errors")):
        base.extend(texts(level, MOST_MESSAGES))
        for key, value in list(mapping(level).items())[:50]:
            messages = texts(value, MOST_MESSAGES)
            if key == "base":
                base.extend(messages)
            elif key in FORM_FIELDS and messages:
                fields[key] = messages
            elif key != "errors":
                base.extend([clean(f"{key}: {text}") for text in messages])
    if not fields and not base:
        base.extend(texts(body.get("message"), 1))
    return fields, base[:MOST_MESSAGES]
