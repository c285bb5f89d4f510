"""A reader's filters and order, read from a query string and written back to one. Pure; never raises.

What is not understood is ignored, and named in plain words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, TypeVar, runtime_checkable

from webapp.plans.figures import decimal
from webapp.plans.model import Technology

_MBPS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")
_DOLLARS = re.compile(r"\$?([0-9]{1,5})(?:\.([0-9]{1,2}))?")
_ROW_KEY = re.compile(r"[0-9a-f]{1,10}(?:-[0-9]{1,4})?")
_MOST_LETTERS = 40
_MOST_OPEN = 60
_KEYS = ("tech", "down", "down_other", "up", "up_other", "price", "plans", "sort", "view", "all", "open")
_OTHER = "other"
"""The choice of `down` with which both speeds are read from boxes of their own, `down_other` and `up_other`."""

_Member = TypeVar("_Member", bound=StrEnum)


class SortOrder(StrEnum):
    """The orders a reader can choose; PRICE is the default, HUM the order of Hum's answer."""

    PRICE = "price"
    SPEED = "speed"
    NAME = "name"
    HUM = "hum"


@runtime_checkable
class MultiValues(Protocol):
    """Anything like werkzeug's MultiDict."""

    def __contains__(self, key: object) -> bool: ...

    def getlist(self, key: str) -> list[str]:
        """All values of one key, in order."""
        ...


Query = MultiValues | Mapping[str, Sequence[str]]
NO_QUERY: Query = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Selection:
    """Speeds in Mbps, `max_price` in US cents for a month of the first year; None or empty means no filter.

    With `by_plan` each plan is a row of its own. With `show_all` a long list is shown to its end. `opened` holds the
    keys of the rows that are open. `faults` names, in plain words, what in the query was not understood and therefore
    ignored.
    """

    technologies: frozenset[Technology] = frozenset()
    min_down: float | None = None
    min_up: float | None = None
    max_price: int | None = None
    has_plans: bool = False
    order: SortOrder = SortOrder.PRICE
    by_plan: bool = False
    show_all: bool = False
    opened: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def limits_plans(self) -> bool:
        """Whether a filter looks at single plans."""
        limits = (self.min_down, self.min_up, self.max_price)
        return bool(self.technologies) or limits != (None, None, None)

    @classmethod
    def parse(cls, query: Query) -> Selection:
        """The selection in a query: `tech` (repeatable), `down`, `up` (Mbps), `price` (dollars), `plans` (1), `sort`,
        `view` (plans), `all` (1), `open` (repeatable). With `down=other` the speeds are those of `down_other` and
        `up_other`.

        Takes a mapping of lists or werkzeug's MultiDict. Never raises; an empty value is no filter; other keys are
        ignored.
        """
        if not any(key in query for key in _KEYS):
            return cls()
        faults: list[str] = []
        return cls(
            technologies=_technologies(query, faults),
            min_down=_mbps(query, _speed_key(query, "down"), "download speed", faults),
            min_up=_mbps(query, _speed_key(query, "up"), "upload speed", faults),
            max_price=_cents(query, "price", "highest price", faults),
            has_plans=_has_plans(query, faults),
            order=_order(query, faults),
            by_plan=_first_value(query, "view") == "plans",
            show_all=_first_value(query, "all") == "1",
            opened=_opened(query),
            faults=tuple(dict.fromkeys(faults)),
        )

    def to_query(self) -> list[tuple[str, str]]:
        """The canonical query: keys in a fixed order, defaults left out. `parse` of it gives the same selection,
        without faults and with no row open.
        """
        pairs = []
        for technology in Technology:
            if technology in self.technologies:
                pairs.append(("tech", technology.value))
        if self.min_down is not None:
            pairs.append(("down", _number(self.min_down)))
        if self.min_up is not None:
            pairs.append(("up", _number(self.min_up)))
        if self.max_price is not None:
            pairs.append(("price", decimal(self.max_price).removesuffix(".00")))
        if self.has_plans:
            pairs.append(("plans", "1"))
        if self.order is not SortOrder.PRICE:
            pairs.append(("sort", self.order.value))
        if self.by_plan:
            pairs.append(("view", "plans"))
        if self.show_all:
            pairs.append(("all", "1"))
        return pairs


def _number(mbps: float) -> str:
    return f"{mbps:.3f}".rstrip("0").rstrip(".")


def _technologies(query: Query, faults: list[str]) -> frozenset[Technology]:
    chosen = set()
    for text in _values(query, "tech"):
        technology = _member(Technology, text, "technology", faults)
        if technology is not None:
            chosen.add(technology)
    return frozenset(chosen)


def _order(query: Query, faults: list[str]) -> SortOrder:
    text = _first_value(query, "sort")
    if text is None:
        return SortOrder.PRICE
    return _member(SortOrder, text, "order", faults) or SortOrder.PRICE


def _member(members: type[_Member], text: str, what: str, faults: list[str]) -> _Member | None:
    """The member with this value in any case; None and a fault when there is none."""
    for member in members:
        if member.value == text.lower():
            return member
    faults.append(f"There is no {what} called \u201c{_clamped(text)}\u201d; it is ignored.")
    return None


def _speed_key(query: Query, key: str) -> str:
    if _first_value(query, "down") == _OTHER:
        return f"{key}_other"
    return key


def _mbps(query: Query, key: str, what: str, faults: list[str]) -> float | None:
    """A speed in Mbps, 0 to 999,999."""
    text = _first_value(query, key)
    if text is None:
        return None
    if not _MBPS.fullmatch(text):
        faults.append(f"The {what} \u201c{_clamped(text)}\u201d is not a number of Mbps, like 300; it is ignored.")
        return None
    return float(text)


def _cents(query: Query, key: str, what: str, faults: list[str]) -> int | None:
    """An amount of dollars as integer cents, never through a float."""
    text = _first_value(query, key)
    if text is None:
        return None
    match = _DOLLARS.fullmatch(text)
    if not match:
        faults.append(
            f"The {what} \u201c{_clamped(text)}\u201d is not an amount of dollars, like 60 or 59.99; it is ignored."
        )
        return None
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _has_plans(query: Query, faults: list[str]) -> bool:
    text = (_first_value(query, "plans") or "0").lower()
    if text not in ("0", "1", "on"):
        faults.append(f"The choice \u201c{_clamped(text)}\u201d for plan details is not understood; it is ignored.")
    return text in ("1", "on")


def _opened(query: Query) -> tuple[str, ...]:
    """The keys of open rows, each once; what cannot be one is left out without a word."""
    keys = dict.fromkeys(_values(query, "open"))
    return tuple(filter(_ROW_KEY.fullmatch, keys))[:_MOST_OPEN]


def _first_value(query: Query, key: str) -> str | None:
    return next(iter(_values(query, key)), None)


def _values(query: Query, key: str) -> list[str]:
    """The trimmed, non-empty values of one key."""
    # A MultiDict is a mapping too, whose `get` gives the first value only: ask for the list first.
    texts = query.getlist(key) if isinstance(query, MultiValues) else query.get(key, ())
    return list(filter(None, map(str.strip, texts)))


def _clamped(text: str) -> str:
    """A reader's own text, short and printable enough to be repeated; the template escapes it."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    if len(printable) <= _MOST_LETTERS:
        return printable
    return printable[: _MOST_LETTERS - 1] + "\u2026"
