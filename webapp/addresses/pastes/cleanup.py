"""A paste before it is read: cut to a length, made plain, and without what never belongs to an address."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from webapp.addresses.usps import CODES_BY_STATE_SPELLING
from webapp.texts import visible

MAX_CHARACTERS = 2_000
"""How many characters of a paste are read. An email with the two that it replies to has about 1,000, a table of ten
rows about 700, an address in any usual form at most 300; anything longer is a document, and reading it would keep
everyone else waiting.
"""

_INLINE_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|font)(?:\s[^<>]*)?>", re.I)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>@]*)?/?>", re.I)
_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#x[0-9a-f]{1,5}|[a-z][a-z0-9]{1,12});", re.I)
_PICTURES = re.compile("[\u2300-\u2bff\ufe0f\U0001f000-\U0001faff]+")
_LIST_NUMBER = re.compile(r"^[ \t]*(?:#?[0-9]{1,2}[.):]|[a-d][.)])[ \t]+(?=[0-9])", re.M)
_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])")
_QUOTED_REPLY = re.compile(r"^[ \t]*(?:>[ \t]*)+", re.M)

_CHARACTERS = (
    dict(zip(range(0xFF01, 0xFF5F), map(chr, range(0x21, 0x7F)), strict=True))  # wide forms of ASCII
    | str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"))
    | str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'))
    | str.maketrans(dict.fromkeys("\u2028\u2029\u0085\v\f\r", "\n"))
)

_BYTE_BY_LETTER = {chr(byte): byte for byte in range(0x80, 0x100)}
for _byte in range(0x80, 0xA0):
    _BYTE_BY_LETTER[bytes([_byte]).decode("cp1252", "ignore") or chr(_byte)] = _byte
_CONTINUATION = "".join(letter for letter, byte in _BYTE_BY_LETTER.items() if byte < 0xC0)
_MOJIBAKE = re.compile(f"[\u00c2\u00c3][{re.escape(_CONTINUATION)}]|\u00e2[{re.escape(_CONTINUATION)}]{{2}}")
_LONE_LEAD_BYTE = re.compile("\u00c2(?=\\s|$)")

_NULL_WORD = re.compile(
    r"(?<![\w/#'-])(?:NULL|null|None|NONE|NaN|nan|N/A|n/a|#N/A|undefined)(?![\w/'-])|[(\[<](?:null|none)[)\]>]"
)
_SPREADSHEET_TEXT = re.compile(r'="([^"\n]{0,20})"')
_SPREADSHEET_NUMBER = re.compile(r"(?<![\w.,-])([0-9]{3,5})\.0(?![\w.])")
_ESCAPED_LINE_END = re.compile(r"(?:\\r)?\\n")
_COUNTRY_BEFORE_STATE = re.compile(r"(?<![\w-])USA?-(?=[A-Z]{2}(?![\w-]))")
_STATE_BEFORE_ZIP = re.compile(r"(?<![\w-])([A-Za-z]{2})-?(?=[0-9]{5}(?![0-9A-Za-z]))")
_COUNTRY_AFTER_ZIP = re.compile(r"(?<=[0-9]{5})(?=USA?\b)")
_UNIT_LABEL = re.compile(
    r"\b((?:apt|apartment|unit|ste|suite|bldg|building|floor|room|rm|lot)\.?(?: (?:no|num|number)\.?)?) ?: ?"
    r"(?=#?[0-9a-z]{1,6}\b)",
    re.I,
)
_UNIT_BEFORE_NUMBER = re.compile(
    r"((?:^|[,;]) ?(?:#|(?:apt|apartment|unit|ste|suite)\.? ?#?)[0-9]{1,5}[a-z]?)[-/](?=[0-9]{1,6} [0-9a-z]+ [0-9a-z])",
    re.I | re.M,
)
_UNIT_AT_SUFFIX = re.compile(r"\b((?!(?:apt|unit|ste|suite|rm|room|bldg|lot|spc)\b)[a-z]{2,12}\.?)(?=#[0-9a-z])", re.I)
_CITY_INTRODUCED = re.compile(
    r"(?<![\w-])(?:over |located |right )?"
    r"(?:[Ii]n (?:(?:downtown|midtown|uptown|the (?:city|town) of) )?|(?:city|town) of )(?=[A-Z][A-Za-z])"
)
_STATE_ENDS_SENTENCE = re.compile(r"(?<![\w-])([A-Z]{2})[.!?] (?=[A-Z][a-z])")
_LABELS_WITHOUT_COLONS = re.compile(r"\bcity +(\S.{0,40}?) +state +(\S.{0,20}?) +zip(?: ?code)? +(?=[0-9]{5})", re.I)

_PHONE_LABEL = r"(?:\b(?:tel(?:ephone)?|phone|ph|cell|mobile|mob|fax|office|direct|main|call|[otmcfdpe])\b[.:]*\s*)?"

_NOT_ADDRESS = (
    ("@", r"(?:\b(?:e-?mail|e|mail)\b\s*[:.]\s*)?(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
    ("/", r"(?:\b(?:web|website|w)\b\s*[:.]\s*)?https?://\S+"),
    ("www.", r"(?:\b(?:web|website|w)\b\s*[:.]\s*)?www\.\S+"),
    (".", r"\b[\w-]{2,63}\.(?:com|org|net|gov|edu|example)\b(?:/\S*)?"),
    (
        "",
        _PHONE_LABEL + r"(?<![\w-])(?:\+?1[ .-]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])[2-9]\d\d[ .-]\d{4}(?![\w-])"
        r"(?:\s*(?:x|ext\.?)\s*\d{1,6})?",
    ),
    ("", _PHONE_LABEL + r"(?<![\w-])\+?1?[2-9]\d{9}(?![\w-])"),
    (
        "",
        r"\b(?:order|acct|account|invoice|ref(?:erence)?|ticket|case|quote|lic(?:ense)?|job|customer|cust|id)\b ?"
        # "Quote: 24 Eagle St" is an address.
        r"(?:(?:no\.?|number|id) ?)?(?::? ?#+:? ?[A-Z]{0,4}-?\d[\w-]*|: {0,2}[A-Z]{0,4}-?\d[\w-]*(?![\w-]| +[A-Za-z]))",
    ),
    (".", r"-?\d{1,3}\.\d{3,},\s*-?\d{1,3}\.\d{3,}"),
    ("-", r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b"),
    ("/", r"\b[01]?\d/[0-3]?\d/(?:19|20)?\d\d\b"),
)
_CONTACT_DATA = tuple((sign, re.compile(pattern, re.I)) for sign, pattern in _NOT_ADDRESS)
"""Each kind of contact data, behind a sign without which a text holds none of it and need not be searched."""


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
    """The paste in NFC with plain blanks, `\\n` line ends, ASCII dashes, double quotes and digits. HTML entities, text
    that was decoded wrongly (`37â€“17`) and what a spreadsheet does to a number (`48226.0`, `="02201"`) are put right.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda match: unescape(match[0]), text)
    if not text.isascii():
        text = _LONE_LEAD_BYTE.sub("", _MOJIBAKE.sub(_decoded_anew, text))
        text = _PICTURES.sub(" ", text)
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").translate(_CHARACTERS)
    if "<" in text:
        text = _TAG.sub("\n", _INLINE_TAG.sub("", text))
    text = _SPREADSHEET_NUMBER.sub(r"\1", _SPREADSHEET_TEXT.sub(r"\1", text))
    text = _QUOTED_REPLY.sub("", _ESCAPED_LINE_END.sub("\n", text))
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return visible(text, keep="\n\t")


