"""Which typed word became which word of the matched address: units by their identifier, the rest in order. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import SequenceMatcher

from webapp.addresses.address_words import AddressWords, Unit
from webapp.addresses.usps import VAGUE_DESIGNATORS


@dataclass(slots=True)
class Alignment:
    """`typed_of` maps matched positions to typed ones; matched positions in `same` do not differ.

    Typed positions in `silent` need not be shown as removed: a designator missing from the matched address.
    `typed_units` and `matched_units` are words among those of the street that turned out to be units.
    """

    typed_of: dict[int, int] = field(default_factory=dict)
    same: set[int] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)
    typed_units: set[int] = field(default_factory=set)
    matched_units: set[int] = field(default_factory=set)
    unit_changed: bool = False

    def pair(self, typed_at: int, matched_at: int, *, same: bool) -> None:
        """Note that a typed word became a matched one."""
        self.typed_of[matched_at] = typed_at
        if same:
            self.same.add(matched_at)


@dataclass(slots=True)
class _Gap:
    """Typed and matched positions between two stretches of equal words."""

    typed: list[int]
    matched: list[int]


def align(typed: AddressWords, matched: AddressWords) -> Alignment:
    """The alignment of two addresses. Its cost grows with the product of their word counts, each at most 300."""
    found = Alignment(same=set(matched.country))
    if typed.state_at is not None and matched.state_at is not None:
        equal = typed.tokens[typed.state_at].key == matched.tokens[matched.state_at].key
        found.pair(typed.state_at, matched.state_at, same=equal)
    if typed.zip_at is not None and matched.zip_at is not None:
        found.pair(typed.zip_at, matched.zip_at, same=same_zip(typed, matched))
    gaps = _align_street(found, typed, matched)
    _align_units(found, typed, matched, gaps)
    for gap in gaps:
        for typed_at, matched_at in zip(gap.typed, gap.matched, strict=False):
            found.pair(typed_at, matched_at, same=False)
    return found


def same_zip(typed: AddressWords, matched: AddressWords) -> bool:
    """Whether the five digits agree, and the four where both have them. False where either has no ZIP."""
    if typed.zip is None or matched.zip is None:
        return False
    fours_differ = typed.zip[1] and matched.zip[1] and typed.zip[1] != matched.zip[1]
    return typed.zip[0] == matched.zip[0] and not fours_differ


def _align_street(found: Alignment, typed: AddressWords, matched: AddressWords) -> list[_Gap]:
    gaps = []
    ours, theirs = _street_keys(typed), _street_keys(matched)
    for what, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if what == "equal":
            for typed_at, matched_at in zip(typed.street[a:b], matched.street[c:d], strict=True):
                found.pair(typed_at, matched_at, same=True)
        else:
            gaps.append(_Gap(list(typed.street[a:b]), list(matched.street[c:d])))
    return gaps


def _street_keys(words: AddressWords) -> list[str]:
    return [words.tokens[at].key for at in words.street]


def _align_units(found: Alignment, typed: AddressWords, matched: AddressWords, gaps: list[_Gap]) -> None:
    ours: list[Unit] = []
    theirs = list(matched.units)
    for unit in typed.units:
        other = _counterpart(unit, theirs)
        if other is None:
            ours.append(unit)
        else:
            _pair_units(found, unit, other)
            theirs.remove(other)
    for unit in ours.copy():
        if _stands_bare_in_match(found, unit, matched, gaps):
            ours.remove(unit)
    for unit in theirs.copy():
        if _stands_bare_in_typed(found, unit, typed, gaps):
            theirs.remove(unit)
    for unit, other in zip(ours, theirs, strict=False):
        _pair_units(found, unit, other)
    found.unit_changed = found.unit_changed or bool(ours or theirs)


def _counterpart(unit: Unit, others: list[Unit]) -> Unit | None:
    """The unit with the same identifier, if possible one whose designator may mean the same."""
    first: Unit | None = None
    for other in others:
        if other.identifier == unit.identifier:
            if _compatible(unit, other):
                return other
            first = first or other
    return first


def _compatible(unit: Unit, other: Unit) -> bool:
    return unit.designator == other.designator or bool({unit.designator, other.designator} & VAGUE_DESIGNATORS)


def _pair_units(found: Alignment, unit: Unit, other: Unit) -> None:
    found.pair(unit.identifier_at, other.identifier_at, same=unit.identifier == other.identifier)
    found.silent.update(unit.designator_at)
    if _compatible(unit, other):
        found.same.update(other.designator_at)
        return
    found.unit_changed = True
    for typed_at, matched_at in zip(unit.designator_at, other.designator_at, strict=False):
        found.pair(typed_at, matched_at, same=False)


def _stands_bare_in_match(found: Alignment, unit: Unit, matched: AddressWords, gaps: list[_Gap]) -> bool:
    """`Apt A2` typed, `... DR E A2` matched: the same unit, written without its designator."""
    for gap in gaps:
        for at in gap.matched:
            if matched.tokens[at].key == unit.identifier and at != matched.number_at:
                gap.matched.remove(at)
                found.matched_units.add(at)
                found.pair(unit.identifier_at, at, same=True)
                found.silent.update(unit.designator_at)
                return True
    return False


def _stands_bare_in_typed(found: Alignment, unit: Unit, typed: AddressWords, gaps: list[_Gap]) -> bool:
    for gap in gaps:
        for at in gap.typed:
            if typed.tokens[at].key == unit.identifier and at != typed.number_at:
                gap.typed.remove(at)
                found.typed_units.add(at)
                found.pair(at, unit.identifier_at, same=True)
                found.same.update(unit.designator_at)
                return True
    return False
