"""The address as a person gives it: cleaning, the rule of legal combinations, the words of each fault, and what in a
legal one no lookup can find. Pure.

Every way in (form, JSON, CSV, paste) goes through `clean` and `faults`, so there is one rule and one wording.
Source: Hum's OpenAPI `session_params`; legal means street1 and (zip, or city and state).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from webapp.addresses.usps import (
    CODES_BY_STATE_NAME,
    DIRECTIONS,
    MILITARY_STATES,
    NUMBER_WORDS,
    NUMBERED_ROADS,
    ROAD_KINDS,
    ROUTE_WORDS,
    STATES,
    STREET_SUFFIXES,
    ZIP_ONLY_STATES,
)
from webapp.texts import has_digit, has_letter, letters_only, one_line

FIELDS = ("street1", "street2", "city", "state", "zip")
"""The fields of an address by Hum's own names, in the order of the form."""

MAX_LENGTHS = {"street1": 100, "street2": 50, "city": 50, "campaign_id": 100}

EMPTY_WORDS = frozenset("null none nil nan n/a na #n/a undefined blank - -- --- . tbd ? ??".split())
"""What people and programs write where a field has nothing to say, in lower case."""

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_ZIP = re.compile(r"[0-9]{5}(?:-[0-9]{4})?")
_LOOSE_ZIP = re.compile(r"([0-9]{5})\s*-?\s*([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Address:
    """A cleaned address: five of Hum's own field names, each a non-empty text or None."""

    street1: str | None = None
    street2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """All five fields, absent ones as None."""
        return {name: getattr(self, name) for name in FIELDS}

    def one_line(self) -> str:
        """The address on one line, as people write it: `350 Fifth Ave, Fl 20, New York, NY 10118`."""
        region = " ".join(filter(None, (self.state, self.zip)))
        return ", ".join(filter(None, (self.street1, self.street2, self.city, region)))

    def session_params(self) -> dict[str, str]:
        """What is sent to Hum: no empty keys (an empty text may be refused), no state that Hum's list lacks."""
        sent = {name: value for name, value in self.as_dict().items() if value}
        if sent.get("state") in ZIP_ONLY_STATES:
            del sent["state"]
        return sent


@dataclass(frozen=True, slots=True)
class AddressFault:
    """What is wrong with an address. `field` is None where a combination, not one box, is at fault."""

    field: str | None
    message: str


def clean_text(value: object) -> str | None:
    """One line of the user's own words: NFC, no control or format characters, single blanks, trimmed; None when nothing
    is left.
    """
    return one_line(value)


def clean_zip(value: object) -> str | None:
    """A ZIP with compatibility digits and dashes made plain; nine digits become ZIP+4. Anything else comes back as
    typed.
    """
    text = one_line(value, "NFKC")
    if text is None:
        return None
    text = text.translate(_DASHES)
    nine = _LOOSE_ZIP.fullmatch(text)
    if nine:
        return f"{nine[1]}-{nine[2]}"
    return text


def clean_state(value: object) -> str | None:
    """A two-letter code from a code or a full name in any case; what is neither comes back in upper case."""
    text = one_line(value, "NFKC")
    upper = None
    if text:
        upper = one_line(text.upper(), "NFKC")
    if upper is None:
        return None
    code = CODES_BY_STATE_NAME.get(letters_only(upper))
    if code is None and len(upper) <= 5:
        return one_line(upper.replace(".", ""), "NFKC")
    return code or upper


def clean(raw: Mapping[str, object]) -> Address:
    """The address in any mapping that uses Hum's field names (form, JSON, CSV row); other keys are ignored."""
    return Address(
        street1=clean_text(raw.get("street1")),
        street2=clean_text(raw.get("street2")),
        city=clean_text(raw.get("city")),
        state=clean_state(raw.get("state")),
        zip=clean_zip(raw.get("zip")),
    )


def faults(address: Address) -> tuple[AddressFault, ...]:
    """Everything that keeps an address from being looked up, in the order of the form; empty when it is legal."""
    found = []
    for name, value in address.as_dict().items():
        if value and len(value) > MAX_LENGTHS.get(name, 1_000):
            message = f"{_LABELS[name]} must be at most {MAX_LENGTHS[name]} characters; this one has {len(value)}."
            found.append(AddressFault(name, message))
    if address.zip and not _ZIP.fullmatch(address.zip):
        found.append(AddressFault("zip", "Enter a ZIP code as five digits, like 48226, or nine, like 48226-3437."))
    if address.state in MILITARY_STATES:
        found.append(
            AddressFault(
                "state",
                (
                    f"{address.state} is military mail ({MILITARY_STATES[address.state]}); it names no street that "
                    "can be looked up."
                ),
            )
        )
    elif address.state and address.state not in STATES and address.state not in ZIP_ONLY_STATES:
        found.append(AddressFault("state", "Choose a state from the list, or leave it empty if you give the ZIP code."))
    if not address.street1 or not _is_street(address.street1):
        found.insert(0, AddressFault("street1", _missing_street(address)))
    else:
        found.extend(_combination_faults(address))
    return tuple(found)


def _is_street(text: str) -> bool:
    """Whether a street box holds more than what people write to leave it out: `.`, `N/A`, `none`."""
    return (has_letter(text) or has_digit(text)) and text.casefold().strip("()") not in EMPTY_WORDS


def _combination_faults(address: Address) -> list[AddressFault]:
    if address.zip:
        return []
    if address.state in ZIP_ONLY_STATES:
        place = ZIP_ONLY_STATES[address.state]
        return [AddressFault("zip", f"Add the ZIP code: the lookup service finds addresses in {place} by ZIP only.")]
    if address.city and address.state:
        return []
    if address.city:
        return [AddressFault(None, "Add the state, or a ZIP code.")]
    if address.state:
        return [AddressFault(None, "Add the city, or a ZIP code.")]
    return [AddressFault(None, "Add a ZIP code, or the city and state.")]


def _missing_street(address: Address) -> str:
    if address.zip and not address.city and not address.state:
        return "Enter the street address too: a ZIP code alone covers many homes."
    return "Enter the street address, like 1001 Woodward Ave."


_LABELS = {
    "street1": "The street address",
    "street2": "The unit",
    "city": "The city",
    "state": "The state",
    "zip": "The ZIP code",
}


# What a legal address can hold that no lookup can find or no provider can serve: a post office box, a crossing, a
# street without a house number, military mail. It is said before a lookup is spent on it, and never blocks.

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
