"""The address form between two requests: what stands in the boxes, the pasted text, and what was filled in from it.
Pure.

Nothing is stored: the form carries its own memory in a hidden box.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from webapp.addresses import places
from webapp.addresses.address import FIELDS, Address, clean
from webapp.addresses.pastes import Split

MOST_CITIES = 4
_NOTHING = Address()
OBSTACLES = frozenset({"po_box", "crossing", "no_number"})
"""Questions about an address that was read without doubt: the boxes are filled, and what is in the way is said."""


@dataclass(frozen=True, slots=True)
class SplitState:
    """What a split did: the boxes before it, what it filled in, which text was read (a digest), which choice was taken
    (None: no question was open) and the boxes whose own entry the person decided to keep.
    """

    before: Address = _NOTHING
    filled: Address = _NOTHING
    read: str = ""
    chosen: int | None = None
    kept: frozenset[str] = frozenset()

    def as_text(self) -> str:
        """For the hidden box of the form."""
        return json.dumps(asdict(self) | {"kept": sorted(self.kept)}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class FormState:
    """The boxes (cleaned), the pasted text as it is, and the memory of its split; None while nothing was split."""

    boxes: Address
    paste: str = ""
    memory: SplitState | None = None

    @property
    def is_read(self) -> bool:
        """The text in the paste box is the one that was split."""
        return self.memory is not None and self.memory.read == digest(self.paste)

    @property
    def is_unread(self) -> bool:
        """There is text that waits to be split."""
        return bool(self.paste.strip()) and not self.is_read

    @property
    def can_undo(self) -> bool:
        """A split filled something in."""
        return self.memory is not None and self.memory.filled != _NOTHING


@dataclass(frozen=True, slots=True)
class Conflict:
    """A box that keeps what the person typed although the text says otherwise."""

    field: str
    mine: str
    theirs: str


def memory_of(text: str) -> SplitState | None:
    """The memory in a hidden box; None for any other text, since the text comes back from a browser."""
    try:
        given = json.loads(text)
        chosen = given["chosen"]
        if not isinstance(chosen, int):
            chosen = None
        return SplitState(
            before=clean(given["before"]),
            filled=clean(given["filled"]),
            read=str(given["read"]),
            chosen=chosen,
            kept=frozenset(FIELDS) & frozenset(map(str, given["kept"])),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def choices(read: Split) -> tuple[Address, ...]:
    """Every address that can be picked where a split asks; last, what is certain without the part in doubt."""
    offered = tuple(choice for question in read.questions for choice in question.choices)
    if not certain_part(read):
        return offered
    return (*offered, read.address)


def certain_address(read: Split) -> Address:
    """The address that was read; an empty one where the split asks first. An obstacle to the lookup is no doubt about
    what was read.
    """
    if read.status == "ask" and not _is_read_without_doubt(read):
        return _NOTHING
    return read.address


def certain_part(read: Split) -> bool:
    """Whether a split that asks has found a street that can be used without an answer. Military mail has none to look
    up, and of two readings one must be chosen.
    """
    if read.status != "ask" or read.address.street1 is None or _is_read_without_doubt(read):
        return False
    return all(question.kind not in {"military", "two_readings"} for question in read.questions)


def _is_read_without_doubt(read: Split) -> bool:
    return all(question.kind in OBSTACLES for question in read.questions)


def wanted(read: Split, memory: SplitState) -> Address:
    """The address that a text stands for: as split, or as chosen where it had to be asked."""
    offered = choices(read)
    if memory.chosen is not None and 0 <= memory.chosen < len(offered):
        return offered[memory.chosen]
    return certain_address(read)


def conflicts(state: FormState, theirs: Address) -> tuple[Conflict, ...]:
    """The boxes whose entry from before the split differs from the text and about which nothing was decided yet."""
    memory = state.memory
    if memory is None:
        return ()
    found = []
    for name in FIELDS:
        mine, text = value(state.boxes, name), value(theirs, name)
        if name in memory.kept or value(memory.filled, name) is not None or mine != value(memory.before, name):
            continue
        if mine and text and not same(name, mine, text):
            found.append(Conflict(name, mine, text))
    return tuple(found)


def same(name: str, mine: str, theirs: str) -> bool:
    """Whether two entries of a box mean the same: regardless of case, and cities in any usual spelling."""
    if name == "city":
        return places.city_key(mine) == places.city_key(theirs)
    return mine.casefold() == theirs.casefold()


def cities_of_zip(boxes: Address) -> tuple[Address, ...]:
    """City and state that the ZIP in the boxes stands for, when they are not there yet or disagree; several where it
    has several.
    """
    place = places.by_zip(boxes.zip)
    if place is None:
        return ()
    if boxes.city is None or not places.names_zip(boxes.city, boxes.zip):
        return tuple(Address(city=name, state=place.state) for name in place.cities[:MOST_CITIES])
    if boxes.state == place.state:
        return ()
    return (Address(city=boxes.city, state=place.state),)


def value(address: Address, name: str) -> str | None:
    """The entry of a box by its name."""
    entry: str | None = getattr(address, name)
    return entry


def digest(paste: str) -> str:
    """A name for a pasted text, the same however a browser sends its line breaks."""
    return hashlib.sha256("\n".join(paste.split()).encode("utf-8", "replace")).hexdigest()[:16]
