"""Reads the outlines of a TopoJSON file: quantised arcs to degrees, shapes to lists of arc numbers. Standard library
only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

Place = tuple[float, float]
"""A point: (longitude, latitude) in degrees, or (x, y) once projected."""

Ring = tuple[int, ...]
"""A closed line as arc numbers in order; a negative number n is arc ~n walked backwards."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One named area: its id (FIPS code), name, and the rings of all of its polygons, holes included."""

    id: str
    name: str
    rings: tuple[Ring, ...]


def arcs_of(topology: dict[str, Any]) -> list[list[Place]]:
    """Every arc in degrees: deltas are summed up, then scaled and moved as the file's `transform` says."""
    (x_scale, y_scale), (x_move, y_move) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        xs, ys = accumulate(x for x, _ in deltas), accumulate(y for _, y in deltas)
        arcs.append([(x * x_scale + x_move, y * y_scale + y_move) for x, y in zip(xs, ys, strict=True)])
    return arcs


def shapes_of(topology: dict[str, Any], layer: str) -> Iterator[Shape]:
    """The areas of one layer (`states`, `counties`) that have an outline."""
    for geometry in topology["objects"][layer]["geometries"]:
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        rings = tuple(tuple(ring) for polygon in polygons for ring in polygon)
        yield Shape(geometry["id"], geometry["properties"]["name"], rings)
