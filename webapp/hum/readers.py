"""Small readers of one JSON value each: they take whatever is there and give a checked value or None, and never
raise; also Hum's texts by kind.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from webapp.plans.model import Amount, BadValue, Money, Speed, StatedSpeed, Technology
from webapp.texts import SHORT, clean

HIGHEST_CENTS = 10**7
HIGHEST_MBPS = 1e6

_FLAGS = {"true": True, "yes": True, "y": True, "false": False, "no": False, "n": False}
_NEGATIVE = re.compile(r"[-\u2212]\s*\.?[0-9]")


def mapping(value: object) -> Mapping[str, object]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """The value if it is a list, else an empty one."""
    return list(value) if isinstance(value, list | tuple) else []


def texts(value: object, most: int) -> tuple[str, ...]:
    """The readable texts in a list, or a single text, cleaned; at most `most`."""
    found = items(value) if not isinstance(value, str) else [value]
    return tuple(text for item in found[:most] if (text := clean(item)))


def number(value: object) -> float | None:
    """A finite number, from a number only."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e18 < value < 1e18:
        return None
    return float(value)


def whole(value: object) -> int | None:
    """A whole number: an int, a float without a fraction, or a text of digits (all within ±10^15)."""
    if type(value) is int:
        return value if abs(value) <= 1e15 else None
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"-?[0-9]{1,15}", value.strip()) else None
    found = number(value)
    return int(found) if found is not None and found.is_integer() and abs(found) <= 1e15 else None


def flag(value: object) -> bool | None:
    """True or False, or a word that means it, in any case; None where nothing readable is said. No number is read."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    return _FLAGS.get(clean(value).lower())


def coordinate(value: object, limit: float) -> float | None:
    """A latitude (limit 90) or longitude (limit 180) in degrees, from a number or a text."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?", value.strip()):
        value = float(value)
    found = number(value)
    return found if found is not None and abs(found) <= limit else None


def is_empty(value: object) -> bool:
    """Whether a value says nothing: Hum writes what it does not know as null, "", [] or {}."""
    return value is None or value in ([], {}) or (isinstance(value, str) and not clean(value))


_DOLLARS = re.compile(r"(-)?\s*\$\s*(-)?\s*([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})\.([0-9]{2})")
"""Dollars and cents under a dollar sign, which no other reading of the number allows."""


def money(value: object) -> Amount:
    """`{amount_cents, currency}`, or a text like `$49.99`; None where nothing is stated.

    A missing currency is USD: Hum serves the United States only. A bare number is not readable, because nothing says
    whether it counts cents or dollars, and neither is a currency that is no code. Less than nothing or more than 10^7
    cents is impossible.
    """
    if isinstance(value, Mapping):
        amount, currency = value.get("amount_cents"), value.get("currency")
        if type(amount) is int and currency == "USD" and 0 <= amount <= HIGHEST_CENTS:
            # As nearly all are; what follows reads the odd ones.
            return Money(amount)
        others = dict(value)
        others.pop("currency", None)
        if all(map(is_empty, others.values())):
            return None
        cents = whole_of_any_size(amount)
    elif value is None or is_empty(value):
        return None
    else:
        amount, currency, cents = value, None, None
    if cents is None:
        cents = _cents_in(amount)
    code = _currency_code(currency)
    if cents is None or code is None:
        return BadValue.UNREADABLE
    if not 0 <= cents <= HIGHEST_CENTS:
        return BadValue.IMPOSSIBLE
    return Money(cents, code)


