"""Money and speeds as people read them: one wording for page, print and export. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from webapp.plans.model import Amount, BadValue, Money, Speed, StatedSpeed

NOT_STATED = "not stated"
_BAD_VALUE_TEXTS = {
    BadValue.UNREADABLE: "stated in a form we cannot read",
    BadValue.IMPOSSIBLE: "not usable",
}
MINUS = "\u2212"

_BARE_NUMBERS = re.compile(r"[0-9][0-9.,]*(?:\s*[-\u2013]\s*[0-9][0-9.,]*)?")


def bad_value_text(value: BadValue | None) -> str:
    """Why there is no figure, in words."""
    if value is None:
        return NOT_STATED
    return _BAD_VALUE_TEXTS[value]


def stated_as(value: object) -> str:
    """What became of a value, as a key for programs: `stated`, `not stated`, `unreadable`, `not usable`."""
    if value is None:
        return "not stated"
    if value is BadValue.IMPOSSIBLE:
        return "not usable"
    if value is BadValue.UNREADABLE or (isinstance(value, Speed) and value.high_mbps is None):
        return "unreadable"
    return "stated"


def money_text(money: Amount) -> str:
    """`$1,049.99`, `CAD 49.99` for another currency, `not stated` for None. Zero stays `$0.00`: it is a figure, not a
    gap.
    """
    if not isinstance(money, Money):
        return bad_value_text(money)
    if money.currency == "USD":
        return dollars(money.cents)
    return f"{money.currency} {decimal(money.cents)}"


@lru_cache(maxsize=4_000)
def dollars(cents: int) -> str:
    """US cents as `$1,049.99`; a reduction as `−$5.00` with a real minus sign, which screen readers say. Remembered,
    because a list says each of its amounts several times.
    """
    whole, part = divmod(abs(cents), 100)
    amount = f"${whole:,}.{part:02d}"
    if cents < 0:
        return f"{MINUS}{amount}"
    return amount


def decimal(cents: int) -> str:
    """Cents as a plain decimal number for machines: `1049.99`. Integer arithmetic only."""
    whole, part = divmod(abs(cents), 100)
    amount = f"{whole}.{part:02d}"
    if cents < 0:
        return f"-{amount}"
    return amount


def usd_cents(money: Amount) -> int | None:
    """The cents that may be added up or compared: US dollars, not negative. None for everything else."""
    if not isinstance(money, Money) or money.currency != "USD" or money.cents < 0:
        return None
    return money.cents


def months_text(months: int | BadValue | None) -> str:
    """`12 months`, or why there is no number."""
    if isinstance(months, int):
        return plural(months, "month")
    return bad_value_text(months)


def data_text(limit: str | BadValue | None) -> str:
    """Hum's own words for a data limit; a bare number is not made into gigabytes."""
    if not isinstance(limit, str):
        return bad_value_text(limit)
    if _BARE_NUMBERS.fullmatch(limit):
        return f"{limit} (unit {NOT_STATED})"
    return limit


def speed_text(speed: StatedSpeed) -> str:
    """Hum's own words for a speed, with the unit added where they are only figures: `1,200 Mbps`, `50-100 Mbps`, `Up to
    1 Gig`, `Varies`.
    """
    if not isinstance(speed, Speed):
        return bad_value_text(speed)
    text = speed.text.strip()
    if not text:
        return NOT_STATED
    if speed.high_mbps is None or not _BARE_NUMBERS.fullmatch(text):
        return text
    if speed.low_mbps == speed.high_mbps:
        return mbps_text(speed.high_mbps)
    return f"{text} Mbps"


def up_to_text(speed: StatedSpeed) -> str:
    """A speed as a limit: `up to 300 Mbps`, once also where Hum says so itself; words without a number as they are."""
    text = speed_text(speed)
    if top_mbps(speed) is None:
        return text
    return "up to " + re.sub(r"^(?:up +to +)+", "", text, flags=re.IGNORECASE)


def top_mbps(speed: StatedSpeed) -> float | None:
    """The highest figure of a speed in Mbps; None where there is no speed, or no number in it."""
    if not isinstance(speed, Speed):
        return None
    return speed.high_mbps


@lru_cache(maxsize=1_000)
def mbps_text(mbps: float | None) -> str:
    """A number of Mbps without needless decimals: `300 Mbps`, `1,200 Mbps`, `0.5 Mbps`."""
    if mbps is None:
        return NOT_STATED
    return f"{mbps:,.1f}".removesuffix(".0") + " Mbps"


def speeds_text(download: StatedSpeed, upload: StatedSpeed) -> str:
    """Both speeds of a plan, down and up: `300 / 20 Mbps`, `Up to 1 Gig / not stated`, `not stated`."""
    down, up = speed_text(download), speed_text(upload)
    if down == up and download is upload:
        return down
    if up.endswith(" Mbps"):
        down = down.removesuffix(" Mbps")
    return f"{down} / {up}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 provider`, `4 providers`; `many` only where adding an s is wrong."""
    if count == 1:
        return f"1 {one}"
    return f"{count:,} {many or one + 's'}"
