"""Addresses in JSON: any nesting, any usual key names, also a fragment without its braces or a Python dictionary."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from webapp.addresses.pastes.fieldnames import Record, record_of, role_of
from webapp.addresses.pastes.model import MOST_ADDRESSES

_MAX_DEPTH = 12
_MAX_BRACKETS = 400
_PLACE_ROLES = frozenset({"street1", "full", "number", "road", "city", "zip", "tail"})

_FRAGMENT = re.compile(r"[\"'][\w@ ]+[\"']\s*:")
_OWNER = re.compile(r"ship|bill|mail", re.I)
_SINGLE_QUOTED = re.compile(r"'([^'\"\\]*)'(?=\s*[:,}\]])")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")


def from_json(text: str) -> list[Record]:
    """The records of a JSON text; empty when it is none or holds no address."""
    body = text.strip().rstrip(",;")
    whole = body[:1] in {"{", "["}
    if body.count("{") + body.count("[") > _MAX_BRACKETS or not (whole or _FRAGMENT.match(body)):
        return []
    return list(_walk(_parsed(body if whole else "{" + body.rstrip("}") + "}"), 0))[:MOST_ADDRESSES]


def _parsed(body: str) -> Any:
    plain = re.sub(r"\bNone\b", "null", _TRAILING_COMMA.sub("", _SINGLE_QUOTED.sub(r'"\1"', body)))
    for candidate in (body, plain):
        try:
            return json.loads(candidate, parse_int=str, parse_float=str)
        except ValueError:
            continue
    return None


def _walk(value: Any, depth: int) -> Iterator[Record]:
    if isinstance(value, Mapping):
        for group in _by_owner(value):
            record = record_of(group)
            if record.keys() & _PLACE_ROLES:
                yield record
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    if depth < _MAX_DEPTH:
        for item in inner:
            yield from _walk(item, depth + 1)


def _by_owner(value: Mapping[str, Any]) -> list[list[tuple[str | None, str]]]:
    # One object may hold a shipping and a billing address side by side, told apart by the beginning of their keys.
    groups: dict[str, list[tuple[str | None, str]]] = {}
    for key, inner in value.items():
        text = _text(key, inner)
        if text is not None:
            owner = _OWNER.match(key)
            groups.setdefault(owner[0].lower() if owner else "", []).append((role_of(key), text))
    return list(groups.values())


def _text(key: str, value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, Mapping) and role_of(key) in {"street1", "road"} and {"number", "name"} <= value.keys():
        return f"{value['number']} {value['name']}"
    return None
