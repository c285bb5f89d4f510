"""A paste made plain before anything is read in it: line ends, blanks, quotes, dashes, wide digits, mark-up."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 10_000

_INLINE_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|font)(?:\s[^<>]*)?>", re.I)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>@]*)?/?>", re.I)
_ENTITIES = {"&amp;": "&", "&nbsp;": " ", "&#160;": " ", "&quot;": '"', "&#39;": "'", "&#34;": '"', "&lt;": "<", "&gt;": ">"}
_ENTITY = re.compile("|".join(_ENTITIES), re.I)
_QUOTED_REPLY = re.compile(r"^[ \t]*(?:>[ \t]*)+", re.M)

_CHARACTERS = (
    str.maketrans({chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)})
    | str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"))
    | str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'))
    | str.maketrans(dict.fromkeys("\u2028\u2029\u0085\v\f\r", "\n"))
)
_DROPPED = frozenset({"Cc", "Cf", "Cs"})


def plain(text: str) -> str:
    """The paste in NFC with plain blanks, `\\n` line ends, ASCII dashes, double quotes and digits; at most 10,000 characters."""
    text = unicodedata.normalize("NFC", text[:MAX_CHARACTERS]).replace("\r\n", "\n").translate(_CHARACTERS)
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
