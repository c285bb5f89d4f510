"""An address as words with the part each plays: unit, state, ZIP, country or street and city. Reads any text, never
raises. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from webapp.addresses.address import Address, clean_state
from webapp.addresses.usps import (
    COUNTRY,
    DESIGNATORS,
    MILITARY_STATES,
    SHORT_FORMS,
    STATES,
    UNITS_WITHOUT_NUMBER,
    ZIP_ONLY_STATES,
)
from webapp.texts import folded, has_digit

_CODES = frozenset({**STATES, **ZIP_ONLY_STATES, **MILITARY_STATES})
_ZIP = re.compile(r"([0-9]{5})(?:-?([0-9]{4}))?")
_NUMBER = re.compile(r"[0-9]+(?:-[0-9]+)?-?[A-Z]?|[NSEW][0-9]+[NSEW][0-9]+")
_FRACTION = re.compile(r"[0-9]+/[0-9]+")
_ORDINAL = re.compile(r"([0-9]+)(?:ST|ND|RD|TH)")
_LETTERS_OF_UNIT = re.compile(r"[A-Z]|[A-Z]{1,2}[-&/][A-Z]{1,2}")
_CHUNK = re.compile(r"#?[^\s,;#]*[,;]*")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Token:
    """One written word and the key by which it is compared. `hashed` is a word that began with #, as `#4`."""

    text: str
    key: str
    hashed: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of an address: its designator's key (may be empty) and identifier's key, and where the words stand."""

    designator: str
    identifier: str
    designator_at: tuple[int, ...]
    identifier_at: int

    @property
    def positions(self) -> tuple[int, ...]:
        """Where all of its words stand."""
        return (*self.designator_at, self.identifier_at)


@dataclass(frozen=True, slots=True)
class AddressWords:
    """The words of one address. Everything but `tokens` holds positions in it; `street` is number, street and city
    without units. `city_field` are the words of the field that holds the city; a line has no fields.
    """

    tokens: tuple[Token, ...]
    street: tuple[int, ...]
    units: tuple[Unit, ...]
    state_at: int | None
    zip_at: int | None
    country: tuple[int, ...]
    city_field: tuple[int, ...] = ()

    @property
    def zip(self) -> tuple[str, str] | None:
        """The five digits and the four (or an empty text)."""
        if self.zip_at is None:
            return None
        match = _ZIP.fullmatch(self.tokens[self.zip_at].key)
        if match is None:
            return None
        return match[1], match[2] or ""

    @property
    def number_at(self) -> int | None:
        """The house number: the first word of the street that is written like one."""
        for at in self.street:
            if _NUMBER.fullmatch(self.tokens[at].key):
                return at
        return None

    @property
    def number(self) -> str:
        """The house number with its fraction, `123 1/2`; empty where there is none."""
        return " ".join(self.tokens[at].key for at in self.number_words)

    @property
    def number_words(self) -> tuple[int, ...]:
        """Where the words of the house number stand: its figure, and a fraction after it."""
        at = self.number_at
        if at is None:
            return ()
        if at + 1 in self.street and _FRACTION.fullmatch(self.tokens[at + 1].key):
            return at, at + 1
        return (at,)

    def without(self, positions: Set[int]) -> AddressWords:
        """The same words, of which these are none of the street."""
        return replace(self, street=tuple([at for at in self.street if at not in positions]))

    def text_at(self, positions: Iterable[int]) -> str:
        """The words at these positions as written, without commas at the end."""
        return " ".join(self.tokens[at].text.strip(",;") for at in sorted(positions))


def words_of_line(line: str) -> AddressWords:
    """The words of one line of any source; only its first 300 characters are read."""
    tokens = _tokens(line)
    country = _country_size(tokens)
    end = len(tokens) - country
    has_zip = end > 0 and _ZIP.fullmatch(tokens[end - 1].key) is not None
    end -= has_zip
    state = _state_size(tokens[:end])
    state_at = None
    if state:
        # A state of several words becomes one word, so that it is compared as one.
        state_at = end - state
        name = _text(tokens[state_at:end])
        tokens[state_at:end] = [Token(name, clean_state(_letters(name)) or "")]
        end = state_at
    country_at = len(tokens) - country
    zip_at = None
    if has_zip:
        zip_at = country_at - 1
    return _assembled(tokens, range(end), frozenset(), state_at, zip_at, tuple(range(country_at, len(tokens))))


def words_of_address(address: Address) -> AddressWords:
    """The words of a typed address; its fields already say which part is which."""
    street1, street2 = _tokens(address.street1 or ""), _tokens(address.street2 or "")
    city, state, zip_code = _tokens(address.city or ""), _tokens(address.state or ""), _tokens(address.zip or "")
    tokens = [*street1, *street2, *city, *state, *zip_code]
    unit_field = range(len(street1), len(street1) + len(street2))
    city_end = unit_field.stop + len(city)
    state_at = None
    if state:
        state_at = city_end
    zip_at = None
    if zip_code:
        zip_at = len(tokens) - 1
    words = _assembled(tokens, range(city_end), frozenset(unit_field), state_at, zip_at, ())
    return replace(words, city_field=tuple(range(unit_field.stop, city_end)))


def _assembled(
    tokens: list[Token],
    body: range,
    unit_field: frozenset[int],
    state_at: int | None,
    zip_at: int | None,
    country: tuple[int, ...],
) -> AddressWords:
    units = _units(tokens, body, unit_field)
    street = set(body)
    for unit in units:
        street.difference_update(unit.positions)
    return AddressWords(tuple(tokens), tuple(sorted(street)), tuple(units), state_at, zip_at, country)


def _tokens(text: str) -> list[Token]:
    found = []
    for chunk in _CHUNK.findall(text[:_LONGEST]):
        key = _key(chunk)
        if key or chunk.startswith("#"):
            found.append(Token(chunk, key or "#", chunk.startswith("#") and bool(key)))
    return found


def _key(text: str) -> str:
    kept = [letter for letter in folded(text).upper() if letter.isalnum() or letter in "/-&"]
    plain = "".join(kept).strip("-/")
    return SHORT_FORMS.get(plain, plain)


def _text(tokens: list[Token]) -> str:
    return " ".join(token.text for token in tokens)


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha() or letter.isspace())


def _country_size(tokens: list[Token]) -> int:
    """How many of the last words name the country; an address has words before it."""
    if len(tokens) > 2 and tokens[-2].key + tokens[-1].key in COUNTRY:
        return 2
    if len(tokens) > 1 and tokens[-1].key in COUNTRY:
        return 1
    return 0


def _state_size(tokens: list[Token]) -> int:
    """How many of the last words name the state. A code stands alone, or `WASHINGTON DC` would lose its city."""
    if tokens and _letters(tokens[-1].text).upper() in _CODES:
        return 1
    for size in (4, 3, 2, 1):
        if size < len(tokens):
            name = _text(tokens[-size:])
            if not has_digit(name) and clean_state(_letters(name)) in _CODES:
                return size
    return 0


def _units(tokens: list[Token], body: range, unit_field: frozenset[int]) -> list[Unit]:
    units: list[Unit] = []
    at = body.start
    while at < body.stop:
        unit = _unit_at(tokens, at, body.stop, unit_field)
        if unit is None:
            at += 1
        else:
            units.append(unit)
            at = max(unit.positions) + 1
    return units


def _unit_at(tokens: list[Token], at: int, end: int, unit_field: frozenset[int]) -> Unit | None:
    token, in_unit_field = tokens[at], at in unit_field
    if token.hashed:
        return Unit("#", token.key, (), at)
    ordinal = _ORDINAL.fullmatch(token.key)
    if ordinal and at + 1 < end and tokens[at + 1].key == "FL":
        return Unit("FL", ordinal[1], (at + 1,), at)
    if token.key in DESIGNATORS:
        following = at + 1 + (at + 1 < end and tokens[at + 1].key == "#")
        if following < end and _names_unit(tokens[following], in_unit_field=following in unit_field):
            return Unit(token.key, tokens[following].key, tuple(range(at, following)), following)
    short_form = token.key in UNITS_WITHOUT_NUMBER and token.text.upper().strip(",;.") == token.key
    if in_unit_field or (short_form and at > 0):
        return Unit("", token.key, (), at)
    return None


def _names_unit(token: Token, *, in_unit_field: bool) -> bool:
    """Whether the word after a designator is its identifier: anything in the field for units, else `4`, `B`, `PH-A`."""
    if in_unit_field or token.hashed or has_digit(token.key):
        return True
    return _LETTERS_OF_UNIT.fullmatch(token.key) is not None
