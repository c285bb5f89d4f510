"""Who serves an area, without a session: the rules of GET /coverage and GET /blocks. Pure.

A brand that serves a state serves about half of its counties, always the same ones, and every tract and block of those.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from webapp.simulator import catalog, census
from webapp.simulator.brand import Brand, Line
from webapp.simulator.brands import ALL, ROCKET_FIBER
from webapp.simulator.catalog import Json

AREAS: Mapping[str, re.Pattern[str]] = {
    "states": re.compile(r"[0-9]{2}|[A-Z]{2}"),
    "counties": re.compile(r"[0-9]{5}"),
    "tracts": re.compile(r"[0-9]{11}"),
    "blocks": re.compile(r"[0-9]{15}"),
}
MOST_BLOCKS = 100

_BLOCK = AREAS["blocks"]
_DETROIT_COUNTY = "26163"


def query_errors(query: Mapping[str, Sequence[str]]) -> Json:
    """What is wrong with a coverage query, by field; empty when it is accepted."""
    if not any(query.values()):
        return {"base": ["Provide at least one of states, counties, tracts or blocks"]}
    errors: Json = {}
    for kind, given in query.items():
        if None in _geoids(kind, given):
            errors[kind] = ["is invalid"]
    return errors


def geoids_errors(geoids: Sequence[str]) -> Json:
    """What is wrong with the blocks asked for, by field; empty when they are accepted."""
    if not geoids:
        return {"geoids": ["can't be blank"]}
    if len(geoids) > MOST_BLOCKS:
        return {"geoids": [f"is too long (maximum is {MOST_BLOCKS} items)"]}
    if not all(map(_BLOCK.fullmatch, geoids)):
        return {"geoids": ["must be 15 digits each"]}
    return {}


def covering(query: Mapping[str, Sequence[str]]) -> list[Json]:
    """The providers of a query: any area within a kind, every kind that was asked for. Each says which areas matched,
    as GEOIDs.
    """
    found = []
    for brand in ALL:
        areas = _matched_areas(brand, query)
        if all(areas.values()):
            found.append({**_provider(brand), "matched_areas": areas})
    return found


def _matched_areas(brand: Brand, query: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The areas that a brand serves, by each kind that was asked for."""
    matched: dict[str, list[str]] = {}
    for kind, given in query.items():
        if given:
            matched[kind] = [geoid for geoid in _geoids(kind, given) if geoid and serves(brand, geoid)]
    return matched


def blocks(geoids: Iterable[str]) -> list[Json]:
    """Census facts and providers of each block; blocks of no known state are left out."""
    found: list[Json] = []
    for geoid in geoids:
        if geoid[:2] in census.BY_FIPS:
            providers = [_block_provider(brand) for brand in ALL if serves(brand, geoid)]
            found.append({"census": census.block(geoid), "providers": providers})
    return found


def serves(brand: Brand, geoid: str) -> bool:
    """Whether a brand serves the area of a GEOID of any length from state (2) to block (15)."""
    state = census.BY_FIPS.get(geoid[:2])
    if state is None or (brand.states and state.code not in brand.states):
        return False
    if len(geoid) == 2 or not brand.states:
        return True
    if brand is ROCKET_FIBER:
        return geoid.startswith(_DETROIT_COUNTY)
    return hashlib.sha256(f"{brand.name}\n{geoid[:5]}".encode()).digest()[0] < 128


def _geoids(kind: str, given: Sequence[str]) -> list[str | None]:
    return [_geoid(kind, text) for text in given]


def _geoid(kind: str, text: str) -> str | None:
    if not AREAS[kind].fullmatch(text):
        return None
    if kind != "states" or text.isdigit():
        return text
    state = census.BY_CODE.get(text)
    if state is None:
        return None
    return state.fips


def _provider(brand: Brand) -> Json:
    provider = catalog.provider(brand, "")
    for session_only in ("security_token", "buyflow_type", "button_label"):
        del provider[session_only]
    return {**provider, "provider_id": str(brand.number), "url": None}


def _block_provider(brand: Brand) -> Json:
    return {
        "provider_id": str(brand.number),
        "provider_name": brand.name,
        "offerings": list(map(_block_offering, brand.lines)),
    }


def _block_offering(line: Line) -> Json:
    return {
        "technology": line.technology,
        "technology_code": line.code,
        "technology_category": line.category,
        "max_download_speed": line.download,
        "max_upload_speed": line.upload,
    }
