"""The typed address against the one Hum matched, word by word, and a warning for each part that differs. Never
raises. Pure.

What a person gave and the match lacks or contradicts is warned about. What the person left out and Hum added is only
marked in the line: where several streets or cities would fit, Hum answers that more than one address matches, so a
single match with `N Main St` for `Main St` says that there is no other. A unit is the exception, because behind it
another household may live. A direction may change its place (`N Main St`, `Main St N`).

Case, punctuation, postal abbreviations, the names of a ZIP's cities, the place of the unit and an added ZIP+4 do not
count as differences.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from webapp.addresses.address import Address
from webapp.addresses.address_words import AddressWords, words_of_address, words_of_line
from webapp.addresses.alignment import Alignment, align, same_zip
from webapp.addresses.places import city_key, names_zip
from webapp.addresses.street_parts import StreetParts, parts_of_line, parts_of_typed


class WordChange(StrEnum):
    """What became of a word."""

    SAME = "same"
    CHANGED = "changed"
    INSERTED = "inserted"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Word:
    """One word to show. `text` is the matched word, for REMOVED the typed one; `was` is the typed word behind a CHANGED
    one.
    """

    text: str
    change: WordChange
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Flags:
    """Which parts of the match differ from what was typed, in the order of an address."""

    number_changed: bool = False
    name_changed: bool = False
    direction_changed: bool = False
    type_changed: bool = False
    unit_changed: bool = False
    city_changed: bool = False
    state_changed: bool = False
    zip_changed: bool = False

    @property
    def another_address(self) -> bool:
        """The flag "matched another address"."""
        return self != Flags()


@dataclass(frozen=True, slots=True)
class Difference:
    """The matched line in words, in its own order with the removed words put in; `warnings` says each flag in a
    sentence.
    """

    words: tuple[Word, ...]
    flags: Flags
    warnings: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether no word differs."""
        return all(word.change is WordChange.SAME for word in self.words)


@lru_cache(maxsize=4_096)
def difference(typed: Address, matched: str | None) -> Difference:
    """What Hum changed. Without a matched text there is nothing to compare: no words, no flags."""
    ours, theirs = words_of_address(typed), words_of_line(matched or "")
    if not theirs.tokens:
        return Difference((), Flags(), ())
    alignment = align(ours, theirs)
    matched_street = parts_of_line(theirs.without(alignment.matched_units), typed.city or "")
    street = parts_of_typed(ours.without(alignment.typed_units), matched_street)
    flags = Flags(
        number_changed=_number_key(ours) != _number_key(theirs),
        name_changed=_name_changed(street, matched_street),
        direction_changed=not street.direction_keys <= matched_street.direction_keys,
        type_changed=_type_changed(street, matched_street),
        unit_changed=alignment.unit_changed,
        city_changed=_city_changed(street, matched_street),
        state_changed=_state_changed(ours, theirs),
        zip_changed=bool(ours.zip) and not same_zip(ours, theirs),
    )
    return Difference(_words(ours, theirs, alignment), flags, _warnings(flags, street, matched_street))


def _number_key(side: AddressWords) -> str:
    """`133-25` of Queens is also written 13325."""
    return side.number.replace("-", "")


def _name_changed(typed: StreetParts, matched: StreetParts) -> bool:
    if not typed.name:
        return False
    # `Oak Park` may be the whole name or the Park called Oak: one side may have a type where the other has none.
    same = {matched.name_key, matched.whole_key} & {typed.name_key, typed.whole_key}
    return not same


def _type_changed(typed: StreetParts, matched: StreetParts) -> bool:
    if not typed.suffix or typed.whole_key in (matched.name_key, matched.whole_key):
        return False
    return typed.suffix_key != matched.suffix_key


def _city_changed(typed: StreetParts, matched: StreetParts) -> bool:
    if not typed.city or city_key(typed.city_text) == city_key(matched.city_text):
        return False
    for side in (matched.words, typed.words):
        if side.zip and names_zip(typed.city_text, side.zip[0]):
            # Another name of the same ZIP's post office, or none in the line.
            return bool(matched.city) and not names_zip(matched.city_text, side.zip[0])
    return True


def _state_changed(ours: AddressWords, theirs: AddressWords) -> bool:
    if ours.state_at is None:
        return False
    if theirs.state_at is None:
        return not same_zip(ours, theirs)
    return ours.tokens[ours.state_at].key != theirs.tokens[theirs.state_at].key


def _words(ours: AddressWords, theirs: AddressWords, alignment: Alignment) -> tuple[Word, ...]:
    removed = _removed(ours, alignment)
    words = list(removed[-1])
    for at, token in enumerate(theirs.tokens):
        typed_at = alignment.typed_of.get(at)
        if at in alignment.same:
            words.append(Word(token.text, WordChange.SAME))
        elif typed_at is None:
            words.append(Word(token.text, WordChange.INSERTED))
        else:
            words.append(Word(token.text, WordChange.CHANGED, ours.tokens[typed_at].text.strip(",;")))
        words.extend(removed[at])
    return tuple(words)


def _removed(ours: AddressWords, alignment: Alignment) -> defaultdict[int, list[Word]]:
    """The typed words that are gone, by the matched position after which to show them: that of the nearest kept word
    before.
    """
    matched_of = {typed_at: at for at, typed_at in alignment.typed_of.items()}
    kept = sorted(matched_of)
    removed: defaultdict[int, list[Word]] = defaultdict(list)
    for at, token in enumerate(ours.tokens):
        if at in matched_of or at in alignment.silent:
            continue
        before = bisect_left(kept, at) - 1
        shown_after = -1
        if before >= 0:
            shown_after = matched_of[kept[before]]
        removed[shown_after].append(Word(token.text.strip(",;"), WordChange.REMOVED))
    return removed


def _warnings(flags: Flags, typed: StreetParts, matched: StreetParts) -> tuple[str, ...]:
    ours, theirs = typed.words, matched.words
    parts = (
        (flags.number_changed, "house number", ours.number, theirs.number),
        (flags.name_changed, "street name", ours.text_at(typed.name), theirs.text_at(matched.name)),
        (flags.direction_changed, "direction", ours.text_at(typed.directions), theirs.text_at(matched.directions)),
        (flags.type_changed, "street type", ours.text_at(typed.suffix), theirs.text_at(matched.suffix)),
        (flags.unit_changed, "unit", _units_text(ours), _units_text(theirs)),
        (flags.city_changed, "city", typed.city_text, matched.city_text),
        (flags.state_changed, "state", _state_text(ours), _state_text(theirs)),
        (flags.zip_changed, "ZIP code", _zip_text(ours), _zip_text(theirs)),
    )
    warnings = []
    for changed, part, was, now in parts:
        if changed:
            warnings.append(_warning(part, was, now))
    return tuple(warnings)


def _units_text(side: AddressWords) -> str:
    positions: list[int] = []
    for unit in side.units:
        positions.extend(unit.positions)
    return side.text_at(positions)


def _state_text(side: AddressWords) -> str:
    if side.state_at is None:
        return ""
    return side.text_at((side.state_at,))


def _zip_text(side: AddressWords) -> str:
    return "-".join(filter(None, side.zip or ()))


def _warning(part: str, typed: str, matched: str) -> str:
    if not matched:
        return f"The {part} {typed} is missing from the matched address."
    if not typed:
        return f"The matched address has the {part} {matched}; none was typed."
    return f"The {part} {typed} was typed; the matched address has {matched}."
