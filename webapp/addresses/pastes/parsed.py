"""What a paste turns into: the facts `split` returns, and the draft it fills on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from webapp.addresses.address import FIELDS, Address, ObstacleKind, clean

Status = Literal["complete", "partial", "ask", "empty"]
Kind = Literal[
    "several_addresses", "lost_zero", "number_or_zip", "impossible_zip", "two_readings", "short_link", "too_long"
]
Verdict = Literal["ready", "ask", "cannot"]

MOST_ADDRESSES = 40
"""How many addresses of one paste are told apart; the paste box is for one, lists have their own page."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the paste and what became of it: the field it went to, the text as found, what was done in plain
    words.
    """

    field: str
    found: str
    done: str


@dataclass(frozen=True, slots=True)
class PasteQuestion:
    """Something only the person can decide. `choices` are whole addresses to pick from; empty where there is nothing to
    pick.
    """

    kind: Kind | ObstacleKind
    text: str
    choices: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """One address of a paste. `verdict`: ready (can be looked up as it stands), ask (only the person knows), cannot
    (nothing can be looked up there); `reason` says why it is not ready, "" when it is.
    """

    address: Address
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """A paste taken apart. `status`: complete (legal as it stands), partial (something is missing), ask (see
    `questions`), empty (no address found). `left_over` is text that went into no field. `addresses` are all that were
    found, one of which is `address` unless the question is which one is meant."""

    address: Address
    status: Status
    questions: tuple[PasteQuestion, ...] = ()
    addresses: tuple[FoundAddress, ...] = ()
    parts: tuple[Part, ...] = ()
    left_over: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """An address being read.

    `found` holds a field's own words where they were changed, `notes` a remark on a field, `short_zip` three or four
    digits that stood where a ZIP belongs, `garbled_zip` what has letters in it there, `alternatives` other streets that
    could be meant, `line` the words of the address as they stand in the paste, on one line.
    """

    street1: str | None = None
    street2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    short_zip: str | None = None
    garbled_zip: str | None = None
    line: str = ""
    left_inside: int = 0
    rival: Address | None = None
    found: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    left_over: list[str] = field(default_factory=list)
    alternatives: list[Draft] = field(default_factory=list)

    def address(self) -> Address:
        """What was read, cleaned."""
        return clean({name: getattr(self, name) for name in FIELDS})

    def has_any(self) -> bool:
        """Whether anything of an address was found."""
        return any((self.street1, self.street2, self.city, self.state, self.zip, self.short_zip))
