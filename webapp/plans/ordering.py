"""The orders a list of providers can have, and the sentence that says which one is used. Stable; what is not stated
comes last. Pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum

from webapp.plans.figures import plural
from webapp.plans.headlines import lines, lowest_price
from webapp.plans.model import Provider


class Order(StrEnum):
    """The orders a reader can choose; HUM is the order of Hum's answer."""

    HUM = "hum"
    PRICE = "price"
    SPEED = "speed"
    NAME = "name"


def ordered(providers: Iterable[Provider], order: Order) -> tuple[tuple[Provider, ...], str]:
    """The providers in this order, equal ones as Hum ordered them, and the order in words."""
    listed = list(providers)
    if order is Order.PRICE:
        known, unknown = _parted(listed, [_price(provider) for provider in listed])
        return (*known, *unknown), _said(
            "Sorted by the lowest price stated, cheapest first", "without a stated price", len(unknown)
        )
    if order is Order.SPEED:
        known, unknown = _parted(listed, [_slowness(provider) for provider in listed])
        return (*known, *unknown), _said(
            "Sorted by the highest download speed, fastest first", "without a stated speed", len(unknown)
        )
    if order is Order.NAME:
        return tuple(sorted(listed, key=_plain_name)), "Sorted by name, A to Z."
    return tuple(listed), "In the order of Hum's answer. Nobody has paid us for a place."


def _parted(
    providers: list[Provider], keys: Sequence[tuple[float, ...] | None]
) -> tuple[list[Provider], list[Provider]]:
    known = [(key, provider) for key, provider in zip(keys, providers, strict=True) if key is not None]
    known.sort(key=lambda pair: pair[0])
    return [provider for _, provider in known], [
        provider for key, provider in zip(keys, providers, strict=True) if key is None
    ]


def _price(provider: Provider) -> tuple[float, ...] | None:
    cents = lowest_price(provider)
    return None if cents is None else (cents,)


def _slowness(provider: Provider) -> tuple[float, ...] | None:
    down = [line.down_mbps for line in lines(provider) if line.down_mbps is not None]
    up = [line.up_mbps for line in lines(provider) if line.up_mbps is not None]
    return (-max(down), -max(up, default=0.0)) if down else None


def _plain_name(provider: Provider) -> str:
    letters = unicodedata.normalize("NFKD", provider.name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def _said(order: str, lacking: str, count: int) -> str:
    return f"{order}; {plural(count, 'provider')} {lacking} last." if count else f"{order}."
