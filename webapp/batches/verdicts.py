"""What is known of a row before it is looked up: its address, and whether it is ready. Pure.

Reading a whole address takes 0.4 ms, so whoever judges thousands lets other work go on in between.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from webapp.addresses import places
from webapp.addresses.address import Address, clean, faults, obstacle
from webapp.addresses.address_words import words_of_address
from webapp.addresses.pastes import PasteQuestion, split, split_unit, state_in_cell, with_lost_zeros
from webapp.addresses.usps import STREET_SUFFIXES
from webapp.batches.batch import BatchRow, RowState, RowVerdict
from webapp.batches.columns import ColumnRole

NO_ADDRESS = "This row has no address."
NOT_FOUND = "No address was found in this row."
HOPELESS = frozenset({"po_box", "military"})
"""Obstacles in the way of any lookup; what lacks a house number may still be found."""
LONGEST_LINE = 600
LONGEST_FIELD = 200
ROWS_IN_A_STEP = 10
"""Rows that are judged before other work may go on: 8 ms at most."""

_PLAIN_LINE = re.compile(
    r"([1-9][0-9]{0,4}(?: [NSEW])?(?: [A-Z][A-Za-z]{2,}| [0-9]{1,3}(?:st|nd|rd|th)){1,3})"
    r"(?:,? ((?:Apt|Suite|Ste|Unit) [0-9]{1,4}[A-Z]?))?, ([A-Z][a-z]+(?: [A-Z][a-z]+)?),? ([A-Z]{2}) ([0-9]{5})"
)
_SHORT_ZIP = re.compile(r"[0-9]{3,4}(?:-[0-9]{4})?|[0-9]{7,8}")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_FIRST_DAY = date(1899, 12, 30)
"""Day 0 of a spreadsheet."""


@dataclass(frozen=True, slots=True)
class JudgedAddress:
    """An address as it was read, the verdict on it, and why it is not ready ("" when it is)."""

    address: Address
    verdict: RowVerdict
    why: str = ""


def judge_cells(cells: Sequence[str], roles: Sequence[str]) -> JudgedAddress:
    """The address in the cells of a row, by what its columns hold."""
    texts = _by_role(cells, roles)
    if not texts:
        return JudgedAddress(Address(), RowVerdict.CANNOT, NO_ADDRESS)
    if ColumnRole.LINE in texts:
        return _judge_line(texts)
    judged = _judge_fields(texts)
    if judged.verdict is not RowVerdict.READY and list(texts) == [ColumnRole.STREET]:
        return _judge_line(texts)
    return judged


def judge_mended(address: Address) -> JudgedAddress:
    """The verdict on a legal address that a person has entered by hand: what they were asked is answered."""
    in_the_way = obstacle(address)
    if in_the_way is not None and in_the_way.kind in HOPELESS:
        return JudgedAddress(address, RowVerdict.CANNOT, in_the_way.text)
    return JudgedAddress(address, RowVerdict.READY)


def _by_role(cells: Sequence[str], roles: Sequence[str]) -> dict[ColumnRole, str]:
    """The text of each role, in the order in which addresses are written; columns of one role are joined."""
    found: dict[ColumnRole, list[str]] = {}
    for cell, role in zip(cells, roles, strict=False):
        text = cell.strip().lstrip("'").strip()
        if role and text:
            found.setdefault(ColumnRole(role), []).append(text)
    joined = {}
    for role in _IN_ORDER:
        if role in found:
            separator = ", " if role is ColumnRole.LINE else " "
            joined[role] = separator.join(found[role])
    return joined


_IN_ORDER = (
    ColumnRole.STREET,
    ColumnRole.UNIT,
    ColumnRole.LINE,
    ColumnRole.CITY,
    ColumnRole.STATE,
    ColumnRole.ZIP,
)


def _judge_line(texts: Mapping[ColumnRole, str]) -> JudgedAddress:
    line = ", ".join(texts.values())[:LONGEST_LINE]
    plain = plain_address(line)
    if plain is not None:
        return JudgedAddress(plain, RowVerdict.READY)
    read = split(line)
    if not read.addresses:
        return JudgedAddress(Address(), RowVerdict.CANNOT, NOT_FOUND)
    if len(read.addresses) > 1:
        why = f"{len(read.addresses)} addresses are in this row. Which one is meant?"
        return JudgedAddress(Address(), RowVerdict.ASK, why)
    if len(read.questions) == 1 and read.questions[0].kind == "lost_zero":
        return _with_zeros(read.questions[0])
    found = read.addresses[0]
    return JudgedAddress(_shortened(found.address), RowVerdict(found.verdict), found.reason)


def plain_address(line: str) -> Address | None:
    """The address of a line such as `1001 Woodward Ave, Detroit, MI 48226` in which everything agrees; None for any
    other. The reader of pastes finds the same in ten times the time.
    """
    parts = _PLAIN_LINE.fullmatch(line)
    if parts is None:
        return None
    street, unit, city, state, code = parts.groups()
    place = places.by_zip(code)
    if place is None or place.state != state or not places.names_zip(city, code):
        return None
    if street.rpartition(" ")[2].lower() not in STREET_SUFFIXES or split_unit(street) is not None:
        return None
    address = Address(street, unit, city, state, code)
    if obstacle(address) is not None:
        return None
    return address


def _with_zeros(question: PasteQuestion) -> JudgedAddress:
    """With the leading zeros that a spreadsheet has dropped; there is no doubt about them where the state agrees."""
    address = question.choices[0]
    place = places.by_zip(address.zip)
    if place is not None and place.state == address.state:
        return _judged(address, "")
    return _judged(address, question.text)


def _judge_fields(texts: Mapping[ColumnRole, str]) -> JudgedAddress:
    code, doubt = _zip_of(texts)
    state = texts.get(ColumnRole.STATE, "")
    street, unit = _street_of(texts)
    address = clean(
        {
            "street1": street,
            "street2": unit,
            "city": texts.get(ColumnRole.CITY),
            "state": state_in_cell(state) or state,
            "zip": code,
        }
    )
    return _judged(address, doubt)


def _street_of(texts: Mapping[ColumnRole, str]) -> tuple[str | None, str | None]:
    street, unit = texts.get(ColumnRole.STREET), texts.get(ColumnRole.UNIT)
    if street and not unit:
        parted = split_unit(street)
        if parted is not None:
            return parted
    return street, unit


def _judged(address: Address, doubt: str) -> JudgedAddress:
    shown = _shortened(address)
    in_the_way = obstacle(address)
    if in_the_way is not None and in_the_way.kind in HOPELESS:
        return JudgedAddress(shown, RowVerdict.CANNOT, in_the_way.text)
    if not any(address.as_dict().values()):
        return JudgedAddress(shown, RowVerdict.CANNOT, NO_ADDRESS)
    doubts = [doubt, *(fault.message for fault in faults(address))]
    if in_the_way is not None:
        doubts.append(in_the_way.text)
    doubts += [warning.message for warning in places.disagreement(address)]
    for why in filter(None, doubts):
        return JudgedAddress(shown, RowVerdict.ASK, why)
    return JudgedAddress(shown, RowVerdict.READY)


def _zip_of(texts: Mapping[ColumnRole, str]) -> tuple[str | None, str]:
    """The ZIP code, and the doubt about it ("" when there is none). Spreadsheets take ZIP codes for numbers, and drop
    leading zeros, or for days since 1899, and show a date.
    """
    code = texts.get(ColumnRole.ZIP)
    if code is None:
        return None, ""
    state = state_in_cell(texts.get(ColumnRole.STATE, ""))
    if _SHORT_ZIP.fullmatch(code):
        padded = with_lost_zeros(code)
        place = places.by_zip(padded)
        if place is not None and place.state == state:
            return padded, ""
        return padded, f"The ZIP code {code} is too short; spreadsheets drop leading zeros. Is it {padded}?"
    day = _DATE.fullmatch(code)
    if day:
        return _zip_of_day(code, int(day[1]), int(day[2]), int(day[3]))
    return code, ""


def _zip_of_day(text: str, year: int, month: int, day: int) -> tuple[str | None, str]:
    try:
        number = (date(year, month, day) - _FIRST_DAY).days
    except ValueError:
        number = 0
    code = f"{number:05}"
    if not places.is_possible_zip(code):
        return None, f"{text} is a date, not a ZIP code. What is the ZIP code?"
    return code, f"The spreadsheet shows the ZIP code as the date {text}. Is it {code}?"


def _shortened(address: Address) -> Address:
    """As much of each field as is stored; a field this long is refused anyway."""
    return Address(**{name: value and value[:LONGEST_FIELD] for name, value in address.as_dict().items()})


def address_key(address: Address) -> str:
    """The same for one address in other words, `24 Eagle Street` and `24 eagle st.`, and without the four digits behind
    the ZIP. In doubt it differs: one lookup more costs less than an answer for another door.
    """
    words = words_of_address(address)
    street = [words.tokens[at].key for at in words.street]
    units = sorted(f"{unit.designator} {unit.identifier}" for unit in words.units)
    zip_code, _ = words.zip or ("", "")
    text = " ".join([*street, "|", *units, "|", address.state or "", zip_code])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def judge_rows(rows: Iterable[BatchRow], roles: Sequence[str], give_way: Callable[[], None]) -> list[BatchRow]:
    """The rows with their addresses and verdicts; a row that a person has mended keeps its address."""
    judged = []
    for count, row in enumerate(rows):
        if count % ROWS_IN_A_STEP == 0:
            give_way()
        if row.is_mended:
            judged.append(with_verdict(row, judge_mended(row.address)))
        else:
            judged.append(with_verdict(row, judge_cells(row.cells, roles)))
    return mark_duplicates(judged)


def with_verdict(row: BatchRow, judged: JudgedAddress) -> BatchRow:
    """The row with an address and the verdict on it; a ready one waits to be looked up."""
    state = RowState.SKIPPED
    if judged.verdict is RowVerdict.READY:
        state = RowState.WAITING
    return replace(row, address=judged.address, verdict=judged.verdict, why=judged.why, duplicate_of=None, state=state)


def mark_duplicates(rows: Sequence[BatchRow]) -> list[BatchRow]:
    """The rows, in their order, with every ready one whose address an earlier row has marked as its duplicate."""
    first: dict[str, BatchRow] = {}
    marked = []
    for row in rows:
        marked.append(row)
        if row.verdict is not RowVerdict.READY:
            continue
        earlier = first.setdefault(address_key(row.address), row)
        if earlier is not row:
            marked[-1] = as_duplicate(row, earlier)
    return marked


def as_duplicate(row: BatchRow, earlier: BatchRow) -> BatchRow:
    """The row as one that the lookup of another row with its address answers."""
    return replace(
        row,
        verdict=RowVerdict.DUPLICATE,
        why=f"The same address as row {earlier.line}; both are answered by one lookup.",
        duplicate_of=earlier.position,
        state=RowState.SKIPPED,
    )


def as_ready(row: BatchRow) -> BatchRow:
    """The row as one that is looked up itself."""
    return with_verdict(row, JudgedAddress(row.address, RowVerdict.READY))
