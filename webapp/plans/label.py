"""A plan as a label-shaped card: twenty rows in the order of the federal consumer label, each filled or said to be
missing.

It is our own card made from Hum's data, not the provider's label, and must never be titled like one. Source: 47 CFR
8.1(a).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.plans.discount_terms import INITIAL, SECOND, discount_named, discount_terms
from webapp.plans.fees import FeeKind, fee_kind, key_words
from webapp.plans.figures import NOT_STATED, dollars, money_text, plural, speed_text, usd_cents
from webapp.plans.model import Charge, Plan, Provider, Speed, Technology

NOT_SUPPLIED = "not supplied"
SPEED_NOTE = "as Hum states it; typical or highest is not said"


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One row. `value` is always printable; `supplied` says whether it answers the row; `note` qualifies the value or
    is empty.
    """

    section: str
    name: str
    value: str
    supplied: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class LabelCard:
    """The card of one plan: `supplied` of `total` rows are answered."""

    provider: str
    plan: str
    rows: tuple[LabelRow, ...]
    supplied: int
    total: int

    @property
    def completeness(self) -> str:
        """The count in words: `6 of 20 rows supplied`."""
        return f"{self.supplied} of {self.total} rows supplied"


def label_card(provider: Provider, plan: Plan) -> LabelCard:
    """The card of `plan`, with `provider`'s name and telephone."""
    rows = (*_price_rows(plan), *_fee_rows(plan), *_service_rows(provider, plan))
    return LabelCard(provider.name, plan.name, rows, sum(row.supplied for row in rows), len(rows))


def _price_rows(plan: Plan) -> tuple[LabelRow, ...]:
    section = "Price"
    fixed = None if plan.technology is Technology.OTHER else f"Fixed ({plan.technology.label})"
    return (
        _row(section, "Fixed or mobile service", fixed),
        _row(section, "Monthly price", _amount(plan), "before discounts, taxes and fees"),
        _row(section, "Introductory rate", _introductory_rate(plan)),
        _row(section, "Introductory period", _introductory_period(plan)),
        _row(section, "Price after the introductory period", _price_after(plan)),
        _contract(section, plan),
    )


def _fee_rows(plan: Plan) -> tuple[LabelRow, ...]:
    section = "Additional charges and terms"
    other = [discount for discount in plan.discounts if discount.key not in (INITIAL, SECOND) and discount.amount]
    discounts = "; ".join(f"{discount.name} {money_text(discount.amount)}" for discount in other)
    return (
        _row(section, "Provider monthly fees", _named(fee for fee in plan.fees if fee_kind(fee) is FeeKind.MONTHLY)),
        _row(section, "One-time fees", _named(fee for fee in plan.fees if fee_kind(fee) is FeeKind.ONCE)),
        _row(section, "Early termination fee", _named(fee for fee in plan.fees if "termination" in key_words(fee))),
        _row(section, "Government taxes", None),
        _row(section, "Discounts and bundles", discounts),
    )


def _service_rows(provider: Provider, plan: Plan) -> tuple[LabelRow, ...]:
    speeds, data, support = "Speeds provided with the plan", "Data", "Policies and support"
    return (
        _row(speeds, "Typical download speed", _speed(plan.download), SPEED_NOTE),
        _row(speeds, "Typical upload speed", _speed(plan.upload), SPEED_NOTE),
        _row(speeds, "Typical latency", None),
        _row(data, "Data included with the monthly price", plan.data_limit),
        _row(
            data, "Charges for additional data", _named(fee for fee in plan.fees if {"extra", "data"} <= key_words(fee))
        ),
        _row(support, "Network management policy", None),
        _row(support, "Privacy policy", None),
        _row(support, "Customer support", provider.telephone_text),
        # Hum's own plan id and SKU are not the identifier that a provider files under the rule.
        _row(support, "Unique plan identifier", None),
    )


def _row(section: str, name: str, value: str | None, note: str = "") -> LabelRow:
    return LabelRow(section, name, value or NOT_SUPPLIED, bool(value), note if value else "")


def _amount(plan: Plan) -> str | None:
    return money_text(plan.monthly_price) if plan.monthly_price else None


def _speed(speed: Speed | None) -> str | None:
    text = speed_text(speed)
    return None if text == NOT_STATED else text


def _named(fees: Iterable[Charge]) -> str:
    return "; ".join(f"{fee.name} {money_text(fee.amount)}" for fee in fees if fee.amount)


def _contract(section: str, plan: Plan) -> LabelRow:
    name = "Contract length"
    if plan.contract_required:
        return LabelRow(section, name, "A contract is required; its length is not supplied", supplied=False)
    return _row(section, name, None if plan.contract_required is None else "No contract required")


def _introductory_rate(plan: Plan) -> str | None:
    # A missing discount proves nothing; only a stated zero is a No.
    initial = discount_named(plan.discounts, INITIAL)
    if initial is None or (cents := usd_cents(initial.amount)) is None:
        return None
    return f"Yes, {dollars(cents)} off a month" if cents else "No"


def _introductory_period(plan: Plan) -> str | None:
    initial = discount_named(plan.discounts, INITIAL)
    if initial is None or not initial.months or not usd_cents(initial.amount):
        return None
    return plural(initial.months, "month")


def _price_after(plan: Plan) -> str | None:
    price = usd_cents(plan.monthly_price)
    terms, unknowns = discount_terms(plan.discounts, price)
    if price is None or unknowns or not terms:
        return None
    later = [
        f"{dollars(price - term.cents)} in months {term.first}\u2013{term.last}" for term in terms if term.first > 1
    ]
    return ", then ".join([*later, f"{dollars(price)} a month"])
