"""`split`: reads a paste by its shape (JSON, table, named lines, map link, free text) and says what went where."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from webapp.addresses.pastes.cleanup import MAX_CHARACTERS, beginning, plain, without_contact_data, without_glue
from webapp.addresses.pastes.drafting import drafts_from
from webapp.addresses.pastes.judging import judge
from webapp.addresses.pastes.parsed import MOST_ADDRESSES, Draft, PasteQuestion, Split
from webapp.addresses.pastes.pasted_links import addresses_in_links, without_hyphens
from webapp.addresses.pastes.pieces import SHORT_ZIP, read_pieces
from webapp.addresses.pastes.questions import conclude
from webapp.addresses.pastes.records import Record, from_json, from_named_lines, from_table, from_vcard
from webapp.addresses.pastes.state_names import state_in_cell
from webapp.addresses.pastes.units import joined_units, split_unit

TOO_LONG = (
    f"This text is long: only its beginning was read, about {MAX_CHARACTERS:,} characters. All of it is kept in the "
    "box above. If the address is missing here, paste just the lines that hold it."
)
SHORT_LINK = "A shortened map link holds no address. Open it, then copy the address itself."
_STREET_ROLES = ("number", "before", "road", "full", "type", "after")
Settle = Callable[[Draft], Draft]

_ZIP_AT_END = re.compile(r"\b[0-9]{5}(?:-[0-9]{4})?\s*$")


CACHED_PASTES = 64
"""How many readings of pastes a process keeps: one request needs a reading up to four times, and so does every hint
while a person types.
"""


def split(text: str) -> Split:
    """Any paste as address fields, questions and leftovers. Never raises; reads 2,000 characters and says so when there
    are more.
    """
    head = beginning(text)
    return _read_before(head, is_cut=len(head) < len(text))


def read(text: str, *, is_cut: bool, settle: Settle = judge) -> Split:
    """The reading of a text of any length; `is_cut` says that it is the beginning of a longer one. `settle` makes the
    final draft out of ours and what the second reader says.
    """
    questions: list[PasteQuestion] = []
    if is_cut:
        questions.append(PasteQuestion("too_long", TOO_LONG))
    prepared = plain(text)
    drafts: list[Draft] = []
    for record in _records(prepared):
        drafts.extend(_from_record(record, settle))
    if not any(map(Draft.has_any, drafts)):
        drafts, has_short_link = _from_free_text(prepared, settle)
        if has_short_link and not _has_street(drafts):
            questions.append(PasteQuestion("short_link", SHORT_LINK))
    return conclude(drafts, questions)


def _records(text: str) -> list[Record]:
    return from_json(text) or from_vcard(text) or from_table(text) or from_named_lines(text)


_read_before = lru_cache(maxsize=CACHED_PASTES)(read)


def _from_free_text(text: str, settle: Settle) -> tuple[list[Draft], bool]:
    text = without_hyphens(text)
    linked, has_short_link = addresses_in_links(text)
    kept, removed = without_contact_data(without_glue(text))
    drafts = _drafts_of(kept, settle)
    if linked and not _has_street(drafts):
        drafts = _from_links(linked, drafts, settle)
    elif drafts:
        drafts[-1].left_over.extend(removed)
    return drafts, has_short_link


def _drafts_of(text: str, settle: Settle) -> list[Draft]:
    return list(map(settle, drafts_from(read_pieces(text))))


def _has_street(drafts: list[Draft]) -> bool:
    return any(draft.street1 for draft in drafts)


def _from_links(linked: list[str], around: list[Draft], settle: Settle) -> list[Draft]:
    """The drafts of the texts in map links; what was read around the links is left over."""
    drafts: list[Draft] = []
    for text in linked[:MOST_ADDRESSES]:
        drafts.extend(_drafts_of(plain(text), settle))
    for draft in around:
        drafts[0].left_over.extend(draft.left_over)
    return drafts


def _from_record(record: Record, settle: Settle) -> list[Draft]:
    street = record.get("street1") or _joined(" ", record, _STREET_ROLES)
    if "number" in record and "street1" in record and not street.startswith(record["number"]):
        street = f"{record['number']} {street}"
    if "full" in record and "street1" in record and "city" not in record:
        street = record["full"]
    if "city" not in record or "tail" in record or _ends_in_zip(street):
        text = "\n".join(filter(None, (street, record.get("street2"), record.get("tail"))))
        drafts = _drafts_of(plain(text), settle)
    else:
        drafts = [_street_only(street, record.get("street2", ""))]
    for draft in drafts:
        _overlay(draft, record)
    drafts[0].left_over.extend(filter(None, _joined("\n", record, ("left", "skip")).split("\n")))
    return drafts


def _joined(separator: str, record: Record, roles: tuple[str, ...]) -> str:
    return separator.join(record[role] for role in roles if role in record)


def _ends_in_zip(street: str) -> bool:
    found = _ZIP_AT_END.search(street)
    return found is not None and ("," in street[: found.start()] or "\n" in street[: found.start()])


def _street_only(street: str, units: str) -> Draft:
    street, unit = split_unit(street) or (street.strip(" ,"), "")
    return Draft(street1=street or None, street2=joined_units([unit, *units.split("\n")]) or None)


def _overlay(draft: Draft, record: Record) -> None:
    """Put the fields that the record names in place of those that were read."""
    draft.city = record.get("city", draft.city)
    if "state" in record:
        draft.found["state"] = record["state"]
        draft.state = state_in_cell(record["state"]) or record["state"]
    code = record.get("zip", draft.zip)
    if code:
        code = code.strip("'= ")
    if code and SHORT_ZIP.fullmatch(code):
        draft.short_zip, code = code, None
    draft.zip = code
