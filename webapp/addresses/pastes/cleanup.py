"""A paste before it is read: cut to a length, made plain, and without what never belongs to an address."""

from __future__ import annotations

import re
import unicodedata

from webapp.texts import visible

MAX_CHARACTERS = 2_000
"""How many characters of a paste are read. An email with the two that it replies to has about 1,000, a table of ten
rows about 700, an address in any usual form at most 300; anything longer is a document, and reading it would keep
everyone else waiting.
"""

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
    dict(zip(range(0xFF01, 0xFF5F), map(chr, range(0x21, 0x7F)), strict=True))  # wide forms of ASCII
    | str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"))
    | str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'))
    | str.maketrans(dict.fromkeys("\u2028\u2029\u0085\v\f\r", "\n"))
)

_PHONE_LABEL = r"(?:\b(?:tel(?:ephone)?|phone|ph|cell|mobile|mob|fax|office|direct|main|call|[otmcfdpe])\b[.:]*\s*)?"

_NOT_ADDRESS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?:\b(?:e-?mail|e|mail)\b\s*[:.]\s*)?(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+",
        r"(?:\b(?:web|website|w)\b\s*[:.]\s*)?(?:https?://|www\.)\S+",
        r"\b[\w-]{2,63}\.(?:com|org|net|gov|edu|example)\b(?:/\S*)?",
        _PHONE_LABEL
        + (
            r"(?<![\w-])(?:\+?1[ .-]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])[2-9]\d\d[ "
            r".-]\d{4}(?![\w-])(?:\s*(?:x|ext\.?)\s*\d{1,6})?"
        ),
        _PHONE_LABEL + r"(?<![\w-])\+?1?[2-9]\d{9}(?![\w-])",
        r"\b(?:order|acct|account|invoice|ref(?:erence)?|ticket|case|quote|lic(?:ense)?|job|customer|cust|id)\b\s*"
        r"(?:(?:no\.?|number|id)\s*)?[#:]+\s*#?[A-Z]{0,4}-?\d[\w-]*",
        r"-?\d{1,3}\.\d{3,},\s*-?\d{1,3}\.\d{3,}",
        r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b|\b[01]?\d/[0-3]?\d/(?:19|20)?\d\d\b",
    )
)


def beginning(text: str) -> str:
    """The part of a text that is read: all of it, or its first 2,000 characters up to the end of a line or a word."""
    if len(text) <= MAX_CHARACTERS:
        return text
    # One character more, because the last line or word may end just there.
    head = text[: MAX_CHARACTERS + 1]
    for mark in ("\n", " "):
        end = head.rfind(mark, MAX_CHARACTERS // 2)
        if end > 0:
            return text[:end]
    return text[:MAX_CHARACTERS]


def plain(text: str) -> str:
    """The paste in NFC with plain blanks, `\\n` line ends, ASCII dashes, double quotes and digits."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").translate(_CHARACTERS)
    if "&" in text:
        text = _ENTITY.sub(lambda match: _ENTITIES[match[0].lower()], text)
    if "<" in text:
        text = _TAG.sub("\n", _INLINE_TAG.sub("", text))
    return visible(_QUOTED_REPLY.sub("", text), keep="\n\t")


def without_contact_data(text: str) -> tuple[str, list[str]]:
    """The text with phones, mail and web addresses, order and account numbers, coordinates and dates replaced by line
    ends, and what was replaced.
    """
    removed: list[str] = []

    def remove(match: re.Match[str]) -> str:
        removed.append(match[0].strip())
        return "\n"

    for pattern in _NOT_ADDRESS:
        text = pattern.sub(remove, text)
    return text, removed
