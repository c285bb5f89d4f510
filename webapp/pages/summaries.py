"""The answer to "who serves me, how fast, what does it cost" in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.plans.figures import dollars, mbps_text, plural
from webapp.plans.headlines import lines, lowest_price
from webapp.plans.model import Provider

NAMED = 2


def answer(providers: Sequence[Provider]) -> str:
    """`6 providers. Fastest: 5,000 Mbps down from AT&T and Frontier. Lowest stated price: $29.99 a month from WOW!.`"""
    speeds = {
        provider.name: max((line.down_mbps or 0 for line in lines(provider)), default=0) for provider in providers
    }
    prices = {provider.name: price for provider in providers if (price := lowest_price(provider)) is not None}
    said = [plural(len(providers), "provider") + "."]
    if top := max(speeds.values(), default=0):
        said.append(f"Fastest: {mbps_text(top)} down from {_names(speeds, top)}.")
    if prices:
        low = min(prices.values())
        said.append(f"Lowest stated price: {dollars(low)} a month from {_names(prices, low)}.")
    else:
        said.append("No prices are stated.")
    return " ".join(said)


def _names(figures: dict[str, float] | dict[str, int], value: float) -> str:
    names = [name for name, figure in figures.items() if figure == value]
    if len(names) <= NAMED:
        return " and ".join(names)
    return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
