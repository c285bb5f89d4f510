"""What a plan costs a month, first and later, as far as Hum states it: `$20.00 for 12 mo, then $35.00`; and the figure
by which plans are ranked. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.plans.fees_and_discounts import discount_terms
from webapp.plans.figures import dollars, money_text, usd_cents
from webapp.plans.model import Discount, Money, Plan

RANKED_MONTHS = 12
"""Plans are ranked by what these first months cost: by the first month a single cheap one would win, by the price
before discounts one that nobody pays in the first year.
"""


@dataclass(frozen=True, slots=True)
class PriceOverTime:
    """`first` is the price of the first month; `later` continues the sentence, "" where the price stays or is not known
    to change. `last` is the price that stays in the end.
    """

    first: str
    later: str
    last: str

    @property
    def text(self) -> str:
        """The whole sentence."""
        return f"{self.first} {self.later}".strip()


def price_over_time(plan: Plan) -> PriceOverTime | None:
    """The monthly price with the discounts whose months are stated; autopay is never applied. None where no price is
    stated that can be used.
    """
    if not isinstance(plan.monthly_price, Money):
        return None
    cents = usd_cents(plan.monthly_price)
    if cents is None:
        stated = money_text(plan.monthly_price)
        return PriceOverTime(stated, "", stated)
    terms, _ = discount_terms(plan.discounts, cents)
    prices: list[str] = []
    month = 1
    for term in terms:
        if term.first > month:
            prices.append(f"{dollars(cents)} for {term.first - month} mo")
        prices.append(f"{dollars(cents - term.cents)} for {term.last - term.first + 1} mo")
        month = term.last + 1
    if not prices:
        return PriceOverTime(dollars(cents), "", dollars(cents))
    first, _, later = f"{', '.join(prices)}, then {dollars(cents)}".partition(" ")
    return PriceOverTime(first, later, dollars(cents))


def monthly_price_text(plan: Plan) -> str:
    """`$20.00 for 12 mo, then $35.00`, `$29.99 a month`, or why there is no price: `not stated`."""
    price = price_over_time(plan)
    if price is None:
        return money_text(plan.monthly_price)
    return f"{price.first} {price.later or 'a month'}"


def price_in_sentence(plan: Plan) -> str:
    """The same where other words stand around it: `$29.99 a month`, `price not stated`."""
    text = monthly_price_text(plan)
    if isinstance(plan.monthly_price, Money):
        return text
    return f"price {text}"


def first_year_cents(plan: Plan) -> int | None:
    """What the first twelve months cost together in US cents, with the discounts that `price_over_time` tells and
    without fees; None where no price is stated in US dollars.
    """
    cents = usd_cents(plan.monthly_price)
    if cents is None:
        return None
    year = cents * RANKED_MONTHS
    terms, _ = discount_terms(plan.discounts, cents)
    for term in terms:
        months = min(term.last, RANKED_MONTHS) + 1 - term.first
        year -= term.cents * max(months, 0)
    return year


def price_rank(plan: Plan) -> tuple[int, int] | None:
    """By which plans are cheaper or more expensive, in US cents: what the first year costs, and of equals the price a
    month after all discounts. None where no price is stated in US dollars.
    """
    year, last = first_year_cents(plan), usd_cents(plan.monthly_price)
    if year is None or last is None:
        return None
    return year, last


def other_discounts(plan: Plan) -> tuple[Discount, ...]:
    """The discounts that `price_over_time` does not tell: autopay, and those whose months are not stated."""
    terms, _ = discount_terms(plan.discounts, usd_cents(plan.monthly_price))
    told = [term.name for term in terms]
    return tuple(discount for discount in plan.discounts if discount.name not in told)
