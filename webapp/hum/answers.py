"""From an HTTP answer to its meaning: the JSON of a success, or the error that its status and body stand for."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.hum.endpoints import CLOSE, CREATE, INTERNET, STATUS
from webapp.hum.errors import (
    HumError,
    InvalidAddress,
    NotAuthorized,
    Reason,
    SessionGone,
    SessionNotFound,
    Unavailable,
    Unusable,
)
from webapp.hum.readers import mapping, texts
from webapp.hum.texts import humanised
from webapp.upstream.call import Operation
from webapp.upstream.text import clean
from webapp.upstream.transport import TransportFault
from webapp.upstream.vendor_http import Reply

FORM_FIELDS = ("street1", "street2", "city", "state", "zip", "campaign_id")
MOST_MESSAGES = 10

_SUCCESS = frozenset({200, 201, 202})
_WITH_SESSION = frozenset({STATUS, INTERNET, CLOSE})
_NO_SESSION = {404: SessionNotFound, 410: SessionGone}
# A gateway says these when it gave up waiting: what stands behind it may still have made the session.
_GATEWAY_GAVE_UP = frozenset({502, 504, *range(520, 528)})


def envelope_of(reply: Reply, operation: Operation) -> Mapping[str, object]:
    """The JSON object of an answer, secrets still in it; raises the `HumError` that any other answer means."""
    if reply.status not in _SUCCESS:
        raise failure_of(reply, operation)
    if reply.status == 202 and not reply.body.strip():
        return {}
    is_create = operation is CREATE
    if not reply.is_json:
        raise Unusable(operation.name, operation.method, reply.status, Reason.NOT_JSON, uncertain=is_create)
    value = reply.json
    if not isinstance(value, Mapping):
        raise Unusable(operation.name, operation.method, reply.status, Reason.NOT_AN_OBJECT, uncertain=is_create)
    if clean(value.get("request_status")).lower() == "error":
        if is_create and value.get("errors"):
            raise _invalid_address(reply, operation)
        raise Unavailable(operation.name, operation.method, reply.status, Reason.REFUSED)
    return value


def failure_of(reply: Reply, operation: Operation) -> HumError:
    """The error that an answer's status stands for (429 apart)."""
    name, method, status = operation.name, operation.method, reply.status
    if status in (401, 403):
        return NotAuthorized(name, method, status)
    if operation in _WITH_SESSION and status in _NO_SESSION:
        return _NO_SESSION[status](name, method, status)
    if operation is CREATE and (status == 422 or (status == 400 and mapping(reply.json).get("errors"))):
        return _invalid_address(reply, operation)
    if status >= 500:
        uncertain = operation is CREATE and status in _GATEWAY_GAVE_UP
        return Unavailable(name, method, status, Reason.SERVER_ERROR, uncertain)
    if 300 <= status < 400:
        return Unusable(name, method, status, Reason.REDIRECT)
    return Unusable(name, method, status, Reason.UNEXPECTED_STATUS, uncertain=operation is CREATE and status < 300)


def error_of_fault(fault: TransportFault, operation: Operation) -> Unavailable:
    """The error of an exchange without a complete answer. Only a create leaves doubt about what Hum has done."""
    reason = Reason(fault.reason.value)
    kind = Unusable if reason in (Reason.TOO_LARGE, Reason.ENCODED) else Unavailable
    uncertain = operation is CREATE and fault.may_have_arrived
    return kind(operation.name, operation.method, fault.status, reason, uncertain)


def _invalid_address(reply: Reply, operation: Operation) -> InvalidAddress:
    """Both nestings (`errors.zip`, `errors.errors.zip`), each a list or a single text; fields we have no box for go to
    the form.
    """
    body = mapping(reply.kept)
    errors = body.get("errors")
    if isinstance(mapping(errors).get("errors"), Mapping | list | str):
        errors = mapping(errors)["errors"]
    fields: dict[str, tuple[str, ...]] = {}
    base: list[str] = list(texts(errors, MOST_MESSAGES))
    for key, value in list(mapping(errors).items())[:50]:
        messages = texts(value, MOST_MESSAGES)
        if key in FORM_FIELDS and messages:
            fields[key] = messages
        elif key == "base":
            base.extend(messages)
        else:
            base.extend(clean(f"{humanised(key)}: {text}") for text in messages)
    if not fields and not base:
        base.extend(texts(body.get("message"), 1))
    return InvalidAddress(operation.name, operation.method, reply.status, fields, tuple(base[:MOST_MESSAGES]))