def whole_of_any_size(value: object) -> int | None:
    """Like `whole`, but numbers past ±10^15 as well: they are read before they are found impossible."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    if type(value) is int:
        return value
    return whole(value)


def _cents_in(value: object) -> int | None:
    found = _DOLLARS.fullmatch(clean(value))
    if found is None:
        return None
    cents = int(found[3].replace(",", "")) * 100 + int(found[4])
    if found[1] or found[2]:
        return -cents
    return cents


def _currency_code(value: object) -> str | None:
    if value is None:
        return "USD"
    code = clean(value).upper()
    if re.fullmatch(r"[A-Z]{3}", code):
        return code
    return None


_MONTHS = re.compile(r"([0-9]{1,9})\s*(?:months?|mos?\.?)?", re.IGNORECASE)


def months(value: object) -> int | BadValue | None:
    """How many months something lasts, from 12, "12" or "12 months"; 1 to 1,200 are possible."""
    if value is None or is_empty(value):
        return None
    count = whole(value)
    if count is None:
        found = _MONTHS.fullmatch(clean(value))
        if found:
            count = int(found[1])
    if count is None:
        return BadValue.UNREADABLE
    if not 0 < count <= 1200:
        return BadValue.IMPOSSIBLE
    return count


def data_limit(value: object) -> str | BadValue | None:
    """How much data a plan includes, in Hum's words or as a number without a unit."""
    if value is None or is_empty(value):
        return None
    figure = number(value)
    text = clean(value)
    if figure is not None:
        text = f"{figure:.15g}"
    if not text:
        return BadValue.UNREADABLE
    if _NEGATIVE.match(text):
        return BadValue.IMPOSSIBLE
    return text


_FAMILIES = (
    (Technology.SATELLITE, re.compile(r"satellite|non-terrestrial")),
    (Technology.CABLE, re.compile(r"cable|coax|hfc|docsis")),
    (Technology.FIXED_WIRELESS, re.compile(r"wireless|\bfwa\b|\bwisp\b|\b[45]g\b|\blte\b")),
    (Technology.FIBER, re.compile(r"fib(?:er|re)|\bft+[hpbnc]\b|optic")),
    (Technology.DSL, re.compile(r"dsl|copper")),
)
_CODES = {
    10: Technology.DSL,
    40: Technology.CABLE,
    50: Technology.FIBER,
    60: Technology.SATELLITE,
    61: Technology.SATELLITE,
    70: Technology.FIXED_WIRELESS,
    71: Technology.FIXED_WIRELESS,
    72: Technology.FIXED_WIRELESS,
}


def technology(*names: object, code: object = None) -> Technology:
    """The family of the first name that tells one, in any case; else that of the FCC's code; else `OTHER`."""
    for name in names:
        text = clean(name).lower()
        for family, pattern in _FAMILIES:
            if pattern.search(text):
                return family
    return _CODES.get(whole(code) or 0, Technology.OTHER)


_FIGURE = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[1-9](?: [0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]+)?"
"""Commas set off the thousands of a figure, or blanks after a single digit: `50 100` may be two figures."""
_UNIT = r"(?:giga|mega|kilo)bits?|gigs?|[gmk]bps|[gmk]b(?:it|its)?(?:/s)?|[gmk]"
_GENERATION = re.compile(r"(?<![\w.,])[2-6]g\b(?! *(?:bps|bit|/s))", re.IGNORECASE)
"""`5G` is how the line works, not how fast it is."""
_SPEED = re.compile(
    rf"(?<![\w.,-])(?P<low>{_FIGURE})\s*(?P<low_unit>(?:{_UNIT})\b)?"
    rf"(?:\s*(?:-|–|—|to|thru|through)\s*(?P<high>{_FIGURE})\s*(?P<high_unit>(?:{_UNIT})\b)?)?",
    re.IGNORECASE,
)
_TIMES = {"g": 1000.0, "m": 1.0, "k": 0.001}


_PAIR = re.compile(
    rf"(?<![\w.,-])(?P<down>{_FIGURE})\s*(?P<down_unit>(?:{_UNIT})\b)?"
    rf"\s*/\s*(?P<up>{_FIGURE})\s*(?P<up_unit>(?:{_UNIT})\b)?",
    re.IGNORECASE,
)


def speed(value: object, *, is_upload: bool = False) -> StatedSpeed:
    """A speed from a number (Mbps), a text ("300", "Up to 1 Gig", "1,000"), a range ("50-100") or the half of a pair
    ("100/20 Mbps") that is asked for; None when nothing is said.

    The text stays as Hum wrote it, also where it holds no number. Less than nothing or more than 1e6 Mbps is
    impossible.
    """
    if is_empty(value):
        return None
    plain = number(value)
    if plain is not None:
        return _within(f"{plain:.15g}", plain, plain)
    text = clean(value)
    is_past_reading = not text and whole_of_any_size(value) is not None
    if is_past_reading or _NEGATIVE.match(text):
        return BadValue.IMPOSSIBLE
    if not text:
        return BadValue.UNREADABLE
    return _speed_in(text, is_upload=is_upload)


