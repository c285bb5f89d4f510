"""The words of a line, and what a single word can be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from webapp.addresses.usps import CLEAR_SUFFIXES, DIRECTIONS, STREET_SUFFIXES

_HOUSE_NUMBER = re.compile(
    r"[0-9]{1,6}(?:-[0-9]{1,5})?-?[A-Za-z]?½?|[NSEW][0-9]{1,5}(?:[NSEW][0-9]{1,5})?|[0-9]{1,3}[NSEW][0-9]{1,5}"
    r"|[0-9]{1,3}[A-Z]{2}-?[0-9]{1,3}",
    re.I,
)
_BLOCK_NUMBER = re.compile(r"[A-Z]{1,2}-?[0-9]{1,3}", re.I)
_FRACTION = re.compile(r"[1-9]/[2-9]|[½¼¾]")
_BETWEEN_WORDS = re.compile(r"[\s,;]+")


def tokens_of(text: str) -> list[str]:
    """The words of a line; commas and dashes that stand between words are dropped."""
    return [token for token in _BETWEEN_WORDS.split(text) if token.strip("-:")]


def is_house_number(token: str) -> bool:
    """Whether a word can be a house number: 12, 12B, 1234-A, 37-17, N6W23001, 6N330, 3KS14."""
    return bool(_HOUSE_NUMBER.fullmatch(token))


def is_block_number(token: str) -> bool:
    """Whether a word can be a block and a house of Puerto Rico, which stand before a `Calle`: K14, BB-12."""
    return bool(_BLOCK_NUMBER.fullmatch(token))


def is_fraction(token: str) -> bool:
    """Whether a word is the half of `123 1/2 Maple St`."""
    return bool(_FRACTION.fullmatch(token))


@lru_cache(maxsize=4_096)
def bare(word: str) -> str:
    """A word as it is looked up in the sets of `addresses.usps`: lower case, no point or comma."""
    return word.strip(".,;:()\"'").casefold().replace(".", "")


def is_direction(word: str) -> bool:
    """Whether a word is a point of the compass, short or long."""
    return bare(word) in DIRECTIONS


def is_street_suffix(word: str) -> bool:
    """Whether a word is a street suffix such as Ave or Plaza."""
    return bare(word) in STREET_SUFFIXES


def is_clear_suffix(word: str) -> bool:
    """Whether a word is a street suffix that hardly ever means anything else."""
    return bare(word) in CLEAR_SUFFIXES


def has_street_suffix(words: Iterable[str]) -> bool:
    """Whether any of the words is a street suffix."""
    return any(map(is_street_suffix, words))
