"""ZIP codes and the places they name, from the data packaged with `zipcodes`: no network. Pure.

The data is read at the first call (38 MB, once per process), and each state's names at the first call about that state
(10 to 40 ms); later answers come from memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import zipcodes

from webapp.addresses.address import Address
from webapp.addresses.usps import CITY_ABBREVIATIONS, MILITARY_STATES, STATES, ZIP_ONLY_STATES
from webapp.texts import folded

_ALL_CODES = (*STATES, *ZIP_ONLY_STATES)
_WORD = re.compile(r"[^\W_]+")
_ZIP = re.compile(r"([0-9]{5})(?:-[0-9]{4})?")
_WORDS_BEFORE_CITY = re.compile(r"^(?:(?:the )?(?:city|town|township|village|borough) of|greater|downtown) ", re.I)
_PART_OF_TOWN = re.compile(r"^(?:north|south|east|west)(?=[a-z]{3})")
_KIND_OF_TOWN = re.compile(r"(?<=[a-z]{3})(?:city|town|township|village)$")


@dataclass(frozen=True, slots=True)
class ZipPlace:
    """What a five-digit ZIP names. `cities` starts with the preferred name; `also_known_as` are names people use
    that the postal data discourages. Coordinates are degrees of the ZIP's middle, None where the data has none."""

    zip: str
    cities: tuple[str, ...]
    also_known_as: tuple[str, ...]
    state: str
    county: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class PlaceWarning:
    """Something about a ZIP that a person should look at; it never blocks. `field` is the box to look at first."""

    field: str
    message: str


def load() -> Iterator[str]:
    """Reads all the data, so that no request waits for it later. Yields the code of each state when it is read, so that
    the caller can let other work go on in between.
    """
    for code in _ALL_CODES:
        _city_keys(code)
        yield code


def by_zip(text: str | None) -> ZipPlace | None:
    """The place of a ZIP or ZIP+4 (ASCII digits); None when it is no ZIP or the data does not know it."""
    match = _ZIP.fullmatch(text or "")
    if match:
        return _place(match[1])
    return None


def is_possible_zip(text: str | None) -> bool:
    """Whether a ZIP could exist: known, or in a three-digit area that has known ZIPs (new ones appear every year)."""
    match = _ZIP.fullmatch(text or "")
    return bool(match) and _area_in_use(cast(re.Match[str], match)[1][:3])


def is_city(name: str, state: str | None) -> bool:
    """Whether any ZIP of a state (any state, when it is None) goes by this city name, in any usual spelling."""
    key = city_key(name)
    if not key:
        return False
    if state:
        return _city_keys(state).holds(key)
    return any(_city_keys(code).holds(key) for code in _ALL_CODES)


def is_mail_city(name: str, state: str) -> bool:
    """Whether mail to any ZIP of a state may go by this city name, in any usual spelling: cities that the postal data
    discourages are left out.
    """
    return city_key(name) in _city_keys(state).for_mail


def names_zip(name: str, zip_code: str | None) -> bool:
    """Whether a city name, in any usual spelling, is one the ZIP goes by."""
    place = by_zip(zip_code)
    return place is not None and city_key(name) in _zip_keys(place)


def nearly_names_zip(name: str, zip_code: str | None) -> bool:
    """Whether a ZIP goes by a city name but for what tells its parts apart: `Yarmouth` where the ZIP knows `South
    Yarmouth`, `St. Albans Town` where it knows `St. Albans`.
    """
    place = by_zip(zip_code)
    if place is None:
        return False
    wanted = _without_part(name)
    return bool(wanted) and any(wanted == _without_part(known) for known in (*place.cities, *place.also_known_as))


def plain_city(name: str) -> str:
    """A city without the words that people add to it: `City of Albany`, `Greater Albany`. `City of Industry` is called
    so.
    """
    plain = _WORDS_BEFORE_CITY.sub("", name)
    if plain != name and is_city(plain, None) and not is_city(name, None):
        return plain
    return name


