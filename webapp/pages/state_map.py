"""The picture of the state with a pin: exact where Hum gave coordinates, the ZIP's center where only the ZIP is
known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.addresses.address import STATES, ZIP_ONLY_STATES
from webapp.addresses.places import by_zip
from webapp.lookups.lifecycle import Lookup
from webapp.pages.maps import StateMap
from webapp.pages.maps import pin as place_pin


@dataclass(frozen=True, slots=True)
class MapPicture:
    """`state` names the file, `words` say where the pin is and how sure that is; `pin` is in the picture's own
    units.
    """

    state: str
    width: float
    height: float
    pin: tuple[float, float]
    approximate: bool
    words: str


def picture(lookup: Lookup, maps: Mapping[str, StateMap]) -> MapPicture | None:
    """The map of a lookup's address; None where neither coordinates nor a known ZIP, or no map of the state, are at
    hand.
    """
    place = by_zip(lookup.address.zip)
    state = lookup.address.state or (place.state if place else None)
    if state is None or state not in maps:
        return None
    name = (STATES | ZIP_ONLY_STATES).get(state, state)
    exact = place_pin(maps, state, lookup.latitude, lookup.longitude)
    if exact is not None:
        words = f"{name}: the pin is where Hum places the address."
        return MapPicture(state, maps[state].width, maps[state].height, exact, approximate=False, words=words)
    center = place_pin(maps, state, place.latitude, place.longitude) if place and place.state == state else None
    if center is None or place is None:
        return None
    county = f", {place.county}" if place.county else ""
    words = f"{name}{county}: the pin is the center of ZIP code {place.zip}, approximate."
    return MapPicture(state, maps[state].width, maps[state].height, center, approximate=True, words=words)
