"""Apartments, suites, floors and other parts of a building, in every usual wording: where such a phrase begins and
ends.
"""

from __future__ import annotations

import re

from webapp.addresses.pastes.tokens import bare, is_clear_suffix, is_direction, is_fraction, is_house_number, tokens_of
from webapp.addresses.usps import (
    DIRECTIONS,
    DWELLING_WORDS,
    FLOOR_NAMES,
    FLOOR_WORDS,
    NUMBER_WORDS,
    NUMBERED_ROADS,
    NUMBERED_UNITS,
    ROAD_KINDS,
    ROUTE_WORDS,
    SHORT_FORMS,
    STREET_SUFFIXES,
    UNITS_WRITTEN_TOGETHER,
    UNNUMBERED_UNITS,
)
from webapp.texts import has_digit

_DOUBLE_LABELS = frozenset("m/c apt/suite apt/unit apt/ste suite/apt unit/apt".split())
_TAKES_NUMBER = NUMBERED_UNITS | _DOUBLE_LABELS
_ROOM_WORDS = frozenset("apt apartment suite ste unit room rm".split())
_IDLE_WORDS = frozenset("apt apartment unit ste suite apts".split())
_LABELS_BEFORE_LABELS = _ROOM_WORDS | _DOUBLE_LABELS | frozenset("no num number".split())
"""Words that people write before another label (`Unit Apt 4`); of `12 Old Gate Bldg 2` the gate is no unit."""

_ORDINAL = re.compile(r"[0-9]{1,3}(?:st|nd|rd|th)", re.I)
_WITH_NUMBER = re.compile(rf"(?:{'|'.join(UNITS_WRITTEN_TOGETHER)})[.#-]*[0-9][\w-]{{0,6}}", re.I)
_TWO_LETTER_WORDS = STREET_SUFFIXES | DIRECTIONS
_ZIP_DIGITS = 5
_MAIL_STOPS = frozenset({"stop", "drop", "code"})
_LETTERS_ID = re.compile(r"[A-Za-z]{1,2}-[A-Za-z]{1,2}")
_LOOSE_ID = re.compile(
    r"[0-9]{1,4} ?[A-Za-z]?|[A-Za-z][0-9]{1,4}|[A-Za-z]-[0-9]{1,4}|[0-9]{1,4}-[A-Za-z0-9]|[A-Za-z][ -][A-Za-z]"
    r"|(?![NESW])[A-Z]|(?![nesw])[a-z]"
)

MOST_WORDS = 60
"""More words than any street has; the search for units recurses once for each."""


def split_unit(street1: str) -> tuple[str, str] | None:
    """A street line with a unit in it as (street, unit), both in the user's words: `1001 Woodward Ave Suite 100` gives
    `("1001 Woodward Ave", "Suite 100")`. None when no unit is found."""
    tokens = tokens_of(street1)
    if len(tokens) > MOST_WORDS:
        return None
    after = leading_unit(tokens)
    if after:
        rest = tokens[after:]
        inner = trailing_unit(rest)
        return " ".join(rest[:inner]), " ".join([*tokens[:after], *rest[inner:]])
    start = trailing_unit(tokens)
    if start == len(tokens) and has_idle_unit_word(tokens):
        tokens.pop()
        return " ".join(tokens), ""
    street, unit = " ".join(tokens[:start]), joined_units([" ".join(tokens[start:])])
    # "Calle Luna #104": the street has no other number, so this one is the house.
    is_house = unit.startswith("#") and not has_digit(street) and bare(tokens[0]) not in NUMBER_WORDS
    if unit and not is_house:
        return (street, unit)
    return None


def has_idle_unit_word(tokens: list[str]) -> bool:
    """Whether a street line ends in a word for a unit whose number was left out: `12 Main St Apt`."""
    return len(tokens) > 3 and bare(tokens[-1]) in _IDLE_WORDS and is_clear_suffix(tokens[-2])


def joined_units(units: list[str]) -> str:
    """Several unit phrases as one text; what says the same twice (`Suite 1 Ste 1`) is kept once."""
    phrases: dict[str, str] = {}
    for unit in units:
        tokens = tokens_of(unit)
        start = 0
        while start < len(tokens):
            length = _Phrases(tokens).length(start) or len(tokens) - start
            words = tokens[start : start + length]
            key = " ".join(SHORT_FORMS.get(bare(word).upper(), bare(word)) for word in words).lstrip("#")
            phrases.setdefault(key, " ".join(words))
            start += length
    return " ".join(phrases.values())


