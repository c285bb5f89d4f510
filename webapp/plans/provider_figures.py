"""The figures of a provider, worked out once for a page: its from-price, cheapest plan, top speeds and technologies.

Filters, order, charts and exports all take them from here. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from webapp.plans.figures import mbps_text, money_text, plural, top_mbps, usd_cents
from webapp.plans.model import (
    Amount,
    Money,
    Offering,
    Plan,
    Provider,
    StatedSpeed,
    Technology,
    internet_plans,
    technology_name,
)
from webapp.plans.price_over_time import RANKED_MONTHS, first_year_cents, monthly_price_text, price_rank

MOST_NAMES = 2
"""Providers named for one figure of the summary; the others are counted."""


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One way a provider's service reaches the address at given speeds: an offering, or a plan that names its
    speeds.
    """

    technology: Technology
    technology_text: str
    download: StatedSpeed
    upload: StatedSpeed

    @property
    def technology_name(self) -> str:
        """The word people read."""
        return technology_name(self.technology, self.technology_text)

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
    """One provider with the figures of its row, made of its internet plans.

    `plans` are those that are shown: all of them, or those that pass the filters. `price` is that of the
    `cheapest_plan`; where no plan states one it is Hum's headline price, and None when nothing is stated. `offerings`
    are each different one once; `lines` are the offerings, then the plans; `fastest` is the fastest of them for each
    technology, the fastest first.
    """

    provider: Provider
    plans: tuple[Plan, ...]
    price: Amount
    cheapest_plan: Plan | None
    offerings: tuple[ServiceLine, ...]
    lines: tuple[ServiceLine, ...]
    fastest: tuple[ServiceLine, ...]

    @property
    def price_rank(self) -> tuple[int, int] | None:
        """By which providers are sorted: the rank of the cheapest plan, or that of a headline price that stays."""
        if self.cheapest_plan is not None:
            return price_rank(self.cheapest_plan)
        cents = usd_cents(self.price)
        if cents is None:
            return None
        return cents * RANKED_MONTHS, cents

    @property
    def price_text(self) -> str:
        """The price as a sentence."""
        if isinstance(self.price, Money):
            return f"From {self.monthly_text}"
        return f"Price {money_text(self.price)}: ask the provider"

    @property
    def monthly_text(self) -> str:
        """The stated price, first and later: `$20.00 for 12 mo, then $35.00`, `$29.99 a month`."""
        if self.cheapest_plan is not None:
            return monthly_price_text(self.cheapest_plan)
        return f"{money_text(self.price)} a month"

    @property
    def download(self) -> StatedSpeed:
        """The download speed of the fastest line."""
        return self.fastest[0].download if self.fastest else None

    @property
    def upload(self) -> StatedSpeed:
        """The upload speed of that same line: one that nothing offers together with the download is no answer."""
        return self.fastest[0].upload if self.fastest else None

    @property
    def down_mbps(self) -> float | None:
        """The highest download figure in Mbps, None where there is none."""
        return top_mbps(self.download)

    @property
    def up_mbps(self) -> float | None:
        """The upload figure of the same line in Mbps, None where there is none."""
        return top_mbps(self.upload)

    @property
    def technologies(self) -> tuple[Technology, ...]:
        """Each technology once, in the order of the lines."""
        return tuple(dict.fromkeys(line.technology for line in self.lines))


def provider_figures(provider: Provider) -> ProviderFigures:
    """The figures of one provider; foreign currencies and negative amounts are shown as text, never compared."""
    return figures_of(provider, provider.offerings, provider.plans, provider.min_price)


def figures_of(
    provider: Provider, offerings: Sequence[Offering], plans: tuple[Plan, ...], headline: Amount
) -> ProviderFigures:
    """The figures of a part of what a provider offers; `headline` is the price where none of these plans states one."""
    counted = internet_plans(plans)
    cheapest = cheapest_plan(counted)
    offered = _service_lines(offerings)
    lines = (*offered, *_service_lines(counted))
    return ProviderFigures(
        provider=provider,
        plans=plans,
        price=_price(cheapest, counted, headline),
        cheapest_plan=cheapest,
        offerings=tuple(dict.fromkeys(offered)),
        lines=lines,
        fastest=_fastest(lines),
    )


