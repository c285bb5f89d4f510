"""What surrounds an address and never belongs to it: phones, mail and web addresses, order and account numbers."""

from __future__ import annotations

import re

_LABEL = r"(?:\b(?:tel(?:ephone)?|phone|ph|cell|mobile|mob|fax|office|direct|main|call|[otmcfdpe])\b[.:]*\s*)?"

_NOISE = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?:\b(?:e-?mail|e|mail)\b\s*[:.]\s*)?(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+",
        r"(?:\b(?:web|website|w)\b\s*[:.]\s*)?(?:https?://|www\.)\S+",
        r"\b[\w-]{2,63}\.(?:com|org|net|gov|edu|example)\b(?:/\S*)?",
        _LABEL
        + (
            r"(?<![\w-])(?:\+?1[ .-]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])[2-9]\d\d[ "
            r".-]\d{4}(?![\w-])(?:\s*(?:x|ext\.?)\s*\d{1,6})?"
        ),
        _LABEL + r"(?<![\w-])\+?1?[2-9]\d{9}(?![\w-])",
        r"\b(?:order|acct|account|invoice|ref(?:erence)?|ticket|case|quote|lic(?:ense)?|job|customer|cust|id)\b\s*(?:(?:no\.?|number|id)\s*)?[#:]+\s*#?"
        r"[A-Z]{0,4}-?\d[\w-]*",
        r"-?\d{1,3}\.\d{3,},\s*-?\d{1,3}\.\d{3,}",
        r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b|\b[01]?\d/[0-3]?\d/(?:19|20)?\d\d\b",
    )
)


def without_noise(text: str) -> tuple[str, list[str]]:
    """The text with every such piece replaced by a line end, and the pieces."""
    removed: list[str] = []

    def remove(match: re.Match[str]) -> str:
        removed.append(match[0].strip())
        return "\n"

    for pattern in _NOISE:
        text = pattern.sub(remove, text)
    return text, removed
