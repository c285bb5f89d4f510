"""The typed address against the one Hum matched, word by word, and whether number, unit or ZIP changed. Never raises.
Pure.

Case, punctuation, postal abbreviations, the place of the unit and an added ZIP+4 do not count as differences.
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
    """What makes the match possibly another address."""

    number_changed: bool = False
    unit_changed: bool = False
    zip_changed: bool = False

    @property
    def another_address(self) -> bool:
        """The flag "matched another address"."""
        return self.number_changed or self.unit_changed or self.zip_changed


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
    """What Hum changed. Without a matched text there is nothing to compare: no words, no flags.

    A city, state or ZIP that was not typed is inserted, never flagged. A unit dropped or added by Hum is flagged.
    """
    ours, theirs = words_of_address(typed), words_of_line(matched or "")
    if not theirs.tokens:
        return Difference((), Flags(), ())
    alignment = align(ours, theirs)
    flags = Flags(
        number_changed=ours.number != theirs.number,
        unit_changed=alignment.unit_changed,
        zip_changed=bool(ours.zip and theirs.zip) and not same_zip(ours, theirs),
    )
    return Difference(_words(ours, theirs, alignment), flags, _warnings(flags, ours, theirs))


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


def _warnings(flags: Flags, ours: AddressWords, theirs: AddressWords) -> tuple[str, ...]:
    warnings = []
    if flags.number_changed:
        warnings.append(_warning("house number", ours.number, theirs.number))
    if flags.unit_changed:
        warnings.append(_warning("unit", _units_text(ours), _units_text(theirs)))
    if flags.zip_changed:
        warnings.append(_warning("ZIP code", _zip_text(ours), _zip_text(theirs)))
    return tuple(warnings)


def _units_text(side: AddressWords) -> str:
    positions: list[int] = []
    for unit in side.units:
        positions.extend(unit.positions)
    return side.text_at(positions)


def _zip_text(side: AddressWords) -> str:
    return "-".join(filter(None, side.zip or ()))


def _warning(part: str, typed: str, matched: str) -> str:
    if not matched:
        return f"The {part} {typed} is missing from the matched address."
    if not typed:
        return f"The matched address has the {part} {matched}; none was typed."
    return f"The {part} {typed} was typed; the matched address has {matched}."