def is_unit_phrase(text: str) -> bool:
    """Whether a text is nothing but unit phrases: `Suite 100`, `#4`, `Bldg 4 Apt 12`, `5th Floor`."""
    tokens = tokens_of(text)
    return bool(tokens) and _phrases_end(tokens, 0) == len(tokens)


def is_loose_id(text: str) -> bool:
    """Whether a text is short enough to be a unit without a word before it: `2B`, `690`, `B`, `A-D`. N, E, S and W are
    directions.
    """
    return bool(_LOOSE_ID.fullmatch(text))


def leading_unit(tokens: list[str]) -> int:
    """How many words at the front are a unit, when a house number and a street follow; else 0."""
    end = _phrases_end(tokens, 0)
    follows = tokens[end:]
    if end and len(follows) > 1 and is_house_number(follows[0]):
        return end
    return 0


def unit_before_name(tokens: list[str]) -> int:
    """How many words at the front are a unit when plain words follow (`Apt B Albany`); else 0."""
    end = _phrases_end(tokens, 0)
    if 0 < end < len(tokens) and all(token[0].isalpha() for token in tokens[end:]):
        return end
    return 0


def trailing_unit(tokens: list[str]) -> int:
    """Index of the first word of the unit that ends a street line; the number of words when there is none."""
    phrases = _Phrases(tokens)
    first = 2 + (len(tokens) > 1 and is_fraction(tokens[1]))
    for start in range(first, len(tokens)):
        if phrases.end(start) == len(tokens) and not _names_street(tokens, start):
            return start
    if _ends_in_loose_id(tokens):
        return len(tokens) - 1
    return len(tokens)


def unit_inside(tokens: list[str]) -> tuple[int, int]:
    """Start and end of the first numbered unit behind a street's name, which words may follow (`118 N Clark St Room 201
    County Building`); equal when there is none.
    """
    phrases = _Phrases(tokens)
    for start in range(2, len(tokens)):
        if needs_id(tokens[start]) and phrases.end(start) > start and not _names_street(tokens, start):
            return start, phrases.end(start)
    return len(tokens), len(tokens)


def unit_in_name(tokens: list[str]) -> tuple[int, int]:
    """Start and end of the suite or apartment that follows a name (`Guardian Building Suite 200`); equal when there is
    none.
    """
    phrases = _Phrases(tokens)
    for start in range(1, len(tokens)):
        if bare(tokens[start]) in _ROOM_WORDS:
            end = phrases.end(start)
            if end > start + 1:
                return start, end
    return len(tokens), len(tokens)


def needs_id(word: str) -> bool:
    """Whether a word announces a unit number, so that digits after it are neither a house number nor a ZIP."""
    return word == "#" or bare(word.lstrip("#")) in _TAKES_NUMBER


def _names_street(tokens: list[str], start: int) -> bool:
    # "123 N Upper": the word is the street's name unless a name stands before it.
    return all(is_direction(token) or is_fraction(token) for token in tokens[1:start])


def _phrases_end(tokens: list[str], start: int) -> int:
    return _Phrases(tokens).end(start)


