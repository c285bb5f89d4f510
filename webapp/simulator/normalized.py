"""The matched address: one upper-case line in postal style, or the older object, from whatever parts were given.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.simulator.regions import Place, place_of

_SHORT = {
    "APARTMENT": "APT",
    "AVENUE": "AVE",
    "BOULEVARD": "BLVD",
    "BUILDING": "BLDG",
    "CIRCLE": "CIR",
    "COURT": "CT",
    "DRIVE": "DR",
    "EAST": "E",
    "FLOOR": "FL",
    "HIGHWAY": "HWY",
    "LANE": "LN",
    "NORTH": "N",
    "PARKWAY": "PKWY",
    "PLACE": "PL",
    "ROAD": "RD",
    "SOUTH": "S",
    "SQUARE": "SQ",
    "STREET": "ST",
    "SUITE": "STE",
    "TERRACE": "TER",
    "TRAIL": "TRL",
    "WEST": "W",
}
_OTHER_HOUSE_STEP = 10


@dataclass(frozen=True, slots=True)
class Matched:
    """An address as the simulator matched it. Parts that neither were given nor follow from the ZIP code are empty."""

    house_number: str
    street: str
    city: str
    state: str
    zip: str
    place: Place | None

    def line(self) -> str:
        """As newer answers give it: `29090 TIFFANY DR E, SOUTHFIELD, MI 48034`."""
        street = f"{self.house_number} {self.street}".strip()
        region = f"{self.state} {self.zip}".strip()
        return ", ".join(filter(None, (street, self.city, region)))

    def as_object(self) -> dict[str, object]:
        """As the oldest answers give it: parts, a range of house numbers, the ZIP code as a number."""
        number = 0
        if self.house_number.isascii() and self.house_number.isdigit():
            number = int(self.house_number)
        first = number - number % 100
        place = self.place or Place("", "")
        return {
            "normalized": self.line(),
            "latitude": place.latitude,
            "longitude": place.longitude,
            "street_range": f"{first}-{first + 98}",
            "street": self.street,
            "city": self.city,
            "state": self.state,
            "zip": int(self.zip[:5]) if self.zip else None,
        }


def matched(params: Mapping[str, str], *, other_house: bool = False) -> Matched:
    """The match for the packed fields of a session; `other_house` moves the house number ten up, as a wrong match
    would.
    """
    place = place_of(params.get("zip"), params.get("city"), params.get("state"))
    known = place or Place("", "")
    number, street = _split(f"{params.get('street1', '')} {params.get('street2', '')}")
    if other_house:
        number = _next_house(number)
    return Matched(
        house_number=number,
        street=street,
        city=(params.get("city") or known.city).upper(),
        state=params.get("state") or known.state,
        zip=params.get("zip") or known.zip,
        place=place,
    )


def _split(text: str) -> tuple[str, str]:
    words = [_SHORT.get(word, word) for word in re.sub(r"[\s,]+", " ", text).upper().replace(".", "").split()]
    if words and words[0][:1].isdigit():
        return words[0], " ".join(words[1:])
    return "", " ".join(words)


def _next_house(number: str) -> str:
    digits = re.match(r"[0-9]{1,9}", number)
    if digits is None:
        return str(_OTHER_HOUSE_STEP)
    return str(int(digits[0]) + _OTHER_HOUSE_STEP)