def _speed_in(text: str, *, is_upload: bool) -> Speed | BadValue:
    pair = _PAIR.search(text)
    if pair is not None:
        half, other = ("up", "down") if is_upload else ("down", "up")
        mbps = _mbps(pair[half], pair[f"{half}_unit"] or pair[f"{other}_unit"])
        return _within(text, mbps, mbps)
    matches = list(_SPEED.finditer(_GENERATION.sub(" ", text)))
    match = next(
        (found for found in matches if found["low_unit"] or found["high_unit"]), matches[0] if matches else None
    )
    if match is None:
        return Speed(text)
    high_unit = match["high_unit"]
    low = _mbps(match["low"], match["low_unit"] or high_unit)
    high = _mbps(match["high"], high_unit or match["low_unit"]) if match["high"] else low
    return _within(text, min(low, high), max(low, high))


def _mbps(figure: str, unit: str | None) -> float:
    plain = float(figure.replace(",", "").replace(" ", ""))
    return plain * _TIMES[unit[0].lower()] if unit else plain


def _within(text: str, low: float, high: float) -> Speed | BadValue:
    if low >= 0 and high <= HIGHEST_MBPS:
        return Speed(text, low, high)
    return BadValue.IMPOSSIBLE


LONG, LONGEST_LINK = 2_000, 2_000

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_LINK = re.compile(
    rf"https?://(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9](?::[0-9]{{1,5}})?(?:[/?#][!#-;=?-Z_a-z~]*)?",
    re.IGNORECASE,
)
_NORTH_AMERICAN = re.compile(
    (
        r"(?:\+?1[ .-]*)?\(?([2-9][0-9]{2})\)?[ .-]*([2-9][0-9]{2})[ .-]*([0-9]{4})"
        r"(?:[ ,;]*(?:x|ext\.?|extension|#) *([0-9]{1,6}))?"
    ),
    re.IGNORECASE,
)
_TOLL_FREE_IN_LETTERS = re.compile(
    r"(?:\+?1[ .-]*)?\(?(8(?:00|33|44|55|66|77|88))\)?[ .-]*((?:[A-Z0-9][ .-]*){7})", re.IGNORECASE
)
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
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


class Telephone(NamedTuple):
    """A telephone number: `dialed` as `+18332981433`, None when it cannot be dialed, and `text` as people read it."""

    dialed: str | None
    text: str


def telephone(value: object) -> Telephone:
    """The number in a text or a JSON number.

    North American numbers read alike, `833-298-1433` or `833-298-1433 ext. 5`; an extension is not dialed. Everything
    else stays as Hum wrote it: toll-free numbers in letters (`1-800-GO-FIBER`), numbers abroad, words.
    """
    text = label(value)
    if found := _NORTH_AMERICAN.fullmatch(text):
        number = f"{found[1]}-{found[2]}-{found[3]}"
        if found[4]:
            return Telephone(f"+1{found[1]}{found[2]}{found[3]}", f"{number} ext. {found[4]}")
        return Telephone(f"+1{found[1]}{found[2]}{found[3]}", number)
    if found := _TOLL_FREE_IN_LETTERS.fullmatch(text):
        letters = re.sub(r"[ .-]", "", found[2]).upper()
        return Telephone(f"+1{found[1]}{letters.translate(_KEYPAD)}", text)
    compact = re.sub(r"[ ().-]", "", text)
    if _INTERNATIONAL.fullmatch(compact):
        return Telephone(compact, text)
    return Telephone(None, text)


@lru_cache(maxsize=1_000)
def humanized(key: str) -> str:
    """`extra_data_fee` as people read it: `Extra data fee`. Hum's keys repeat, so the answer is remembered."""
    words = clean(re.sub(r"[_-]+", " ", key[:400]))
    return words[:1].upper() + words[1:]


def provider_list(value: object) -> list[object] | None:
    """The list of providers in a value: the value itself, or what is under data, services or internet."""
    for _ in range(4):
        if isinstance(value, list):
            return value
        inner = mapping(value)
        value = next(
            (inner[key] for key in ("internet", "services", "data") if isinstance(inner.get(key), list | Mapping)), None
        )
    return None
