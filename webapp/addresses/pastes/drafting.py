"""From pieces to addresses: which ZIP, which state, which street, which city; what is left; where one address ends and
the next begins.
"""

from __future__ import annotations

import re
from bisect import bisect

from webapp.addresses import places
from webapp.addresses.address import is_crossing
from webapp.addresses.pastes.parsed import MOST_ADDRESSES, Draft
from webapp.addresses.pastes.pieces import PastePiece, PieceKind
from webapp.addresses.pastes.state_names import state_code
from webapp.addresses.pastes.street_lines import box_later, divide, end_of_street, is_numbered_road
from webapp.addresses.pastes.tokens import (
    bare,
    has_street_suffix,
    is_clear_suffix,
    is_direction,
    is_street_suffix,
    tokens_of,
)
from webapp.addresses.pastes.units import is_loose_id, joined_units, split_unit, unit_inside
from webapp.addresses.usps import BUILDING_SUFFIXES, MILITARY_STATES, STATES_LIKE_CITIES
from webapp.texts import has_digit, has_letter

_PO_BOX = "used as the street; a box is for mail only, so a lookup may find nothing"
_MAX_TAILS = 12
_ISLANDS = frozenset({"PR", "VI"})
_MAY_BE_CITY = frozenset({"text", "state", "county"})
_LABELS = frozenset("address city state zip street town unit apt phone name".split())
_MOST_WORDS_OF_CITY = 5
_NEVER_LAST = frozenset("is are at for to the have and of in on near".split())
"""Words that go on with a sentence: no city ends in one."""

_CITY_LABEL = re.compile(r"^(?:city|town)(?: is)? (?!of |hall|center|square|park)", re.I)


def drafts_from(pieces: list[PastePiece]) -> list[Draft]:
    """One draft for each address in the pieces; one without a street when there is no street at all."""
    return list(map(_address, _blocks(pieces)))


def _left_inside(pieces: list[PastePiece], free: dict[int, PastePiece]) -> int:
    """How many pieces between the first and the last that belong to the address belong to no field of it."""
    used = [index for index in range(len(pieces)) if index not in free]
    count = 0
    for index, piece in free.items():
        if used and used[0] < index < used[-1] and piece.kind not in {"county", "country"}:
            count += 1
    return count


def _line(pieces: list[PastePiece], free: dict[int, PastePiece], street_at: int | None) -> str:
    """The words of the paste from the first to the last that belong to the address, on one line. Names before it and
    what comes after it are left out, and so are counties and countries, which the second reader does not know.
    """
    used = [index for index in range(len(pieces)) if index not in free] or [len(pieces) - 1]
    start = used[0]
    if street_at is None:
        start = 0
    while start > 0 and not pieces[start].after_mark and has_digit(pieces[start - 1].text):
        start -= 1
    line = ""
    for piece in pieces[start : used[-1] + 1]:
        if piece.kind in {"county", "country"}:
            continue
        if piece.after_mark:
            line += ","
        line += f" {piece.text}"
    return line.strip(" ,")


def _blocks(pieces: list[PastePiece]) -> list[list[PastePiece]]:
    blocks: list[list[PastePiece]] = [[]]
    kinds: set[str] = set()
    for piece in pieces:
        if piece.kind in {"street", "box"} and kinds & {"street", "box"} and kinds & {"zip", "state"}:
            if len(blocks) == MOST_ADDRESSES:
                break
            blocks.append([])
            kinds = set()
        blocks[-1].append(piece)
        kinds.add(piece.kind)
    return blocks


def _address(pieces: list[PastePiece]) -> Draft:
    draft = Draft()
    free = dict(enumerate(pieces))
    zip_at, state_at = _tail(free)
    street_at = _street(free, zip_at, state_at)
    tail_at = zip_at
    if zip_at is not None:
        draft.zip = free.pop(zip_at).text
    if state_at is not None:
        tail_at = state_at
        draft.found["state"] = free.pop(state_at).text
        draft.state = _code(draft.found["state"])
        _take_short_zip(draft, free, state_at)
    if street_at is not None:
        _take_street(draft, free, street_at)
    _take_urbanization(draft, free)
    _take_city(draft, free, pieces, street_at, tail_at)
    if draft.city is None and state_at is not None:
        _state_as_city(draft, pieces[state_at].text)
    if draft.city is None:
        # What was left between street and state may be the city: the judge counts it.
        draft.left_inside += len(draft.left_over)
    if street_at is not None:
        _take_alternatives(draft, free)
    draft.line = _line(pieces, free, street_at)
    draft.left_inside += _left_inside(pieces, free)
    for piece in free.values():
        draft.left_over.append(piece.text)
    return draft


