"""Where an address lies on the picture of its state. Reads the index that `tools/state_maps.py` writes beside the
pictures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


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
        # Alaska lies on both sides of the antimeridian; its picture counts on westwards past -180.
        unwrapped = longitude - 360 if self.unwrap and longitude > 0 else longitude
        x = self.margin + (unwrapped - self.west) * self.x_scale
        y = self.margin + (self.north - latitude) * self.y_scale
        inside = 0 <= x <= self.width and 0 <= y <= self.height
        return (round(x, 1), round(y, 1)) if inside else None


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
    picture = maps.get(state or "")
    if picture is None or latitude is None or longitude is None:
        return None
    return picture.pin(latitude, longitude)
