"""A street taken apart: direction, name and type, and the city behind it; and what of it another address lacks. Never
raises. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.addresses.address_words import AddressWords
from webapp.addresses.places import city_key, is_city, names_zip
from webapp.addresses.usps import (
    CLEAR_SUFFIX_SHORT_FORMS,
    DIRECTION_SHORT_FORMS,
    ROUTE_SHORT_FORMS,
    SUFFIX_SHORT_FORMS,
)

_LONGEST_CITY = 5
_ORDINAL = re.compile(r"\b([0-9]+)(?:ST|ND|RD|TH)\b")
_NOT_COMPARED = re.compile(r"[^0-9A-Z]")
_ROUTES = re.compile("|".join(rf"^{words}\b" for words in sorted(ROUTE_SHORT_FORMS, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class StreetParts:
    """Where the parts of a street stand among the words of its address; an empty tuple where there is none."""

    words: AddressWords
    directions: tuple[int, ...]
    name: tuple[int, ...]
    suffix: tuple[int, ...]
    city: tuple[int, ...]

    @property
    def city_text(self) -> str:
        """The city as written."""
        return self.words.text_at(self.city)

    @property
    def direction_keys(self) -> frozenset[str]:
        """The directions in their short forms."""
        return frozenset(self.words.tokens[at].key for at in self.directions)

    @property
    def name_key(self) -> str:
        """The name by which streets are compared: neither blanks nor marks nor the endings of ordinals count."""
        return _street_key(self.words, self.name)

    @property
    def whole_key(self) -> str:
        """Name and type as one: `Oak Park` may be a name, or the Park called Oak."""
        return _street_key(self.words, (*self.name, *self.suffix))

    @property
    def suffix_key(self) -> str:
        """The type in its short form."""
        return "".join(self.words.tokens[at].key for at in self.suffix)


def parts_of_typed(words: AddressWords, matched: StreetParts) -> StreetParts:
    """The street of a typed address. Without a field for the city, a street may end with it, as the match tells."""
    if words.city_field:
        return _parts(words, words.city_field)
    whole = _parts(words, ())
    if whole.whole_key == matched.whole_key:
        return whole
    return _parts(words, _end_named(words, matched.city_text))


def parts_of_line(words: AddressWords, typed_city: str) -> StreetParts:
    """The street of a matched line. The typed city may be empty; where it stands in the line, it is the city there."""
    city = _end_named(words, typed_city) or _city_of_zip(words) or _after_comma(words)
    if typed_city and not city:
        city = _after_suffix(words)
    return _parts(words, city)


def _parts(words: AddressWords, city: tuple[int, ...]) -> StreetParts:
    outside = {*city, *words.number_words}
    rest = [at for at in words.street if at not in outside]
    directions: list[int] = []
    # `N St` and `Avenue E` are streets named by a letter; it is no direction there.
    if _key(words, rest, 0) in DIRECTION_SHORT_FORMS and not _is_only(words, rest[1:], CLEAR_SUFFIX_SHORT_FORMS):
        directions.append(rest.pop(0))
    if _key(words, rest, -1) in DIRECTION_SHORT_FORMS and not _is_only(words, rest[:-1], SUFFIX_SHORT_FORMS):
        directions.append(rest.pop())
    suffix: tuple[int, ...] = ()
    if _key(words, rest, -1) in SUFFIX_SHORT_FORMS:
        suffix = (rest.pop(),)
    return StreetParts(words, tuple(directions), tuple(rest), suffix, city)


def _key(words: AddressWords, rest: list[int], place: int) -> str:
    """The key of the word at a place of the street; empty where it is the only one, and so the street's name."""
    if len(rest) < 2:
        return ""
    return words.tokens[rest[place]].key


def _is_only(words: AddressWords, rest: list[int], short_forms: frozenset[str]) -> bool:
    return len(rest) == 1 and words.tokens[rest[0]].key in short_forms


def _street_key(words: AddressWords, positions: tuple[int, ...]) -> str:
    text = " ".join(words.tokens[at].key for at in positions)
    text = _ROUTES.sub(lambda found: ROUTE_SHORT_FORMS[found[0]], text)
    return _NOT_COMPARED.sub("", _ORDINAL.sub(r"\1", text))


# The city of a line


def _ends(words: AddressWords) -> Iterator[tuple[int, ...]]:
    """The ends of the street that may be a city, the longest first; number and a word of the street are left."""
    begin = len(words.number_words) + 1
    for size in range(min(_LONGEST_CITY, len(words.street) - begin), 0, -1):
        yield words.street[-size:]


def _end_named(words: AddressWords, city: str) -> tuple[int, ...]:
    key = city_key(city)
    for end in _ends(words):
        if key and city_key(words.text_at(end)) == key:
            return end
    return ()


def _city_of_zip(words: AddressWords) -> tuple[int, ...]:
    """The end that is a name of a city of this ZIP, or without a ZIP of this state."""
    for end in _ends(words):
        name = words.text_at(end)
        if words.zip and names_zip(name, words.zip[0]):
            return end
        if not words.zip and words.state_at is not None and is_city(name, words.tokens[words.state_at].key):
            return end
    return ()


def _after_comma(words: AddressWords) -> tuple[int, ...]:
    """What follows the last comma that has words of the street on both sides, the number before it."""
    for place in range(len(words.street) - 1, 0, -1):
        between = words.tokens[words.street[place - 1] : words.street[place]]
        if any(token.text.endswith((",", ";")) for token in between):
            if set(words.street[place:]) & set(words.number_words):
                return ()
            return words.street[place:]
    return ()


def _after_suffix(words: AddressWords) -> tuple[int, ...]:
    """What follows the last clear street type and a direction behind it."""
    for place in range(len(words.street) - 2, 0, -1):
        if words.tokens[words.street[place]].key in CLEAR_SUFFIX_SHORT_FORMS:
            after = words.street[place + 1 :]
            if words.tokens[after[0]].key in DIRECTION_SHORT_FORMS:
                return after[1:]
            return after
    return ()