def with_lost_zeros(short_zip: str) -> str:
    """A ZIP or ZIP+4 with the leading zeros that a spreadsheet has dropped: `2201` becomes `02201`, `22012021`
    becomes `02201-2021`.
    """
    five, _, four = short_zip.partition("-")
    if len(five) > 5:
        five, four = five[:-4], five[-4:]
    return "-".join(filter(None, (five.zfill(5), four)))


def _code(text: str) -> str | None:
    if text in MILITARY_STATES:
        return text
    return state_code(text)


def _indexes_of(pieces: dict[int, PastePiece], kind: PieceKind) -> list[int]:
    return [index for index, piece in pieces.items() if piece.kind == kind]


def _tail(pieces: dict[int, PastePiece]) -> tuple[int | None, int | None]:
    """Where the ZIP and the state stand: the pair that fits best, then the closest, then the one with the state
    first. A ZIP of another state that stands far away is none.
    """
    zips = _indexes_of(pieces, "zip")[:_MAX_TAILS]
    states = [index for index in _indexes_of(pieces, "state") if not _is_title(pieces, index)][:_MAX_TAILS]
    if not states:
        return _last(zips), None
    if not zips:
        return None, states[-1]
    pairs = []
    for zip_at in zips:
        zip_state = _state_of_zip(pieces[zip_at].text)
        for state_at in states:
            is_odd = zip_state is None or zip_state != _code(pieces[state_at].text)
            pairs.append((is_odd, abs(zip_at - state_at), zip_at < state_at, zip_at, state_at))
    is_odd, distance, _, zip_at, state_at = min(pairs)
    if is_odd and distance > 2 and _state_of_zip(pieces[zip_at].text) is not None:
        return None, state_at
    return zip_at, state_at


def _is_title(pieces: dict[int, PastePiece], index: int) -> bool:
    """Whether a state is what follows a name (`Jane Roe, MD` or `Smith Law, PA`) before a street."""
    piece, before, after = pieces[index], pieces.get(index - 1), pieces.get(index + 1)
    if len(piece.text) > 2 or before is None or after is None or after.kind != "street":
        return False
    return before.kind == "text" and piece.after_mark and not places.is_city(before.text, _code(piece.text))


def _last(indexes: list[int]) -> int | None:
    if indexes:
        return indexes[-1]
    return None


def _state_of_zip(zip_code: str | None) -> str | None:
    place = places.by_zip(zip_code)
    if place is None:
        return None
    return place.state


def _street(pieces: dict[int, PastePiece], zip_at: int | None, state_at: int | None) -> int | None:
    sure = _indexes_of(pieces, "street") or _indexes_of(pieces, "box")
    if sure:
        return next((index for index in sure if not _may_be_building(pieces[index])), sure[0])
    has_tail = zip_at is not None or state_at is not None
    weak = _indexes_of(pieces, "weak")
    if weak and (has_tail or len(pieces) == 1):
        return weak[-1]
    for index in _indexes_of(pieces, "text"):
        if is_crossing(pieces[index].text) and has_street_suffix(tokens_of(pieces[index].text)):
            return index
    for index in reversed(pieces):
        if _ends_in_suffix(pieces[index]):
            if has_tail and not _is_city_beside_tail(pieces, index):
                return index
            return None
    return None


def _may_be_building(piece: PastePiece) -> bool:
    return bare(piece.text.split()[-1]) in BUILDING_SUFFIXES


def _ends_in_suffix(piece: PastePiece) -> bool:
    return piece.kind == "text" and is_street_suffix(piece.text.split()[-1])


def _is_city_beside_tail(pieces: dict[int, PastePiece], index: int) -> bool:
    if index + 1 not in pieces:
        return False
    following = pieces[index + 1]
    return following.kind in {"zip", "state"} and places.city_key(following.text) not in STATES_LIKE_CITIES


