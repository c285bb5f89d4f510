"""The rows of the list that people choose from: a provider with one of its plans, the others only where the row is
open, or each plan by itself. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from webapp.plans.chosen_plans import PlanRef, plan_refs
from webapp.plans.costs import cost
from webapp.plans.figures import top_mbps
from webapp.plans.model import Discount, Plan, Provider, internet_plans
from webapp.plans.price_over_time import PriceOverTime, other_discounts, price_over_time, price_rank
from webapp.plans.provider_figures import ProviderFigures
from webapp.plans.selection import SortOrder
from webapp.texts import folded

PLANS_IN_ROW = 8
"""Plans listed in a provider's row; the rest are one click away, so that sixty providers of sixty plans stay
readable.
"""
COST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """One plan as drawn: what it costs a month over time (None where no price is stated), the discounts that are not in
    that, and its cost over twelve months as text; `cost_is_partial` where Hum names an amount that is not in it.
    """

    ref: PlanRef
    plan: Plan
    price: PriceOverTime | None
    discounts: tuple[Discount, ...]
    year_text: str
    cost_is_partial: bool


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row. `id` is that of its heading, `number` the provider's place in Hum's order from 1. `offer` is the plan of
    the row, None where Hum lists none. In an open row `others` are further plans that pass the filters; `more` counts
    those that are not drawn.
    """

    id: str
    number: int
    provider: Provider
    figures: ProviderFigures
    offer: PlanOffer | None
    is_open: bool = False
    others: Sequence[PlanOffer] = ()
    more: int = 0

    @property
    def key(self) -> str:
        """What names it in a URL: the provider's number, or the key of the plan."""
        return self.id.partition("-")[2]


class PlanRows:
    """Makes the rows of one list; `providers` are all of them in Hum's order, `is_open` tells by a row's key whether it
    is open.
    """

    def __init__(self, providers: Sequence[Provider], is_open: Callable[[str], bool]) -> None:
        self._providers = providers
        self._is_open = is_open

    @cached_property
    def refs(self) -> tuple[PlanRef, ...]:
        """Every plan with the key that names it in a URL."""
        return plan_refs(self._providers)

    def number_of(self, provider: Provider) -> int:
        """The provider's place in Hum's order, from 1."""
        return self._numbers[id(provider)]

    def of_provider(self, figures: ProviderFigures, order: SortOrder, most_plans: int = PLANS_IN_ROW) -> ListRow:
        """A provider with the plan that gives it its place in this order. In an open row at most `most_plans` are drawn
        in all.
        """
        number = self.number_of(figures.provider)
        first = _first_plan(figures, order)
        offer = None
        if first is not None:
            offer = _offer(self._refs_by_plan[id(first)])
        row_id = f"provider-{number}"
        if not self._is_open(str(number)):
            more = len(figures.plans) - (first is not None)
            return ListRow(row_id, number, figures.provider, figures, offer, more=more)
        others = [self._refs_by_plan[id(plan)] for plan in figures.plans if plan is not first]
        others.sort(key=_cheapest_first)
        drawn = others[: most_plans - 1]
        more = len(others) - len(drawn)
        return ListRow(row_id, number, figures.provider, figures, offer, True, tuple(map(_offer, drawn)), more)

    def of_plans(self, shown: Sequence[ProviderFigures], order: SortOrder) -> dict[str, Callable[[], ListRow]]:
        """A row for each internet plan in this order, by its key, to be made when it is drawn."""
        found: list[tuple[PlanRef, ProviderFigures]] = []
        for figures in shown:
            for plan in internet_plans(figures.plans):
                found.append((self._refs_by_plan[id(plan)], figures))
        key = _PLAN_ORDERS.get(order)
        if key is not None:
            found.sort(key=lambda pair: key(pair[0]))
        return {ref.key: partial(self._plan_row, ref, figures) for ref, figures in found}

    def _plan_row(self, ref: PlanRef, figures: ProviderFigures) -> ListRow:
        number = self.number_of(figures.provider)
        is_open = self._is_open(ref.key)
        return ListRow(f"plan-{ref.key}", number, figures.provider, figures, _offer(ref), is_open)

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {id(provider): number for number, provider in enumerate(self._providers, 1)}

    @cached_property
    def _refs_by_plan(self) -> dict[int, PlanRef]:
        return {id(ref.plan): ref for ref in self.refs}


def _first_plan(figures: ProviderFigures, order: SortOrder) -> Plan | None:
    if order is SortOrder.SPEED:
        return max(internet_plans(figures.plans), key=_speed, default=None)
    return figures.cheapest_plan or next(iter(internet_plans(figures.plans)), None)


def _offer(ref: PlanRef) -> PlanOffer:
    year = cost(ref.plan, COST_MONTHS)
    price, discounts = price_over_time(ref.plan), other_discounts(ref.plan)
    return PlanOffer(ref, ref.plan, price, discounts, year.total_text, bool(year.total and year.unknowns))


def _cheapest_first(ref: PlanRef) -> tuple[float, ...]:
    """For sorting: those without a usable price come last."""
    rank = price_rank(ref.plan)
    return rank is None, *(rank or ())


def _fastest_first(ref: PlanRef) -> tuple[float, ...]:
    down, up = _speed(ref.plan)
    return -down, -up


def _by_name(ref: PlanRef) -> tuple[str, str]:
    return folded(ref.provider.name), folded(ref.plan.name)


def _speed(plan: Plan) -> tuple[float, float]:
    return top_mbps(plan.download) or 0.0, top_mbps(plan.upload) or 0.0


_PLAN_ORDERS: Mapping[SortOrder, Callable[[PlanRef], tuple[float, ...] | tuple[str, str]]] = {
    SortOrder.PRICE: _cheapest_first,
    SortOrder.SPEED: _fastest_first,
    SortOrder.NAME: _by_name,
}
