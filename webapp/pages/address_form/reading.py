"""What a pasted text was read as, for the page: what went where, what was left over, what only the person can decide.
Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from webapp.addresses.address import FIELDS, Address
from webapp.addresses.pastes import Split, split
from webapp.pages.address_form.form_state import (
    OBSTACLES,
    FormState,
    SplitState,
    certain_address,
    choices,
    conflicts,
    same,
    value,
    wanted,
)

LABELS = {"street1": "Street address", "street2": "Unit", "city": "City", "state": "State", "zip": "ZIP code"}
LONGEST_PIECE = 90
MOST_PIECES = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One piece: the box it belongs to, the words found, and what was done with them ("" when they were filled in as
    found).
    """

    label: str
    found: str
    told: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An address to pick; `number` names it to the `choose` action, `remark` says why it cannot be looked up as it
    stands ("" when it can).
    """

    number: int
    line: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question with its choices; none where the person can only type. `is_list` says that they are different
    addresses of the text, which may all be meant.
    """

    text: str
    choices: tuple[Choice, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class PasteReading:
    """A text that was split. `asked` is empty once a choice was made; `certain` is what can be used without an answer;
    `theirs` is the address that the text stands for; `complete` means it can be looked up as it stands, with no
    question about it.
    """

    rows: tuple[Row, ...]
    left_over: tuple[str, ...]
    left_unsaid: int
    asked: tuple[OpenQuestion, ...]
    certain: Choice | None
    theirs: Address
    complete: bool


def read_paste(state: FormState) -> PasteReading | None:
    """What the paste box was read as; None while its text is not split."""
    if state.memory is None or not state.is_read:
        return None
    read = split(state.paste)
    theirs = wanted(read, state.memory)
    decided = state.memory.chosen is not None
    asked, certain = _open_questions(read)
    if decided:
        asked, certain = (), None
    return PasteReading(
        rows=_rows(state, state.memory, read, theirs),
        left_over=tuple(_cut(piece) for piece in read.left_over[:MOST_PIECES]),
        left_unsaid=max(0, len(read.left_over) - MOST_PIECES),
        asked=asked,
        certain=certain,
        theirs=theirs,
        complete=decided or (read.status == "complete" and not read.questions),
    )


def typed_parts(state: FormState) -> tuple[str, ...]:
    """What a typed text would be read as, before any button is pressed: street, unit, and city with state and ZIP code;
    empty where nothing is certain.
    """
    if not state.is_unread:
        return ()
    found = certain_address(split(state.paste))
    place = Address(city=found.city, state=found.state, zip=found.zip).one_line()
    return tuple(filter(None, (found.street1, found.street2, place)))


def _open_questions(read: Split) -> tuple[tuple[OpenQuestion, ...], Choice | None]:
    """The questions, and what can be used without an answer. Choices are numbered across all questions."""
    remarks = {found.address: found.reason for found in read.addresses}
    offered = []
    for number, address in enumerate(choices(read)):
        offered.append(Choice(number, address.one_line(), remarks.get(address, "")))
    asked = []
    numbered = iter(offered)
    for question in read.questions:
        # The advice beside the boxes says what is in the way of an address, wherever it came from.
        if question.kind in OBSTACLES:
            continue
        is_list = question.kind == "several_addresses"
        asked.append(OpenQuestion(question.text, tuple(islice(numbered, len(question.choices))), is_list))
    return tuple(asked), next(numbered, None)


def _rows(state: FormState, memory: SplitState, read: Split, theirs: Address) -> tuple[Row, ...]:
    parts = {part.field: part for part in read.parts}
    differing = {conflict.field for conflict in conflicts(state, theirs)}
    rows = []
    for name in FIELDS:
        text = value(theirs, name)
        if not text:
            continue
        found, done = text, ""
        if name in parts and memory.chosen is None:
            found, done = parts[name].found, parts[name].done
        rows.append(Row(LABELS[name], _cut(found), _told(state, memory, name, text, done, name in differing)))
    return tuple(rows)


def _told(state: FormState, memory: SplitState, name: str, text: str, done: str, differs: bool) -> str:
    mine = value(state.boxes, name)
    if mine is not None and same(name, mine, text):
        return done.removeprefix("kept as found").removeprefix("; ")
    if differs or name in memory.kept or (mine is not None and mine == value(memory.before, name)):
        return "not filled in: your own entry stays"
    if mine is None:
        return "emptied by you since"
    return "changed by you since"


def _cut(text: str) -> str:
    if len(text) <= LONGEST_PIECE:
        return text
    return text[: LONGEST_PIECE - 1].rstrip() + "…"
