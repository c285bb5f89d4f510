"""From pieces to addresses: which ZIP, which state, which street, which city; what is left; where one address ends and
the next begins.
"""

from __future__ import annotations

import re

from webapp.addresses import places
from webapp.addresses.pastes.parsed import MOST_ADDRESSES, Draft
from webapp.addresses.pastes.pieces import PastePiece, PieceKind
from webapp.addresses.pastes.state_names import state_code
from webapp.addresses.pastes.street_lines import divide
from webapp.addresses.pastes.tokens import bare, is_street_suffix
from webapp.addresses.pastes.units import is_loose_id, split_unit
from webapp.addresses.usps import MILITARY_STATES, STATES_LIKE_CITIES

_PO_BOX = "used as the street; a box is for mail only, so a lookup may find nothing"
_MAX_TAILS = 12
_ISLANDS = frozenset({"PR", "VI"})
_MAY_BE_CITY = frozenset({"text", "state", "county"})
_LABELS = frozenset("address city state zip street town unit apt phone name".split())
_CITY_LABEL = re.compile(r"^(?:city|town)(?: is)? (?!of |hall|center|square|park)", re.I)


def drafts_from(pieces: list[PastePiece]) -> list[Draft]:
    """One draft for each address in the pieces; one without a street when there is no street at all."""
    return [_address(block) for block in _blocks(pieces)]


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
    zip_at, state_at = _tail(pieces)
    street_at = _street(pieces, zip_at, state_at)
    if zip_at is not None:
        draft.zip = free.pop(zip_at).text
    if state_at is not None:
        draft.found["state"] = free.pop(state_at).text
        draft.state = _code(draft.found["state"])
        _take_short_zip(draft, free, state_at)
    if street_at is not None:
        _take_street(draft, free, street_at)
    _take_urbanization(draft, free)
    _take_city(draft, free, pieces, street_at, state_at if state_at is not None else zip_at)
    if draft.city is None and state_at is not None:
        _state_as_city(draft, pieces[state_at].text)
    if street_at is not None:
        _take_alternatives(draft, free)
    draft.left_over = [piece.text for piece in free.values()]
    return draft


def _code(text: str) -> str | None:
    if text in MILITARY_STATES:
        return text
    return state_code(text)


def _tail(pieces: list[PastePiece]) -> tuple[int | None, int | None]:
    zips = [index for index, piece in enumerate(pieces) if piece.kind == "zip"][:_MAX_TAILS]
    states = [index for index, piece in enumerate(pieces) if piece.kind == "state"][:_MAX_TAILS]
    if not zips or not states:
        return (zips[-1] if zips else None), (states[-1] if states else None)
    state_of_zip = {index: _state_of_zip(pieces[index].text) for index in zips}
    code_at = {index: _code(pieces[index].text) for index in states}

    def oddness(pair: tuple[int, int]) -> tuple[bool, int, bool]:
        zip_at, state_at = pair
        is_odd = state_of_zip[zip_at] is None or state_of_zip[zip_at] != code_at[state_at]
        return is_odd, abs(zip_at - state_at), zip_at < state_at

    zip_at, state_at = min(((z, s) for z in zips for s in states), key=oddness)
    known = state_of_zip[zip_at]
    if abs(zip_at - state_at) > 2 and known and known != code_at[state_at]:
        return None, state_at
    return zip_at, state_at


def _state_of_zip(text: str) -> str | None:
    place = places.by_zip(text)
    if place:
        return place.state
    return None


def _street(pieces: list[PastePiece], *tail: int | None) -> int | None:
    for kind in ("street", "box"):
        for index, piece in enumerate(pieces):
            if piece.kind == kind:
                return index
    weak = [index for index, piece in enumerate(pieces) if piece.kind == "weak"]
    known = [index for index in tail if index is not None]
    if weak and (known or len(pieces) == 1):
        return weak[-1]
    for index in reversed(range(len(pieces))):
        if _ends_in_suffix(pieces[index]):
            if known and not _is_city_beside_tail(pieces, index):
                return index
            return None
    return None


def _ends_in_suffix(piece: PastePiece) -> bool:
    return piece.kind == "text" and is_street_suffix(piece.text.split()[-1])


def _is_city_beside_tail(pieces: list[PastePiece], index: int) -> bool:
    if index + 1 == len(pieces):
        return False
    following = pieces[index + 1]
    return following.kind in {"zip", "state"} and places.city_key(following.text) not in STATES_LIKE_CITIES


def _take_short_zip(draft: Draft, free: dict[int, PastePiece], state_at: int) -> None:
    following = free.get(state_at + 1)
    if following is not None and following.kind == "short_zip" and draft.zip is None:
        padded = following.text.zfill(5)
        place = places.by_zip(padded)
        if place is not None and place.state == draft.state:
            draft.short_zip = free.pop(state_at + 1).text


