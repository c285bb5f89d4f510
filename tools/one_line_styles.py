"""Ordinary addresses on one line, made up from parts: streets that exist in any town, cities and ZIPs of the postal
data, and the ways in which people write them down. The same seed gives the same lines.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import zipcodes

from webapp.addresses.address import Address, clean
from webapp.addresses.usps import STATES

_NAMES = (
    "Main Oak Maple Pine Cedar Elm Washington Lincoln Jefferson Madison Park Lake Hill River Church Highland "
    "Sunset Mill Spring Ridge Walnut Chestnut Willow Forest Meadow Franklin Adams Monroe Grant Court Center North "
    "South East West Union State College School Depot Front Water Market Bridge Canal Mountain_View Lake_Shore "
    "Fox_Run Oak_Hill Park_Place Old_Mill Country_Club Pleasant_Valley Old_Post White_Oak Blue_Heron St_Charles "
    "St_Paul San_Pedro Santa_Fe La_Cienega Del_Mar De_Soto Rio_Grande Van_Buren MacArthur O'Connor Fort_Hamilton "
    "Mount_Vernon Plaza Beach Harbor Bay Island Ocean Shore Detroit Dallas Houston Boston Springfield Albany Troy "
    "Columbus Denver Phoenix Austin Portland Salem Florence Virginia Carolina Georgia Delaware Ohio Indiana Texas "
    "Michigan New_York New_Jersey King Queen Mission Bell Wall Broad High Seven_Oaks Six_Forks Nine_Mile "
    "Twelve_Oaks First Second Third Clay Clark Harrison Pierce Kings_Highway Chapel_Hill Unit Floor Suite Lot "
    "Space Building Box Private County Level Upper Lower Side Martin_Luther_King_Jr"
).split()
_COMMON_SUFFIXES = "St Ave Rd Dr Ln Ct Pl Blvd Way Cir Street Avenue Road Drive Lane Court St. Ave. Rd. Dr.".split()
_SUFFIXES = (
    *_COMMON_SUFFIXES * 4,
    *"Ter Trl Pkwy Hwy Loop Sq Plz Place Boulevard Circle Terrace Trail Parkway".split(),
    *"Pike Run Pass Cv Xing Row Point Ridge".split(),
)
_ROADS = (
    *("US Highway", "US Hwy", "Highway", "Hwy", "State Route", "State Highway", "State Road", "Route", "Rte"),
    *("SR", "FM"),
    *("County Road", "Co Rd", "County Rd", "County Highway", "CR", "Interstate", "Old Highway", "Private Road"),
    *("Township Road", "Twp Rd", "Ranch Road", "Forest Service Road", "Parish Road", "Farm to Market Rd"),
)
_DIRECTIONS = "N S E W NE NW SE SW North South East West N. S. E. W.".split()
_UNIT_WORDS = ("Apt", "Apt", "Apartment", "apt", "Apt.", "Unit", "Ste", "Suite", "Ste.")
_NAMED_WITHOUT_SUFFIX = (
    *("Broadway", "Bowery", "Avenue of the Americas", "Calle Real", "Paseo del Mar", "Avenida de la Playa"),
    *("The Esplanade", "Rockefeller Plaza", "Embarcadero Center", "Camino del Rio", "Hidden Meadow"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One address as a person writes it; `style` names the way."""

    style: str
    text: str
    want: Address


@dataclass(frozen=True, slots=True)
class _Parts:
    street: str
    unit: str
    city: str
    state: str
    zip: str


def lines(count: int, seed: int) -> Iterator[Line]:
    """`count` addresses, each in every style."""
    dice = random.Random(seed)  # noqa: S311 - no secrets are made here
    by_state: dict[str, list[Mapping[str, Any]]] = {}
    for row in cast(Callable[[], list[Mapping[str, Any]]], zipcodes.list_all)():
        if row["zip_code_type"] == "STANDARD" and row["state"] in STATES and row["state"] != "PR":
            by_state.setdefault(row["state"], []).append(row)
    for _ in range(count):
        state = dice.choice(list(by_state))
        row = dice.choice(by_state[state])
        city = row["city"]
        if row["acceptable_cities"] and dice.random() < 0.15:
            city = dice.choice(row["acceptable_cities"])
        yield from _styled(_Parts(_street(dice, state), _unit(dice), city, state, row["zip_code"]))


