"""From an HTTP answer to its meaning: the JSON of a success, or the error that its status and body stand for."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.hum.endpoints import CLOSE, CREATE, INTERNET, STATUS, Operation
from webapp.hum.errors import (
    HumError,
    InvalidAddress,
    NotAuthorized,
    RateLimited,
    Reason,
    SessionGone,
    SessionNotFound,
    Unavailable,
    Unusable,
)
from webapp.hum.poll_schedule import seconds_to_wait
from webapp.hum.readers import mapping, texts
from webapp.hum.texts import clean, humanised
from webapp.upstream.masking import Mask
from webapp.upstream.transport import Answer, TransportFault

FORM_FIELDS = ("street1", "street2", "city", "state", "zip", "campaign_id")
MOST_MESSAGES = 10

_SUCCESS = frozenset({200, 201, 202})
_WITH_SESSION = frozenset({STATUS, INTERNET, CLOSE})
# A gateway says these when it gave up waiting: what stands behind it may still have made the session.
_GATEWAY_GAVE_UP = frozenset({502, 504, *range(520, 528)})


@dataclass(frozen=True, slots=True)
class Reading:
    """The JSON value of a body; `is_json` is False, and the value None, when there was none to read."""

    value: object
    is_json: bool


def read_body(body: bytes) -> Reading:
    """The JSON in a body, if it is any."""
    try:
        return Reading(json_of(body), True)
    except ValueError:
        return Reading(None, False)


def envelope_of(answer: Answer, reading: Reading, operation: Operation, mask: Mask) -> Mapping[str, object]:
    """The JSON object of an answer; raises the `HumError` that any other answer means. `mask` cleans the texts errors
    carry.
    """
    if answer.status not in _SUCCESS:
        raise failure_of(answer, reading, operation, mask)
    if answer.status == 202 and not answer.body.strip():
        return {}
    is_create = operation is CREATE
    if not reading.is_json:
        raise Unusable(operation.name, operation.method, answer.status, Reason.NOT_JSON, uncertain=is_create)
    value = reading.value
    if not isinstance(value, Mapping):
        raise Unusable(operation.name, operation.method, answer.status, Reason.NOT_AN_OBJECT, uncertain=is_create)
    if clean(value.get("request_status")).lower() == "error":
        if is_create and value.get("errors"):
            raise _invalid_address(answer, operation, value, mask)
        raise Unavailable(operation.name, operation.method, answer.status, Reason.REFUSED)
    return value


def json_of(body: bytes) -> object:
    """The JSON value of a body: UTF-8 with or without a byte order mark; ValueError when it is none.

    NaN, infinities and numbers beyond a float become None, integers past 18 digits their text. Broken bytes become
    U+FFFD.
    """
    try:
        return json.loads(
            body.decode("utf-8-sig", "replace"), parse_constant=_no_number, parse_int=_integer, parse_float=_finite
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def failure_of(answer: Answer, reading: Reading, operation: Operation, mask: Mask) -> HumError:
    """The error that an answer's status stands for (429 apart: see `rate_limited`)."""
    name, method, status = operation.name, operation.method, answer.status
    if status in (401, 403):
        return NotAuthorized(name, method, status)
    if operation in _WITH_SESSION and status in (404, 410):
        return SessionNotFound(name, method, status) if status == 404 else SessionGone(name, method, status)
    body = mapping(reading.value)
    if operation is CREATE and (status == 422 or (status == 400 and body.get("errors"))):
        return _invalid_address(answer, operation, body, mask)
    if status >= 500:
        return Unavailable(
            name, method, status, Reason.SERVER_ERROR, uncertain=operation is CREATE and status in _GATEWAY_GAVE_UP
        )
    if 300 <= status < 400:
        return Unusable(name, method, status, Reason.REDIRECT)
    return Unusable(name, method, status, Reason.UNEXPECTED_STATUS, uncertain=operation is CREATE and status < 300)


def rate_limited(answer: Answer, operation: Operation, now: float) -> RateLimited | None:
    """The error of a 429, with its wait reckoned from `now` (epoch seconds)."""
    if answer.status != 429:
        return None
    return RateLimited(operation.name, operation.method, 429, seconds_to_wait(answer.headers, now))


def error_of_fault(fault: TransportFault, operation: Operation) -> Unavailable:
    """The error of an exchange without a complete answer. Only a create leaves doubt about what Hum has done."""
    kind = Unusable if fault.reason in (Reason.TOO_LARGE, Reason.ENCODED) else Unavailable
    uncertain = operation is CREATE and fault.may_have_arrived
    return kind(operation.name, operation.method, fault.status, fault.reason, uncertain)


def _invalid_address(answer: Answer, operation: Operation, body: Mapping[str, object], mask: Mask) -> InvalidAddress:
    """Both nestings (`errors.zip`, `errors.errors.zip`), each a list or a single text; fields we have no box for go to
    the form.
    """
    errors = mask.without_secrets(body.get("errors"))
    if isinstance(mapping(errors).get("errors"), Mapping | list | str):
        errors = mapping(errors)["errors"]
    fields: dict[str, tuple[str, ...]] = {}
    base: list[str] = list(texts(errors, MOST_MESSAGES))
    for key, value in list(mapping(errors).items())[:50]:
        said = texts(value, MOST_MESSAGES)
        if key in FORM_FIELDS and said:
            fields[key] = said
        elif key == "base":
            base.extend(said)
        else:
            base.extend(clean(f"{humanised(key)}: {text}") for text in said)
    if not fields and not base:
        base.extend(texts(mask.without_secrets(body.get("message")), 1))
    return InvalidAddress(operation.name, operation.method, answer.status, fields, tuple(base[:MOST_MESSAGES]))


def _no_number(_: str) -> None:
    return None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= 18 else digits[:200]


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None
