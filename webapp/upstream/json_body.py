"""The JSON value of a body, however it was written: no number that could not be stored, no broken text."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass


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


def json_of(body: bytes) -> object:
    """The JSON value of a body: UTF-8 with or without a byte order mark; ValueError when it is none.

    NaN, infinities and numbers beyond a float become None, integers past 18 digits their text. Broken bytes become
    U+FFFD.
    """
    text = body.decode("utf-8-sig", "replace")
    try:
        return json.loads(text, parse_constant=_no_number, parse_int=_integer, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_number(_: str) -> None:
    return None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= 18 else digits[:200]


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None
