"""A paste made plain before anything is read in it: line ends, blanks, quotes, dashes, wide digits, mark-up."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 2_000
"""As many characters of a paste as are read. A mail with the two that it answers has about 1,000, a table of ten rows
about 700, an address in any usual form at most 300; whatever is longer is a document, and reading it would keep
everyone else waiting."""

_INLINE_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|font)(?:\s[^<>]*)?>", re.I)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>@]*)?/?>", re.I)
_ENTITIES = {
    "&amp;": "&",
    "&nbsp;": " ",
    "&#160;": " ",
    "&quot;": '"',
    "&#39;": "'",
    "&#34;": '"',
    "&lt;": "<",
    "&gt;": ">",
}
_ENTITY = re.compile("|".join(_ENTITIES), re.I)
_QUOTED_REPLY = re.compile(r"^[ \t]*(?:>[ \t]*)+", re.M)

_CHARACTERS = (
    str.maketrans({chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)})
    | str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"))
    | str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'))
    | str.maketrans(dict.fromkeys("\u2028\u2029\u0085\v\f\r", "\n"))
)
_DROPPED = frozenset({"Cc", "Cf", "Cs"})


def beginning(text: str) -> str:
    """As much of a text as is read: all of it, or its first 2,000 characters to the end of a line or a word, so that
    none is cut in two.
    """
    if len(text) <= MAX_CHARACTERS:
        return text
    # One character more, because the last line or word may end just there.
    head = text[: MAX_CHARACTERS + 1]
    ends = (head.rfind(mark, MAX_CHARACTERS // 2) for mark in ("\n", " "))
    return text[: next((end for end in ends if end > 0), MAX_CHARACTERS)]


def plain(text: str) -> str:
    """The paste in NFC with plain blanks, `\\n` line ends, ASCII dashes, double quotes and digits."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").translate(_CHARACTERS)
    text = _ENTITY.sub(lambda match: _ENTITIES[match[0].lower()], text) if "&" in text else text
    if "<" in text:
        text = _TAG.sub("\n", _INLINE_TAG.sub("", text))
    return "".join(_seen(character) for character in _QUOTED_REPLY.sub("", text))


def _seen(character: str) -> str:
    if character in "\n\t" or " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    return "" if category in _DROPPED else character
