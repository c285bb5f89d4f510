"""Which providers are shown and in which order: filters and order applied, what is hidden counted, and both said in
words. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.plans.figures import plural
from webapp.plans.filtering import passes
from webapp.plans.model import Provider
from webapp.plans.ordering import ordered
from webapp.plans.selection import Selection


@dataclass(frozen=True, slots=True)
class Result:
    """What is shown. `hidden_unknown` of the `hidden` ones are hidden only because Hum does not state a figure a filter
    needs.
    """

    shown: tuple[Provider, ...]
    hidden: int
    hidden_unknown: int
    order_said: str
    hidden_said: str


def apply(selection: Selection, providers: Sequence[Provider]) -> Result:
    """The providers that pass every filter, in the chosen order. Stable: equal ones keep Hum's order."""
    verdicts = [passes(selection, provider) for provider in providers]
    kept = [provider for provider, verdict in zip(providers, verdicts, strict=True) if verdict]
    hidden, unknown = len(providers) - len(kept), verdicts.count(None)
    shown, order_said = ordered(kept, selection.order)
    return Result(shown, hidden, unknown, order_said, _hidden_said(hidden, unknown))


def _hidden_said(hidden: int, unknown: int) -> str:
    if not hidden:
        return ""
    said = f"{plural(hidden, 'provider')} hidden by the filters"
    if unknown:
        said += f", {unknown} of them because the figure asked for is not stated"
    return said + "."
