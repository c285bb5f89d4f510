"""Draws one SVG per state, counties included, from the Census outlines in npm's us-atlas: `python -m tools.state_maps
<json> <folder>`.

Equirectangular with the cosine of the middle latitude, so that a pin can be placed with two multiplications. Standard
library only.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path

from tools.topojson import Place, Ring, Shape, arcs_of, shapes_of

SIZE = 400.0
MARGIN = 6.0
TOLERANCE = 0.35
SMALLEST = 0.7
INDEX = "maps.json"

_FIPS = (
    "01AL 02AK 04AZ 05AR 06CA 08CO 09CT 10DE 11DC 12FL 13GA 15HI 16ID 17IL 18IN 19IA 20KS 21KY 22LA 23ME 24MD 25MA "
    "26MI 27MN 28MS 29MO 30MT 31NE 32NV 33NH 34NJ 35NM 36NY 37NC 38ND 39OH 40OK 41OR 42PA 44RI 45SC 46SD 47TN 48TX "
    "49UT 50VT 51VA 53WA 54WV 55WI 56WY 72PR"
)
CODES: Mapping[str, str] = {pair[:2]: pair[2:] for pair in _FIPS.split()}
"""FIPS code of a state -> its postal code."""

_WEST_END = {"HI": -160.7}
"""Where the map of a state ends in the west: Hawaii's far, uninhabited islands would shrink the eight main ones to
dots.
"""


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to pixels: x = margin + (longitude - west) * x_scale, y = margin + (north - latitude) * y_scale.

    `unwrap` says that longitudes east of Greenwich are counted past -180 (Alaska lies on both sides of the
    antimeridian).
    """

    west: float
    north: float
    x_scale: float
    y_scale: float
    width: float
    height: float
    margin: float
    unwrap: bool

    def place(self, degrees: Place) -> Place:
        """The pixel of a point in degrees, already unwrapped."""
        return self.margin + (degrees[0] - self.west) * self.x_scale, self.margin + (
            self.north - degrees[1]
        ) * self.y_scale


def build(us_atlas_json: Path, out: Path) -> list[Path]:
    """Writes `<STATE>.svg` for every state, DC and Puerto Rico, and `maps.json` with their projections; returns the
    written files.

    `us_atlas_json` is `counties-10m.json` of us-atlas 3. Whatever else lies in `out` is left alone.
    """
    topology = json.loads(us_atlas_json.read_text(encoding="utf-8"))
    arcs, counties = arcs_of(topology), list(shapes_of(topology, "counties"))
    out.mkdir(parents=True, exist_ok=True)
    projections: dict[str, dict[str, float | bool]] = {}
    written = []
    for state in shapes_of(topology, "states"):
        code = CODES.get(state.id)
        if code is None:
            continue
        own = [county for county in counties if county.id[:2] == state.id]
        svg, projection = _drawn(code, state, own, arcs)
        projections[code] = {name: getattr(projection, name) for name in Projection.__slots__}
        written.append(out / f"{code}.svg")
        written[-1].write_text(svg, encoding="utf-8")
    written.append(out / INDEX)
    written[-1].write_text(
        json.dumps({"format": 1, "states": dict(sorted(projections.items()))}, indent=1) + "\n", encoding="utf-8"
    )
    return written


def _drawn(code: str, state: Shape, counties: Sequence[Shape], arcs: Sequence[list[Place]]) -> tuple[str, Projection]:
    rings = [ring for ring in state.rings if _middle(_points(ring, arcs))[0] > _WEST_END.get(code, -360.0)]
    used = {_index(arc) for ring in rings for arc in ring} | set(_borders(counties))
    unwrap = _crosses_antimeridian(rings, arcs)
    moved = {arc: [(x - 360 if unwrap and x > 0 else x, y) for x, y in arcs[arc]] for arc in used}
    projection = _projection([point for ring in rings for arc in ring for point in moved[_index(arc)]], unwrap=unwrap)
    lines = {arc: _simplified([projection.place(point) for point in points]) for arc, points in moved.items()}
    land = "".join(_path(line, closed=True) for ring in rings if _is_visible(line := _points(ring, lines)))
    borders = "".join(_path(lines[arc], closed=False) for arc in _borders(counties))
    return _svg(state.name, projection, land, borders), projection


