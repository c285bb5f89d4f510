"""The list of providers that a page shows: which pass the filters, and in which order, with sentences for both. Pure.

The order is stable; a provider without the figure that sorts the list comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from webapp.plans.figures import plural
from webapp.plans.provider_figures import ProviderFigures, ServiceLine
from webapp.plans.selection import Selection, SortOrder
from webapp.texts import folded

_SortKey = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FilteredList:
    """What is shown, in order. Of the `hidden` providers, `hidden_unknown` are hidden only because Hum does not state a
    figure that a filter needs.
    """

    shown: tuple[ProviderFigures, ...]
    hidden: int
    hidden_unknown: int
    order_text: str
    hidden_text: str


def filter_and_sort(selection: Selection, listed: Sequence[ProviderFigures]) -> FilteredList:
    """The providers that pass every filter, in the chosen order. Stable: equal ones keep Hum's order."""
    kept: list[ProviderFigures] = []
    unknown = 0
    for figures in listed:
        verdict = passes(selection, figures)
        if verdict:
            kept.append(figures)
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
        text += f", {unknown} of them because the figure asked for is not stated"
    return text + "."


# Filters


def passes(selection: Selection, figures: ProviderFigures) -> bool | None:
    """True: shown. False: ruled out by what Hum states. None: no filter rules it out, but one needs a figure that is
    not stated.
    """
    lines = figures.lines
    if selection.technologies:
        lines = tuple(line for line in lines if line.technology in selection.technologies)
        if not lines:
            return False
    if selection.has_plans and not figures.provider.plans:
        return False
    return _both(_fast_enough(selection, lines), _cheap_enough(selection.max_price, figures.lowest_price))


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    if first is None or second is None:
        return None
    return True


def _cheap_enough(limit: int | None, cents: int | None) -> bool | None:
    if limit is None:
        return True
    if cents is None:
        return None
    return cents <= limit


def _fast_enough(selection: Selection, lines: Sequence[ServiceLine]) -> bool | None:
    if selection.min_down is None and selection.min_up is None:
        return True
    # The same line must reach both speeds: a fast download on one and a fast upload on another do not help.
    verdicts = set()
    for line in lines:
        verdicts.add(_both(_reaches(line.down_mbps, selection.min_down), _reaches(line.up_mbps, selection.min_up)))
    if True in verdicts:
        return True
    if None in verdicts or not lines:
        return None
    return False


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
        text = "Sorted by the lowest price stated, cheapest first"
        return _sorted_by(_cheapest_first, kept, text, "without a stated price")
    if order is SortOrder.SPEED:
        text = "Sorted by the highest download speed, fastest first"
        return _sorted_by(_fastest_first, kept, text, "without a stated speed")
    if order is SortOrder.NAME:
        return tuple(sorted(kept, key=_plain_name)), "Sorted by name, A to Z."
    return tuple(kept), "In the order of Hum's answer. No provider has paid for its place."


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
    if figures.lowest_price is None:
        return None
    return (figures.lowest_price,)


def _fastest_first(figures: ProviderFigures) -> _SortKey | None:
    if figures.down_mbps is None:
        return None
    return (-figures.down_mbps, -(figures.up_mbps or 0.0))


def _plain_name(figures: ProviderFigures) -> str:
    return folded(figures.provider.name)
