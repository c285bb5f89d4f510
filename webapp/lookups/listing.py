"""A list of lookups: one entry a lookup, what to look for, and places in the list that survive deletions. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from webapp.addresses.address import Address
from webapp.lookups.lifecycle import Outcome
from webapp.plans.model import Money

_CURSOR = re.compile(r"([0-9]{1,12}\.[0-9]{1,9})~([A-Za-z0-9_-]{1,22})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: creation time (epoch seconds) and id, which no deletion makes invalid."""

    created_at: float
    id: str

    def __str__(self) -> str:
        return f"{self.created_at!r}~{self.id}"


def cursor(text: str) -> Cursor | None:
    """The place that a text names; None for any other text."""
    match = _CURSOR.fullmatch(text)
    return Cursor(float(match[1]), match[2]) if match else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One lookup in the list. `outcome` is None until it has ended; `lowest_price` is a monthly one, None when none is
    stated.
    """

    id: str
    created_at: float
    address: Address
    environment: str
    outcome: Outcome | None
    provider_count: int
    lowest_price: Money | None

    @property
    def cursor(self) -> Cursor:
        """Its place in the list."""
        return Cursor(self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: words of the typed or matched address; one outcome, or `unfinished` ones. Without any,
    everything.
    """

    text: str = ""
    outcome: Outcome | None = None
    unfinished: bool = False

    @property
    def finds_all(self) -> bool:
        """Nothing is left out of the list."""
        return not self.text.strip() and self.outcome is None and not self.unfinished


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first, and the places to go on from: None where the list ends."""

    entries: tuple[Entry, ...]
    older: Cursor | None
    newer: Cursor | None
