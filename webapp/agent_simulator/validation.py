"""What POST /api/v2/sessions accepts, refused in the shape of H's 422. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Fault = dict[str, Any]


def faults_in(body: object) -> list[Fault]:
    """Every fault of a create call's body; none when it is accepted. Members that are not known are let through."""
    if not isinstance(body, Mapping):
        return [fault("dict_type", ["body"], "Input should be a valid dictionary")]
    found = []
    if "agent" not in body:
        found.append(fault("missing", ["body", "agent"], "Field required"))
    elif not isinstance(body["agent"], str | Mapping) or not body["agent"]:
        found.append(fault("value_error", ["body", "agent"], "Input should be a catalog id or an agent"))
    for name, (is_valid, kind, message) in _RULES.items():
        if not is_valid(body.get(name)):
            found.append(fault(kind, ["body", name], message))
    return found


def fault(kind: str, place: list[str], message: str) -> Fault:
    """One entry of a 422's list."""
    return {"type": kind, "loc": place, "msg": message, "input": None}


def first_message(body: Mapping[str, Any]) -> str:
    """The words of the first message; "" without one."""
    messages = body.get("messages")
    if isinstance(messages, list) and messages:
        messages = messages[0]
    if isinstance(messages, Mapping):
        messages = messages.get("message")
    return messages if isinstance(messages, str) else ""


def _are_messages(value: object) -> bool:
    if value is None or isinstance(value, str):
        return True
    listed = value if isinstance(value, list) else [value]
    return all(isinstance(each, Mapping) and isinstance(each.get("message"), str) for each in listed)


def _is_whole(value: object) -> bool:
    return value is None or (type(value) is int and 0 < value < 10**9)


def _is_number(value: object) -> bool:
    if value is None:
        return True
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**9


def _is_text(value: object) -> bool:
    return isinstance(value, str | None)


def _is_object(value: object) -> bool:
    return isinstance(value, Mapping | None)


_WHOLE = (_is_whole, "int_type", "Input should be a whole number above 0")
_TEXT = (_is_text, "string_type", "Input should be a valid string")
_OBJECT = (_is_object, "dict_type", "Input should be a valid dictionary")
_RULES: Mapping[str, tuple[Callable[[object], bool], str, str]] = {
    "messages": (_are_messages, "list_type", "Input should be a valid list of messages"),
    "max_steps": _WHOLE,
    "idle_timeout_s": _WHOLE,
    "max_time_s": (_is_number, "float_type", "Input should be a number above 0"),
    "group_id": _TEXT,
    "parent_session_id": _TEXT,
    "timezone": _TEXT,
    "answer_format": _OBJECT,
    "overrides": _OBJECT,
}
