"""The last step: drafts to one `Split`. Checks what was read, asks where only the person can know, says what went
where.
"""

from __future__ import annotations

from dataclasses import replace

from webapp.addresses import places
from webapp.addresses.address import Address, clean, faults
from webapp.addresses.pastes.parsed import MOST_ADDRESSES, Draft, Part, Question, Split, Status
from webapp.addresses.pastes.records import role_of
from webapp.addresses.pastes.tokens import bare
from webapp.addresses.usps import MILITARY_STATES, NUMBER_WORDS

_MAX_CHOICES = 5
_FIELDS = ("street1", "street2", "city", "state", "zip")


def conclude(drafts: list[Draft], already_asked: list[Question]) -> Split:
    """One answer from all addresses found: several different ones are offered as choices and none is filled in."""
    options = _different([*drafts, *(other for draft in drafts for other in draft.alternatives)])
    left = tuple(dict.fromkeys(piece for draft in drafts for piece in draft.left_over if _is_worth_showing(piece)))
    if len(options) > 1:
        choices = tuple(_address(draft) for draft in options[:_MAX_CHOICES])
        return Split(
            Address(), "ask", (*already_asked, Question("several_addresses", _several(len(options)), choices)), (), left
        )
    if options:
        draft = options[0]
    elif drafts:
        draft = drafts[0]
    else:
        draft = Draft()
    address, questions = _checked(_address(draft), draft)
    parts = tuple(_part(name, draft, address) for name in _FIELDS if getattr(address, name))
    return Split(address, _status(address, (*already_asked, *questions)), (*already_asked, *questions), parts, left)


def _different(drafts: list[Draft]) -> list[Draft]:
    """The drafts with a street, one for each address; a bare repeat of another one's street is no second address."""
    kept: list[Draft] = []
    for draft in drafts:
        if draft.street1 and not any(_same(draft, other) for other in kept):
            kept.append(draft)
        if len(kept) == MOST_ADDRESSES:
            break
    return kept


def _same(draft: Draft, other: Draft) -> bool:
    def agree(mine: str | None, theirs: str | None) -> bool:
        return mine is None or theirs is None or places.city_key(mine) == places.city_key(theirs)

    return (
        agree(draft.street1, other.street1)
        and agree(draft.street2, other.street2)
        and agree(draft.zip, other.zip)
        and agree(draft.city, other.city)
    )


def _address(draft: Draft) -> Address:
    return clean({name: getattr(draft, name) for name in _FIELDS})


def _checked(address: Address, draft: Draft) -> tuple[Address, list[Question]]:
    questions: list[Question] = []
    if draft.short_zip:
        padded = draft.short_zip.zfill(5)
        text = f"The ZIP code {draft.short_zip} is too short; spreadsheets drop leading zeros. Is it {padded}?"
        questions.append(Question("lost_zero", text, (replace(address, zip=padded),)))
    if address.zip and not places.is_possible_zip(address.zip):
        questions.append(Question("impossible_zip", f"{address.zip} is no ZIP code in use. What is the ZIP code?"))
        address = replace(address, zip=None)
    if address.state in MILITARY_STATES:
        text = (
            f"{address.state} is military mail ({MILITARY_STATES[address.state]}): it names no place where a line "
            "can be looked up."
        )
        questions.append(Question("military", text))
        address = replace(address, state=None)
    return _number_or_zip(address, questions)


def _number_or_zip(address: Address, questions: list[Question]) -> tuple[Address, list[Question]]:
    first, _, rest = (address.street1 or "").partition(" ")
    place = None
    if len(first) == 5:
        place = places.by_zip(first)
    if place is None or address.zip or not rest or (address.state and address.state != place.state):
        return address, questions
    if address.city and not places.names_zip(address.city, first):
        return address, questions
    as_zip = replace(address, street1=rest, zip=first)
    text = f"Is {first} the house number, or the ZIP code of {place.cities[0]}?"
    return replace(address, street1=None), [*questions, Question("number_or_zip", text, (address, as_zip))]


def _status(address: Address, questions: tuple[Question, ...]) -> Status:
    if any(question.kind != "too_long" for question in questions):
        return "ask"
    if not any(address.as_dict().values()):
        return "empty"
    if faults(address):
        return "partial"
    return "complete"


def _part(name: str, draft: Draft, address: Address) -> Part:
    kept = str(getattr(address, name))
    found = draft.found.get(name) or str(getattr(draft, name))
    changed = "kept as found"
    if kept != found:
        changed = f"written as {kept}"
    if name == "street1" and not any(c.isdigit() for c in kept) and bare(kept.split(maxsplit=1)[0]) not in NUMBER_WORDS:
        changed = "kept as found; it has no house number"
    return Part(name, found, draft.notes.get(name) or changed)


def _is_worth_showing(piece: str) -> bool:
    # The word "City" or "Address" before a value is no left-over: it has done its work.
    return any(c.isalnum() for c in piece) and role_of(piece) is None


def _several(count: int) -> str:
    # Reading stops after so many addresses or rows, so the count would no longer be the truth.
    return (
        f"{'Many' if count >= MOST_ADDRESSES else count} different addresses are in this text. Which one do you mean?"
    )