def _styled(parts: _Parts) -> Iterator[Line]:
    street, unit, city, state, five = parts.street, parts.unit, parts.city, parts.state, parts.zip
    together = f"{street} {unit}".strip()
    apart = ", ".join(filter(None, (street, unit)))
    whole = _address(parts)
    nine = f"{five}-1234"
    yield Line("commas", f"{apart}, {city}, {state} {five}", whole)
    yield Line("no comma before the unit", f"{together}, {city}, {state} {five}", whole)
    yield Line("one comma", f"{together} {city}, {state} {five}", whole)
    yield Line("no commas", f"{together} {city} {state} {five}", whole)
    yield Line("no commas, lower case", f"{together} {city} {state} {five}".lower(), whole)
    yield Line("no commas, capitals", f"{together} {city} {state} {five}".upper(), whole)
    yield Line("ZIP+4", f"{together}, {city}, {state} {nine}", _address(parts, zip=nine))
    yield Line("with USA", f"{apart}, {city}, {state} {five}, USA", whole)
    yield Line("name of the state", f"{together}, {city}, {STATES[state]} {five}", whole)
    yield Line("comma before the ZIP", f"{apart}, {city}, {state}, {five}", whole)
    yield Line("no ZIP", f"{together}, {city}, {state}", _address(parts, zip=""))
    yield Line("no ZIP, no commas", f"{together} {city} {state}", _address(parts, zip=""))
    yield Line("no state", f"{together}, {city} {five}", _address(parts, state=""))
    yield Line("two lines", f"{together}\n{city}, {state} {five}", whole)
    yield Line("tabs", f"{street}\t{unit}\t{city}\t{state}\t{five}", whole)


def _address(parts: _Parts, **changed: str) -> Address:
    given = {"street1": parts.street, "street2": parts.unit, "city": parts.city, "state": parts.state, "zip": parts.zip}
    return clean(given | changed)


def _street(dice: random.Random, state: str) -> str:
    number = _house_number(dice)
    kind = dice.random()
    if state == "UT" and kind < 0.4:
        return f"{10 * dice.randint(1, 99)} {dice.choice('NSEW')} {100 * dice.randint(1, 99)} {dice.choice('NSEW')}"
    if state == "WI" and kind < 0.1:
        number = f"{dice.choice('NS')}{dice.randint(1, 99)}{dice.choice('WE')}{dice.randint(1_000, 29_999)}"
        return f"{number} {_name(dice)} {dice.choice(_SUFFIXES)}"
    if state == "MI" and kind < 0.05:
        return f"{number} {dice.randint(5, 26)} Mile {dice.choice(('Rd', 'Road'))}"
    return f"{number} {_name_of_street(dice, kind)}"


def _name_of_street(dice: random.Random, kind: float) -> str:
    before = after = ""
    if dice.random() < 0.25:
        before = f"{dice.choice(_DIRECTIONS)} "
    if dice.random() < 0.06:
        after = f" {dice.choice(_DIRECTIONS)}"
    if kind < 0.72:
        return f"{before}{_name(dice)} {dice.choice(_SUFFIXES)}{after}"
    if kind < 0.86:
        return f"{before}{_ordinal(dice.randint(1, dice.choice((20, 99, 250))))} {dice.choice(_COMMON_SUFFIXES)}{after}"
    if kind < 0.95:
        return f"{dice.choice(_ROADS)} {dice.randint(1, 999)}{after}"
    if kind < 0.97:
        return f"{dice.choice(('Avenue', 'County Road', 'Road'))} {dice.choice('ABCDJKMPQ')}"
    return dice.choice(_NAMED_WITHOUT_SUFFIX)


def _house_number(dice: random.Random) -> str:
    number = str(dice.randint(1, dice.choice((99, 999, 9_999, 29_999))))
    kind = dice.random()
    if kind < 0.03:
        return number + dice.choice("ABC")
    if kind < 0.04:
        return f"{number} 1/2"
    if kind < 0.06:
        return f"{dice.randint(10, 250)}-{dice.randint(10, 99)}"
    return number


def _name(dice: random.Random) -> str:
    return dice.choice(_NAMES).replace("_", " ")


def _ordinal(number: int) -> str:
    ending = "th"
    if number % 100 not in (11, 12, 13):
        ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _unit(dice: random.Random) -> str:
    number = str(dice.choice((dice.randint(1, 30), dice.randint(100, 2_999))))
    letter = dice.choice("ABCDEFGHNSW")
    identifier = dice.choice((number, number, number + letter, letter, letter + number))
    floor = dice.randint(1, 40)
    kinds = (
        *("",) * 8,
        *(f"{word} {identifier}" for word in _UNIT_WORDS),
        *(f"#{identifier}", f"# {identifier}", f"Fl {floor}", f"Floor {floor}", f"{_ordinal(floor)} Floor"),
        *(f"Bldg 2 Apt {identifier}", f"Building B Ste {identifier}"),
        *(f"Lot {number}", f"Trlr {number}", f"Rm {number}"),
        *("Rear", "Basement", "Penthouse"),
    )
    return dice.choice(kinds)
