"""The judge: two readings of one address, ours and that of usaddress. Where they agree, the address is sure. Where they
differ, the ZIP's own cities, the state and what each reading leaves over decide; where those do not, both are kept for
the person to choose from.
"""

from __future__ import annotations

import re
from dataclasses import replace

from webapp.addresses import places
from webapp.addresses.address import FIELDS, Address
from webapp.addresses.pastes.parsed import Draft
from webapp.addresses.pastes.state_names import state_code
from webapp.addresses.pastes.street_lines import box_later, end_of_street, is_box, is_numberless_street, street_start
from webapp.addresses.pastes.tagged import TaggedLine, read_tagged
from webapp.addresses.pastes.tokens import (
    bare,
    has_street_suffix,
    is_clear_suffix,
    is_direction,
    is_fraction,
    is_house_number,
    is_street_suffix,
    tokens_of,
)
from webapp.addresses.pastes.units import (
    is_loose_id,
    is_unit_phrase,
    joined_units,
    needs_id,
    split_unit,
    unit_inside,
)
from webapp.addresses.usps import (
    BUILDING_SUFFIXES,
    NUMBER_WORDS,
    NUMBERED_ROADS,
    ROAD_KINDS,
    ROUTE_WORDS,
    STATES,
    ZIP_ONLY_STATES,
)
from webapp.texts import has_digit, has_letter

_TORN = 3
"""What speaks against a reading whose fields are torn apart."""

_LETTERS_OF_ROAD = 2
"""How many letters name a road after its suffix: `County Rd QQ`."""

_ROAD_WORDS = ROUTE_WORDS | ROAD_KINDS | NUMBERED_ROADS
_NO_MEANING = re.compile(r"[^\w/-]+")


def judge(draft: Draft) -> Draft:
    """The draft where the second reader agrees or more speaks against it; the other reading in its place where that is
    the better one. Where nothing tells which is right, and where both may be wrong in the same way, the draft has the
    other reading as its `rival`.
    """
    tagged = read_tagged(draft.line)
    if tagged is None:
        return draft
    ours, theirs = draft.address(), tagged.address
    if theirs.city is not None:
        theirs = replace(theirs, city=places.plain_city(theirs.city))
    if not agree(ours, theirs):
        against_ours = _flaws(ours, theirs, draft.line) + draft.left_inside
        against_theirs = _flaws(theirs, ours, draft.line) + len(tagged.left_over)
        if not tagged.in_order:
            against_theirs += _TORN
        if against_theirs < against_ours:
            draft = _in_place_of(draft, replace(tagged, address=theirs))
        elif against_theirs == against_ours and _has_number(ours) and _has_number(theirs):
            draft.rival = theirs
    if draft.rival is None:
        draft.rival = _other_way_to_read(draft.address(), draft.line)
        if draft.rival is not None and draft.city is None and draft.rival.street1 == theirs.street1:
            draft.rival = theirs
    return draft


def agree(one: Address, other: Address) -> bool:
    """Whether two readings say the same: regardless of case, points and commas, and cities in any usual spelling."""
    return all(_plain(name, getattr(one, name)) == _plain(name, getattr(other, name)) for name in FIELDS)


def second_reading(draft: Draft) -> Draft:
    """The draft as the second reader alone would have it."""
    tagged = read_tagged(draft.line)
    if tagged is None:
        return draft
    return _in_place_of(draft, tagged)


def _in_place_of(draft: Draft, tagged: TaggedLine) -> Draft:
    address = tagged.address
    return replace(
        draft,
        street1=address.street1,
        street2=address.street2,
        city=address.city,
        state=address.state,
        zip=address.zip,
        left_over=[*(text for text in draft.left_over if text not in draft.line), *tagged.left_over],
        alternatives=[],
    )


def _plain(name: str, entry: str | None) -> str:
    if entry is None:
        return ""
    if name == "city":
        return places.city_key(entry)
    if name == "street2":
        entry = joined_units([entry])
    return _NO_MEANING.sub("", entry.casefold())


