"""`split`: reads a paste by its shape (JSON, table, named lines, map link, free text) and says what went where."""

from __future__ import annotations

import re
from functools import lru_cache

from webapp.addresses.pastes.cleanup import MAX_CHARACTERS, beginning, plain, without_contact_data
from webapp.addresses.pastes.drafting import drafts_from
from webapp.addresses.pastes.map_links import addresses_in_links
from webapp.addresses.pastes.parsed import MOST_ADDRESSES, Draft, Question, Split
from webapp.addresses.pastes.pieces import read_pieces
from webapp.addresses.pastes.questions import conclude
from webapp.addresses.pastes.records import Record, from_json, from_named_lines, from_table
from webapp.addresses.pastes.state_names import state_code
from webapp.addresses.pastes.units import split_unit

TOO_LONG = (
    f"This text is long: only its beginning was read, about {MAX_CHARACTERS:,} characters. All of it is kept in the "
    "box above. If the address is missing here, paste just the lines that hold it."
)
_STREET_ROLES = ("number", "before", "road", "full", "type", "after")
_ZIP_AT_END = re.compile(r"\b[0-9]{5}(?:-[0-9]{4})?\s*$")


CACHED_PASTES = 64
"""Pastes whose reading a process keeps: one request asks for it up to four times, and every hint while a person types
asks again.
"""


def split(text: str) -> Split:
    """Any paste as address fields, questions and left-overs. Never raises; reads 2,000 characters and says so when
    there are more.
    """
    head = beginning(text)
    return _read_before(head, is_cut=len(head) < len(text))


def read(text: str, *, is_cut: bool) -> Split:
    """The reading of a text of any length; `is_cut` says that it is the beginning of a longer one."""
    questions: list[Question] = []
    if is_cut:
        questions.append(Question("too_long", TOO_LONG))
    prepared = plain(text)
    records = from_json(prepared) or from_table(prepared) or from_named_lines(prepared)
    drafts = [draft for record in records for draft in _from_record(record)]
    if not any(draft.has_any() for draft in drafts):
        drafts, short = _from_free_text(prepared)
        if short and not any(draft.street1 for draft in drafts):
            questions.append(
                Question("short_link", "A shortened map link holds no address. Open it, then copy the address itself.")
            )
    return conclude(drafts, questions)


_read_before = lru_cache(maxsize=CACHED_PASTES)(read)


def _from_free_text(text: str) -> tuple[list[Draft], bool]:
    linked, short = addresses_in_links(text)
    kept, removed = without_contact_data(text)
    drafts = drafts_from(read_pieces(kept))
    if linked and not any(draft.street1 for draft in drafts):
        left_over = [piece for draft in drafts for piece in draft.left_over]
        drafts = [draft for link in linked[:MOST_ADDRESSES] for draft in drafts_from(read_pieces(plain(link)))]
        drafts[0].left_over.extend(left_over)
    elif drafts:
        drafts[-1].left_over.extend(removed)
    return drafts, short


def _from_record(record: Record) -> list[Draft]:
    street = record.get("street1") or " ".join(record[name] for name in _STREET_ROLES if name in record)
    if "full" in record and "street1" in record and "city" not in record:
        street = record["full"]
    if "city" not in record or "tail" in record or _ends_in_zip(street):
        text = "\n".join(part for part in (street, record.get("street2"), record.get("tail")) if part)
        drafts = [_overlay(draft, record) for draft in drafts_from(read_pieces(plain(text)))]
    else:
        drafts = [_overlay(_street_only(street, record.get("street2")), record)]
    drafts[0].left_over.extend(
        piece for name in ("left", "skip") for piece in record.get(name, "").split("\n") if piece
    )
    return drafts


def _ends_in_zip(street: str) -> bool:
    found = _ZIP_AT_END.search(street)
    return found is not None and ("," in street[: found.start()] or "\n" in street[: found.start()])


def _street_only(street: str, unit: str | None) -> Draft:
    inner = None
    if street:
        inner = split_unit(street)
    units = [inner[1] if inner else None, *(unit or "").split("\n")]
    return Draft(
        street1=(inner[0] if inner else street.strip(" ,")) or None, street2=" ".join(filter(None, units)) or None
    )


def _overlay(draft: Draft, record: Record) -> Draft:
    draft.city = record.get("city", draft.city)
    if "state" in record:
        draft.found["state"] = record["state"]
        draft.state = state_code(record["state"]) or record["state"]
    code = record.get("zip", draft.zip)
    if code and code.isascii() and code.isdigit() and len(code) in (3, 4):
        draft.short_zip, code = code, None
    draft.zip = code
    return draft
