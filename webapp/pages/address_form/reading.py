"""What a pasted text was read as, for the page: what went where, what was left over, what only the person can decide.
Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.addresses.address import FIELDS, Address
from webapp.addresses.pastes import Split, split
from webapp.pages.address_form.form_state import (
    FormState,
    SplitState,
    certain_part,
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
    """An address to pick; `number` names it to the `choose` action."""

    number: int
    line: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its choices; none where the person can only type."""

    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was split. `asked` is empty once a choice was made; `certain` is what can be used without an answer;
    `theirs` is the address that the text stands for; `complete` means it can be looked up as it stands, with no
    question about it."""

    rows: tuple[Row, ...]
    left_over: tuple[str, ...]
    left_unsaid: int
    asked: tuple[Asked, ...]
    certain: Choice | None
    theirs: Address
    complete: bool

    @property
    def is_empty(self) -> bool:
        """Nothing of an address was found."""
        return not self.rows and not self.asked


def reading(sheet: FormState) -> Reading | None:
    """What the paste box was read as; None while its text is not split."""
    if sheet.memory is None or not sheet.is_read:
        return None
    read = split(sheet.paste)
    theirs = wanted(read, sheet.memory)
    decided = sheet.memory.chosen is not None
    offered = choices(read)
    certain = Choice(len(offered) - 1, offered[-1].one_line()) if certain_part(read) and not decided else None
    return Reading(
        rows=_rows(sheet, sheet.memory, read, theirs),
        left_over=tuple(_cut(piece) for piece in read.left_over[:MOST_PIECES]),
        left_unsaid=max(0, len(read.left_over) - MOST_PIECES),
        asked=() if decided else _asked(read),
        certain=certain,
        theirs=theirs,
        complete=decided or (read.status == "complete" and not read.questions),
    )


def _asked(read: Split) -> tuple[Asked, ...]:
    numbers = iter(range(len(choices(read))))
    return tuple(
        Asked(question.text, tuple(Choice(next(numbers), choice.one_line()) for choice in question.choices))
        for question in read.questions
    )


def _rows(sheet: FormState, memory: SplitState, read: Split, theirs: Address) -> tuple[Row, ...]:
    parts = {part.field: part for part in read.parts}
    differing = {conflict.field for conflict in conflicts(sheet, theirs)}
    rows = []
    for name in FIELDS:
        text = value(theirs, name)
        if text:
            part = parts.get(name)
            found, done = (part.found, part.done) if part and memory.chosen is None else (text, "")
            rows.append(Row(LABELS[name], _cut(found), _told(sheet, memory, name, text, done, name in differing)))
    return tuple(rows)


def _told(sheet: FormState, memory: SplitState, name: str, text: str, done: str, differs: bool) -> str:
    mine = value(sheet.boxes, name)
    if mine is not None and same(name, mine, text):
        return "" if done == "kept as found" else done.removeprefix("kept as found; ")
    if differs or name in memory.kept or (mine is not None and mine == value(memory.before, name)):
        return "not filled in: your own entry stays"
    return "changed by you since" if mine else "emptied by you since"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_PIECE else text[: LONGEST_PIECE - 1].rstrip() + "…"
