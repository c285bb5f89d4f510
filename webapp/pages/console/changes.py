"""What changed between two answers of the same kind, member by member. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.pages.console.json_folds import note

MOST_CHANGES = 12
LONGEST_VALUE = 80
TIME_STAMPS = frozenset({"responded_at", "created_at", "updated_at"})
"""Left out: they differ in nearly every answer and tell nothing that the other members do not tell."""


@dataclass(frozen=True, slots=True)
class Change:
    """One member: where it is (`meta.agent_status.geocoding`), what it was and what it is; None where it was or is not
    there.
    """

    path: str
    was: str | None
    now: str | None


def changes(before: object, after: object) -> tuple[Change, ...]:
    """Every difference, in the order of the newer answer."""
    return tuple(_between("", before, after))


def _between(path: str, before: object, after: object) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in after | before:
            if key in TIME_STAMPS:
                continue
            where = str(key)
            if path:
                where = f"{path}.{key}"
            if key not in after:
                yield Change(where, _short(before[key]), None)
            elif key not in before:
                yield Change(where, None, _short(after[key]))
            else:
                yield from _between(where, before[key], after[key])
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _between(f"{path}[{number}]", old, new)
    elif _differs(before, after):
        yield Change(path, _short(before), _short(after))


def _differs(before: object, after: object) -> bool:
    # In Python 1 == True and 1 == 1.0, in JSON they are three values.
    return type(before) is not type(after) or before != after


def _short(value: object) -> str:
    if isinstance(value, dict | list) and value:
        return note(value)
    text = value
    if not isinstance(text, str) or not text:
        text = json.dumps(value, ensure_ascii=False)
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[: LONGEST_VALUE - 1]}…"
