"""Text that came from outside: one visible line, a form for searching, letters alone, what it holds. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

_BLANKS = frozenset({"Zs", "Zl", "Zp"})
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_WHITE_SPACE = frozenset("\t\n\r\v\f\x85")
_NOT_A_LETTER = re.compile(r"[^a-z]")


def one_line(value: object, form: Literal["NFC", "NFKC"] = "NFC") -> str | None:
    """One line in a Unicode form: nothing invisible, single blanks, trimmed; None when nothing is left.

    NFC keeps the letters as written; NFKC also makes wide digits, ligatures and the like plain.
    """
    if value is None:
        return None
    text = unicodedata.normalize(form, str(value))
    if not text.isprintable():  # nearly every text is, and then no character need be looked at
        text = visible(text)
    # Once more: without the invisible character between them, a letter and its accent have become neighbors.
    return unicodedata.normalize(form, " ".join(text.split())) or None


def visible(text: str, *, keep: str = "") -> str:
    """The text without invisible characters and with plain blanks for every kind of white space but that in `keep`."""
    return "".join(_visible(character, keep) for character in text)


def folded(text: str, form: Literal["NFD", "NFKD"] = "NFKD") -> str:
    """The form in which texts are compared and searched: one line, lower case, no accents.

    NFKD also makes wide digits, ligatures and the like plain; NFD leaves them, so that `123½` does not become 12312.
    """
    decomposed = unicodedata.normalize(form, text).replace("\0", "")
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def has_digit(text: str) -> bool:
    """Whether any character is a digit."""
    return any(map(str.isdigit, text))


def has_letter(text: str) -> bool:
    """Whether any character is a letter."""
    return any(map(str.isalpha, text))


def letters_only(text: str) -> str:
    """The ASCII letters of a text in lower case: `W. Va.` becomes `wva`."""
    return _NOT_A_LETTER.sub("", text.casefold())


def _visible(character: str, keep: str) -> str:
    if " " <= character <= "~" or character in keep:
        return character
    category = unicodedata.category(character)
    if category in _BLANKS or character in _WHITE_SPACE:
        return " "
    if category in _INVISIBLE:
        return ""
    return character


SHORT = 200
MOST_MARKS = 3

_BLANKS = frozenset({"Zs", "Zl", "Zp"})
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


def clean(value: object, limit: int = SHORT) -> str:
    """One line of at most `limit` characters; "" for what is no text.

    White space of any kind becomes one blank; control, bidi, zero-width and other invisible characters and lone
    surrogates go, and so does what piles up above a letter after three marks.
    """
    if not isinstance(value, str):
        return ""
    text = value[: limit * 4]
    if not (text.isascii() and text.isprintable()):
        text = _shown(text)
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _shown(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category in _BLANKS or character in "\t\n\r\v\f\x85":
            kept.append(" ")
        elif category not in _INVISIBLE and marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)
