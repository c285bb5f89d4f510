"""A free text cut into pieces, each named for what it is: ZIP, state, street, unit, box, county, country or plain
text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from webapp.addresses import places
from webapp.addresses.pastes.state_names import cut_state, state_code
from webapp.addresses.pastes.street_lines import (
    START_REACH,
    box_inside,
    box_later,
    is_box,
    is_number_of_street,
    is_numberless_street,
    street_start,
)
from webapp.addresses.pastes.tokens import (
    bare,
    has_street_suffix,
    is_direction,
    is_house_number,
    is_street_suffix,
    tokens_of,
)
from webapp.addresses.pastes.units import is_unit_phrase, leading_unit, needs_id, unit_before_name, unit_in_name
from webapp.addresses.usps import CODES_BY_STATE_SPELLING, MILITARY_STATES
from webapp.texts import has_digit

PieceKind = Literal[
    "zip",
    "short_zip",
    "garbled_zip",
    "state",
    "street",
    "weak",
    "box",
    "unit",
    "number",
    "urb",
    "county",
    "country",
    "text",
]


@dataclass(frozen=True, slots=True)
class PastePiece:
    """One piece of the paste: what it is taken for, its text, and whether a mark, a line end or the beginning stands
    before it.
    """

    kind: PieceKind
    text: str
    after_mark: bool = False


_SEPARATORS = re.compile(
    r"[,;|\n\t\u2022\u00b7()\[\]{}\"<>*?!\u2190-\u21ff]+|:(?=\s|$)|(?<=[a-z]):(?=\w)|(?<=[a-z])/(?=[A-Z]{2}\b)|\.\.+|\u2026|\s-{1,3}\s|--+|\s/\s|="
)
_LONG_RUN = re.compile(r"(?s)\S.{0,299}(?:(?=\s)|$)|\S.{0,299}")
_SPLIT_ROUTE = re.compile(
    r"\b((?:r\.? ?r\.?|rural (?:route|rt)|rte?|route|h\.?c\.?r?|psc|cmr|unit) ?#? ?\d+[a-z]?)\s*,\s*(?=box\b)", re.I
)
_OPENED_ZIP = re.compile(r"([0-9]{5}) ?- ?([0-9]{4})(?![\w-])")
_GLUED_WORDS = re.compile(r"(?<=[A-Za-z][a-z]\.)(?=[A-Z][a-z]+\b(?!\.[a-z]))")
_SPACED_NUMBER = re.compile(r"^([0-9]{1,3}) - ([0-9]{1,3}) (?=[A-Za-z0-9])", re.M)
_ZIP = re.compile(r"(?<![\w#/-])([0-9]{5})(?:-?([0-9]{4})| ([0-9]{4})$)?(?![\w/-])")
SHORT_ZIP = re.compile(r"[0-9]{3,4}|[0-9]{3,4}-[0-9]{4}|[0-9]{7,8}")
"""A ZIP or ZIP+4 that has lost one or two leading zeros."""

_GARBLED_ZIP = re.compile(r"(?=[0-9OoIlSB]*[0-9]{3})(?![0-9]{5})[0-9OoIlSB]{5}")
_ZIP_LABEL = re.compile(
    r"(?:\band )?(?:\b(?:the|my|our) )?\b(?:zip(?: ?\+ ?4)?|zip ?code|postal ?code)\b(?: is)?[ :.#]*"
    r"([0-9]{5}(?:-?[0-9]{4})?(?![\w-])|(?=[0-9]))",
    re.I,
)
_BEFORE_STREET = frozenset({"at", "is", "on", "of", "in"})
_MOST_NUMBERS = 12
"""How many numbers of five digits in one run of words are looked at; an address has two or three."""

_COUNTRY = re.compile(
    r"(?:the )?(?:u\.? ?s\.? ?a\.?|u\.? ?s\.?|united states(?: of america)?|america|estados unidos)", re.I
)
_COUNTY = re.compile(r"[^\d]{2,40}\b(?:county|co|parish|borough|municipio|cnty)\b\.?", re.I)
_MILITARY_POST = re.compile(r"\b[AFD]\.?P\.?O\b\.?", re.I)
_URBANIZATION = re.compile(
    r"(?:urb|urbanizaci[oó]n|cond|condominio|res|residencial|bo|barrio|ext|extensi[oó]n"
    r"|parc|parcelas|reparto|sect|sector)\b\.? +\D",
    re.I,
)


def read_pieces(text: str) -> list[PastePiece]:
    """All pieces of a text in its order. House numbers and street names that stood in separate cells are joined."""
    text = _GLUED_WORDS.sub(" ", _ZIP_LABEL.sub(r", \1, ", _SPLIT_ROUTE.sub(r"\1 ", text)))
    text = _SPACED_NUMBER.sub(r"\1-\2 ", _OPENED_ZIP.sub(r"\1-\2", text))
    pieces = []
    for segment in _SEPARATORS.split(text):
        for run in _LONG_RUN.findall(segment):
            trimmed = _trimmed(run)
            if trimmed:
                first, *others = _cut_zip(trimmed)
                pieces.append(replace(first, after_mark=True))
                pieces.extend(others)
    return _joined(pieces)


def _trimmed(segment: str) -> str:
    text = " ".join(segment.split()).strip(" '`_-~>@\u2018\u2019")
    if not text.endswith("."):
        return text
    last = bare(text.split()[-1])
    is_abbreviated = len(last) == 1 or is_street_suffix(last) or is_direction(last) or last in CODES_BY_STATE_SPELLING
    if is_abbreviated:
        return text
    return text.rstrip(".")


def _cut_zip(segment: str) -> list[PastePiece]:
    if len(segment) == 1:
        return _named_word(segment)
    if _COUNTRY.fullmatch(segment):
        return [PastePiece("country", segment)]
    streets = _StreetSearch()
    for match in islice(_ZIP.finditer(segment), _MOST_NUMBERS):
        before, after = segment[: match.start()].strip(" ,"), segment[match.end() :].strip(" ,.")
        words = tokens_of(before)
        if _is_zip(match[1], before, words, after, streets):
            pieces = []
            if before and _ends_in_city_like_state(words, match[1]):
                pieces.extend(_named(before))
            elif before:
                pieces.extend(_cut_state(before, beside_zip=True))
            pieces.append(PastePiece("zip", "-".join(filter(None, match.groups()))))
            if after:
                pieces.extend(_cut_zip(after))
            return pieces
    return _cut_state(segment, beside_zip=False)


class _StreetSearch:
    """Whether a street certainly begins among words that grow from call to call; looks at each word once."""

    def __init__(self) -> None:
        self._first = 0

    def found_in(self, words: list[str]) -> bool:
        start = street_start(words, first=self._first)
        # The last words are looked at again, because the words after them that decide were not all there yet.
        self._first = max(0, len(words) - START_REACH)
        return start is not None and start[1]


def _is_zip(five: str, before: str, words: list[str], after: str, streets: _StreetSearch) -> bool:
    """Whether five digits are a ZIP code; `words` are those of `before`."""
    follows = tokens_of(after)
    if words and _is_city_of_zip(words, five):
        return True
    # "FL 33133" is Florida: no building has so many floors.
    if (
        words
        and bare(words[-1]) != "fl"
        and (needs_id(words[-1]) or bare(words[-1]) in {"box", "pobox", "highway", "hwy", "route"})
    ):
        return False
    if not follows:
        return True
    if not words:
        # "22020 Six Forks Rd" and "31500 23 Mile Rd" begin with their house numbers.
        is_house = not follows[0][0].isdigit() or is_number_of_street(follows)
        if street_start(follows[:START_REACH]) == (0, True) and not is_house:
            return True
        begins_with_city = any(places.names_zip(" ".join(follows[:count]), five) for count in (1, 2, 3))
        return begins_with_city or (not has_street_suffix(follows) and _is_region(after, five))
    return _ends_address(five, cut_state(before, beside_zip=True)[1], follows) or streets.found_in(words)


def _ends_address(five: str, code: str | None, follows: list[str]) -> bool:
    """Whether five digits behind a state are its ZIP and no house number: 20144 is no ZIP of Colorado, so `Summit
    Supply Co 20144 Eagle Circle` names a company.
    """
    if code is None:
        return False
    place = places.by_zip(five)
    is_of_state = place is not None and place.state == code
    return is_of_state or street_start([five, *follows[:START_REACH]]) != (0, True)


def _ends_in_city_like_state(words: list[str], five: str) -> bool:
    """Whether words end in a city of the ZIP whose name ends in that of another state: `West New York 07093`."""
    place = places.by_zip(five)
    code = cut_state(" ".join(words), beside_zip=True)[1]
    return place is not None and code not in {None, place.state} and _is_city_of_zip(words, five)


def _is_city_of_zip(words: list[str], five: str) -> bool:
    return any(places.names_zip(" ".join(words[-count:]), five) for count in (1, 2, 3))


def _is_region(text: str, five: str) -> bool:
    rest, code = cut_state(text, beside_zip=True)
    place = places.by_zip(five)
    return (
        (place is not None and code == place.state and not has_digit(rest))
        or places.names_zip(text, five)
        or _COUNTRY.fullmatch(text) is not None
    )


def _cut_state(segment: str, *, beside_zip: bool) -> list[PastePiece]:
    words = segment.split()
    if len(words) > 1 and (spoiled := _spoiled_zip(words[-1])):
        rest, code = cut_state(" ".join(words[:-1]), beside_zip=True)
        if code:
            state = " ".join(words[:-1])[len(rest) :].strip(" ,")
            return [*_named(rest), PastePiece("state", state), PastePiece(spoiled, words[-1])]
    if len(words) > 1 and words[-1] in MILITARY_STATES and _MILITARY_POST.search(segment):
        return [*_named(" ".join(words[:-1])), PastePiece("state", words[-1])]
    rest, code = cut_state(segment, beside_zip=beside_zip)
    if code:
        return [*_named(rest), PastePiece("state", segment[len(rest) :].strip(" ,"))]
    return _named(segment)


def _spoiled_zip(word: str) -> PieceKind | None:
    if SHORT_ZIP.fullmatch(word):
        return "short_zip"
    if _GARBLED_ZIP.fullmatch(word):
        return "garbled_zip"
    return None


def _named(text: str) -> list[PastePiece]:
    text = text.strip(" ,")
    if " " not in text:
        return _named_word(text)
    for kind, is_kind in _TESTS:
        if is_kind(text):
            return [PastePiece(kind, text)]
    boxed = box_inside(text)
    if boxed:
        return [PastePiece("box", boxed[0]), *_named(boxed[1])]
    inner = box_later(text)
    if inner and street_start(tokens_of(inner[0])) is None:
        before, box, after = inner
        return [PastePiece("text", before), PastePiece("box", box), *_named(after)]
    return _street_or_text(text)


def _named_word(word: str) -> list[PastePiece]:
    # Most pieces of a list or a table are one word; few questions tell what it is.
    if not word:
        return []
    if is_unit_phrase(word):
        return [PastePiece("unit", word)]
    if is_house_number(word):
        return [PastePiece("number", word)]
    if is_numberless_street(word):
        return [PastePiece("street", word)]
    return [PastePiece("text", word)]


def _street_or_text(text: str) -> list[PastePiece]:
    tokens = text.split()
    unit = leading_unit(tokens)
    if unit:
        return [PastePiece("unit", " ".join(tokens[:unit])), *_street_or_text(" ".join(tokens[unit:]))]
    start = street_start(tokens)
    if start is None:
        return _without_number(tokens)
    index, is_sure = start
    kind: PieceKind = "weak"
    if is_sure:
        kind = "street"
    street = PastePiece(kind, " ".join(tokens[index:]))
    if not index:
        return [street]
    return [*_before_street(tokens[:index]), street]


def _before_street(tokens: list[str]) -> list[PastePiece]:
    """What stands before a street in the same run of words: `Albany NY`, `NY at`, `Suite 12 of`, or just words."""
    phrase = " ".join(tokens)
    if tokens[-1] in _BEFORE_STREET:
        phrase = " ".join(tokens[:-1])
    if phrase.isupper() and state_code(phrase):
        return [PastePiece("state", phrase)]
    if is_unit_phrase(phrase):
        return [PastePiece("unit", phrase)]
    rest, code = cut_state(phrase, beside_zip=False)
    if code and places.is_city(rest, code):
        return [PastePiece("text", rest), PastePiece("state", phrase[len(rest) :].strip(" ,"))]
    return [PastePiece("text", " ".join(tokens))]


def _without_number(tokens: list[str]) -> list[PastePiece]:
    text = " ".join(tokens)
    end = unit_before_name(tokens)
    if end and _is_city_alone(tokens, end):
        return [PastePiece("unit", " ".join(tokens[:end])), PastePiece("text", " ".join(tokens[end:]))]
    if is_numberless_street(text):
        return [PastePiece("street", text)]
    return _name_and_unit(tokens)


def _is_city_alone(tokens: list[str], start: int) -> bool:
    """Whether the words from `start` are a city, and not all of them together: `Front Royal` has no unit in front."""
    return places.is_city(" ".join(tokens[start:]), None) and not places.is_city(" ".join(tokens), None)


def _name_and_unit(tokens: list[str]) -> list[PastePiece]:
    start, end = unit_in_name(tokens)
    pieces: list[PastePiece] = [PastePiece("text", " ".join(tokens[:start]))]
    if start < end:
        pieces.append(PastePiece("unit", " ".join(tokens[start:end])))
    if end < len(tokens):
        pieces.append(PastePiece("text", " ".join(tokens[end:])))
    return pieces


def _joined(pieces: list[PastePiece]) -> list[PastePiece]:
    joined: list[PastePiece] = []
    has_two_states = [piece.kind for piece in pieces].count("state") > 1
    for piece in pieces:
        last = PastePiece("text", "")
        if joined:
            last = joined[-1]
        # "Peachtree Road, N.E., Atlanta, Georgia" is not in Nebraska.
        is_direction_like_state = has_two_states and last.kind == "street" and is_direction(piece.text)
        if is_direction_like_state or _continues_street(last, piece):
            joined[-1] = PastePiece("street", f"{last.text} {piece.text}", last.after_mark)
        elif last.kind == "state" and piece.kind == "weak" and _ZIP.match(piece.text):
            five, _, rest = piece.text.partition(" ")
            joined.extend((PastePiece("zip", five), PastePiece("text", rest)))
        elif last.kind == "state" and piece.kind in {"number", "text"} and (spoiled := _spoiled_zip(piece.text)):
            joined.append(PastePiece(spoiled, piece.text))
        else:
            joined.append(piece)
    return joined


def _continues_street(last: PastePiece, piece: PastePiece) -> bool:
    if last.kind == "number":
        return piece.kind == "text" and has_street_suffix(piece.text.split()[1:])
    if last.kind != "street" or piece.kind == "state":
        return False
    return len(bare(piece.text)) > 1 and is_direction(piece.text)


_TESTS: tuple[tuple[PieceKind, Callable[[str], object]], ...] = (
    ("box", is_box),
    ("urb", _URBANIZATION.match),
    ("unit", is_unit_phrase),
    ("county", _COUNTY.fullmatch),
    ("number", is_house_number),
)
