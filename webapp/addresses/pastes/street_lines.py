"""Street lines: where one begins in a text, how certain that is, and where the street ends and the city begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Lock

import usaddress

from webapp.addresses import places
from webapp.addresses.pastes.tokens import (
    bare,
    has_street_suffix,
    is_direction,
    is_fraction,
    is_house_number,
    tokens_of,
)
from webapp.addresses.pastes.units import needs_id, trailing_unit, unit_inside
from webapp.addresses.usps import CLEAR_SUFFIXES, LETTERED_STREETS, NUMBER_WORDS, ROUTE_WORDS
from webapp.texts import has_digit, has_letter

_BOX = re.compile(
    r"(?:p\.? ?o\.?|post office) ?(?:box|drawer)\.? ?#?\s*[\w-]+|general delivery"
    r"|(?:r\.?d\.?|rte?\.?|route) ?#?\s*\d+[a-z]? box #?\s*[\w-]+"
    r"|(?:r\.? ?r\.?|rural (?:route|rt)|star route|h\.? ?c\.?r?|highway contract) ?#?\s*\d+[a-z]?(?: box #?\s*[\w-]+)?"
    r"|(?:psc|cmr|unit) \d+ box \d+[a-z]?",
    re.I,
)
_ISLAND_STREET = re.compile(r"(?:calle|ave|avenida|carr|carretera|paseo|camino|blvd|km)\b\.? .*\d", re.I)
_NAMED_ROUTE = re.compile(
    r"(?:(?:us|state|county|old|n|s|e|w)\.? )*(?:hwy|highway|route|rte|county road|state road|interstate) \d{1,4}\b.*",
    re.I,
)
_ROUTE_NUMBER = re.compile(r"(?:i|us|sr|cr|fm|rm|m|k|nc|th)-?[0-9]{1,4}[a-z]?", re.I)
_SUFFIX_REACH = 7
START_REACH = _SUFFIX_REACH + 2
"""The words that tell whether one is a house number: itself, a fraction, and those among which a street suffix may
follow.
"""
_MAX_CITY_WORDS = 4
_tagger = Lock()


def is_box(text: str) -> bool:
    """Whether a text is a post office box, a rural or contract route, or a military box."""
    return bool(_BOX.fullmatch(text))


def box_inside(text: str) -> tuple[str, str] | None:
    """A text that begins with a box or rural route and goes on, as (box, the rest); None otherwise."""
    match = _BOX.match(text)
    rest = ""
    if match:
        rest = text[match.end() :].strip(" ,.")
    if match and rest and not text[match.end()].isalnum():
        return (match[0], rest)
    return None


def is_numberless_street(text: str) -> bool:
    """Whether a text is a street of the kinds that put the number last or have none: `Calle Fortaleza 63`, `Highway 61
    North`.
    """
    return bool(_ISLAND_STREET.match(text) or _NAMED_ROUTE.fullmatch(text))


def street_start(tokens: list[str], *, first: int = 0) -> tuple[int, bool] | None:
    """Index of the house number, and whether a street suffix, route or grid after it makes it certain; None when there
    is none.

    Words before `first` are not taken for house numbers. Whether a word is one depends on the `START_REACH` words that
    begin with it.
    """
    weak = None
    for index in range(first, len(tokens)):
        if not _is_number(tokens, index):
            continue
        follows = tokens[index + 1 : index + START_REACH]
        if follows and is_fraction(follows[0]):
            follows = follows[1:]
        if not follows or _is_bare_number(follows):
            continue
        if _is_sure(follows):
            return index, True
        if index == 0 and has_letter(follows[0]):
            weak = (0, False)
    return weak


def divide(text: str, zip_code: str | None, state: str | None) -> tuple[str, str | None]:
    """A street line that may run on into the city, as (street with unit, city or None).

    Tried in this order: the names of the ZIP, the word `in`, the cities of the state, a unit, the street suffix,
    usaddress.
    """
    tokens = tokens_of(text)
    cut = (
        _city_of_zip(tokens, zip_code)
        or _after_preposition(tokens)
        or _city_of_state(tokens, state)
        or _after_unit(tokens)
        or _after_street_suffix(tokens)
        or _by_usaddress(tokens)
        or len(tokens)
    )
    street, city = tokens[:cut], " ".join(tokens[cut:]).strip(" .")
    if not city:
        return " ".join(street), None
    if not (zip_code or state) and not places.is_city(city, None):
        return " ".join(tokens), None
    if bare(street[-1]) in _PREPOSITIONS:
        street.pop()
    return " ".join(street), city


def ends_in_city(text: str, state: str) -> bool:
    """Whether the last one to four words of a text are a city of the state, even if nothing stands before them."""
    tokens = tokens_of(text)
    for start in range(max(0, len(tokens) - _MAX_CITY_WORDS), len(tokens)):
        if places.is_city(" ".join(tokens[start:]), state):
            return True
    return False


def _is_number(tokens: list[str], index: int) -> bool:
    token = tokens[index]
    if index == 0 and bare(token) in NUMBER_WORDS and len(tokens) > 2:
        return has_street_suffix(tokens[2:5])
    if not is_house_number(token) or (index and len(token) < 6 and token[0].isalpha()):
        return False
    before = ""
    if index:
        before = tokens[index - 1]
    return not (
        needs_id(before)
        or before.endswith("#")
        or (bare(before) in ROUTE_WORDS and before.islower() is False and len(before) > 1)
    )


def _is_bare_number(follows: list[str]) -> bool:
    return (
        is_house_number(follows[0])
        and len(follows) > 1
        and follows[0][0].isdigit()
        and not _ROUTE_NUMBER.fullmatch(follows[0])
    )


def _is_sure(follows: list[str]) -> bool:
    near = follows[:_SUFFIX_REACH]
    if has_street_suffix(near):
        return True
    if _ROUTE_NUMBER.fullmatch(near[0]) or (len(near) > 1 and bare(near[0]) in ROUTE_WORDS and near[1][0].isdigit()):
        return True
    grid = len(near) > 2 and is_direction(near[0]) and near[1].isdigit() and is_direction(near[2])
    return grid or (
        len(near) > 1 and is_direction(near[0]) and bool(re.fullmatch(r"\d+(?:st|nd|rd|th)", bare(near[1])))
    )


def _city_of_zip(tokens: list[str], zip_code: str | None) -> int | None:
    for start in _city_starts(tokens):
        if places.names_zip(" ".join(tokens[start:]), zip_code):
            return start
    return None


def _city_of_state(tokens: list[str], state: str | None) -> int | None:
    if state is None:
        return None
    for start in _city_starts(tokens):
        if places.is_city(" ".join(tokens[start:]), state):
            return start
    return None


def _city_starts(tokens: list[str]) -> Iterator[int]:
    """Where a city may begin: its last four words at most, after a street that has a name."""
    for start in range(max(2, len(tokens) - _MAX_CITY_WORDS), len(tokens)):
        street_has_name = not all(map(is_direction, tokens[1:start]))
        if street_has_name and not is_house_number(tokens[start]):
            yield start


def _after_preposition(tokens: list[str]) -> int | None:
    for index in range(3, len(tokens)):
        if (
            bare(tokens[index - 1]) in _PREPOSITIONS
            and len(tokens) - index <= _MAX_CITY_WORDS
            and tokens[index][0].isalpha()
        ):
            return index
    return None


def _after_unit(tokens: list[str]) -> int | None:
    start, end = unit_inside(tokens)
    if start < end < len(tokens) and _is_name(tokens[end:]):
        return end
    return None


def _after_street_suffix(tokens: list[str]) -> int | None:
    for index in range(len(tokens) - 2, 1, -1):
        if bare(tokens[index]) not in CLEAR_SUFFIXES:
            continue
        end = index + 1
        while end < len(tokens) and is_direction(tokens[end]) and end == index + 1:
            end += 1
        rest = tokens[end:]
        lettered = bare(tokens[index]) in LETTERED_STREETS and rest and len(bare(rest[0])) == 1
        if rest and not lettered and _is_name(rest):
            return end
        return None
    return None


def _is_name(words: list[str]) -> bool:
    if len(words) > _MAX_CITY_WORDS or bare(words[0]) in _JOINING:
        return False
    return not has_digit("".join(words)) and all(word[0].isalpha() for word in words)


def _by_usaddress(tokens: list[str]) -> int | None:
    line = " ".join(tokens)
    if list(map(str.strip, usaddress.tokenize(line))) != tokens:
        return None
    with _tagger:  # it keeps the words it is reading, so only one thread may use it at a time
        labeled = usaddress.parse(line)
    start = len(labeled)
    while start > 2 and labeled[start - 1][1] == "PlaceName":
        start -= 1
    if start < len(labeled) and _is_name(tokens[start:]) and trailing_unit(tokens) == len(tokens):
        return start
    return None


_PREPOSITIONS = frozenset({"in"})
_JOINING = frozenset("of the and at de del la los las".split())
