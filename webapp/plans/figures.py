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
    return dollars(money.cents) if money.currency == "USD" else f"{money.currency} {decimal(money.cents)}"


def dollars(cents: int) -> str:
    """US cents as `$1,049.99`; a reduction as `−$5.00` with a real minus sign, which screen readers say."""
    whole, part = divmod(abs(cents), 100)
    return f"{MINUS if cents < 0 else ''}${whole:,}.{part:02d}"


def decimal(cents: int) -> str:
    """Cents as a plain decimal number for machines: `1049.99`. Integer arithmetic only."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{part:02d}"


def usd_cents(money: Money | None) -> int | None:
    """The cents that may be added up or compared: US dollars, not negative. None for everything else."""
    return money.cents if money is not None and money.currency == "USD" and money.cents >= 0 else None


def speed_text(speed: Speed | None) -> str:
    """Hum's own words for a speed, with the unit added where they are only figures: `1,200 Mbps`, `50-100 Mbps`, `Up to
    1 Gig`.
    """
    if speed is None or not speed.text.strip():
        return NOT_STATED
    text = speed.text.strip()
    if speed.high_mbps is None or not _BARE_NUMBERS.fullmatch(text):
        return text
    return mbps_text(speed.high_mbps) if speed.low_mbps == speed.high_mbps else f"{text} Mbps"


def mbps_text(mbps: float | None) -> str:
    """A number of Mbps without needless decimals: `300 Mbps`, `1,200 Mbps`, `0.5 Mbps`."""
    return NOT_STATED if mbps is None else f"{mbps:,.1f}".removesuffix(".0") + " Mbps"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 provider`, `4 providers`; `many` only where adding an s is wrong."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