def _take_short_zip(draft: Draft, free: dict[int, PastePiece], state_at: int) -> None:
    following = free.get(state_at + 1)
    if following is None or draft.zip is not None:
        return
    if following.kind == "garbled_zip":
        draft.garbled_zip = free.pop(state_at + 1).text
    elif following.kind == "short_zip" and _state_of_zip(with_lost_zeros(following.text)) == draft.state:
        draft.short_zip = free.pop(state_at + 1).text


def _take_street(draft: Draft, free: dict[int, PastePiece], street_at: int) -> None:
    end = max(free) + 1
    piece = free.pop(street_at)
    street, unit = piece.text, ""
    if piece.kind == "box":
        draft.notes["street1"] = _PO_BOX
    else:
        street, draft.city = _divide_unless_city_follows(draft, free, street_at, street)
        street, unit, unread = _street_and_unit(street)
        draft.left_over.extend(unread)
    draft.street1 = " ".join(street.replace(",", " ").split())

    units = _indexes_of(free, "unit")
    after_street = bisect(units, street_at)
    before = _take_all(free, units[:after_street])
    if units[after_street:] == [street_at + 2] and _is_name_of_unit(free, street_at + 1):
        before.append(free.pop(street_at + 1).text)
    after = _take_all(free, units[after_street:])
    if not unit and _is_loose_id(free.get(street_at + 1)) and (street_at + 2 in free or street_at + 2 == end):
        unit = free.pop(street_at + 1).text
    draft.street2 = joined_units([*before, unit, *after]) or None


def _street_and_unit(line: str) -> tuple[str, str, list[str]]:
    """A street line as (street, unit, what belongs to neither): a box, and words with which a sentence goes on."""
    unread: list[str] = []
    boxed = box_later(line)
    if boxed:
        line = boxed[0]
        unread.extend(filter(None, boxed[1:]))
    tokens = line.split()
    end = end_of_street(tokens)
    street, unit = split_unit(" ".join(tokens[:end])) or (" ".join(tokens[:end]), "")
    start, inner_end = unit_inside(street.split())
    if not unit and start < inner_end:
        words = street.split()
        street, unit = " ".join(words[:start]), " ".join(words[start:inner_end])
    rest = tokens[len(street.split()) + len(unit.split()) :]
    if rest:
        unread.append(" ".join(rest))
    return street, unit, unread


def _is_name_of_unit(free: dict[int, PastePiece], index: int) -> bool:
    # "1 Webster Avenue, Atrium Suite 202": the unit is called so, because nothing stands between.
    return index in free and len(free[index].text.split()) <= 2 and not free[index + 1].after_mark


def _is_loose_id(piece: PastePiece | None) -> bool:
    return piece is not None and piece.kind in {"number", "text", "weak"} and is_loose_id(piece.text)


def _take_all(free: dict[int, PastePiece], indexes: list[int]) -> list[str]:
    """The texts of the pieces at these indexes; they are no longer free."""
    return [free.pop(index).text for index in indexes]


def _divide_unless_city_follows(
    draft: Draft, free: dict[int, PastePiece], street_at: int, text: str
) -> tuple[str, str | None]:
    # A later piece that the ZIP or the state knows as a city is the city: then nothing may be cut from the street's
    # name.
    # A neighborhood behind the street's suffix (`70-20 Austin St Forest Hills, Queens`) is left over.
    street, city = divide(text, draft.zip, draft.state)
    for index in _indexes_of(free, "text"):
        if city is not None and index > street_at and _is_known_city(free[index].text, draft):
            is_neighborhood = is_clear_suffix(street.split()[-1]) and places.names_zip(city, draft.zip)
            if not is_neighborhood or all(map(is_direction, city.split())):
                return text, None
            draft.left_over.append(city)
            return street, None
    return street, city


def _is_known_city(name: str, draft: Draft) -> bool:
    return places.names_zip(name, draft.zip) or (draft.state is not None and places.is_city(name, draft.state))


def _take_alternatives(draft: Draft, free: dict[int, PastePiece]) -> None:
    streets = _take_all(free, [at for at in _indexes_of(free, "street") if not _may_be_building(free[at])])
    # "24 Eagle Road (Route 1)": a road without a house number is another name of the street.
    streets = [street for street in streets if not is_numbered_road(street)]
    for text in list(dict.fromkeys(streets))[:MOST_ADDRESSES]:
        line, city = divide(text, draft.zip, draft.state)
        street, unit = split_unit(line) or (line, None)
        draft.alternatives.append(
            Draft(street1=street, street2=unit, city=city or draft.city, state=draft.state, zip=draft.zip)
        )


