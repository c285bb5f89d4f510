"""A plan's `pricing`: which amount is the monthly price, what comes on top, what comes off. Never a sum.

Hum documents only the first few names and says nothing of the rest, so amounts are told apart by how their names end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.hum.readers import humanized, mapping, money, whole
from webapp.plans.model import Charge, Discount, Money
from webapp.texts import clean

MOST_AMOUNTS = 40
MONTHLY = (
    "monthly_price",
    "monthly_fee",
    "price",
    "base_price",
    "retail_price",
    "recurring_price",
    "recurring_fee",
    "recurring_charge",
    "monthly_recurring_charge",
    "recurring",
    "monthly",
)
"""Names the monthly price may have, the likeliest first."""

_DISCOUNT_MONTHS = {
    "initial_term_discount": "initial_term_discount_months",
    "second_term_discount": "second_term_discount_months",
}


@dataclass(frozen=True, slots=True)
class Pricing:
    """What a plan costs, as far as Hum says."""

    monthly_price: Money | None
    discounts: tuple[Discount, ...]
    fees: tuple[Charge, ...]
    other_charges: tuple[Charge, ...]


def read_pricing(product: Mapping[str, object]) -> Pricing:
    """The pricing of a product, in Hum's order. An amount named without a readable figure stays, as None."""
    amounts = {
        key: money(value) for key, value in list(mapping(product.get("pricing")).items())[:MOST_AMOUNTS] if clean(key)
    }
    monthly_key = next((key for key in MONTHLY if amounts.get(key) is not None), None)
    discounts: list[Discount] = []
    fees: list[Charge] = []
    others: list[Charge] = []
    for key, amount in amounts.items():
        if key == monthly_key or (amount is None and key in MONTHLY):
            continue
        if key.endswith("_discount"):
            discounts.append(Discount(clean(key), humanized(key), amount, _months(product, key)))
        elif key.endswith("_fee"):
            fees.append(Charge(clean(key), humanized(key), amount))
        else:
            others.append(Charge(clean(key), humanized(key), amount))
    return Pricing(amounts[monthly_key] if monthly_key else None, tuple(discounts), tuple(fees), tuple(others))


def _months(product: Mapping[str, object], key: str) -> int | None:
    months = whole(product.get(_DISCOUNT_MONTHS.get(key, "")))
    return months if months is not None and 0 < months <= 1200 else None
