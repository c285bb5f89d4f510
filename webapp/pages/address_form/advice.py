"""What is said beside the boxes while they fill: what is still missing, what the ZIP code stands for, a unit in the
wrong box. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.addresses import places
from webapp.addresses.address import Address, faults
from webapp.pages.address_form.actions import holds_more_than_street, movable_unit
from webapp.pages.address_form.form_state import Conflict, FormState, cities_of_zip, conflicts
from webapp.pages.address_form.reading import LABELS, Choice, Reading

RULE = "Street and ZIP code are enough. Without a ZIP code, give city and state."
READY = "Ready to look up."
READY_BUT = "Ready to look up. Your own entries stay unless you replace them:"
UNREAD = "Press Split to fill in the boxes from the pasted text."
UNDECIDED = "Choose which address you mean, or fill in the boxes."


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything the form can say of itself. `missing` is the box to go to next, None when the address can be looked
    up;
    `clear` means that a pasted text filled it without any doubt, so that Enter may send it unseen."""

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
        """The same for the ear, in one breath."""
        differing = [
            f"{LABELS[conflict.field]}: you have {conflict.mine}, the text says {conflict.theirs}."
            for conflict in self.conflicts
        ]
        offers = [f"Suggestion: {self.cities[0].line}."] if self.cities and not self.warnings else []
        if self.unit:
            offers.append(f"The unit {self.unit[1]} can be moved to its own box.")
        if self.whole_in_street:
            offers.append("The street box seems to hold a whole address. It can be split.")
        return " ".join([self.hint, *differing, *self.warnings, *offers])


def advise(sheet: FormState, read: Reading | None) -> Advice:
    """The advice on a form as it stands; `read` is what its paste box was read as."""
    boxes = sheet.boxes
    found = faults(boxes)
    differing = conflicts(sheet, read.theirs) if read else ()
    warnings = tuple(warning.message for warning in places.disagreement(boxes))
    return Advice(
        hint=READY_BUT if differing and not found else _hint(sheet, read),
        missing=(found[0].field or "zip") if found else None,
        clear=bool(read and read.complete) and not (found or differing or warnings),
        conflicts=differing,
        warnings=warnings,
        # What differs is to be decided first; a suggestion beside it would be a second question about the same box.
        cities=() if differing else tuple(_city(number, city) for number, city in enumerate(cities_of_zip(boxes))),
        unit=movable_unit(boxes),
        whole_in_street=_whole_in_street(boxes),
    )


def _hint(sheet: FormState, read: Reading | None) -> str:
    if not any(sheet.boxes.as_dict().values()):
        if read and read.asked:
            return UNDECIDED
        return UNREAD if sheet.is_unread else RULE
    found = faults(sheet.boxes)
    return found[0].message if found else READY


def _city(number: int, city: Address) -> Choice:
    return Choice(number, f"{city.city}, {city.state}")


def _whole_in_street(boxes: Address) -> bool:
    alone = not (boxes.city or boxes.state or boxes.zip)
    return alone and holds_more_than_street(boxes.street1 or "")