def _take_urbanization(draft: Draft, free: dict[int, PastePiece]) -> None:
    on_island = (draft.state or _state_of_zip(draft.zip)) in _ISLANDS
    for index in _indexes_of(free, "urb"):
        if on_island or bare(free[index].text.split()[0]).startswith("urb"):
            draft.street2 = " ".join(filter(None, (free.pop(index).text, draft.street2)))
            draft.notes["street2"] = "kept beside the unit, because it tells apart streets of one name"


def _take_city(
    draft: Draft, free: dict[int, PastePiece], pieces: list[PastePiece], street_at: int | None, tail_at: int | None
) -> None:
    """A city that the ZIP knows is believed before the one that was cut from the street; any other only without
    one.
    """
    names = _possible_cities(free)
    chosen = _city_of_zip(names, draft.zip)
    if chosen is None and draft.city is None:
        chosen = _city_of_state(names, draft.state, tail_at)
    if chosen is None and draft.city is None:
        chosen = _city_by_position(names, pieces, street_at, tail_at)
    if chosen is None:
        return
    if draft.city is not None:
        free[-1] = PastePiece("text", draft.city)
    draft.city = names[chosen]
    del free[chosen]


def _possible_cities(free: dict[int, PastePiece]) -> dict[int, str]:
    names = {}
    for index, piece in free.items():
        if piece.kind in _MAY_BE_CITY and _is_name(piece.text):
            names[index] = places.plain_city(_CITY_LABEL.sub("", piece.text))
    return names


def _is_name(text: str) -> bool:
    words = text.split()
    if not has_letter(text) or has_digit(text) or len(words) > _MOST_WORDS_OF_CITY:
        return False
    return bare(text) not in _LABELS and words[-1] not in _NEVER_LAST


def _city_of_zip(names: dict[int, str], zip_code: str | None) -> int | None:
    """The last piece that is the ZIP's preferred city, else the last one that is any of its cities."""
    place = places.by_zip(zip_code)
    if place is None:
        return None
    preferred = places.city_key(place.cities[0])
    last = None
    for index in reversed(names):
        if places.city_key(names[index]) == preferred:
            return index
        if last is None and places.names_zip(names[index], zip_code):
            last = index
    return last


def _city_of_state(names: dict[int, str], state: str | None, tail_at: int | None) -> int | None:
    """The piece nearest to the tail that is a city of the state."""
    if state is None:
        return None
    cities = [index for index, name in names.items() if places.is_city(name, state)]
    return min(cities, key=lambda index: abs(index - (tail_at or 0)), default=None)


def _city_by_position(
    names: dict[int, str], pieces: list[PastePiece], street_at: int | None, tail_at: int | None
) -> int | None:
    if tail_at is not None:
        return _city_beside_tail(names, pieces, street_at, tail_at)
    if street_at is not None:
        return _city_after_street(names, pieces, street_at)
    return None


def _city_beside_tail(
    names: dict[int, str], pieces: list[PastePiece], street_at: int | None, tail_at: int
) -> int | None:
    """The piece just before the state or ZIP (stepping over a county), if it comes after the street; else one of the
    two after it, if the street comes later.
    """
    before = tail_at - 1
    while before >= 0 and pieces[before].kind in {"county", "country", "zip", "state"}:
        before -= 1
    if before in names and (street_at is None or before > street_at):
        return before
    for index in (tail_at + 1, tail_at + 2):
        if index in names and (street_at is None or index < street_at):
            return index
    return None


def _city_after_street(names: dict[int, str], pieces: list[PastePiece], street_at: int) -> int | None:
    """The piece just after the street and its unit, if it is a city of any state."""
    after = street_at + 1
    while after < len(pieces) and pieces[after].kind in {"unit", "number"}:
        after += 1
    if after in names and places.is_city(names[after], None):
        return after
    return None


def _state_as_city(draft: Draft, text: str) -> None:
    if len(text) <= 2 or draft.state in MILITARY_STATES:
        return
    city_without_zip = not draft.zip and places.city_key(text) in STATES_LIKE_CITIES
    if city_without_zip or places.names_zip(text, draft.zip):
        draft.city, draft.state = text, None