def lowest_price(provider: Provider) -> int | None:
    """What a month of the first year costs on average at the least, in US cents; of a provider without a priced plan
    Hum's headline price.
    """
    cheapest = cheapest_plan(internet_plans(provider.plans))
    if cheapest is None:
        return usd_cents(provider.min_price)
    year = first_year_cents(cheapest)
    if year is None:
        return None
    return round(year / RANKED_MONTHS)


def _price(cheapest: Plan | None, plans: Sequence[Plan], headline: Amount) -> Amount:
    """The lowest price of the plans in US dollars, else the headline; without either the lowest in the currency that is
    named first, for currencies are not compared; else why there is none.
    """
    if cheapest is not None:
        return cheapest.monthly_price
    if usd_cents(headline) is not None:
        return headline
    lowest: Amount = None
    for amount in (*map(attrgetter("monthly_price"), plans), headline):
        if lowest is None or (isinstance(amount, Money) and not isinstance(lowest, Money)):
            lowest = amount
        elif isinstance(amount, Money) and isinstance(lowest, Money) and amount.currency == lowest.currency:
            lowest = min(lowest, amount, key=attrgetter("cents"))
    return lowest


def cheapest_plan(plans: Iterable[Plan]) -> Plan | None:
    """The first of the plans that cost the least; see `price_rank`."""
    cheapest, lowest = None, None
    for plan in plans:
        rank = price_rank(plan)
        if rank is not None and (lowest is None or rank < lowest):
            cheapest, lowest = plan, rank
    return cheapest


def summary(listed: Sequence[ProviderFigures]) -> str:
    """`6 providers. Fastest: 5,000 Mbps down from AT&T and Frontier. Lowest stated price in the first 12
    months: $29.99 a month from WOW!.`
    """
    sentences = [plural(len(listed), "provider") + "."]
    fastest = max((figures.down_mbps or 0.0 for figures in listed), default=0.0)
    if fastest:
        names = _names(figures for figures in listed if figures.down_mbps == fastest)
        sentences.append(f"Fastest: {mbps_text(fastest)} down from {names}.")
    priced = [figures for figures in listed if figures.price_rank is not None]
    if not priced:
        sentences.append(_no_lowest_price(listed))
    else:
        price = min(priced, key=attrgetter("price_rank")).monthly_text
        names = _names(figures for figures in priced if figures.monthly_text == price)
        kind = "stated price"
        if _has_other_currency(listed):
            kind = "price stated in US dollars"
        sentences.append(f"Lowest {kind} in the first 12 months: {price} from {names}.")
    return " ".join(sentences)


def _no_lowest_price(listed: Sequence[ProviderFigures]) -> str:
    if all(figures.price is None for figures in listed):
        return "No prices are stated."
    return "No price is stated that we can read in US dollars."


def _has_other_currency(listed: Sequence[ProviderFigures]) -> bool:
    for figures in listed:
        for amount in (figures.price, *map(attrgetter("monthly_price"), figures.plans)):
            if isinstance(amount, Money) and amount.currency != "USD":
                return True
    return False


def _names(listed: Iterable[ProviderFigures]) -> str:
    """The names, each once: two providers may have the same."""
    names = list(dict.fromkeys(figures.provider.name for figures in listed))
    if len(names) <= MOST_NAMES:
        return " and ".join(names)
    return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} more"


def _service_lines(sources: Iterable[Offering | Plan]) -> tuple[ServiceLine, ...]:
    lines = []
    for source in sources:
        lines.append(ServiceLine(source.technology, source.technology_text, source.download, source.upload))
    return tuple(lines)


def _fastest(lines: Iterable[ServiceLine]) -> tuple[ServiceLine, ...]:
    """The fastest line of each technology, the fastest first; of equals the one that Hum names first."""
    by_technology: dict[str, ServiceLine] = {}
    for line in sorted(lines, key=_rank, reverse=True):
        by_technology.setdefault(line.technology_name, line)
    return tuple(by_technology.values())


def _rank(line: ServiceLine) -> tuple[float, float]:
    return _figure(line.download), _figure(line.upload)


def _figure(speed: StatedSpeed) -> float:
    """For comparing: a speed without a figure comes after all others, and one that is not stated after that."""
    if speed is None:
        return -2.0
    mbps = top_mbps(speed)
    return -1.0 if mbps is None else mbps
