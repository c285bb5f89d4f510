"""Money and speeds as people read them: one wording for page, print and export. Pure."""

from __future__ import annotations

import re

from webapp.plans.model import Money, Speed

NOT_STATED = "not stated"
MINUS = "\u2212"

_BARE_NUMBERS = re.compile(r"[0-9][0-9.,]*(?:\s*[-\u2013]\s*[0-9][0-9.,]*)?")


def money_text(money: Money | None) -> str:
    """`$1,049.99`, `CAD 49.99` for another currency, `not stated` for None. Zero stays `$0.00`: it is a figure, not a
    gap.
    """
    if money is None:
        return NOT_STATED
    if money.currency == "USD":
        return dollars(money.cents)
    return f"{money.currency} {decimal(money.cents)}"


def dollars(cents: int) -> str:
    """US cents as `$1,049.99`; a reduction as `−$5.00` with a real minus sign, which screen readers say."""
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


def usd_cents(money: Money | None) -> int | None:
    """The cents that may be added up or compared: US dollars, not negative. None for everything else."""
    if money is None or money.currency != "USD" or money.cents < 0:
        return None
    return money.cents


def speed_text(speed: Speed | None) -> str:
    """Hum's own words for a speed, with the unit added where they are only figures: `1,200 Mbps`, `50-100 Mbps`, `Up to
    1 Gig`.
    """
    if speed is None or not speed.text.strip():
        return NOT_STATED
    text = speed.text.strip()
    if speed.high_mbps is None or not _BARE_NUMBERS.fullmatch(text):
        return text
    if speed.low_mbps == speed.high_mbps:
        return mbps_text(speed.high_mbps)
    return f"{text} Mbps"


def top_mbps(speed: Speed | None) -> float | None:
    """The highest figure of a speed in Mbps; None where there is no speed, or no number in it."""
    if speed is None:
        return None
    return speed.high_mbps


def mbps_text(mbps: float | None) -> str:
    """A number of Mbps without needless decimals: `300 Mbps`, `1,200 Mbps`, `0.5 Mbps`."""
    if mbps is None:
        return NOT_STATED
    return f"{mbps:,.1f}".removesuffix(".0") + " Mbps"


def speeds_text(download: Speed | None, upload: Speed | None) -> str:
    """Both speeds of a plan, down and up: `300 / 20 Mbps`, `Up to 1 Gig / not stated`, `not stated`."""
    down, up = speed_text(download), speed_text(upload)
    if down == up == NOT_STATED:
        return NOT_STATED
    if up.endswith(" Mbps"):
        down = down.removesuffix(" Mbps")
    return f"{down} / {up}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 provider`, `4 providers`; `many` only where adding an s is wrong."""
    if count == 1:
        return f"1 {one}"
    return f"{count:,} {many or one + 's'}"
