"""A free text cut into pieces, each named for what it is: ZIP, state, street, unit, box, county, country or plain
text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from webapp.addresses import places
from webapp.addresses.pastes.state_names import cut_state
from webapp.addresses.pastes.street_lines import (
    START_REACH,
    box_inside,
    is_box,
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
from webapp.addresses.pastes.units import is_unit_phrase, leading_unit, needs_id, unit_before_name
from webapp.addresses.usps import CODES_BY_STATE_SPELLING, MILITARY_STATES

PieceKind = Literal[
    "zip", "short_zip", "state", "street", "weak", "box", "unit", "number", "urb", "county", "country", "text"
]


@dataclass(frozen=True, slots=True)
class PastePiece:
    """One piece of the paste: what it is taken for and its text."""

    kind: PieceKind
    text: str


_SEPARATORS = re.compile(
    r"[,;|\n\t\u2022\u00b7()\[\]{}\"<>*?!\u2190-\u21ff]+|:(?=\s|$)|(?<=[a-z]):(?=\w)|\s-{1,3}\s|--+|\s/\s|="
)
_LONG_RUN = re.compile(r"(?s)\S.{0,299}(?:(?=\s)|$)|\S.{0,299}")
_SPLIT_ROUTE = re.compile(
    r"\b((?:r\.? ?r\.?|rural (?:route|rt)|rte?|route|h\.?c\.?r?|psc|cmr|unit) ?#? ?\d+[a-z]?)\s*,\s*(?=box\b)", re.I
)
_OPENED_ZIP = re.compile(r"([0-9]{5}) ?- ?([0-9]{4})(?![\w-])")
_GLUED_WORDS = re.compile(r"(?<=[A-Za-z][a-z]\.)(?=[A-Z][a-z]+\b(?!\.[a-z]))")
_GLUED_STATE = re.compile(r"\b([A-Z]{2})([0-9]{5})(?![0-9])")
_SPACED_NUMBER = re.compile(r"^([0-9]{1,3}) - ([0-9]{1,3}) (?=[A-Za-z0-9])", re.M)
_ZIP = re.compile(r"(?<![\w#/-])([0-9]{5})(?:-?([0-9]{4})| ([0-9]{4})$)?(?![\w/-])")
_SHORT_ZIP = re.compile(r"[0-9]{3,4}")
_ZIP_LABEL = re.compile(r"\b(?:zip(?: ?\+ ?4)?|zip ?code|postal ?code)\b(?: is)?[ :.#]*(?=[0-9])", re.I)
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
    text = _GLUED_WORDS.sub(" ", _ZIP_LABEL.sub("", _SPLIT_ROUTE.sub(r"\1 ", text)))
    text = _SPACED_NUMBER.sub(r"\1-\2 ", _GLUED_STATE.sub(r"\1 \2", _OPENED_ZIP.sub(r"\1-\2", text)))
    pieces = []
    for segment in _SEPARATORS.split(text):
        for run in _LONG_RUN.findall(segment):
            trimmed = _trimmed(run)
            if trimmed:
                pieces.extend(_cut_zip(trimmed))
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
    if _COUNTRY.fullmatch(segment):
        return [PastePiece("country", segment)]
    streets = _StreetSearch()
    for match in _ZIP.finditer(segment):
        before, after = segment[: match.start()].strip(" ,"), segment[match.end() :].strip(" ,.")
        words = tokens_of(before)
        if _is_zip(match[1], before, words, after, streets):
            pieces = []
            if before:
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
    # "FL 33133" is Florida: no building has so many floors.
    if (
        words
        and bare(words[-1]) != "fl"
        and (needs_id(words[-1]) or bare(words[-1]) in {"box", "highway", "hwy", "route"})
    ):
        return False
    if not follows:
        return True
    if not words:
        return street_start(follows[:START_REACH]) == (0, True) or (
            not has_street_suffix(follows) and _is_region(after, five)
        )
    if cut_state(before, beside_zip=True)[1] is not None:
        return True
    for count in (1, 2, 3):
        if places.names_zip(" ".join(words[-count:]), five):
            return True
    return streets.found_in(words)


def _is_region(text: str, five: str) -> bool:
    rest, code = cut_state(text, beside_zip=True)
    return (
        (code is not None and street_start(tokens_of(rest)) is None)
        or places.names_zip(text, five)
        or _COUNTRY.fullmatch(text) is not None
    )


def _cut_state(segment: str, *, beside_zip: bool) -> list[PastePiece]:
    words = segment.split()
    if len(words) > 1 and _SHORT_ZIP.fullmatch(words[-1]):
        rest, code = cut_state(" ".join(words[:-1]), beside_zip=True)
        if code:
            state = " ".join(words[:-1])[len(rest) :].strip(" ,")
            return [*_named(rest), PastePiece("state", state), PastePiece("short_zip", words[-1])]
    if len(words) > 1 and words[-1] in MILITARY_STATES and _MILITARY_POST.search(segment):
        return [*_named(" ".join(words[:-1])), PastePiece("state", words[-1])]
    rest, code = cut_state(segment, beside_zip=beside_zip)
    if code:
        return [*_named(rest), PastePiece("state", segment[len(rest) :].strip(" ,"))]
    return _named(segment)


def _named(text: str) -> list[PastePiece]:
    text = text.strip(" ,")
    for kind, is_kind in _TESTS:
        if is_kind(text):
            return [PastePiece(kind, text)]
    boxed = box_inside(text)
    if boxed:
        return [PastePiece("box", boxed[0]), *_named(boxed[1])]
    if text:
        return _street_or_text(text)
    return []


def _street_or_text(text: str) -> list[PastePiece]:
    tokens = text.split()
    unit = leading_unit(tokens)
    if unit:
        return [PastePiece("unit", " ".join(tokens[:unit])), *_street_or_text(" ".join(tokens[unit:]))]
    start = street_start(tokens)
    if start is None and (end := unit_before_name(tokens)) and places.is_city(" ".join(tokens[end:]), None):
        return [PastePiece("unit", " ".join(tokens[:end])), PastePiece("text", " ".join(tokens[end:]))]
    if start is None and is_numberless_street(text):
        return [PastePiece("street", text)]
    if start is None:
        return [PastePiece("text", text)]
    index, is_sure = start
    kind: PieceKind = "weak"
    if is_sure:
        kind = "street"
    street = PastePiece(kind, " ".join(tokens[index:]))
    if index:
        return [PastePiece("text", " ".join(tokens[:index])), street]
    return [street]


def _joined(pieces: list[PastePiece]) -> list[PastePiece]:
    joined: list[PastePiece] = []
    for piece in pieces:
        last = PastePiece("text", "")
        if joined:
            last = joined[-1]
        if _continues_street(last, piece):
            joined[-1] = PastePiece("street", f"{last.text} {piece.text}")
        elif last.kind == "state" and piece.kind == "weak" and _ZIP.match(piece.text):
            five, _, rest = piece.text.partition(" ")
            joined.extend((PastePiece("zip", five), PastePiece("text", rest)))
        elif last.kind == "state" and piece.kind == "number" and _SHORT_ZIP.fullmatch(piece.text):
            joined.append(PastePiece("short_zip", piece.text))
        else:
            joined.append(piece)
    return joined


def _continues_street(last: PastePiece, piece: PastePiece) -> bool:
    if last.kind == "number":
        return piece.kind == "text" and has_street_suffix(piece.text.split()[1:])
    return last.kind == "street" and len(piece.text) > 2 and is_direction(piece.text)


_TESTS: tuple[tuple[PieceKind, Callable[[str], object]], ...] = (
    ("box", is_box),
    ("urb", _URBANIZATION.match),
    ("unit", is_unit_phrase),
    ("county", _COUNTY.fullmatch),
    ("number", is_house_number),
)
