"""Two to four plans side by side: a row for each fact; rows that differ and the best stated figure are marked. Pure.

A best mark needs a single winner among at least two stated figures; ties have none, and neither has a total with
unknown parts. Where one of the plans states something that cannot be compared (another currency, a text without a
number), nothing is marked: it might be the best one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from webapp.plans.chosen_plans import PlanRef
from webapp.plans.costs import HORIZONS, Cost, cost
from webapp.plans.fees_and_discounts import (
    AUTOPAY,
    INITIAL,
    SECOND,
    FeeKind,
    discount_named,
    discount_text,
    fee_kind,
)
from webapp.plans.figures import NOT_STATED, data_text, money_text, plural, speed_text, top_mbps, usd_cents
from webapp.plans.model import Money, Plan, StatedSpeed, technology_name

_Fact = TypeVar("_Fact")


@dataclass(frozen=True, slots=True)
class Cell:
    """One plan's answer to one row; `best` is a short label for the best one, such as `lowest stated`, or empty."""

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
    rows = [
        _row("Provider", [ref.provider.name for ref in refs]),
        _row("Technology", _each(plans, _technology)),
        _ranked_row("Monthly price", _each(plans, _price), _each(plans, _price_score), "lowest stated"),
    ]
    for months in HORIZONS:
        rows.append(_cost_row(plans, months))
    rows.append(_ranked_row("Download speed", _each(plans, _down), _each(plans, _down_score), "fastest stated"))
    rows.append(_ranked_row("Upload speed", _each(plans, _up), _each(plans, _up_score), "fastest stated"))
    for name, read in _TERMS.items():
        rows.append(_row(name, _each(plans, read)))
    return tuple(rows)


def _each(plans: Sequence[Plan], read: Callable[[Plan], _Fact]) -> list[_Fact]:
    return [read(plan) for plan in plans]


def _row(name: str, texts: Sequence[str]) -> CompareRow:
    return CompareRow(name, tuple(map(Cell, texts)), _differ(texts))


def _ranked_row(name: str, texts: Sequence[str], scores: Sequence[float | None], best_label: str) -> CompareRow:
    """The lowest score is the best one."""
    best = _single_best(scores)
    cells = []
    for text, score in zip(texts, scores, strict=True):
        if best is not None and score == best:
            cells.append(Cell(text, best_label))
        else:
            cells.append(Cell(text))
    return CompareRow(name, tuple(cells), _differ(texts))


def _differ(texts: Sequence[str]) -> bool:
    return len(set(texts)) > 1


def _single_best(scores: Sequence[float | None]) -> float | None:
    known = [score for score in scores if score is not None]
    if len(known) < 2 or any(map(math.isnan, known)) or known.count(min(known)) > 1:
        return None
    return min(known)


def _cost_row(plans: Sequence[Plan], months: int) -> CompareRow:
    name = f"Cost over {months} months, stated amounts"
    texts: list[str] = []
    totals: list[int | None] = []
    has_unknowns = False
    for plan in plans:
        found = cost(plan, months)
        texts.append(_cost_text(found))
        totals.append(usd_cents(found.total))
        has_unknowns = has_unknowns or bool(found.unknowns)
    # An unknown part in any of the totals could change which plan is lowest, so none is marked then.
    if has_unknowns:
        return _row(name, texts)
    return _ranked_row(name, texts, totals, "lowest")


def _cost_text(found: Cost) -> str:
    if found.total is None or not found.unknowns:
        return found.total_text
    return f"{found.total_text} ({plural(len(found.unknowns), 'part')} unknown)"


def _technology(plan: Plan) -> str:
    return technology_name(plan.technology, plan.technology_text)


def _price(plan: Plan) -> str:
    if not isinstance(plan.monthly_price, Money):
        return money_text(plan.monthly_price)
    return f"{money_text(plan.monthly_price)} a month"


def _price_score(plan: Plan) -> float | None:
    return _score(plan.monthly_price, usd_cents(plan.monthly_price))


def _down(plan: Plan) -> str:
    return speed_text(plan.download)


def _down_score(plan: Plan) -> float | None:
    return _speed_score(plan.download)


def _up(plan: Plan) -> str:
    return speed_text(plan.upload)


def _up_score(plan: Plan) -> float | None:
    return _speed_score(plan.upload)


def _speed_score(speed: StatedSpeed) -> float | None:
    mbps = top_mbps(speed)
    if mbps is None:
        return _score(speed, None)
    return -mbps


def _score(stated: object, figure: float | None) -> float | None:
    """The figure to compare; None where nothing is stated, not a number where what is stated cannot be compared."""
    if figure is None and stated is not None:
        return math.nan
    return figure


def _discount(key: str) -> Callable[[Plan], str]:
    def read(plan: Plan) -> str:
        discount = discount_named(plan.discounts, key)
        if discount is None:
            return NOT_STATED
        return discount_text(discount)

    return read


def _fees(*kinds: FeeKind) -> Callable[[Plan], str]:
    def read(plan: Plan) -> str:
        texts = []
        for fee in plan.fees:
            if fee_kind(fee.key) in kinds:
                texts.append(f"{fee.name} {money_text(fee.amount)}")
        return "; ".join(texts) or NOT_STATED

    return read


def _data_limit(plan: Plan) -> str:
    return data_text(plan.data_limit)


def _contract(plan: Plan) -> str:
    return _yes_no(plan.contract_required)


def _modem(plan: Plan) -> str:
    return _yes_no(plan.modem_included)


def _streaming_apps(plan: Plan) -> str:
    return ", ".join(plan.streaming_apps) or NOT_STATED


def _yes_no(value: bool | None) -> str:
    if value is None:
        return NOT_STATED
    if value:
        return "Yes"
    return "No"


_TERMS: dict[str, Callable[[Plan], str]] = {
    "First-term discount": _discount(INITIAL),
    "Second-term discount": _discount(SECOND),
    "Autopay discount": _discount(AUTOPAY),
    "One-time fees": _fees(FeeKind.ONCE),
    "Monthly fees": _fees(FeeKind.MONTHLY),
    "Other fees": _fees(FeeKind.CONDITIONAL, FeeKind.UNCLEAR),
    "Data limit": _data_limit,
    "Contract required": _contract,
    "Modem or router included": _modem,
    "Streaming apps": _streaming_apps,
}
