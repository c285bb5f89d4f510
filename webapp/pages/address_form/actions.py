"""What the buttons of the address form do to it. Filled boxes are never overwritten unasked, and Undo brings back what
was there. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from webapp.addresses.address import FIELDS, Address
from webapp.addresses.pastes import split, split_unit
from webapp.pages.address_form.form_state import (
    FormState,
    SplitState,
    choices,
    cities_of_zip,
    conflicts,
    digest,
    same,
    value,
    wanted,
)

LONGEST_LINE = 300
"""Characters up to which a street box is looked into; whatever is longer is no street line, and nobody shall wait for
it.
"""


@dataclass(frozen=True, slots=True)
class Clipboard:
    """A paste into the street box: the text, and what the box held before the browser inserted it."""

    text: str
    street_was: str | None


def act(sheet: FormState, action: str) -> FormState:
    """The sheet after a button, `verb` or `verb:object`. An unknown action, or one that fits no more, changes
    nothing.
    """
    verb, _, named = action.partition(":")
    return _ACTIONS[verb](sheet, named) if verb in _ACTIONS else sheet


def take(sheet: FormState, clipboard: Clipboard) -> FormState | None:
    """A paste into the street box that is more than a street goes to the paste box and is split; None when it is just a
    street.
    """
    text = clipboard.text.strip()
    if "\n" not in text and "\t" not in text and not holds_more_than_street(text):
        return None
    return _split(replace(sheet, boxes=replace(sheet.boxes, street1=clipboard.street_was), paste=text), "")


def holds_more_than_street(text: str) -> bool:
    """Whether one line holds a city or ZIP code beside the street, without any doubt about it."""
    found = split(text).address if len(text) <= LONGEST_LINE else Address()
    return bool(found.street1 and (found.zip or found.city))


def movable_unit(boxes: Address) -> tuple[str, str] | None:
    """(street, unit) when the street box holds a unit that could stand in its own box."""
    street = boxes.street1 or ""
    parts = split_unit(street) if len(street) <= LONGEST_LINE else None
    return parts if parts and (boxes.street2 is None or same("street2", boxes.street2, parts[1])) else None


def _split(sheet: FormState, where: str) -> FormState:
    if where == "street":
        return _split_street(sheet)
    if not sheet.paste.strip():
        return sheet
    found = split(sheet.paste)
    return _fill(sheet, Address() if found.status == "ask" else found.address, None)


def _split_street(sheet: FormState) -> FormState:
    """The street box held it all: it goes over to the paste box, and Undo brings it back."""
    whole = sheet.boxes.street1 or ""
    after = _split(replace(sheet, boxes=replace(sheet.boxes, street1=None), paste=whole), "")
    if after.memory is None or not holds_more_than_street(whole):
        return sheet
    return replace(after, memory=replace(after.memory, before=replace(after.memory.before, street1=whole)))


def _fill(sheet: FormState, theirs: Address, chosen: int | None) -> FormState:
    """Fills the empty boxes, and those that an earlier split filled and nobody has touched since."""
    memory = sheet.memory or SplitState()
    before: dict[str, str | None] = {}
    boxes: dict[str, str | None] = {}
    filled: dict[str, str | None] = {}
    for name in FIELDS:
        mine, ours, text = value(sheet.boxes, name), value(memory.filled, name), value(theirs, name)
        untouched = ours is not None and mine == ours
        before[name] = value(memory.before, name) if untouched else mine
        own = None if untouched else mine
        boxes[name], filled[name] = (own, None) if own else (text, text)
    return FormState(
        Address(**boxes), sheet.paste, SplitState(Address(**before), Address(**filled), digest(sheet.paste), chosen)
    )


def _choose(sheet: FormState, number: str) -> FormState:
    offered = choices(split(sheet.paste)) if sheet.is_read else ()
    index = _index(number, len(offered))
    return sheet if index is None else _fill(sheet, offered[index], index)


def _undo(sheet: FormState, _: str) -> FormState:
    if sheet.memory is None:
        return sheet
    before = {name: value(sheet.memory.before, name) for name in FIELDS if value(sheet.memory.filled, name)}
    return FormState(replace(sheet.boxes, **before), sheet.paste)


def _replace(sheet: FormState, named: str) -> FormState:
    if sheet.memory is None or not sheet.is_read:
        return sheet
    undecided = conflicts(sheet, wanted(split(sheet.paste), sheet.memory))
    taken = {conflict.field: conflict.theirs for conflict in undecided if named in (conflict.field, "all")}
    filled = replace(sheet.memory.filled, **taken)
    return replace(sheet, boxes=replace(sheet.boxes, **taken), memory=replace(sheet.memory, filled=filled))


def _keep(sheet: FormState, named: str) -> FormState:
    if sheet.memory is None:
        return sheet
    kept = frozenset(FIELDS) if named == "all" else frozenset(FIELDS) & {named}
    return replace(sheet, memory=replace(sheet.memory, kept=sheet.memory.kept | kept))


def _move_unit(sheet: FormState, _: str) -> FormState:
    parts = movable_unit(sheet.boxes)
    if parts is None:
        return sheet
    return replace(sheet, boxes=replace(sheet.boxes, street1=parts[0], street2=sheet.boxes.street2 or parts[1]))


def _use_city(sheet: FormState, number: str) -> FormState:
    offered = cities_of_zip(sheet.boxes)
    index = _index(number, len(offered))
    return (
        sheet
        if index is None
        else replace(sheet, boxes=replace(sheet.boxes, city=offered[index].city, state=offered[index].state))
    )


_ACTIONS: Mapping[str, Callable[[FormState, str], FormState]] = {
    "split": _split,
    "choose": _choose,
    "undo": _undo,
    "replace": _replace,
    "keep": _keep,
    "unit": _move_unit,
    "city": _use_city,
}


def _index(text: str, length: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 and int(text) < length else None
