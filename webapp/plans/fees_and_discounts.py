"""What the named amounts of Hum's pricing mean: when a fee is due, in which months a discount applies, and what cannot
be counted. Pure.

Only four fee keys are documented; a key that says neither when nor why stays UNCLEAR, so that nothing is added up that
a customer may not have to pay. The initial term's discount applies from month 1, the second term's right after it. Keys
repeat from plan to plan, so what they mean is remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from webapp.plans.figures import NOT_STATED, bad_value_text, money_text, months_text, usd_cents
from webapp.plans.model import Amount, Discount, Money

INITIAL = "initial_term_discount"
SECOND = "second_term_discount"
AUTOPAY = "autopay_discount"

INSTALLATION_CHOICE = frozenset({"professional_installation_fee", "self_installation_fee"})
"""A customer pays one of these two, never both."""

_CONDITIONAL = frozenset(
    {
        "additional",
        "cancel",
        "cancellation",
        "disconnect",
        "disconnection",
        "extra",
        "late",
        "overage",
        "reconnect",
        "reconnection",
        "restocking",
        "returned",
        "suspension",
        "termination",
        "unreturned",
    }
)
_MONTHLY = frozenset({"month", "monthly", "mrc", "recurring"})
_ONE_TIME = re.compile(r"(?:^|[_-])(?:one[_-]?time|once)(?:[_-]|$)", re.IGNORECASE)
_ONCE = frozenset({"activation", "connection", "enrollment", "install", "installation", "setup", "shipping"})


class FeeKind(StrEnum):
    """When a fee is due."""

    ONCE = "once"
    MONTHLY = "monthly"
    CONDITIONAL = "conditional"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class DiscountTerm:
    """A reduction of `cents` in each of the months `first` to `last`, 1-based and inclusive."""

    name: str
    cents: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class UnknownAmount:
    """A named cost or reduction that is in no total, with the reason."""

    name: str
    why: str


def why_not_usable(money: Amount) -> str:
    """Why an amount is in no sum: absent, no figure, in another currency, or below zero."""
    if money is None:
        return "amount not stated"
    if not isinstance(money, Money):
        return f"amount {bad_value_text(money)}"
    if money.currency != "USD":
        return f"stated in {money.currency}; only US dollars are added up"
    return "stated as a negative amount, which makes no sense here"


@lru_cache(maxsize=1_000)
def fee_kind(key: str) -> FeeKind:
    """The kind of a fee by the words of its pricing key. A condition outweighs a period: `monthly_late_fee` is not due
    every month.
    """
    words = key_words(key)
    if words & _CONDITIONAL:
        return FeeKind.CONDITIONAL
    if is_one_time(key):
        return FeeKind.ONCE
    if words & _MONTHLY:
        return FeeKind.MONTHLY
    if words & _ONCE:
        return FeeKind.ONCE
    return FeeKind.UNCLEAR


@lru_cache(maxsize=1_000)
def is_one_time(key: str) -> bool:
    """Whether a pricing key itself says once: `one_time_fee`, `onetime_credit_discount`."""
    return _ONE_TIME.search(key) is not None


@lru_cache(maxsize=1_000)
def key_words(key: str) -> frozenset[str]:
    """The words of a pricing key: `extra_data_fee` -> extra, data, fee."""
    return frozenset(re.findall(r"[a-z]+", key.lower()))


def discount_text(discount: Discount) -> str:
    """A discount as people read it: how much, how often and how long, as far as Hum says."""
    amount = money_text(discount.amount)
    if not isinstance(discount.amount, Money):
        return amount
    if is_one_time(discount.key):
        return f"{amount} off once"
    if isinstance(discount.months, int):
        return f"{amount} off a month for {months_text(discount.months)}"
    if discount.key == AUTOPAY and discount.months is None:
        return f"{amount} off a month"
    if discount.key in (INITIAL, SECOND, AUTOPAY):
        return f"{amount} off a month, how long is {months_text(discount.months)}"
    return f"{amount} off, once or each month is {NOT_STATED}"


@lru_cache(maxsize=4_000)
def discount_terms(
    discounts: tuple[Discount, ...], price: int | None
) -> tuple[tuple[DiscountTerm, ...], tuple[UnknownAmount, ...]]:
    """The terms that can be placed in time and applied to a monthly price in cents, and what keeps the others out.

    The second term can be placed only where the length of the initial term is known. Remembered, because a page asks
    several times for each of its plans.
    """
    if not discounts:
        return (), ()
    initial, second = discount_named(discounts, INITIAL), discount_named(discounts, SECOND)
    terms: list[DiscountTerm] = []
    unknowns: list[UnknownAmount] = []
    for discount, start in ((initial, 1), (second, _month_after(initial))):
        if discount is None:
            continue
        placed = _place(discount, start, price)
        if isinstance(placed, UnknownAmount):
            unknowns.append(placed)
        elif placed.cents and placed.first <= placed.last:
            terms.append(placed)
    return tuple(terms), tuple(unknowns)


def discount_named(discounts: tuple[Discount, ...], key: str) -> Discount | None:
    """The discount with this key of Hum's pricing, or None."""
    for discount in discounts:
        if discount.key == key:
            return discount
    return None


def _month_after(initial: Discount | None) -> int | None:
    if initial is None or not isinstance(initial.months, int) or initial.months < 0:
        return None
    return initial.months + 1


def _place(discount: Discount, start: int | None, price: int | None) -> DiscountTerm | UnknownAmount:
    cents = usd_cents(discount.amount)
    if cents is None:
        return UnknownAmount(discount.name, f"{why_not_usable(discount.amount)}; not applied")
    if cents == 0:
        return DiscountTerm(discount.name, 0, 1, 0)
    if not isinstance(discount.months, int) or discount.months < 0:
        return UnknownAmount(discount.name, f"how many months it lasts is {months_text(discount.months)}; not applied")
    if start is None:
        return UnknownAmount(discount.name, "it begins after the initial term, whose length is not known; not applied")
    if price is not None and cents > price:
        return UnknownAmount(discount.name, "it is larger than the monthly price; not applied")
    return DiscountTerm(discount.name, cents, start, start + discount.months - 1)