class _Phrases:
    """The unit phrases among the words of a line. Each word is looked at once, however many places are asked about."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._lengths: dict[int, int] = {}
        self._ends: dict[int, int] = {}

    def end(self, start: int) -> int:
        """Where the phrases that follow each other from `start` end; `start` itself when none begins there."""
        begun = []
        while start < len(self._tokens) and start not in self._ends and (length := self.length(start)):
            begun.append(start)
            start += length
            if (
                self._tokens[start : start + 1] in (["&"], ["and"])
                and len(self._tokens) > start + 1
                and _is_id(self._tokens[start + 1])
            ):
                start += 2
        end = self._ends.get(start, start)
        self._ends.update(dict.fromkeys(begun, end))
        return end

    def length(self, start: int) -> int:
        """How many words the phrase at `start` takes; 0 when none begins there."""
        if start not in self._lengths:
            self._lengths[start] = self._measured(start)
        return self._lengths[start]

    def _measured(self, start: int) -> int:
        word, after = self._tokens[start], self._tokens[start + 1 : start + 3]
        plain, following = bare(word), ""
        if after:
            following = bare(after[0])
        # "#APT 4" and "#Lot 11" say twice that a unit follows.
        if word[0] == "#" and needs_id(word) and (labeled := self._numbered(start, after)):
            return labeled
        special = _length_of_special(word, after)
        if special is not None:
            return special
        numbered = int(bool(_WITH_NUMBER.fullmatch(plain)))
        if plain in _TAKES_NUMBER:
            numbered = self._numbered(start, after)
            if numbered == 2 and after[0].isdigit() and self._letter_ends_line(start + 2):
                return 3
        if numbered or plain not in UNNUMBERED_UNITS:
            return numbered
        if following in DWELLING_WORDS and not (len(after) > 1 and _is_id(after[1])):
            return 2
        return 1

    def _numbered(self, start: int, after: list[str]) -> int:
        """How many words `Apt # 4`, `Apt 4`, `Apt rear` or `Apt/Unit 4` take; 0 when no number follows."""
        if not after:
            return 0
        following = bare(after[0])
        if after[0] == "#" and len(after) > 1 and _is_id(after[1]):
            return 3
        if len(after) > 1 and _ORDINAL.fullmatch(following) and bare(after[1]) in FLOOR_WORDS:
            return 3
        if _is_id(after[0]) or (following in UNNUMBERED_UNITS and following != "office"):
            return 2
        inner = 0
        if following in _TAKES_NUMBER and bare(self._tokens[start].lstrip("#")) in _LABELS_BEFORE_LABELS:
            inner = self.length(start + 1)
        if inner:
            return 1 + inner
        return 0

    def _letter_ends_line(self, index: int) -> bool:
        # "Apt 4 B" at the end of a line; in "Apt 4 N" the letter may belong to the city.
        if index != len(self._tokens) - 1:
            return False
        letter = self._tokens[index]
        return len(letter) == 1 and letter.isalpha() and not is_direction(letter)


def _length_of_special(word: str, after: list[str]) -> int | None:
    """How many words `#4`, `# 4`, `5th Floor`, `Mail Stop 12` and `MS 1234` take; None for a phrase of another kind."""
    if word.startswith("#"):
        return _length_of_mark(word, after)
    if not after:
        return None
    plain, following = bare(word), bare(after[0])
    if (_ORDINAL.fullmatch(plain) or plain in FLOOR_NAMES) and following in FLOOR_WORDS:
        return 2
    if plain == "mail" and following in _MAIL_STOPS and len(after) > 1 and _is_id(after[1]):
        return 3
    # Mississippi has no number after it but the ZIP code, which has five digits.
    if plain == "ms" and after[0].isdigit() and len(after[0]) < _ZIP_DIGITS:
        return 2
    return None


def _length_of_mark(word: str, after: list[str]) -> int:
    identifier = word.lstrip("#").replace("-", "")
    # "#R 16": the unit in the rear that has this number.
    if len(identifier) == 1 and identifier.isalpha() and after and after[0].isdigit() and len(after[0]) < _ZIP_DIGITS:
        return 2
    if identifier.isalnum():
        return 1
    return 2 * bool(word == "#" and after and _is_id(after[0]))


def _is_id(token: str) -> bool:
    word = token.lstrip("#").strip(".,:")
    plain = bare(word)
    if "&" in word[1:-1]:
        return all(map(_is_id, filter(None, word.split("&"))))
    if has_digit(word) or _LETTERS_ID.fullmatch(word):
        return len(word) <= 8 and not _ORDINAL.fullmatch(plain)
    if len(plain) == 1:
        return plain.isalpha()
    if plain in NUMBER_WORDS:
        return True
    return len(plain) == 2 and plain.isalpha() and word.isupper() and plain not in _TWO_LETTER_WORDS


def _ends_in_loose_id(tokens: list[str]) -> bool:
    if len(tokens) < 4 or not _LOOSE_ID.fullmatch(tokens[-1]):
        return False
    if _is_grid(tokens[1:-1]):
        return True
    suffix_at = len(tokens) - 2 - is_direction(tokens[-2])
    if not is_clear_suffix(tokens[suffix_at]) or bare(tokens[suffix_at]) in NUMBERED_ROADS:
        return False
    name = {bare(token) for token in tokens[1:suffix_at] if not is_fraction(token)} - DIRECTIONS
    # "12 N Street Northwest 5": a road that is numbered has its number before the direction.
    is_named = not name <= ROAD_KINDS or (suffix_at < len(tokens) - 2 and len(tokens[1:suffix_at]) == 1)
    return is_named and name.isdisjoint(ROUTE_WORDS)


def _is_grid(words: list[str]) -> bool:
    """Whether words name a street by its place in a grid: `South 500 East`."""
    return len(words) == 3 and words[1].isdigit() and is_direction(words[0]) and is_direction(words[2])
