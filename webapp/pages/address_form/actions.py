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
    certain_address,
    choices,
    cities_of_zip,
    conflicts,
    digest,
    same,
    value,
    wanted,
)

LONGEST_LINE = 300
"""Characters up to which a street box is read: whatever is longer is no street line and not worth the time."""


@dataclass(frozen=True, slots=True)
class Clipboard:
    """A paste into the street box: the text, and what the box held before the browser inserted it."""

    text: str
    street_was: str | None


def act(state: FormState, action: str) -> FormState:
    """The form after a button, `verb` or `verb:object`. An unknown action, or one that no longer fits, changes
    nothing.
    """
    verb, _, named = action.partition(":")
    change = _ACTIONS.get(verb)
    if change is None:
        return state
    return change(state, named)


def absorb_paste(state: FormState, clipboard: Clipboard) -> FormState | None:
    """A paste into the street box that is more than a street goes to the paste box and is split; None when it is just a
    street.
    """
    text = clipboard.text.strip()
    if "\n" not in text and "\t" not in text and not holds_more_than_street(text):
        return None
    return _split(replace(state, boxes=replace(state.boxes, street1=clipboard.street_was), paste=text), "")


def holds_more_than_street(text: str) -> bool:
    """Whether one line holds a city or ZIP code beside the street, without any doubt about it."""
    if len(text) > LONGEST_LINE:
        return False
    found = split(text).address
    return bool(found.street1 and (found.zip or found.city))


def movable_unit(boxes: Address) -> tuple[str, str] | None:
    """(street, unit) when the street box holds a unit that could stand in its own box."""
    street = boxes.street1 or ""
    if len(street) > LONGEST_LINE:
        return None
    parts = split_unit(street)
    if parts and boxes.street2 is not None and not same("street2", boxes.street2, parts[1]):
        return None
    return parts


def _split(state: FormState, where: str) -> FormState:
    if where == "street":
        return _split_street(state)
    if not state.paste.strip():
        return state
    return _fill(state, certain_address(split(state.paste)), None)


def _split_street(state: FormState) -> FormState:
    """The street box held it all: it goes over to the paste box, and Undo brings it back."""
    whole = state.boxes.street1 or ""
    after = _split(replace(state, boxes=replace(state.boxes, street1=None), paste=whole), "")
    if after.memory is None or not holds_more_than_street(whole):
        return state
    return replace(after, memory=replace(after.memory, before=replace(after.memory.before, street1=whole)))


def _fill(state: FormState, theirs: Address, chosen: int | None) -> FormState:
    """Fills the empty boxes, and those that an earlier split filled and that were not changed since."""
    memory = state.memory or SplitState()
    before: dict[str, str | None] = {}
    boxes: dict[str, str | None] = {}
    filled: dict[str, str | None] = {}
    for name in FIELDS:
        mine, ours, text = value(state.boxes, name), value(memory.filled, name), value(theirs, name)
        own = before[name] = mine
        if ours is not None and mine == ours:
            own, before[name] = None, value(memory.before, name)
        boxes[name], filled[name] = own, None
        if own is None:
            boxes[name] = filled[name] = text
    return FormState(
        Address(**boxes), state.paste, SplitState(Address(**before), Address(**filled), digest(state.paste), chosen)
    )


def _choose(state: FormState, number: str) -> FormState:
    if not state.is_read:
        return state
    offered = choices(split(state.paste))
    index = _index(number, len(offered))
    if index is None:
        return state
    return _fill(state, offered[index], index)


def _undo(state: FormState, _: str) -> FormState:
    if state.memory is None:
        return state
    before = {name: value(state.memory.before, name) for name in FIELDS if value(state.memory.filled, name)}
    return FormState(replace(state.boxes, **before), state.paste)


def _replace(state: FormState, named: str) -> FormState:
    if state.memory is None or not state.is_read:
        return state
    taken = {}
    for conflict in conflicts(state, wanted(split(state.paste), state.memory)):
        if named in (conflict.field, "all"):
            taken[conflict.field] = conflict.theirs
    filled = replace(state.memory.filled, **taken)
    return replace(state, boxes=replace(state.boxes, **taken), memory=replace(state.memory, filled=filled))


def _keep(state: FormState, named: str) -> FormState:
    if state.memory is None:
        return state
    kept = frozenset(FIELDS)
    if named != "all":
        kept &= {named}
    return replace(state, memory=replace(state.memory, kept=state.memory.kept | kept))


def _move_unit(state: FormState, _: str) -> FormState:
    parts = movable_unit(state.boxes)
    if parts is None:
        return state
    return replace(state, boxes=replace(state.boxes, street1=parts[0], street2=state.boxes.street2 or parts[1]))


def _use_city(state: FormState, number: str) -> FormState:
    offered = cities_of_zip(state.boxes)
    index = _index(number, len(offered))
    if index is None:
        return state
    return replace(state, boxes=replace(state.boxes, city=offered[index].city, state=offered[index].state))


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
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) < length:
        return int(text)
    return None
