"""Where an address lies on the picture of its state: exact where Hum gave coordinates, the ZIP's center where only the
ZIP is known. Reads the index that `tools/state_maps.py` writes beside the pictures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from webapp.addresses.places import by_zip
from webapp.addresses.usps import STATES, ZIP_ONLY_STATES
from webapp.lookups.lifecycle import Lookup


@dataclass(frozen=True, slots=True)
class StateMap:
    """A state's picture: its viewBox size and how degrees become its pixels. The fields are those of `maps.json`."""

    west: float
    north: float
    x_scale: float
    y_scale: float
    width: float
    height: float
    margin: float
    unwrap: bool

    def pin(self, latitude: float, longitude: float) -> tuple[float, float] | None:
        """The pin's (x, y) in the viewBox, None for a place outside the picture (and for NaN)."""
        # Alaska lies on both sides of the antimeridian; its picture continues west past -180.
        if self.unwrap and longitude > 0:
            longitude -= 360
        x = self.margin + (longitude - self.west) * self.x_scale
        y = self.margin + (self.north - latitude) * self.y_scale
        if 0 <= x <= self.width and 0 <= y <= self.height:
            return (round(x, 1), round(y, 1))
        return None


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


def load_maps(index: Path) -> dict[str, StateMap]:
    """Every state's picture by postal code, from `maps.json`. OSError or ValueError: the built files are missing or
    damaged.
    """
    content = json.loads(index.read_text(encoding="utf-8"))
    if content.get("format") != 1:
        raise ValueError(f"{index.name} has a format this program does not read; build the maps again")
    return {state: StateMap(**fields) for state, fields in content["states"].items()}


def pin(
    maps: Mapping[str, StateMap], state: str | None, latitude: float | None, longitude: float | None
) -> tuple[float, float] | None:
    """The pin on a state's picture; None without a picture, without coordinates, or where they lie outside it."""
    state_map = maps.get(state or "")
    if state_map is None or latitude is None or longitude is None:
        return None
    return state_map.pin(latitude, longitude)


def picture(lookup: Lookup, maps: Mapping[str, StateMap]) -> MapPicture | None:
    """The map of a lookup's address; None where neither coordinates nor a known ZIP, or no map of the state, are at
    hand.
    """
    place = by_zip(lookup.address.zip)
    state = lookup.address.state
    if not state and place is not None:
        state = place.state
    if state is None or state not in maps:
        return None
    width, height = maps[state].width, maps[state].height
    name = (STATES | ZIP_ONLY_STATES).get(state, state)
    exact = pin(maps, state, lookup.latitude, lookup.longitude)
    if exact is not None:
        words = f"{name}: the pin is where Hum places the address."
        return MapPicture(state, width, height, exact, approximate=False, words=words)
    if place is None or place.state != state:
        return None
    center = pin(maps, state, place.latitude, place.longitude)
    if center is None:
        return None
    if place.county:
        name = f"{name}, {place.county}"
    words = f"{name}: the pin is the center of ZIP code {place.zip}, approximate."
    return MapPicture(state, width, height, center, approximate=True, words=words)
