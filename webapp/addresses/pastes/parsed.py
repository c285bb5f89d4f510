"""What a paste turns into: the facts `split` returns, and the draft it fills on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from webapp.addresses.address import Address

Status = Literal["complete", "partial", "ask", "empty"]
Kind = Literal[
    "several_addresses", "lost_zero", "number_or_zip", "impossible_zip", "military", "short_link", "too_long"
]

MOST_ADDRESSES = 20
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

    kind: Kind
    text: str
    choices: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """A paste taken apart. `status`: complete (legal as it stands), partial (something is missing), ask (see
    `questions`), empty (no address found). `left_over` is text that went into no field."""

    address: Address
    status: Status
    questions: tuple[PasteQuestion, ...] = ()
    parts: tuple[Part, ...] = ()
    left_over: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """An address being read.

    `found` holds a field's own words where they were changed, `notes` a remark on a field, `short_zip` three or four
    digits that stood where a ZIP belongs, `alternatives` other streets that could be meant.
    """

    street1: str | None = None
    street2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    short_zip: str | None = None
    found: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    left_over: list[str] = field(default_factory=list)
    alternatives: list[Draft] = field(default_factory=list)

    def has_any(self) -> bool:
        """Whether anything of an address was found."""
        return any((self.street1, self.street2, self.city, self.state, self.zip, self.short_zip))