def _take_street(draft: Draft, free: dict[int, PastePiece], street_at: int) -> None:
    piece = free.pop(street_at)
    line, city = (
        (piece.text, None) if piece.kind == "box" else _divide_unless_city_follows(draft, free, street_at, piece.text)
    )
    inner = None
    if piece.kind != "box":
        inner = split_unit(line)
    draft.street1, draft.city = (inner[0] if inner else " ".join(line.replace(",", " ").split())), city
    before = _take_all(free, "unit", [index for index in sorted(free) if index < street_at])
    after = _take_all(free, "unit", [index for index in sorted(free) if index > street_at])
    loose = free.get(street_at + 1)
    if (
        loose is not None
        and loose.kind in {"number", "text"}
        and is_loose_id(loose.text)
        and not inner
        and street_at + 2 in free
    ):
        after.insert(0, free.pop(street_at + 1).text)
    draft.street2 = " ".join([*before, *([inner[1]] if inner else []), *after]) or None
    if piece.kind == "box":
        draft.notes["street1"] = _PO_BOX


def _take_all(free: dict[int, PastePiece], kind: PieceKind, indexes: list[int]) -> list[str]:
    """The texts of the pieces of one kind at these indexes; they are no longer free."""
    taken = []
    for index in indexes:
        if free[index].kind == kind:
            taken.append(free.pop(index).text)
    return taken


def _divide_unless_city_follows(
    draft: Draft, free: dict[int, PastePiece], street_at: int, text: str
) -> tuple[str, str | None]:
    # A later piece that the ZIP or the state knows as a city is the city: then nothing may be cut from the street's
    # name.
    later = [piece.text for index, piece in free.items() if index > street_at and piece.kind == "text"]
    if any(_is_known_city(name, draft) for name in later):
        return text, None
    return divide(text, draft.zip, draft.state)


def _is_known_city(name: str, draft: Draft) -> bool:
    return places.names_zip(name, draft.zip) or (draft.state is not None and places.is_city(name, draft.state))


def _take_alternatives(draft: Draft, free: dict[int, PastePiece]) -> None:
    alternatives = _take_all(free, "street", list(free))
    for text in list(dict.fromkeys(alternatives))[:MOST_ADDRESSES]:
        line, city = divide(text, draft.zip, draft.state)
        street, unit = split_unit(line) or (line, None)
        draft.alternatives.append(
            Draft(street1=street, street2=unit, city=city or draft.city, state=draft.state, zip=draft.zip)
        )


def _take_urbanization(draft: Draft, free: dict[int, PastePiece]) -> None:
    place = places.by_zip(draft.zip)
    on_island = (draft.state or (place.state if place else None)) in _ISLANDS
    for index in [index for index, piece in free.items() if piece.kind == "urb"]:
        if on_island or bare(free[index].text.split()[0]).startswith("urb"):
            draft.street2 = " ".join(filter(None, (free.pop(index).text, draft.street2)))
            draft.notes["street2"] = "kept beside the unit, because it tells apart streets of one name"


def _take_city(
    draft: Draft, free: dict[int, PastePiece], pieces: list[PastePiece], street_at: int | None, tail_at: int | None
) -> None:
    names = {
        index: _CITY_LABEL.sub("", piece.text)
        for index, piece in free.items()
        if piece.kind in _MAY_BE_CITY and _is_name(piece.text)
    }
    of_zip = [index for index, name in names.items() if places.names_zip(name, draft.zip)]
    of_state = [index for index, name in names.items() if draft.state and places.is_city(name, draft.state)]
    place = places.by_zip(draft.zip)
    preferred = [
        index for index in of_zip if place and places.city_key(names[index]) == places.city_key(place.cities[0])
    ]
    chosen = (preferred or of_zip)[-1:] or (_nearest(of_state, tail_at) if draft.city is None else [])
    if not chosen and draft.city is None:
        chosen = _beside(names, pieces, street_at, tail_at)
    if chosen:
        if draft.city is not None:
            free[-1] = PastePiece("text", draft.city)
        draft.city = names[chosen[0]]
        del free[chosen[0]]


def _is_name(text: str) -> bool:
    letters = any(c.isalpha() for c in text) and not any(c.isdigit() for c in text)
    return letters and len(text.split()) <= 5 and bare(text) not in _LABELS


def _nearest(indexes: list[int], tail_at: int | None) -> list[int]:
    return sorted(indexes, key=lambda index: abs(index - (tail_at or 0)))[:1]


def _beside(names: dict[int, str], pieces: list[PastePiece], street_at: int | None, tail_at: int | None) -> list[int]:
    """The piece just before the state or ZIP (stepping over a county), if it comes after the street; else a city just
    after it.
    """
    if tail_at is None:
        after = 0
        if street_at is not None:
            after = street_at + 1
        while after < len(pieces) and pieces[after].kind in {"unit", "number"}:
            after += 1
        if street_at is not None and after in names and places.is_city(names[after], None):
            return [after]
        return []
    before = tail_at - 1
    while before >= 0 and pieces[before].kind in {"county", "country", "zip", "state"}:
        before -= 1
    if before in names and (street_at is None or before > street_at):
        return [before]
    return [
        index for index in (tail_at + 1, tail_at + 2) if index in names and (street_at is None or index < street_at)
    ][:1]


def _state_as_city(draft: Draft, text: str) -> None:
    known = places.names_zip(text, draft.zip)
    if (
        len(text) > 2
        and draft.state not in MILITARY_STATES
        and (known or (not draft.zip and places.city_key(text) in STATES_LIKE_CITIES))
    ):
        draft.city, draft.state = text, None
