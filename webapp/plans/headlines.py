"""A provider's headline figures: lowest stated prices and top speeds, each with where it was found. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.plans.figures import money_text, usd_cents
from webapp.plans.model import Money, Plan, Provider, Speed, Technology


@dataclass(frozen=True, slots=True)
class Line:
    """One way a provider's service reaches the address at given speeds: an offering, or a plan that names its
    speeds.
    """

    technology: Technology
    download: Speed | None
    upload: Speed | None

    @property
    def down_mbps(self) -> float | None:
        """The highest download figure in Mbps, None where there is none."""
        return self.download.high_mbps if self.download else None

    @property
    def up_mbps(self) -> float | None:
        """The highest upload figure in Mbps, None where there is none."""
        return self.upload.high_mbps if self.upload else None


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands at the top of a provider's card. The two prices come from different places and may disagree: both are
    shown.

    `lowest` is the smaller of the two in US cents, None when neither is stated: for sorting and filtering only.
    """

    hum_price: Money | None
    cheapest_plan: Plan | None
    lowest: int | None
    price_said: str
    download: Speed | None
    upload: Speed | None
    technologies: tuple[Technology, ...]


def headline(provider: Provider) -> Headline:
    """The headline of one provider; foreign currencies and negative amounts are shown in words, never compared."""
    cheapest = cheapest_plan(provider)
    seen = list(lines(provider))
    return Headline(
        hum_price=provider.min_price,
        cheapest_plan=cheapest,
        lowest=lowest_price(provider),
        price_said=_price_said(provider.min_price, cheapest),
        download=_top([line.download for line in seen]),
        upload=_top([line.upload for line in seen]),
        technologies=tuple(dict.fromkeys(line.technology for line in seen)),
    )


def lowest_price(provider: Provider) -> int | None:
    """The lowest stated price in US cents, from Hum's headline or a plan."""
    stated = (provider.min_price, *(plan.monthly_price for plan in provider.plans))
    return min((cents for money in stated if (cents := usd_cents(money)) is not None), default=None)


def lines(provider: Provider) -> Iterator[Line]:
    """Every offering, then every plan."""
    for offering in provider.offerings:
        yield Line(offering.technology, offering.download, offering.upload)
    for plan in provider.plans:
        yield Line(plan.technology, plan.download, plan.upload)


def cheapest_plan(provider: Provider) -> Plan | None:
    """The first plan with the lowest stated monthly price."""
    priced = [(cents, plan) for plan in provider.plans if (cents := usd_cents(plan.monthly_price)) is not None]
    return min(priced, key=lambda pair: pair[0])[1] if priced else None


def _price_said(hum: Money | None, plan: Plan | None) -> str:
    cheapest = plan.monthly_price if plan else None
    if hum is None and cheapest is None:
        return "Price not stated: ask the provider"
    if hum is None:
        return f"From {money_text(cheapest)} a month, the lowest price among its plans"
    if cheapest is None or cheapest == hum:
        return f"From {money_text(hum)} a month"
    return (
        f"From {money_text(hum)} a month by Hum's headline; the lowest price among its plans is {money_text(cheapest)}"
    )


def _top(speeds: list[Speed | None]) -> Speed | None:
    stated = [speed for speed in speeds if speed]
    return max(stated, key=lambda speed: speed.high_mbps if speed.high_mbps is not None else -1.0, default=None)
