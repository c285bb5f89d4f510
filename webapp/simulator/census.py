"""The states with their census codes, and census areas as GEOIDs. Figures of a block are made up; its codes are
real.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from webapp.simulator.catalog import Json


@dataclass(frozen=True, slots=True)
class CensusState:
    """A state by its postal code and its two-digit census code."""

    code: str
    fips: str
    name: str


_ROWS = """
AL 01 Alabama;AK 02 Alaska;AZ 04 Arizona;AR 05 Arkansas;CA 06 California;CO 08 Colorado;
CT 09 Connecticut;DE 10 Delaware;DC 11 District of Columbia;FL 12 Florida;GA 13 Georgia;
HI 15 Hawaii;ID 16 Idaho;IL 17 Illinois;IN 18 Indiana;IA 19 Iowa;KS 20 Kansas;KY 21 Kentucky;
LA 22 Louisiana;ME 23 Maine;MD 24 Maryland;MA 25 Massachusetts;MI 26 Michigan;MN 27 Minnesota;
MS 28 Mississippi;MO 29 Missouri;MT 30 Montana;NE 31 Nebraska;NV 32 Nevada;NH 33 New Hampshire;
NJ 34 New Jersey;NM 35 New Mexico;NY 36 New York;NC 37 North Carolina;ND 38 North Dakota;OH 39 Ohio;
OK 40 Oklahoma;OR 41 Oregon;PA 42 Pennsylvania;RI 44 Rhode Island;SC 45 South Carolina;
SD 46 South Dakota;TN 47 Tennessee;TX 48 Texas;UT 49 Utah;VT 50 Vermont;VA 51 Virginia;
WA 53 Washington;WV 54 West Virginia;WI 55 Wisconsin;WY 56 Wyoming;PR 72 Puerto Rico
"""

BY_CODE: dict[str, CensusState] = {}
BY_FIPS: dict[str, CensusState] = {}
for _row in _ROWS.replace("\n", "").split(";"):
    _state = CensusState(*_row.split(maxsplit=2))
    BY_CODE[_state.code] = BY_FIPS[_state.fips] = _state


def block(geoid: str) -> Json:
    """The `census` part of a block's answer for a 15-digit GEOID whose first two digits are a state's code."""
    state = BY_FIPS[geoid[:2]]
    noise = hashlib.sha256(geoid.encode()).digest()
    homes = 1 + noise[0] % 90
    kind = "urban"
    if noise[3] % 4 == 0:
        kind = "rural"
    return {
        "geoid": geoid,
        "state_fips": state.fips,
        "state_name": state.name,
        "state_abbreviation": state.code,
        "county_fips": geoid[2:5],
        "county_name": f"County {geoid[2:5]}",
        "tract": geoid[5:11],
        "block": geoid[11:],
        "population": homes * 2 + noise[1] % 20,
        "housing_units": homes,
        "land_area_sq_meters": 2_000 + 100 * noise[2],
        "water_area_sq_meters": 0,
        "urban_rural": kind,
    }
