"""What each column of a sheet holds, guessed from its name and from what is in it. A person may say otherwise. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from webapp.addresses import places
from webapp.addresses.address import has_house_number
from webapp.addresses.pastes import role_of, split, state_in_cell
from webapp.batches.limits import ROWS_ABOVE_HEADER
from webapp.batches.sheet import SheetRow
from webapp.texts import has_digit, has_letter

SAMPLE = 30
"""Rows whose cells tell what a column without a telling name holds."""
MOST_OF_THEM = 0.6
"""Share of a column's cells that must be of one kind."""


class ColumnRole(StrEnum):
    """What a column holds. Several columns of one role are joined in their order; `line` is a whole address, or a part
    of one that is not a field of its own.
    """

    NOTHING = ""
    LINE = "line"
    STREET = "street1"
    UNIT = "street2"
    CITY = "city"
    STATE = "state"
    ZIP = "zip"


_BY_NAME = {
    "street1": ColumnRole.STREET,
    "before": ColumnRole.STREET,
    "road": ColumnRole.STREET,
    "type": ColumnRole.STREET,
    "after": ColumnRole.STREET,
    "street2": ColumnRole.UNIT,
    "city": ColumnRole.CITY,
    "state": ColumnRole.STATE,
    "zip": ColumnRole.ZIP,
    "tail": ColumnRole.LINE,
}
_ADDRESS_NAMES = frozenset({*_BY_NAME, "full", "number"})
_ZIP = re.compile(r"[0-9]{3,5}(?:-[0-9]{4})?")


def header_place(rows: Sequence[SheetRow]) -> int | None:
    """The place of the header among the first rows; None where there is none."""
    for place, row in enumerate(rows[:ROWS_ABOVE_HEADER]):
        if _names_columns(row.cells):
            return place
    if len(rows) > 1 and not has_digit("".join(rows[0].cells)) and has_digit("".join(rows[1].cells)):
        # Names that we do not know: nothing in the first row can be an address, and the next may be one.
        return 0
    return None


def _names_columns(cells: Sequence[str]) -> bool:
    named = [cell for cell in cells if cell.strip()]
    known = [cell for cell in named if role_of(cell) in _ADDRESS_NAMES]
    return bool(known) and (len(known) > 1 or not has_digit("".join(named)))


def guess_roles(header: Sequence[str], rows: Sequence[SheetRow]) -> tuple[ColumnRole, ...]:
    """A role for each column; names decide where they tell enough to find an address by."""
    width = max([len(header), *(len(row.cells) for row in rows)])
    sample = [row.cells for row in rows[:SAMPLE]]
    roles = _by_name([*header, *[""] * (width - len(header))])
    full = _column_of_whole_addresses(header, sample, width)
    if full is not None:
        return _only(full, width)
    if not is_enough(roles):
        roles = _by_content(roles, sample)
    if not is_enough(roles) and ColumnRole.LINE not in roles:
        roles = _all_that_looks_like_an_address(roles, sample)
    return tuple(roles)


def is_enough(roles: Sequence[str]) -> bool:
    """Whether columns of these roles can hold a legal address."""
    if ColumnRole.LINE in roles:
        return True
    has_place = ColumnRole.ZIP in roles or (ColumnRole.CITY in roles and ColumnRole.STATE in roles)
    return ColumnRole.STREET in roles and has_place


def _by_name(header: Sequence[str]) -> list[ColumnRole]:
    names = [role_of(name) if name.strip() else None for name in header]
    roles = [_BY_NAME.get(name or "", ColumnRole.NOTHING) for name in names]
    _name_address(names, roles)
    if "road" in names:
        _give(names, roles, "number", ColumnRole.STREET)
    # A second column of ZIP codes is another address's, or its last four digits.
    for once in (ColumnRole.ZIP, ColumnRole.CITY, ColumnRole.STATE):
        for place in _places_of(roles, once)[1:]:
            roles[place] = ColumnRole.NOTHING
    return roles