def _flaws(reading: Address, other: Address, line: str) -> int:
    """How much speaks against a reading of a line: what it lacks or has in the wrong place, seen beside the other
    one.
    """
    count = _street_flaws(reading) + _unit_flaws(reading) + _place_flaws(reading, other)
    # A street that is not one run of the line's words was put together over a mark.
    if reading.street1 is not None and reading.street1 not in line:
        count += 1
    if _begins_at_comma(other.city, line) and reading.city is not None and not _begins_at_comma(reading.city, line):
        count += 1
    return count


def _begins_at_comma(city: str | None, line: str) -> bool:
    return city is not None and f", {city}" in line


def _street_flaws(reading: Address) -> int:
    street = reading.street1
    if street is None:
        return 1
    count = 0
    tokens = tokens_of(street)
    if not _has_number(reading):
        count += 1
    # "350 N 400" lacks the direction of its grid.
    is_half_a_grid = len(tokens) == 3 and is_direction(tokens[1]) and tokens[2].isdigit()
    if len(tokens) < 2 or is_half_a_grid:
        count += 1
    if end_of_street(tokens) < len(tokens):
        count += 1
    start = street_start(tokens)
    if start is not None and has_letter("".join(tokens[: start[0]])):
        count += 1
    if box_later(street):
        count += 2
    unit_start, unit_end = unit_inside(tokens)
    if split_unit(street) or needs_id(tokens[-1]) or unit_start < unit_end:
        count += 1
    return count


def _has_number(reading: Address) -> bool:
    street = reading.street1
    if street is None:
        return False
    first = tokens_of(street)[:1]
    if first and (is_house_number(first[0]) or bare(first[0]) in NUMBER_WORDS):
        return True
    return is_box(street) or is_numberless_street(street)


def _unit_flaws(reading: Address) -> int:
    unit = reading.street2
    if unit is None or is_unit_phrase(unit):
        return 0
    # "5512 Private Road, 4075": the number belongs to the road.
    if is_loose_id(unit) and split_unit(f"{reading.street1} {unit.replace(' ', '')}"):
        return 0
    return 1


def _place_flaws(reading: Address, other: Address) -> int:
    count = 0
    if reading.zip is None and places.is_possible_zip(other.zip):
        count += 1
    if reading.zip is not None and not places.is_possible_zip(reading.zip):
        count += 1
    if reading.state is None and places.by_zip(reading.zip or other.zip) is None and _is_state(other.state):
        count += 1
    if reading.state is not None and not _is_state(reading.state):
        count += 2
    if reading.city is None:
        return count + (other.city is not None)
    if is_street_suffix(reading.city) and not has_street_suffix(tokens_of(reading.street1 or "")):
        count += 1
    if needs_id(reading.city) or reading.city.startswith("#"):
        count += _TORN
    return count + _city_flaws(reading.city, reading, other)


def _city_flaws(city: str, reading: Address, other: Address) -> int:
    place = places.by_zip(reading.zip or other.zip)
    if place is not None:
        # The ZIP is the best witness there is, and its preferred name the best of its names.
        preferred = places.city_key(place.cities[0])
        is_beaten = other.city is not None and places.city_key(city) != preferred == places.city_key(other.city)
        return is_beaten + _distance(city, other.city, place)
    state = reading.state or other.state
    if state in STATES and other.city and _is_discouraged(city, state):
        return int(places.is_mail_city(other.city, state))
    return int(not (places.is_city(city, state) or _is_marked_off(reading, other)))


def _is_discouraged(city: str, state: str) -> bool:
    return places.is_city(city, state) and not places.is_mail_city(city, state)


def _distance(city: str, other_city: str | None, place: places.ZipPlace) -> int:
    """How far a city is from those of its ZIP; between two that are not, the one that the state knows is nearer."""
    if places.names_zip(city, place.zip):
        return 0
    if places.nearly_names_zip(city, place.zip):
        return 1
    return 2 + (other_city is not None and not places.is_mail_city(city, place.state))


def _is_state(code: str | None) -> bool:
    return code in STATES or code in ZIP_ONLY_STATES


def _is_marked_off(reading: Address, other: Address) -> bool:
    """Whether a city that we do not know begins where the street ends by its own words, and the other reading has none:
    `12 Main St Apt 4 Newtowne`.
    """
    if other.city is not None or reading.street1 is None or is_unit_phrase(tokens_of(reading.city or "")[0]):
        return False
    return is_street_suffix(tokens_of(reading.street1)[-1])


