"""Two to four plans side by side: one row a fact, with the rows that differ and the best stated figure marked. Pure.

A best mark needs a single winner among at least two stated figures; ties have none, and neither has a total with
unknown parts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from webapp.plans.chosen_plans import PlanRef
from webapp.plans.costs import HORIZONS, Cost, cost
from webapp.plans.discount_terms import AUTOPAY, INITIAL, SECOND, discount_named
from webapp.plans.fees import FeeKind, fee_kind
from webapp.plans.figures import NOT_STATED, money_text, plural, speed_text, usd_cents
from webapp.plans.model import Charge, Plan, Speed


@dataclass(frozen=True, slots=True)
class Cell:
    """One plan's answer to one row; `best` is a short praise in words, such as `lowest stated`, or empty."""

    text: str
    best: str = ""


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One fact of every plan, cells in the order of the plans."""

    name: str
    cells: tuple[Cell, ...]
    differs: bool


def compare(refs: Sequence[PlanRef]) -> tuple[CompareRow, ...]:
    """The rows for these plans, in the order in which people ask: price, cost, speed, then terms."""
    plans = [ref.plan for ref in refs]
    return (
        _plain("Provider", [ref.provider.name for ref in refs]),
        _plain("Technology", [plan.technology_text or plan.technology.label for plan in plans]),
        _ranked(
            "Monthly price",
            [_price(plan) for plan in plans],
            [usd_cents(plan.monthly_price) for plan in plans],
            "lowest stated",
        ),
        *(_cost_row([cost(plan, months) for plan in plans]) for months in HORIZONS),
        _speed_row("Download speed", [plan.download for plan in plans]),
        _speed_row("Upload speed", [plan.upload for plan in plans]),
        *(_plain(name, [read(plan) for plan in plans]) for name, read in _TERMS.items()),
    )


def _plain(name: str, texts: Sequence[str]) -> CompareRow:
    return CompareRow(name, tuple(Cell(text) for text in texts), len(set(texts)) > 1)


def _ranked(name: str, texts: Sequence[str], scores: Sequence[float | None], praise: str) -> CompareRow:
    """The lowest score is the best one."""
    known = [score for score in scores if score is not None]
    best = min(known) if len(known) > 1 and known.count(min(known)) == 1 else None
    cells = (
        Cell(text, praise if best is not None and score == best else "")
        for text, score in zip(texts, scores, strict=True)
    )
    return CompareRow(name, tuple(cells), len(set(texts)) > 1)


def _cost_row(costs: Sequence[Cost]) -> CompareRow:
    texts = [
        cost.total_text + (f" ({plural(len(cost.unknowns), 'part')} unknown)" if cost.total and cost.unknowns else "")
        for cost in costs
    ]
    # An unknown part in any of the totals could turn the order round, so no plan is praised then.
    scores = [None if any(cost.unknowns for cost in costs) else usd_cents(cost.total) for cost in costs]
    return _ranked(f"Cost over {costs[0].months} months, stated amounts", texts, scores, "lowest")


def _speed_row(name: str, speeds: Sequence[Speed | None]) -> CompareRow:
    scores = [-speed.high_mbps if speed and speed.high_mbps is not None else None for speed in speeds]
    return _ranked(name, [speed_text(speed) for speed in speeds], scores, "fastest stated")


def _price(plan: Plan) -> str:
    return f"{money_text(plan.monthly_price)} a month" if plan.monthly_price else NOT_STATED


def _discount(key: str) -> Callable[[Plan], str]:
    def read(plan: Plan) -> str:
        discount = discount_named(plan.discounts, key)
        if discount is None or discount.amount is None:
            return NOT_STATED
        off = f"{money_text(discount.amount)} off a month"
        return off if discount.months is None else f"{off} for {plural(discount.months, 'month')}"

    return read


def _fees(*kinds: FeeKind) -> Callable[[Plan], str]:
    def said(fee: Charge) -> str:
        return f"{fee.name} {money_text(fee.amount)}"

    return lambda plan: "; ".join(said(fee) for fee in plan.fees if fee_kind(fee) in kinds) or NOT_STATED


def _yes_no(value: bool | None) -> str:
    return NOT_STATED if value is None else "Yes" if value else "No"


_TERMS: dict[str, Callable[[Plan], str]] = {
    "First-term discount": _discount(INITIAL),
    "Second-term discount": _discount(SECOND),
    "Autopay discount": _discount(AUTOPAY),
    "One-time fees": _fees(FeeKind.ONCE),
    "Monthly fees": _fees(FeeKind.MONTHLY),
    "Other fees": _fees(FeeKind.CONDITIONAL, FeeKind.UNCLEAR),
    "Data limit": lambda plan: plan.data_limit or NOT_STATED,
    "Contract required": lambda plan: _yes_no(plan.contract_required),
    "Modem or router included": lambda plan: _yes_no(plan.modem_included),
    "Streaming apps": lambda plan: ", ".join(plan.streaming_apps) or NOT_STATED,
}
