"""Faults of the values: valid JSON with odd contents. Wrong types, unknown words, characters that no text should hold,
clocks, flapping.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Response, request

from webapp.simulator.catalog import Json
from webapp.simulator.envelopes import date
from webapp.simulator.faults import MARKUP, AnswerFault
from webapp.simulator.state import simulator

_SHOWN = frozenset({"message", "service_address", "provider_name", "name", "description", "button_label", "promo_text"})
_WORDS = frozenset(
    {"geocoding", "internet", "checkout", "session_status", "request_status", "technology", "technology_category"}
)
_DATES = frozenset({"created_at", "updated_at", "responded_at"})
_RESET = "X-RateLimit-Reset"
_HOUR = timedelta(hours=1)
_FLAP_SECONDS = 2
_ANOTHER_SESSION = "anotherPersonsSession0123"


def _altered(alter: Callable[[Json], Json]) -> AnswerFault:
    """The answer with its JSON object altered, in ASCII, so that it can hold even lone surrogates."""

    def apply(answer: Response) -> Response:
        answer.set_data(json.dumps(alter(answer.get_json())))
        return answer

    return apply


def _each(value: object, change: Callable[[str, object], object], key: str = "") -> object:
    """The value with every leaf changed; `change` gets the key it stands under."""
    if isinstance(value, dict):
        return {name: _each(inner, change, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_each(inner, change, key) for inner in value]
    return change(key, value)


def _leaves(change: Callable[[str, object], object]) -> AnswerFault:
    return _altered(lambda body: _object(_each(body, change)))


def _texts(names: frozenset[str], change: Callable[[str], str]) -> Callable[[str, object], object]:
    """For `_each` and `_leaves`: changes the texts of these names only."""

    def changed(key: str, value: object) -> object:
        if key in names and isinstance(value, str):
            return change(value)
        return value

    return changed


def _shown_with(text: str) -> AnswerFault:
    return _leaves(_texts(_SHOWN, lambda value: value + text))


def _wrong(value: object) -> object:
    """Every value as another type; objects stay objects, so that the wrong types reach all the way down."""
    if isinstance(value, dict):
        return {name: _wrong(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return {str(index): _wrong(inner) for index, inner in enumerate(value)}
    if isinstance(value, bool) or value is None:
        return MARKUP
    if isinstance(value, str):
        return [value]
    return {"value": value}


def _object(value: object) -> Json:
    if isinstance(value, dict):
        return value
    return {}


def _not_a_number(key: str, value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float("nan")
    return value


wrong_kinds = _altered(lambda body: _object(_wrong(body)))
not_numbers = _leaves(_not_a_number)
unknown_words = _leaves(_texts(_WORDS, lambda value: f"pondering {MARKUP}"))
markup = _shown_with(f" {MARKUP}")
lone_surrogates = _shown_with(" \ud83d")
nul = _shown_with(" \x00")
bidi = _shown_with(" \u202e\u2066\u200b")


def latin_1(answer: Response) -> Response:
    """Texts in an older encoding than the UTF-8 that JSON is written in."""
    body = _each(answer.get_json(), _texts(_SHOWN, lambda value: f"{value} \xe9"))
    answer.set_data(json.dumps(body, ensure_ascii=False).encode("latin-1"))
    return answer


def accepted(answer: Response) -> Response:
    """202, and no agent has done anything yet."""
    answer.status_code = 202
    pending = dict.fromkeys(("geocoding", "internet", "checkout"), "pending")
    return _altered(
        lambda body: {
            **body,
            "data": {},
            "meta": {**_object(body["meta"]), "agent_status": pending, "service_address": None},
        }
    )(answer)


def flapping(answer: Response) -> Response:
    """Every other two seconds as it was at the beginning: nothing matched, no list."""
    if int(simulator().clock() / _FLAP_SECONDS) % 2:
        return answer
    return accepted(answer)


def another_session(answer: Response) -> Response:
    """An answer about another person's session, in header and body."""
    answer.headers["session_token"] = _ANOTHER_SESSION
    return _leaves(_texts(frozenset({"session_token"}), lambda value: _ANOTHER_SESSION))(answer)


def doubled_headers(answer: Response) -> Response:
    """Every header twice, as from a proxy that copies them."""
    for name, value in answer.headers.to_wsgi_list():
        answer.headers.add(name, value)
    return answer


def unreadable_list(answer: Response) -> Response:
    """A list of three entries, none of which is a provider; a status, which has no list, stays as it is."""
    if request.endpoint == "hum.status":
        return answer
    return _altered(lambda body: {**body, "data": {"internet": [None, MARKUP, {"entry": 3}]}})(answer)


def clock_off(offset: timedelta) -> AnswerFault:
    """All dates, and the rate limit's reset, by a clock that is off by so much."""

    def moved(value: str) -> str:
        return date((datetime.fromisoformat(value) + offset).timestamp())

    def apply(answer: Response) -> Response:
        answer.headers[_RESET] = str(int(answer.headers[_RESET]) + round(offset.total_seconds()))
        return _leaves(_texts(_DATES, moved))(answer)

    return apply


clock_ahead = clock_off(_HOUR)
clock_behind = clock_off(-_HOUR)
