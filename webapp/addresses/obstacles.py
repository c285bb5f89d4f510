"""What a legal address can hold that no lookup can find or no provider can serve: a post office box, a crossing, a
street without a house number, military mail. It is said before a lookup is spent on it, and never blocks. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from webapp.addresses.address import Address
from webapp.addresses.usps import (
    DIRECTIONS,
    MILITARY_STATES,
    NUMBER_WORDS,
    NUMBERED_ROADS,
    ROAD_KINDS,
    ROUTE_WORDS,
    STREET_SUFFIXES,
)
from webapp.texts import has_digit

ObstacleKind = Literal["po_box", "crossing", "no_number", "military"]

_PO_BOX = re.compile(
    r"(?:p\.? ?o\.?|post office) ?(?:box|drawer|bx)\b|p\.?o\.?b\.? ?#? ?[0-9]|pobox|apartado\b"
    r"|general delivery\b|(?:box|drawer) #? ?[0-9]",
    re.I,
)
_CROSSING_WORDS = re.compile(r"\b(?:corner|intersection|crossing) (?:of|at)\b|\bbetween\b.+\band\b", re.I)
_BETWEEN_STREETS = re.compile(r" (?:and|&|at|@) | ?/ ?", re.I)
_ORDINAL = re.compile(r"[0-9]+(?:st|nd|rd|th)", re.I)
_ROAD_WITH_NUMBER = re.compile(r"(?:i|us|sr|cr|fm|rm|nc|th)-?[0-9]{1,4}[a-z]?", re.I)
_KILOMETERS = frozenset({"carr", "carretera", "km"})
_MILITARY_POST = re.compile(r"[AFD]\.?P\.?O\.?", re.I)
_MILITARY_BOX = re.compile(r"(?:psc|cmr|unit) #?[0-9]+ box [0-9]+", re.I)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of finding or serving an address, for programs and in words."""

    kind: ObstacleKind
    text: str


def obstacle(address: Address) -> Obstacle | None:
    """What keeps an address from being found or served; None when nothing is known to, or when it has no street."""
    military = _military(address)
    if military:
        return Obstacle("military", f"{military} is military mail: it names no place where a line can be looked up.")
    street = address.street1
    if not street:
        return None
    if _PO_BOX.match(street):
        return Obstacle(
            "po_box", "A PO box is for mail only, so no provider serves it. Enter the street address instead."
        )
    if has_house_number(street):
        return None
    if is_crossing(street):
        return Obstacle("crossing", f"{street} is a crossing, not a building. Add the house number.")
    return Obstacle("no_number", f"{street} has no house number. Without one, the building may not be found.")


def has_house_number(street: str) -> bool:
    """Whether a street line holds a number that is neither the street's name (`5th Ave`) nor that of a road (`Highway
    61`).
    """
    words = [word.strip(".") for word in street.lower().replace(",", " ").split()]
    if len(words) > 2 and words[0] in NUMBER_WORDS:
        return True
    names: list[str] = []
    for word in words:
        if has_digit(word) and not _is_name(word, names):
            return True
        if word not in DIRECTIONS:
            names.append(word)
    return False


def _is_name(word: str, before: list[str]) -> bool:
    """Whether a word with digits is the name of a street (`5th`) or the number of a road (`Highway 61`, `County Road
    40`).
    """
    if _ORDINAL.fullmatch(word) or (not before and _ROAD_WITH_NUMBER.fullmatch(word)):
        return True
    if not before or before[-1] in _KILOMETERS:
        return False
    is_kind_of_road = before[-1] in {"road", "rd"} and len(before) > 1 and before[-2] in ROAD_KINDS
    return is_kind_of_road or before[-1] in NUMBERED_ROADS or before[-1] in ROUTE_WORDS


def is_crossing(street: str) -> bool:
    """Whether a street line names two streets that meet: `1st Ave and Pike St`."""
    if _CROSSING_WORDS.search(street):
        return True
    first, *others = _BETWEEN_STREETS.split(street)
    last_word = first.lower().split()[-1:] or [""]
    # "Town and Country Blvd" is one street.
    is_street = last_word[0].strip(".") in STREET_SUFFIXES or bool(_ORDINAL.fullmatch(last_word[0]))
    return bool(others) and is_street


def _military(address: Address) -> str | None:
    if address.state in MILITARY_STATES:
        return f"{address.state} ({MILITARY_STATES[address.state]})"
    if address.city and _MILITARY_POST.fullmatch(address.city):
        return address.city.upper().replace(".", "")
    if address.street1 and _MILITARY_BOX.match(address.street1):
        return address.street1
    return None
