"""A plan's `pricing`: which amount is the monthly price, what comes on top, what comes off. Never a sum.

Hum documents only the first few names and says nothing of the rest, so amounts are told apart by how their names end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.hum.readers import humanized, mapping, money, months
from webapp.plans.model import Amount, Charge, Discount, Money
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
    """What a plan costs, as far as Hum says. `left_out` counts amounts past the limit of 40."""

    monthly_price: Amount
    discounts: tuple[Discount, ...]
    fees: tuple[Charge, ...]
    other_charges: tuple[Charge, ...]
    left_out: int = 0


def read_pricing(product: Mapping[str, object]) -> Pricing:
    """The pricing of a product, in Hum's order. An amount named without a usable figure stays, with the reason.

    The monthly price is the first name that has a figure; where none has, the first that states anything at all.
    """
    pricing = mapping(product.get("pricing"))
    monthly_key = _monthly_key(pricing)
    discounts: list[Discount] = []
    fees: list[Charge] = []
    others: list[Charge] = []
    left_out = 0
    for key, value in pricing.items():
        clean_key, name, amount = clean(key), humanized(key), money(value)
        # A name for the monthly price that states nothing is no amount of its own.
        if key == monthly_key or not clean_key or (amount is None and key in MONTHLY):
            continue
        if len(discounts) + len(fees) + len(others) == MOST_AMOUNTS:
            left_out += 1
        elif key.endswith("_discount"):
            lasts = months(product.get(_DISCOUNT_MONTHS.get(key, "")))
            discounts.append(Discount(clean_key, name, amount, lasts))
        elif key.endswith("_fee"):
            fees.append(Charge(clean_key, name, amount))
        else:
            others.append(Charge(clean_key, name, amount))
    return Pricing(money(pricing.get(monthly_key)), tuple(discounts), tuple(fees), tuple(others), left_out)


def _monthly_key(pricing: Mapping[str, object]) -> str:
    """The name of the monthly price; empty where none of its names states anything."""
    first = ""
    for key in MONTHLY:
        amount = money(pricing.get(key))
        if isinstance(amount, Money):
            return key
        if amount is not None and not first:
            first = key
    return first
