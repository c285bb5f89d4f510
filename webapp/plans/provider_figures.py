"""The figures of a provider, worked out once for a page: its from-price, cheapest plan, top speeds and technologies.

Filters, order, charts and exports all take them from here. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.plans.figures import dollars, mbps_text, money_text, plural, top_mbps, usd_cents
from webapp.plans.model import Money, Offering, Plan, Provider, Speed, Technology

MOST_NAMES = 2
"""Providers named for one figure of the summary; the others are counted."""


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One way a provider's service reaches the address at given speeds: an offering, or a plan that names its
    speeds.
    """

    technology: Technology
    download: Speed | None
    upload: Speed | None

    @property
    def down_mbps(self) -> float | None:
        """The highest download figure in Mbps, None where there is none."""
        return top_mbps(self.download)

    @property
    def up_mbps(self) -> float | None:
        """The highest upload figure in Mbps, None where there is none."""
        return top_mbps(self.upload)


@dataclass(frozen=True, slots=True)
class ProviderFigures:
    """One provider with the figures of its card.

    `lowest_price` is the from-price in US cents by which providers are sorted and filtered, None when none is stated.
    `price_text` is that price as a sentence with its source: where Hum's headline price and the cheapest plan disagree,
    it gives both.
    `lines` are every offering, then every plan; `download` and `upload` the fastest among them.
    """

    provider: Provider
    lowest_price: int | None
    cheapest_plan: Plan | None
    price_text: str
    lines: tuple[ServiceLine, ...]
    download: Speed | None
    upload: Speed | None

    @property
    def down_mbps(self) -> float | None:
        """The highest download figure in Mbps, None where there is none."""
        return top_mbps(self.download)

    @property
    def up_mbps(self) -> float | None:
        """The highest upload figure in Mbps, None where there is none."""
        return top_mbps(self.upload)

    @property
    def technologies(self) -> tuple[Technology, ...]:
        """Each technology once, in the order of the lines."""
        return tuple(dict.fromkeys(line.technology for line in self.lines))


def provider_figures(provider: Provider) -> ProviderFigures:
    """The figures of one provider; foreign currencies and negative amounts are shown as text, never compared."""
    cheapest = cheapest_plan(provider)
    lines = _service_lines(provider)
    return ProviderFigures(
        provider=provider,
        lowest_price=lowest_price(provider),
        cheapest_plan=cheapest,
        price_text=_price_text(provider.min_price, cheapest),
        lines=lines,
        download=_fastest([line.download for line in lines]),
        upload=_fastest([line.upload for line in lines]),
    )


def lowest_price(provider: Provider) -> int | None:
    """The from-price: the lowest price in US cents that Hum's headline or a plan states, None when there is none."""
    lowest = usd_cents(provider.min_price)
    for plan in provider.internet_plans:
        cents = usd_cents(plan.monthly_price)
        if cents is not None and (lowest is None or cents < lowest):
            lowest = cents
    return lowest


def cheapest_plan(provider: Provider) -> Plan | None:
    """The first plan with the lowest stated monthly price."""
    cheapest, lowest = None, None
    for plan in provider.internet_plans:
        cents = usd_cents(plan.monthly_price)
        if cents is not None and (lowest is None or cents < lowest):
            cheapest, lowest = plan, cents
    return cheapest


def summary(listed: Sequence[ProviderFigures]) -> str:
    """`6 providers. Fastest: 5,000 Mbps down from AT&T and Frontier. Lowest stated price: $29.99 a month from WOW!.`"""
    sentences = [plural(len(listed), "provider") + "."]
    fastest = max((figures.down_mbps or 0.0 for figures in listed), default=0.0)
    if fastest:
        names = _names(figures for figures in listed if figures.down_mbps == fastest)
        sentences.append(f"Fastest: {mbps_text(fastest)} down from {names}.")
    lowest = min((figures.lowest_price for figures in listed if figures.lowest_price is not None), default=None)
    if lowest is None:
        sentences.append("No prices are stated.")
    else:
        names = _names(figures for figures in listed if figures.lowest_price == lowest)
        sentences.append(f"Lowest stated price: {dollars(lowest)} a month from {names}.")
    return " ".join(sentences)


def _names(listed: Iterable[ProviderFigures]) -> str:
    """The names, each once: two providers may have the same."""
    names = list(dict.fromkeys(figures.provider.name for figures in listed))
    if len(names) <= MOST_NAMES:
        return " and ".join(names)
    return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} more"


def _service_lines(provider: Provider) -> tuple[ServiceLine, ...]:
    sources: tuple[Offering | Plan, ...] = (*provider.offerings, *provider.internet_plans)
    lines = []
    for source in sources:
        lines.append(ServiceLine(source.technology, source.download, source.upload))
    return tuple(lines)


def _fastest(speeds: Sequence[Speed | None]) -> Speed | None:
    """The first speed with the highest figure; where none has a figure, the first that is stated at all."""
    fastest: Speed | None = None
    for speed in speeds:
        if speed is not None and (fastest is None or _figure(speed) > _figure(fastest)):
            fastest = speed
    return fastest


def _figure(speed: Speed) -> float:
    if speed.high_mbps is None:
        return -1.0
    return speed.high_mbps


def _price_text(hum: Money | None, plan: Plan | None) -> str:
    cheapest = None
    if plan is not None:
        cheapest = plan.monthly_price
    if hum is None and cheapest is None:
        return "Price not stated: ask the provider"
    if hum is None:
        return f"From {money_text(cheapest)} a month, the lowest price among its plans"
    if cheapest is None or cheapest == hum:
        return f"From {money_text(hum)} a month"
    return (
        f"From {money_text(hum)} a month by Hum's headline; the lowest price among its plans is {money_text(cheapest)}"
    )
