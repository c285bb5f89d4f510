"""The plans that people ask for first: the cheapest, the fastest, and the cheapest above 100 Mbps. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from webapp.plans.figures import speed_text, top_mbps
from webapp.plans.model import Plan, Provider, internet_plans
from webapp.plans.price_over_time import price_in_sentence, price_rank
from webapp.plans.provider_figures import ProviderFigures

EVERYDAY_MBPS = 100.0


@dataclass(frozen=True, slots=True)
class BestPlan:
    """One of the answers. `title` is `Cheapest`, `Fastest` or `Cheapest above 100 Mbps`; `by_price` that it was chosen
    by the price of the first twelve months.
    """

    title: str
    provider: Provider
    plan: Plan
    by_price: bool = True

    @property
    def sentence(self) -> str:
        """`Cheapest, first 12 months: $29.99 a month, WOW! Internet 100, 100 Mbps down, 10 Mbps up`."""
        plan = self.plan
        title = self.title
        if self.by_price:
            title = f"{title}, first 12 months"
        speeds = f"{speed_text(plan.download)} down, {speed_text(plan.upload)} up"
        return f"{title}: {price_in_sentence(plan)}, {self.provider.name} {plan.name}, {speeds}"


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A plan with what it is judged by: its rank by price and Mbps, None where nothing usable is stated."""

    provider: Provider
    plan: Plan
    price: tuple[int, int] | None
    down: float | None
    up: float

    def as_best(self, title: str, *, by_price: bool = True) -> BestPlan:
        return BestPlan(title, self.provider, self.plan, by_price)


def best_plans(listed: Iterable[ProviderFigures]) -> tuple[BestPlan, ...]:
    """The answers over all internet plans of these providers, in the order in which people ask. One is left out where
    no plan states the figure it takes. Of plans of one price in the first year it is the one with the lowest price
    after it, then the first, as in a list by price; of plans of one speed the cheapest.
    """
    candidates = _candidates(listed)
    found = []
    cheapest = _cheapest(candidates)
    if cheapest is not None:
        found.append(cheapest.as_best("Cheapest"))
    fastest = _fastest(candidates)
    if fastest is not None:
        found.append(fastest.as_best("Fastest", by_price=False))
    everyday = _cheapest([each for each in candidates if each.down is not None and each.down > EVERYDAY_MBPS])
    if everyday is not None:
        found.append(everyday.as_best(f"Cheapest above {EVERYDAY_MBPS:.0f} Mbps"))
    return tuple(found)


def _candidates(listed: Iterable[ProviderFigures]) -> list[_Candidate]:
    candidates = []
    for figures in listed:
        for plan in internet_plans(figures.plans):
            down, up = top_mbps(plan.download), top_mbps(plan.upload) or 0.0
            candidates.append(_Candidate(figures.provider, plan, price_rank(plan), down, up))
    return candidates


def _cheapest(candidates: Sequence[_Candidate]) -> _Candidate | None:
    priced = []
    for each in candidates:
        if each.price is not None:
            priced.append((each.price, each))
    return _first(priced)


def _fastest(candidates: Sequence[_Candidate]) -> _Candidate | None:
    fast = []
    for each in candidates:
        if each.down is not None:
            unpriced = each.price is None
            fast.append(((-each.down, -each.up, unpriced, *(each.price or ())), each))
    return _first(fast)


def _first(ranked: Sequence[tuple[tuple[float, ...], _Candidate]]) -> _Candidate | None:
    if not ranked:
        return None
    return min(ranked, key=itemgetter(0))[1]