def disagreement(address: Address) -> tuple[PlaceWarning, ...]:
    """What does not fit together between ZIP, state and city, in plain words; at most one warning, the most
    important one.
    """
    if not address.zip or not _ZIP.fullmatch(address.zip):
        return ()
    place, five = by_zip(address.zip), address.zip[:5]
    if place is None:
        return (PlaceWarning("zip", _unknown_zip(five)),)
    if address.state and address.state != place.state:
        there = f"{place.cities[0]}, {_state_name(place.state)}"
        return (
            PlaceWarning(
                "state",
                f"ZIP code {five} is in {there}, not in {_state_name(address.state)}. Check which one is right.",
            ),
        )
    if address.city and city_key(address.city) not in _zip_keys(place):
        message = (
            f"ZIP code {five} belongs to {_listed(place.cities)}, not to {address.city}. Check which one is right."
        )
        return (PlaceWarning("city", message),)
    return ()


@lru_cache(maxsize=8_192)
def city_key(name: str) -> str:
    """One spelling for all: lower case, no accents, blanks or marks, St/Ft/Mt and points of the compass in full, `afb`
    for an Air Force Base.
    """
    words = _WORD.findall(folded(name, "NFD").replace("'", "").replace("\u2019", "").replace(".", ""))
    return "".join(CITY_ABBREVIATIONS.get(word, word) for word in words).replace("airforcebase", "afb")


def _without_part(name: str) -> str:
    return _KIND_OF_TOWN.sub("", _PART_OF_TOWN.sub("", city_key(name)))


def _unknown_zip(five: str) -> str:
    if is_possible_zip(five):
        return f"We do not know the ZIP code {five}. Check its digits; a very new ZIP code may be missing here."
    return f"No ZIP code begins with {five[:3]}. Check the digits of {five}."


def _state_name(code: str) -> str:
    return STATES.get(code) or ZIP_ONLY_STATES.get(code) or MILITARY_STATES.get(code) or code


def _listed(names: tuple[str, ...]) -> str:
    shown = names[:3]
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} or {shown[-1]}"


def _zip_keys(place: ZipPlace) -> frozenset[str]:
    return frozenset(map(city_key, (*place.cities, *place.also_known_as)))


@lru_cache(maxsize=4_096)
def _place(five: str) -> ZipPlace | None:
    rows = _ask("matching", five)
    if not rows:
        return None
    row = rows[0]
    latitude: float | None = float(row["lat"])
    longitude: float | None = float(row["long"])
    if latitude == longitude == 0:
        latitude = longitude = None
    return ZipPlace(
        zip=five,
        cities=(row["city"], *row["acceptable_cities"]),
        also_known_as=tuple(row["unacceptable_cities"]),
        state=row["state"],
        county=row["county"] or None,
        latitude=latitude,
        longitude=longitude,
    )


@lru_cache(maxsize=1_000)
def _area_in_use(prefix: str) -> bool:
    return bool(_ask("similar_to", prefix))


@dataclass(frozen=True, slots=True)
class _CityKeys:
    """The names of a state's cities as `city_key` spells them: those that mail may go by, and those that the postal
    data discourages.
    """

    for_mail: frozenset[str]
    discouraged: frozenset[str]

    def holds(self, key: str) -> bool:
        return key in self.for_mail or key in self.discouraged


@lru_cache(maxsize=64)
def _city_keys(state: str) -> _CityKeys:
    for_mail: set[str] = set()
    discouraged: set[str] = set()
    for row in _ask("filter_by", state=state):
        for_mail.update(map(city_key, (row["city"], *row["acceptable_cities"])))
        discouraged.update(map(city_key, row["unacceptable_cities"]))
    return _CityKeys(frozenset(for_mail), frozenset(discouraged))


def _ask(question: str, *words: str, **filters: str) -> list[Mapping[str, Any]]:
    # Only plain ASCII digits may reach `matching`: other scripts' digits make it panic with an error that is not a
    # subclass of Exception.
    return cast(Callable[..., list[Mapping[str, Any]]], getattr(zipcodes, question))(*words, **filters)
