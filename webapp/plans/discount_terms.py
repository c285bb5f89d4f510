"""In which months a plan's term discounts apply: the initial term from month 1, the second term right after it. Pure.

Source: HUM_API 2.7, `initial_term_discount_months` and `second_term_discount_months`.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.plans.figures import usd_cents
from webapp.plans.model import Discount
from webapp.plans.unknowns import Unknown, why_not_usable

INITIAL = "initial_term_discount"
SECOND = "second_term_discount"
AUTOPAY = "autopay_discount"


@dataclass(frozen=True, slots=True)
class Term:
    """A reduction of `cents` in each of the months `first` to `last`, 1-based and inclusive."""

    name: str
    cents: int
    first: int
    last: int


def discount_terms(discounts: tuple[Discount, ...], price: int | None) -> tuple[tuple[Term, ...], tuple[Unknown, ...]]:
    """The terms that can be placed in time and applied to a monthly price in cents, and what keeps the others out.

    The second term can be placed only where the length of the initial term is known.
    """
    initial, second = discount_named(discounts, INITIAL), discount_named(discounts, SECOND)
    terms: list[Term] = []
    unknowns: list[Unknown] = []
    for discount, start in ((initial, 1), (second, _after(initial))):
        if discount is None:
            continue
        placed = _place(discount, start, price)
        if isinstance(placed, Unknown):
            unknowns.append(placed)
        elif placed.cents and placed.first <= placed.last:
            terms.append(placed)
    return tuple(terms), tuple(unknowns)


def discount_named(discounts: tuple[Discount, ...], key: str) -> Discount | None:
    """The discount with this key of Hum's pricing, or None."""
    return next((discount for discount in discounts if discount.key == key), None)


def _after(initial: Discount | None) -> int | None:
    if initial is None or initial.months is None or initial.months < 0:
        return None
    return initial.months + 1


def _place(discount: Discount, start: int | None, price: int | None) -> Term | Unknown:
    cents = usd_cents(discount.amount)
    if cents is None:
        return Unknown(discount.name, f"{why_not_usable(discount.amount)}; not applied")
    if cents == 0:
        return Term(discount.name, 0, 1, 0)
    if discount.months is None or discount.months < 0:
        return Unknown(discount.name, "how many months it lasts is not stated; not applied")
    if start is None:
        return Unknown(discount.name, "it begins after the initial term, whose length is not stated; not applied")
    if price is not None and cents > price:
        return Unknown(discount.name, "it is larger than the monthly price; not applied")
    return Term(discount.name, cents, start, start + discount.months - 1)