def _borders(counties: Sequence[Shape]) -> list[int]:
    """The arcs that two counties of the state share; the others are the state's own outline."""
    uses = Counter(_index(arc) for county in counties for ring in county.rings for arc in ring)
    return sorted(arc for arc, count in uses.items() if count > 1)


def _index(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def _points(ring: Ring, arcs: Mapping[int, list[Place]] | Sequence[list[Place]]) -> list[Place]:
    points: list[Place] = []
    for arc in ring:
        walked = arcs[_index(arc)] if arc >= 0 else arcs[_index(arc)][::-1]
        points.extend(walked[1:] if points else walked)
    return points


def _middle(points: Sequence[Place]) -> Place:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _crosses_antimeridian(rings: Sequence[Ring], arcs: Sequence[list[Place]]) -> bool:
    xs = [x for ring in rings for x, _ in _points(ring, arcs)]
    return max(xs) - min(xs) > 180


def _projection(points: Sequence[Place], *, unwrap: bool) -> Projection:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    narrowing = cos(radians((min(ys) + max(ys)) / 2))
    wide, high = (max(xs) - min(xs)) * narrowing, max(ys) - min(ys)
    scale = (SIZE - 2 * MARGIN) / max(wide, high)
    width, height = round(wide * scale + 2 * MARGIN, 1), round(high * scale + 2 * MARGIN, 1)
    return Projection(min(xs), max(ys), scale * narrowing, scale, width, height, MARGIN, unwrap)


def _simplified(points: list[Place]) -> list[Place]:
    """Douglas-Peucker on one arc. Its ends stay, so neighbors that share the arc still meet without a gap."""
    keep = {0, len(points) - 1}
    open_ranges = [(0, len(points) - 1)]
    while open_ranges:
        first, last = open_ranges.pop()
        if last - first < 2:
            continue
        distance, farthest = max(
            (_distance(points[at], points[first], points[last]), at) for at in range(first + 1, last)
        )
        if distance > TOLERANCE:
            keep.add(farthest)
            open_ranges += [(first, farthest), (farthest, last)]
    return [points[at] for at in sorted(keep)]


def _distance(point: Place, start: Place, end: Place) -> float:
    """From a point to the stretch between two others; also right where both are the same, as on an island of one
    arc.
    """
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = (
        0.0 if not length else max(0.0, min(1.0, ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length))
    )
    return hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


def _is_visible(ring: Sequence[Place]) -> bool:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return len(ring) > 3 and max(max(xs) - min(xs), max(ys) - min(ys)) > SMALLEST


def _path(points: Sequence[Place], *, closed: bool) -> str:
    """Path data in relative steps of tenths of a pixel; sums of rounded steps do not drift, because the rounded places
    are subtracted.
    """
    tenths = [(round(10 * x), round(10 * y)) for x, y in points]
    steps = [(x - before[0], y - before[1]) for before, (x, y) in pairwise(tenths)]
    drawn = "".join(_pair(x, y) for x, y in (steps[:-1] if closed else steps) if x or y)
    start = _pair(*tenths[0]).lstrip(" ")
    return f"M{start}l{drawn.lstrip(' ')}{'z' if closed else ''}" if drawn else ""


def _pair(x: int, y: int) -> str:
    return _number(x) + _number(y)


def _number(tenths: int) -> str:
    """The shortest way to write a number of tenths after another number: `-` needs no blank before it."""
    sign, (whole, tenth) = "-" if tenths < 0 else " ", divmod(abs(tenths), 10)
    return sign + (f"{whole or ''}.{tenth}" if tenth else str(whole))


def _svg(name: str, projection: Projection, land: str, borders: str) -> str:
    """Colors come from the page: `currentColor`, and the classes map-land and map-counties; no style attributes
    (CSP).
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {projection.width:g} '
        f'{projection.height:g}"><title>{name}</title>'
        f'<g id="map" stroke="currentColor" stroke-linejoin="round">'
        f'<path class="map-land" fill="currentColor" fill-opacity=".08" d="{land}"/>'
        f'<path class="map-counties" fill="none" stroke-opacity=".4" stroke-width=".6" d="{borders}"/></g></svg>\n'
    )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Usage: python -m tools.state_maps <counties-10m.json of us-atlas> <folder>")
    files = build(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"{len(files) - 1} maps, {sum(file.stat().st_size for file in files) // 1024} KB, in {sys.argv[2]}")