def without_glue(text: str) -> str:
    """A free text in which the parts of an address stand apart: `MI-48226`, `US-MI`, `48226USA` are divided, labels
    without colons (`City Detroit State MI Zip 48226`) and words for an empty cell (`NULL`) become commas, a unit keeps
    its label (`Apt: 4B`) and leaves the house number (`Unit 12/345 W Main St`), and what joins an address to a sentence
    (`24 Eagle St in Albany, NY. Thanks`) becomes a mark.
    """
    text = _NULL_WORD.sub(",", _UNDERSCORE.sub(" ", _LIST_NUMBER.sub("", text)))
    text = _COUNTRY_AFTER_ZIP.sub(" ", _COUNTRY_BEFORE_STATE.sub("", text))
    text = _STATE_BEFORE_ZIP.sub(_state_apart, text)
    text = _CITY_INTRODUCED.sub(", ", _STATE_ENDS_SENTENCE.sub(_state_then_line_end, text))
    text = _UNIT_BEFORE_NUMBER.sub(r"\1 ", _UNIT_LABEL.sub(r"\1 ", _UNIT_AT_SUFFIX.sub(r"\1 ", text)))
    return _LABELS_WITHOUT_COLONS.sub(r", \1, \2 ", text)


def _decoded_anew(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTE_BY_LETTER[letter] for letter in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _state_then_line_end(match: re.Match[str]) -> str:
    if match[1].lower() in CODES_BY_STATE_SPELLING:
        return f"{match[1]}\n"
    return match[0]


def _state_apart(match: re.Match[str]) -> str:
    if match[1].lower() in CODES_BY_STATE_SPELLING:
        return f"{match[1]} "
    return match[0]


def without_contact_data(text: str) -> tuple[str, list[str]]:
    """The text with phones, mail and web addresses, order and account numbers, coordinates and dates replaced by line
    ends, and what was replaced.
    """
    removed: list[str] = []

    def remove(match: re.Match[str]) -> str:
        removed.append(match[0].strip())
        return "\n"

    for sign, pattern in _CONTACT_DATA:
        if sign in text:
            text = pattern.sub(remove, text)
    return text, removed