def _other_way_to_read(address: Address, line: str) -> Address | None:
    """Another reading of an address that both readers may have read wrongly; None where there is no doubt."""
    street, city = address.street1, address.city
    if street is None or not _has_number(address) or is_box(street):
        return None
    if city is not None and not _begins_at_comma(city, line):
        direction, _, name = city.partition(" ")
        if name and address.street2 is None and is_direction(direction) and _may_end_in_direction(address, name):
            return replace(address, street1=f"{street} {direction}", city=name)
    tokens = tokens_of(street)
    if city is None and address.state is not None and (rival := _with_city(address, tokens)):
        return rival
    end = _end_of_street(tokens)
    if end is not None:
        return replace(address, street1=" ".join(tokens[:end]))
    if address.street2 is None and _may_end_in_unit(tokens):
        return replace(address, street1=" ".join(tokens[:-1]), street2=tokens[-1])
    return None


def _with_city(address: Address, tokens: list[str]) -> Address | None:
    """The address with the words behind its street's suffix as the city, where the state follows and no city is known:
    `30 Mill Road Newtowne RI`, `30 Mill Road 4 Newtowne AZ`.
    """
    for index in range(len(tokens) - 2, 1, -1):
        if not is_clear_suffix(tokens[index]):
            continue
        rest = tokens[index + 1 :]
        unit = None
        if is_loose_id(rest[0]) and len(rest) > 1:
            unit = rest.pop(0)
        if has_digit("".join(rest)) or len(rest[-1]) <= _LETTERS_OF_ROAD or all(map(is_direction, rest)):
            return None
        return replace(
            address, street1=" ".join(tokens[: index + 1]), street2=unit or address.street2, city=" ".join(rest)
        )
    return None


def _may_end_in_unit(tokens: list[str]) -> bool:
    """Whether the number that ends a street may be a unit: behind a name (`77 Otter Hollow Creek 2`), another number
    (`State Highway 188 4`) or a highway that has a name (`Pacific Highway 30`, unlike `Texas Highway 6`).
    """
    if len(tokens) < 4 or not tokens[-1][0].isdigit() or not is_loose_id(tokens[-1]):
        return False
    before = tokens[-2]
    if before.isdigit():
        return True
    name = [token for token in tokens[1:-1] if not (is_direction(token) or is_fraction(token))]
    if bare(before) in NUMBERED_ROADS:
        return not _ROAD_WORDS.issuperset(map(bare, name)) and state_code(" ".join(name[:-1])) is None
    words = " ".join(map(bare, name)).replace("-", " ").split()
    is_road = not _ROAD_WORDS.isdisjoint(words) or is_street_suffix(before) or state_code(before) is not None
    return not is_road and not is_direction(before)


def _may_end_in_direction(address: Address, name: str) -> bool:
    """Whether the direction before a city may as well end the street: `94th Road East Cabot`, `Route 73 North
    Marlton`.
    """
    place = places.by_zip(address.zip)
    if place is not None:
        # Mail goes by the ZIP's preferred name, so most people write that one.
        is_preferred = places.city_key(address.city or "") == places.city_key(place.cities[0])
        return not is_preferred and places.names_zip(name, place.zip)
    return split_unit(f"{address.street1} 1") is None and places.is_city(name, address.state)


def _end_of_street(tokens: list[str]) -> int | None:
    """Where a street ends that goes on with other words behind its suffix: `600 E Grand Ave Navy Pier`."""
    for index in range(len(tokens) - 1, 1, -1):
        name = [token for token in tokens[1:index] if not (is_direction(token) or is_fraction(token))]
        if not is_clear_suffix(tokens[index]) or not name:
            continue
        rest = [token for token in tokens[index + 1 :] if not is_direction(token)]
        goes_on = has_street_suffix(rest) and bare(rest[-1]) not in BUILDING_SUFFIXES
        ends_here = not rest or goes_on or has_digit("".join(rest))
        if ends_here or (len(rest) == 1 and len(rest[0]) <= _LETTERS_OF_ROAD):
            return None
        return len(tokens) - len(rest)
    return None
