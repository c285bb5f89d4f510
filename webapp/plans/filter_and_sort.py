"""The list of providers that a page shows: which pass the filters, and in which order, with sentences for both. Pure.

Filters look at one plan at a time: what is shown passes all of them by itself.

The order is stable; a provider without the figure that sorts the list comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

from webapp.plans.figures import plural, top_mbps, usd_cents
from webapp.plans.model import Offering, Plan, internet_plans
from webapp.plans.price_over_time import RANKED_MONTHS, first_year_cents
from webapp.plans.provider_figures import ProviderFigures, figures_of
from webapp.plans.selection import Selection, SortOrder
from webapp.texts import folded

_SortKey = tuple[float, ...]
_Line = TypeVar("_Line", Offering, Plan)


@dataclass(frozen=True, slots=True)
class FilteredList:
    """What is shown, in order. Of the `hidden` providers, `hidden_unknown` are hidden only because Hum states no
    usable figure that a filter needs.
    """

    shown: tuple[ProviderFigures, ...]
    hidden: int
    hidden_unknown: int
    order_text: str
    hidden_text: str


def filter_and_sort(selection: Selection, listed: Sequence[ProviderFigures]) -> FilteredList:
    """The providers of which a plan or an offering passes every filter, each with those of its plans that do, in the
    chosen order. Stable: equal ones keep Hum's order.
    """
    kept: list[ProviderFigures] = []
    unknown = 0
    for figures in listed:
        verdict, part = _filtered(selection, figures)
        if verdict:
            kept.append(part)
        elif verdict is None:
            unknown += 1
    hidden = len(listed) - len(kept)
    shown, order_text = _ordered(kept, selection.order)
    return FilteredList(shown, hidden, unknown, order_text, _hidden_text(hidden, unknown))


def _hidden_text(hidden: int, unknown: int) -> str:
    if not hidden:
        return ""
    text = f"{plural(hidden, 'provider')} hidden by the filters"
    if unknown:
        text += f", {unknown} of them because the figure asked for is not known"
    return text + "."


# Filters


def _filtered(selection: Selection, figures: ProviderFigures) -> tuple[bool | None, ProviderFigures]:
    """True with the part that passes. False: ruled out by what Hum states. None: no filter rules it out, but one needs
    a figure that is not known.
    """
    provider = figures.provider
    if selection.has_plans and not provider.plans:
        return False, figures
    if not selection.limits_plans:
        return True, figures
    plans: list[tuple[Plan, bool | None]] = []
    for plan in internet_plans(provider.plans):
        plans.append((plan, _verdict(selection, plan, first_year_cents(plan))))
    offerings: list[tuple[Offering, bool | None]] = []
    # Where there are plans, a price belongs to one of them, and an offering has none of its own.
    if not plans or selection.max_price is None:
        headline_cents = usd_cents(provider.min_price)
        year_cents = None if headline_cents is None else headline_cents * RANKED_MONTHS
        for offering in provider.offerings:
            offerings.append((offering, _verdict(selection, offering, year_cents)))
    headline = None if plans else provider.min_price
    part = figures_of(provider, _passing(offerings), tuple(_passing(plans)), headline)
    verdicts = {verdict for _, verdict in (*plans, *offerings)}
    if True in verdicts:
        return True, part
    if None in verdicts or not verdicts:
        return None, part
    return False, part


def _passing(judged: Iterable[tuple[_Line, bool | None]]) -> list[_Line]:
    return [line for line, verdict in judged if verdict]


def _verdict(selection: Selection, line: Offering | Plan, year_cents: int | None) -> bool | None:
    if selection.technologies and line.technology not in selection.technologies:
        return False
    fast = _both(
        _reaches(top_mbps(line.download), selection.min_down), _reaches(top_mbps(line.upload), selection.min_up)
    )
    return _both(fast, _cheap_enough(selection.max_price, year_cents))


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    if first is None or second is None:
        return None
    return True


def _cheap_enough(limit: int | None, year_cents: int | None) -> bool | None:
    """Whether a month of the first year costs at most `limit`, on average."""
    if limit is None:
        return True
    if year_cents is None:
        return None
    return year_cents <= limit * RANKED_MONTHS


def _reaches(mbps: float | None, limit: float | None) -> bool | None:
    if limit is None:
        return True
    if mbps is None:
        return None
    return mbps >= limit


# Order


def _ordered(kept: list[ProviderFigures], order: SortOrder) -> tuple[tuple[ProviderFigures, ...], str]:
    """The providers in this order, and the order in a sentence."""
    if order is SortOrder.PRICE:
        text = "Sorted by price in the first 12 months, without fees, lowest first"
        return _sorted_by(_cheapest_first, kept, text, "without a price in US dollars")
    if order is SortOrder.SPEED:
        text = "Sorted by the highest download speed, fastest first"
        return _sorted_by(_fastest_first, kept, text, "without a known speed")
    if order is SortOrder.NAME:
        return tuple(sorted(kept, key=_plain_name)), "Sorted by name, A to Z."
    return tuple(kept), "In Hum's order. No provider paid for placement."


def _sorted_by(
    key: Callable[[ProviderFigures], _SortKey | None], kept: list[ProviderFigures], text: str, lacking: str
) -> tuple[tuple[ProviderFigures, ...], str]:
    known: list[tuple[_SortKey, ProviderFigures]] = []
    unknown: list[ProviderFigures] = []
    for figures in kept:
        place = key(figures)
        if place is None:
            unknown.append(figures)
        else:
            known.append((place, figures))
    known.sort(key=itemgetter(0))
    if unknown:
        text += f"; {plural(len(unknown), 'provider')} {lacking} last"
    return (*map(itemgetter(1), known), *unknown), text + "."


def _cheapest_first(figures: ProviderFigures) -> _SortKey | None:
    return figures.price_rank


def _fastest_first(figures: ProviderFigures) -> _SortKey | None:
    if figures.down_mbps is None:
        return None
    return (-figures.down_mbps, -(figures.up_mbps or 0.0))


def _plain_name(figures: ProviderFigures) -> str:
    return folded(figures.provider.name)