def _name_address(names: Sequence[str | None], roles: list[ColumnRole]) -> None:
    """`Address` is the street beside a city or a ZIP code, nothing more beside a street, and else the whole address."""
    if ColumnRole.STREET in roles:
        return
    role = ColumnRole.LINE
    if {"city", "zip", "tail"} & set(names):
        role = ColumnRole.STREET
    _give(names, roles, "full", role)


def _give(names: Sequence[str | None], roles: list[ColumnRole], name: str, role: ColumnRole) -> None:
    if name in names:
        roles[names.index(name)] = role


def _column_of_whole_addresses(header: Sequence[str], sample: Sequence[Sequence[str]], width: int) -> int | None:
    """The column of which most cells are whole addresses by themselves; one that is called so, if there are several."""
    found = []
    for place in range(width):
        if _share(sample, place, _is_whole_address) >= MOST_OF_THEM:
            found.append(place)
    for place in found:
        if place < len(header) and role_of(header[place]):
            return place
    return found[0] if found else None


def _by_content(roles: list[ColumnRole], sample: Sequence[Sequence[str]]) -> list[ColumnRole]:
    guessed = roles.copy()
    for role, fits in _KINDS.items():
        if role in guessed:
            continue
        for place, known in enumerate(guessed):
            if not known and _share(sample, place, fits) >= MOST_OF_THEM:
                guessed[place] = role
                break
    return guessed


def _all_that_looks_like_an_address(roles: list[ColumnRole], sample: Sequence[Sequence[str]]) -> list[ColumnRole]:
    """Where a line was cut at its commas: all columns from the street on, read together."""
    for place in range(len(roles)):
        if _share(sample, place, _is_street) >= MOST_OF_THEM and any(map(_is_cut_line(place), sample)):
            return [ColumnRole.LINE if at >= place else ColumnRole.NOTHING for at in range(len(roles))]
    return roles


def _is_cut_line(place: int) -> Callable[[Sequence[str]], bool]:
    return lambda cells: _is_whole_address(", ".join(filter(None, map(str.strip, cells[place:]))))


def _share(sample: Sequence[Sequence[str]], place: int, fits: Callable[[str], bool]) -> float:
    """The share of a column's cells with something in them that are of a kind."""
    cells = []
    for row in sample:
        if place < len(row) and row[place].strip():
            cells.append(row[place].strip())
    if not cells:
        return 0.0
    return sum(map(fits, cells)) / len(cells)


def _is_whole_address(text: str) -> bool:
    if not 10 < len(text) < 300 or not has_digit(text):
        return False
    found = split(text).addresses
    if len(found) != 1:
        return False
    address = found[0].address
    return address.street1 is not None and (address.zip is not None or address.city is not None)


def _is_street(text: str) -> bool:
    return len(text) < 100 and has_letter(text) and has_house_number(text)


def _is_zip(text: str) -> bool:
    return bool(_ZIP.fullmatch(text)) and places.is_possible_zip(text.partition("-")[0].zfill(5))


def _is_state(text: str) -> bool:
    return state_in_cell(text) is not None


def _is_city(text: str) -> bool:
    return len(text) < 50 and not has_digit(text) and places.is_city(text, None)


_KINDS: dict[ColumnRole, Callable[[str], bool]] = {
    ColumnRole.STATE: _is_state,
    ColumnRole.ZIP: _is_zip,
    ColumnRole.STREET: _is_street,
    ColumnRole.CITY: _is_city,
}


def _places_of(roles: Sequence[ColumnRole], wanted: ColumnRole) -> list[int]:
    return [place for place, role in enumerate(roles) if role is wanted]


def _only(place: int, width: int) -> tuple[ColumnRole, ...]:
    roles = [ColumnRole.NOTHING] * width
    roles[place] = ColumnRole.LINE
    return tuple(roles)
