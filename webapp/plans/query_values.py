"""Reading single values out of a query string: what is not understood is ignored and named in plain words. Pure; never
raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar, runtime_checkable

_Choice = TypeVar("_Choice", bound=StrEnum)
_MBPS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")
_DOLLARS = re.compile(r"\$?([0-9]{1,5})(?:\.([0-9]{1,2}))?")
_SHOWN = 40


@runtime_checkable
class MultiValues(Protocol):
    """Anything like werkzeug's MultiDict."""

    def __contains__(self, key: object) -> bool: ...

    def getlist(self, key: str) -> list[str]:
        """All values of one key, in order."""
        ...


Query = MultiValues | Mapping[str, Sequence[str]]


def values_of(query: Query, key: str) -> list[str]:
    """The trimmed, non-empty values of one key."""
    # A MultiDict is a mapping too, whose `get` gives the first value only: ask for the list first.
    texts = query.getlist(key) if isinstance(query, MultiValues) else query.get(key, ())
    return [text.strip() for text in texts if text.strip()]


def choice_in(choices: type[_Choice], text: str, what: str, faults: list[str]) -> _Choice | None:
    """The member with this value in any case; None and a fault when there is none."""
    member = next((choice for choice in choices if choice.value == text.lower()), None)
    if member is None:
        faults.append(f"There is no {what} called \u201c{clamped(text)}\u201d; it is ignored.")
    return member


def mbps_in(query: Query, key: str, what: str, faults: list[str]) -> float | None:
    """A speed in Mbps, 0 to 999,999."""
    text = next(iter(values_of(query, key)), None)
    if text is None:
        return None
    if not _MBPS.fullmatch(text):
        faults.append(f"The {what} \u201c{clamped(text)}\u201d is not a number of Mbps, like 300; it is ignored.")
        return None
    return float(text)


def cents_in(query: Query, key: str, what: str, faults: list[str]) -> int | None:
    """An amount of dollars as integer cents, never through a float."""
    text = next(iter(values_of(query, key)), None)
    if text is None:
        return None
    match = _DOLLARS.fullmatch(text)
    if not match:
        faults.append(
            f"The {what} \u201c{clamped(text)}\u201d is not an amount of dollars, like 60 or 59.99; it is ignored."
        )
        return None
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def clamped(text: str) -> str:
    """A reader's own text, short and printable enough to be said back; the template escapes it."""
    visible = "".join(letter if letter.isprintable() else " " for letter in text)
    return visible if len(visible) <= _SHOWN else visible[: _SHOWN - 1] + "\u2026"
