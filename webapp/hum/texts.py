"""Hum's texts by kind: labels, links that are only links, telephone numbers that dial, names for unknown keys."""

from __future__ import annotations

import re

from webapp.upstream.text import SHORT, clean

LONG, LONGEST_LINK = 2_000, 2_000

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_LINK = re.compile(
    rf"https?://(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9](?::[0-9]{{1,5}})?(?:[/?#][!#-;=?-Z_a-z~]*)?",
    re.IGNORECASE,
)
_NORTH_AMERICAN = re.compile(
    (
        r"(?:\+?1[ .-]*)?\(?([2-9][0-9]{2})\)?[ .-]*([2-9][0-9]{2})[ .-]*([0-9]{4})(?:[ ,;]*(?:x|ext\.?|extension|#) "
        r"*[0-9]{1,6})?"
    ),
    re.IGNORECASE,
)
_INTERNATIONAL = re.compile(r"\+[2-9][0-9]{7,14}")


def optional(value: object, limit: int = SHORT) -> str | None:
    """Like `clean`, with None where nothing is left."""
    return clean(value, limit) or None


def label(value: object) -> str:
    """Like `clean`, for fields that are rendered as texts or as numbers alike (ids, ZIP codes, data sets)."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    return clean(value)


def link(value: object) -> str | None:
    """A web address that may stand in an `href`, else None.

    Only http and https, a host by name with a dot in it, printable ASCII without quotes, angle brackets or backslashes,
    no user name.
    """
    if not isinstance(value, str) or len(value) > LONGEST_LINK:
        return None
    text = value.strip(" ")
    return text if _LINK.fullmatch(text) else None


def dialable(value: object) -> str | None:
    """A telephone number as `+18332981433`, None when the digits do not make one. An extension is not part of it."""
    text = clean(value)
    if found := _NORTH_AMERICAN.fullmatch(text):
        return f"+1{found[1]}{found[2]}{found[3]}"
    compact = re.sub(r"[ ().-]", "", text)
    return compact if _INTERNATIONAL.fullmatch(compact) else None


def humanised(key: str) -> str:
    """`extra_data_fee` as people read it: `Extra data fee`."""
    words = clean(re.sub(r"[_-]+", " ", key[:400]))
    return words[:1].upper() + words[1:]
