"""State maps from outlines: what is drawn, how small it stays, and that a pin falls where the map shows the place."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tools.state_maps import CODES, build
from webapp.addresses.usps import STATES
from webapp.pages.maps import StateMap, load_maps, pin

SVG = "{http://www.w3.org/2000/svg}"


def _topology() -> dict[str, Any]:
    """Michigan as a square of two counties, Alaska as a triangle on each side of the antimeridian, and a territory
    nobody draws.

    Arcs are deltas in tenths of a degree from (-180, 0), as quantised TopoJSON writes them.
    """
    arcs = [
        [[950, 420], [-30, 0], [0, 40], [30, 0]],  # 0: west half of Michigan's outline, the long way round
        [[950, 460], [0, -40]],  # 1: the border of its two counties
        [[950, 420], [30, 0], [0, 40], [-30, 0]],  # 2: east half
        [[0, 520], [200, 0], [0, 100], [-200, -100]],  # 3: Alaska's mainland
        [[3590, 520], [10, 0], [0, 10], [-10, -10]],  # 4: an island with eastern longitude
        [[500, 100], [10, 0], [0, 10], [-10, -10]],  # 5: Guam
    ]

    def area(fips: str, name: str, *rings: list[int]) -> dict[str, Any]:
        return {"type": "MultiPolygon", "id": fips, "properties": {"name": name}, "arcs": [[ring] for ring in rings]}

    states = [area("26", "Michigan", [-1, 2]), area("02", "Alaska", [3], [4]), area("66", "Guam", [5])]
    counties = [
        area("26001", "West", [0, 1]),
        {"type": "Polygon", "id": "26003", "properties": {"name": "East"}, "arcs": [[2, 1]]},
    ]
    counties += [area("02001", "Main", [3]), area("02003", "Island", [4]), area("66001", "Guam", [5])]
    layers = {
        name: {"type": "GeometryCollection", "geometries": listed}
        for name, listed in (("states", states), ("counties", counties))
    }
    return {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [-180, 0]},
        "objects": layers,
        "arcs": arcs,
    }


@pytest.fixture
def built(tmp_path: Path) -> Path:
    source = tmp_path / "counties.json"
    source.write_text(json.dumps(_topology()))
    build(source, tmp_path / "maps")
    return tmp_path / "maps"


@pytest.fixture
def maps(built: Path) -> dict[str, StateMap]:
    return load_maps(built / "maps.json")


def _paths(built: Path, state: str) -> dict[str, str]:
    root = ElementTree.parse(built / f"{state}.svg").getroot()
    return {path.attrib["class"]: path.attrib["d"] for path in root.iter(f"{SVG}path")}


def test_every_state_that_an_address_can_name_has_a_map() -> None:
    assert set(CODES.values()) == {*STATES, "DC"}
    assert len(CODES) == 52


def test_only_known_states_are_drawn(built: Path) -> None:
    assert sorted(file.name for file in built.iterdir()) == ["AK.svg", "MI.svg", "maps.json"]


def test_the_land_is_closed_and_the_county_border_is_drawn_once(built: Path) -> None:
    drawn = _paths(built, "MI")
    assert drawn["map-land"].startswith("M")
    assert drawn["map-land"].endswith("z")
    assert drawn["map-counties"].count("M") == 1
    assert "z" not in drawn["map-counties"]


def test_a_map_carries_its_name_and_no_style_of_its_own(built: Path) -> None:
    text = (built / "MI.svg").read_text()
    assert "<title>Michigan</title>" in text
    assert "style" not in text
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', text)) == {"currentColor", "none"}


def test_the_proportions_are_those_of_the_middle_latitude(maps: dict[str, StateMap]) -> None:
    michigan = maps["MI"]
    assert michigan.height == pytest.approx(6 * 2 + 388 * 4 / (6 * 0.7193), abs=0.1)
    assert michigan.width == 400


def test_a_pin_falls_on_the_corners_and_the_middle_of_the_map(maps: dict[str, StateMap]) -> None:
    michigan = maps["MI"]
    assert pin(maps, "MI", 46.0, -88.0) == (6.0, 6.0)
    assert pin(maps, "MI", 42.0, -82.0) == (394.0, round(michigan.height - 6, 1))
    assert pin(maps, "MI", 44.0, -85.0) == (200.0, pytest.approx(michigan.height / 2, abs=0.1))


def test_alaska_lies_in_one_piece(maps: dict[str, StateMap], built: Path) -> None:
    island, mainland = pin(maps, "AK", 52.5, 179.5), pin(maps, "AK", 55.0, -165.0)
    assert island is not None
    assert mainland is not None
    assert 6 <= island[0] < mainland[0]
    assert pin(maps, "AK", 52.0, -160.0) == (394.0, pytest.approx(maps["AK"].height - 6, abs=0.1))
    assert _paths(built, "AK")["map-land"].count("M") == 2


@pytest.mark.parametrize(
    ("state", "latitude", "longitude"),
    [
        ("MI", 0.0, 0.0),
        ("MI", float("nan"), -85.0),
        ("MI", None, None),
        ("ZZ", 44.0, -85.0),
        (None, 44.0, -85.0),
        ("MI", 44.0, 1e308),
    ],
)
def test_without_a_place_on_the_map_there_is_no_pin(
    maps: dict[str, StateMap], state: str | None, latitude: float | None, longitude: float | None
) -> None:
    assert pin(maps, state, latitude, longitude) is None


def test_an_index_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "maps.json").write_text('{"format": 2, "states": {}}')
    with pytest.raises(ValueError, match="build the maps again"):
        load_maps(tmp_path / "maps.json")


def test_needless_points_of_a_line_are_left_out(tmp_path: Path) -> None:
    topology = _topology()
    topology["arcs"][1] = [[950, 460], *[[0, -1]] * 40]
    source = tmp_path / "counties.json"
    source.write_text(json.dumps(topology))
    build(source, tmp_path / "maps")
    border = _paths(tmp_path / "maps", "MI")["map-counties"]
    assert re.fullmatch(r"M200 6l0 [0-9.]+", border)
