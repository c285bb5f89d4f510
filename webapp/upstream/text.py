"""Text from elsewhere made fit to show: one clean line of bounded length."""

from __future__ import annotations

import unicodedata

SHORT = 200
MOST_MARKS = 3

_BLANK = frozenset({"Zs", "Zl", "Zp"})
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def clean(value: object, limit: int = SHORT) -> str:
    """One line of at most `limit` characters; "" for what is no text.

    White space of any kind becomes one blank; control, bidi, zero-width and other invisible characters and lone
    surrogates go, and so does what piles up above a letter after three marks.
    """
    if not isinstance(value, str):
        return ""
    text = value[: limit * 4]
    if not (text.isascii() and text.isprintable()):
        text = _visible(text)
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _visible(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category in _BLANK or character in "\t\n\r\v\f\x85":
            kept.append(" ")
        elif category not in _UNSEEN and marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)
