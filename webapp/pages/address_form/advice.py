"""What is said beside the boxes while they fill: what is still missing, what the ZIP code stands for, a unit in the
wrong box. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.addresses import places
from webapp.addresses.address import Address, AddressFault, faults, obstacle
from webapp.pages.address_form.actions import holds_more_than_street, movable_unit
from webapp.pages.address_form.form_state import Conflict, FormState, cities_of_zip, conflicts
from webapp.pages.address_form.reading import LABELS, Choice, PasteReading

RULE = "Street and ZIP code are enough. Without a ZIP code, give city and state."
READY = "Ready to look up."
CHECK_FIRST = "Check this before you look it up:"
READY_BUT = "Ready to look up. Your own entries stay unless you replace them:"
UNREAD = "Press Look up. We ask first if anything is unclear."
UNDECIDED = "Choose which address you mean, or fill in the fields."


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything that is said beside the boxes. `missing` is the box to go to next, None when the address can be looked
    up; `clear` means that a pasted text filled the boxes without any doubt, so that Enter may send them unseen.
    """

    hint: str
    missing: str | None
    clear: bool
    conflicts: tuple[Conflict, ...]
    warnings: tuple[str, ...]
    cities: tuple[Choice, ...]
    unit: tuple[str, str] | None
    whole_in_street: bool

    @property
    def spoken(self) -> str:
        """The same for screen readers, sentence by sentence."""
        sentences = [self.hint]
        for conflict in self.conflicts:
            label = LABELS[conflict.field]
            sentences.append(f"{label}: you have {conflict.mine}, the text says {conflict.theirs}.")
        sentences += self.warnings
        if self.cities and not self.warnings:
            sentences.append(f"Suggestion: {self.cities[0].line}.")
        if self.unit:
            sentences.append(f"The unit {self.unit[1]} can be moved to the unit field.")
        if self.whole_in_street:
            sentences.append("The street field seems to hold a whole address. It can be split into the fields.")
        return " ".join(sentences)


def advise(state: FormState, read: PasteReading | None) -> Advice:
    """The advice on a form as it stands; `read` is what its paste box was read as."""
    boxes = state.boxes
    found = faults(boxes)
    differing: tuple[Conflict, ...] = ()
    if read:
        differing = conflicts(state, read.theirs)
    warnings = _warnings(boxes)
    return Advice(
        hint=_hint(state, read, found, differing, warnings),
        missing=_missing_box(found),
        clear=bool(read and read.complete) and not (found or differing or warnings),
        conflicts=differing,
        warnings=warnings,
        cities=_offered_cities(boxes, differing),
        unit=movable_unit(boxes),
        whole_in_street=_whole_in_street(boxes),
    )


def _warnings(boxes: Address) -> tuple[str, ...]:
    """What does not fit together, and what keeps the address from being found or served."""
    warnings = [warning.message for warning in places.disagreement(boxes)]
    in_the_way = obstacle(boxes)
    # Military mail is a fault already.
    if in_the_way is not None and in_the_way.kind != "military":
        warnings.append(in_the_way.text)
    return tuple(warnings)


def _hint(
    state: FormState,
    read: PasteReading | None,
    found: Sequence[AddressFault],
    differing: Sequence[Conflict],
    warnings: Sequence[str],
) -> str:
    if any(state.boxes.as_dict().values()):
        return _hint_on_boxes(found, differing, warnings)
    if read and read.asked:
        return UNDECIDED
    if state.is_unread:
        return UNREAD
    return RULE


def _hint_on_boxes(found: Sequence[AddressFault], differing: Sequence[Conflict], warnings: Sequence[str]) -> str:
    if found:
        return found[0].message
    if differing:
        return READY_BUT
    if warnings:
        return CHECK_FIRST
    return READY


def _missing_box(found: Sequence[AddressFault]) -> str | None:
    if not found:
        return None
    return found[0].field or "zip"


def _offered_cities(boxes: Address, differing: Sequence[Conflict]) -> tuple[Choice, ...]:
    if differing:
        # To be decided first: a suggestion beside it would be a second question about the same box.
        return ()
    return tuple(Choice(number, city.one_line()) for number, city in enumerate(cities_of_zip(boxes)))


def _whole_in_street(boxes: Address) -> bool:
    alone = not (boxes.city or boxes.state or boxes.zip)
    return alone and holds_more_than_street(boxes.street1 or "")
