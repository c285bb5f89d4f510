"""The last step: drafts to one `Split`. Checks what was read, asks where only the person can know, and says what went
where.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from webapp.addresses import places
from webapp.addresses.address import Address, faults, obstacle
from webapp.addresses.pastes.drafting import with_lost_zeros
from webapp.addresses.pastes.parsed import MOST_ADDRESSES, Draft, FoundAddress, Part, PasteQuestion, Split, Status
from webapp.addresses.pastes.records import role_of
from webapp.addresses.pastes.tokens import bare
from webapp.addresses.usps import MILITARY_STATES, NUMBER_WORDS
from webapp.texts import has_digit

HOPELESS = frozenset({"po_box", "military"})
"""Obstacles in the way of any lookup; what lacks a house number may still be found."""


def conclude(drafts: list[Draft], already_asked: list[PasteQuestion]) -> Split:
    """One answer from all addresses found: several different ones are all offered as choices, each with its verdict,
    and none is filled in.
    """
    options = _different(drafts)
    left_over = _left_over(drafts)
    if len(options) > 1:
        found = []
        for draft in options:
            found.append(_found(*_checked(draft.address(), draft)))
        choices = tuple(one.address for one in found)
        which = PasteQuestion("several_addresses", _several(len(options)), choices)
        return Split(Address(), "ask", (*already_asked, which), tuple(found), left_over=left_over)
    draft = (options or drafts or [Draft()])[0]
    address, own_questions = _checked(draft.address(), draft)
    questions = (*already_asked, *own_questions)
    addresses: tuple[FoundAddress, ...] = ()
    if any(address.as_dict().values()):
        addresses = (_found(address, own_questions),)
    return Split(address, _status(address, questions), questions, addresses, _parts(draft, address), left_over)


def _found(address: Address, questions: list[PasteQuestion]) -> FoundAddress:
    wrong = faults(address)
    for question in questions:
        if question.kind in HOPELESS:
            return FoundAddress(address, "cannot", question.text)
    if questions:
        return FoundAddress(address, "ask", questions[0].text)
    if wrong:
        return FoundAddress(address, "ask", wrong[0].message)
    for warning in places.disagreement(address):
        return FoundAddress(address, "ask", warning.message)
    return FoundAddress(address, "ready")


def _left_over(drafts: list[Draft]) -> tuple[str, ...]:
    """Each text once, in the order of the paste."""
    pieces: dict[str, None] = {}
    for draft in drafts:
        pieces.update(dict.fromkeys(filter(_is_worth_showing, draft.left_over)))
    return tuple(pieces)


def _different(drafts: list[Draft]) -> list[Draft]:
    """The drafts with a street and then their alternatives, one for each address; a bare repeat of another one's street
    is no second address.
    """
    candidates = drafts.copy()
    for draft in drafts:
        candidates.extend(draft.alternatives)
    if len(candidates) == 1:
        return candidates
    kept: list[Draft] = []
    by_street: defaultdict[str, list[Draft]] = defaultdict(list)
    for draft in candidates:
        if not draft.street1:
            continue
        on_same_street = by_street[places.city_key(draft.street1)]
        if not any(_may_be_same(draft, other) for other in on_same_street):
            kept.append(draft)
            on_same_street.append(draft)
        if len(kept) == MOST_ADDRESSES:
            break
    return kept


def _may_be_same(draft: Draft, other: Draft) -> bool:
    """Whether two drafts with one street name the same address: what one of them lacks may be what the other has."""

    def agree(mine: str | None, theirs: str | None) -> bool:
        return mine is None or theirs is None or places.city_key(mine) == places.city_key(theirs)

    return agree(draft.street2, other.street2) and agree(draft.zip, other.zip) and agree(draft.city, other.city)


def _checked(address: Address, draft: Draft) -> tuple[Address, list[PasteQuestion]]:
    questions: list[PasteQuestion] = []
    if draft.short_zip:
        padded = with_lost_zeros(draft.short_zip)
        text = f"The ZIP code {draft.short_zip} is too short; spreadsheets drop leading zeros. Is it {padded}?"
        questions.append(PasteQuestion("lost_zero", text, (replace(address, zip=padded),)))
    if draft.garbled_zip:
        text = f"{draft.garbled_zip} has letters in it, so it is not a ZIP code. What is the ZIP code?"
        questions.append(PasteQuestion("impossible_zip", text))
    if address.zip and not places.is_possible_zip(address.zip):
        questions.append(
            PasteQuestion("impossible_zip", f"{address.zip} is not a ZIP code in use. What is the ZIP code?")
        )
        address = replace(address, zip=None)
    in_the_way = obstacle(address)
    if in_the_way is not None:
        questions.append(PasteQuestion(in_the_way.kind, in_the_way.text))
    if address.state in MILITARY_STATES:
        address = replace(address, state=None)
    number_or_zip = _number_or_zip(address)
    if number_or_zip is not None:
        questions.append(number_or_zip)
        address = replace(address, street1=None)
    elif draft.rival is not None:
        text = "This can be read in two ways. Which one is right?"
        questions.append(PasteQuestion("two_readings", text, (address, draft.rival)))
    return address, questions


def _number_or_zip(address: Address) -> PasteQuestion | None:
    first, _, rest = (address.street1 or "").partition(" ")
    place = None
    if len(first) == 5:
        place = places.by_zip(first)
    if place is None or address.zip or not rest or (address.state and address.state != place.state):
        return None
    if address.city and not places.names_zip(address.city, first):
        return None
    as_zip = replace(address, street1=rest, zip=first)
    text = f"Is {first} the house number, or the ZIP code of {place.cities[0]}?"
    return PasteQuestion("number_or_zip", text, (address, as_zip))


def _status(address: Address, questions: tuple[PasteQuestion, ...]) -> Status:
    for question in questions:
        if question.kind != "too_long":
            return "ask"
    if not any(address.as_dict().values()):
        return "empty"
    if faults(address):
        return "partial"
    return "complete"


def _parts(draft: Draft, address: Address) -> tuple[Part, ...]:
    parts = []
    for name, kept in address.as_dict().items():
        if kept:
            found = draft.found.get(name) or str(getattr(draft, name))
            parts.append(Part(name, found, draft.notes.get(name) or _done(name, found, kept)))
    return tuple(parts)


def _done(name: str, found: str, kept: str) -> str:
    if name == "street1" and not has_digit(kept) and bare(kept.split(maxsplit=1)[0]) not in NUMBER_WORDS:
        return "kept as found; it has no house number"
    if kept != found:
        return f"written as {kept}"
    return "kept as found"


def _is_worth_showing(piece: str) -> bool:
    # The word "City" or "Address" before a value has done its work.
    return any(map(str.isalnum, piece)) and role_of(piece) is None


def _several(count: int) -> str:
    number = str(count)
    if count >= MOST_ADDRESSES:
        number = "Many"  # reading stops after so many, so there may be more
    return f"{number} different addresses are in this text. Which one do you mean?"
