"""Street lines: where one begins in a text, how certain that is, and where the street ends and the city begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from webapp.addresses import places
from webapp.addresses.pastes.tokens import (
    bare,
    has_street_suffix,
    is_block_number,
    is_direction,
    is_fraction,
    is_house_number,
    is_street_suffix,
    tokens_of,
)
from webapp.addresses.pastes.units import is_unit_phrase, needs_id, trailing_unit
from webapp.addresses.usps import MEASURES, NUMBER_WORDS, ROUTE_WORDS, SENTENCE_WORDS
from webapp.texts import has_letter

_BOX = re.compile(
    r"(?:p\.? ?o\.?|post office) ?(?:box|drawer|bx)\.? ?#?\s*[\w-]+|p\.?o\.?b\.? ?#?\s*\d+|general delivery"
    r"|(?:box|apartado|buz[oó]n) #?\s*\d+"
    r"|(?:r\.?d\.?|rte?\.?|route) ?#?\s*\d+[a-z]? box #?\s*[\w-]+"
    r"|(?:r\.? ?r\.?|rural (?:route|rt)|star route|h\.? ?c\.?r?|highway contract) ?#?-?\s*\d+[a-z]?"
    r"(?: box #?\s*[\w-]+)?"
    r"|(?:psc|cmr|unit) \d+ box \d+[a-z]?",
    re.I,
)
_BOX_LATER = re.compile(
    r"(?<= )(?:(?:r\.? ?r\.?|h\.? ?c\.?) ?#?-?\d+[a-z]? box #?\s*\w+|(?:p\.? ?o\.?|post office) ?box #?\s*\w+)", re.I
)
_ISLAND_STREET = re.compile(r"(?:calle|ave|avenida|carr|carretera|paseo|camino|blvd|km)\b\.? .*\d", re.I)
_NAMED_ROUTE = re.compile(
    r"(?:(?:us|state|county|old|n|s|e|w)\.? )*(?:hwy|highway|route|rte|county road|state road|interstate) \d{1,4}\b.*",
    re.I,
)
_ROUTE_NUMBER = re.compile(r"(?:i|us|sr|cr|fm|rm|m|k|nc|th)-?[0-9]{1,4}[a-z]?", re.I)
_BEFORE_CITY = re.compile(r" (?:in|(?:the )?(?:city|town|township|village|borough) of)$", re.I)
_SUFFIX_REACH = 7
START_REACH = _SUFFIX_REACH + 2
"""The words that tell whether one is a house number: itself, a fraction, and those among which a street suffix may
follow.
"""
_MAX_CITY_WORDS = 4
_MAX_WORDS_OF_ZIP_CITY = 6


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


def box_later(text: str) -> tuple[str, str, str] | None:
    """A text with a box or rural route inside it, as (before, box, after): `H E BROWN RR 3 BOX 9 CANTON`."""
    match = _BOX_LATER.search(text)
    if match is None:
        return None
    return text[: match.start()].strip(" ,"), match[0], text[match.end() :].strip(" ,.")


def is_numberless_street(text: str) -> bool:
    """Whether a text is a street of the kinds that put the number last or have none: `Calle Fortaleza 63`, `Highway 61
    North`.
    """
    return bool(_ISLAND_STREET.match(text)) or is_numbered_road(text)


def is_numbered_road(text: str) -> bool:
    """Whether a text is a highway or county road without a house number: `Route 1`, `US Highway 61 North`."""
    return bool(_NAMED_ROUTE.fullmatch(text))


def street_start(tokens: list[str], *, first: int = 0) -> tuple[int, bool] | None:
    """Index of the house number, and whether a street suffix, route or grid after it makes it certain; None when there
    is none.

    Words before `first` are not taken for house numbers. Whether a word is one depends on the `START_REACH` words that
    begin with it.
    """
    weak: tuple[int, bool] | None = None
    has_at = not _AT_WORDS.isdisjoint(tokens)
    for index in range(first, len(tokens)):
        if not _is_number(tokens, index) or _counts_something(tokens, index) or (has_at and _at_follows(tokens, index)):
            continue
        follows = tokens[index + 1 : index + START_REACH]
        if follows and is_fraction(follows[0]):
            follows = follows[1:]
        if not follows or _is_bare_number(follows):
            continue
        if bare(tokens[index]) in NUMBER_WORDS and _is_sure(follows):
            # "Two Liberty Place 50 S 16th St" is at number 50.
            weak = (0, True)
        elif _is_sure(follows):
            return index, True
        elif index == 0 and has_letter(follows[0]):
            weak = (0, False)
    return weak


def divide(text: str, zip_code: str | None, state: str | None) -> tuple[str, str | None]:
    """A street line that may run on into the city, as (street with unit, city or None). Only a city of the ZIP or of
    the state is cut off; where no such name ends the line, the second reader may know.
    """
    tokens = tokens_of(text)
    cut = _city_of_zip(tokens, zip_code) or _city_of_state(tokens, state) or len(tokens)
    if cut < len(tokens) and _goes_with_city(tokens, cut - 1):
        cut -= 1
    street, city = tokens[:cut], " ".join(tokens[cut:]).strip(" .")
    if not city:
        return " ".join(street), None
    return _BEFORE_CITY.sub("", " ".join(street)), city


def end_of_street(tokens: list[str]) -> int:
    """Index of the word with which a sentence goes on after the street: `24 Eagle St near the river`; the number of
    words when there is none.
    """
    for index in range(3, len(tokens)):
        if bare(tokens[index]) in SENTENCE_WORDS and has_street_suffix(tokens[2:index]):
            return index
    return len(tokens)


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
    following = tokens[index + 1 : index + 3]
    if is_block_number(token) and following and bare(following[0]) in _ISLAND_WORDS:
        return True
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


def _counts_something(tokens: list[str], index: int) -> bool:
    """Whether a number counts what follows it: `Need 2 lines at 500 Griswold St`."""
    if index + 2 >= len(tokens) or bare(tokens[index + 1]) not in MEASURES:
        return False
    return not is_street_suffix(tokens[index + 2])


def _at_follows(tokens: list[str], index: int) -> bool:
    """Whether a later number, before which an `at` stands, is the house number: `between 8-12 at 24 Eagle St`."""
    follows = tokens[index + 1 : index + _AT_REACH]
    for place, word in enumerate(follows[:-1]):
        if word in _AT_WORDS and is_house_number(follows[place + 1]) and not has_street_suffix(follows[:place]):
            return True
    return False


def _is_bare_number(follows: list[str]) -> bool:
    """Whether another house number follows, so that the first one is none. `18 Mile Road`, `41 Rd` and `24 1/2 Rd` are
    names of streets.
    """
    if len(follows) < 2 or not is_house_number(follows[0]) or not follows[0][0].isdigit():
        return False
    return not (is_number_of_street(follows) or _ROUTE_NUMBER.fullmatch(follows[0]))


def is_number_of_street(words: list[str]) -> bool:
    """Whether words begin with the name of a street that is a number: `18 Mile Road`, `41 Rd`, `24 1/2 Rd`."""
    if len(words) < 2 or not words[0].isdigit():
        return False
    name_end = 1 + is_fraction(words[1])
    return name_end < len(words) and (is_street_suffix(words[name_end]) or bare(words[name_end]) == "mile")


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
    starts = list(_city_starts(tokens, _MAX_WORDS_OF_ZIP_CITY))
    for is_name in (places.names_zip, places.nearly_names_zip):
        for start in starts:
            if is_name(" ".join(tokens[start:]), zip_code):
                return start
    return None


def _city_of_state(tokens: list[str], state: str | None) -> int | None:
    if state is None:
        return None
    for start in _city_starts(tokens, _MAX_CITY_WORDS):
        if places.is_city(" ".join(tokens[start:]), state):
            return start + _ends_street(tokens, start, state)
    return None


def _ends_street(tokens: list[str], start: int, state: str) -> bool:
    """Whether the direction before a city belongs to the street, because no mail goes by the name that it would make:
    `6th Street North Wichita`.
    """
    if not is_direction(tokens[start]):
        return False
    with_direction, without = " ".join(tokens[start:]), " ".join(tokens[start + 1 :])
    return places.is_mail_city(without, state) and not places.is_mail_city(with_direction, state)


def _city_starts(tokens: list[str], most_words: int) -> Iterator[int]:
    """Where a city of so many words at most may begin, after a street that has a name."""
    for start in range(max(2, len(tokens) - most_words), len(tokens)):
        street_has_name = not all(map(is_direction, tokens[1:start]))
        # "1 Webster Avenue" is no address in Avenue, Maryland.
        is_only_suffix = start == len(tokens) - 1 and is_street_suffix(tokens[start])
        if is_only_suffix and not has_street_suffix(tokens[1:start]):
            continue
        if is_unit_phrase(" ".join(tokens[start:])) or _is_id_of_unit(tokens, start):
            continue
        # "350 N 400 W Kaysville": the last direction belongs to the grid.
        is_grid = start == 3 and tokens[2].isdigit() and is_direction(tokens[1])
        if is_grid and is_direction(tokens[start]) and start + 1 < len(tokens):
            continue
        if street_has_name and not is_house_number(tokens[start]):
            yield start


def _goes_with_city(tokens: list[str], index: int) -> bool:
    """Whether a direction stands between a unit and a city, so that it belongs to the city: `Apt 4 West Tisbury`."""
    return len(bare(tokens[index])) > 2 and is_direction(tokens[index]) and trailing_unit(tokens[:index]) < index


def _is_id_of_unit(tokens: list[str], index: int) -> bool:
    """Whether a word belongs to a unit and begins no city: `#W Louisville`, `Ste N Las Vegas`."""
    if tokens[index].startswith("#"):
        return True
    return len(bare(tokens[index])) == 1 and needs_id(tokens[index - 1]) and has_street_suffix(tokens[1:index])


_AT_REACH = 6
_AT_WORDS = frozenset({"at", "At", "AT", "@", "for", "to", "from"})
_ISLAND_WORDS = frozenset("calle via avenida ave paseo camino carr".split())
