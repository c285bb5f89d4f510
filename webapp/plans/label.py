"""A plan as a label-shaped card: twenty rows in the order of the federal consumer label, each filled in or marked as
not supplied.

It is our own card, made from Hum's data. It is not the provider's label, and must never be titled like one. Source: 47
CFR 8.1(a).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.plans.fees_and_discounts import (
    INITIAL,
    SECOND,
    FeeKind,
    discount_named,
    discount_terms,
    fee_kind,
    key_words,
)
from webapp.plans.figures import bad_value_text, data_text, dollars, money_text, plural, speed_text, usd_cents
from webapp.plans.model import (
    Amount,
    BadValue,
    Charge,
    Discount,
    Money,
    Plan,
    Provider,
    StatedSpeed,
    Technology,
)

NOT_SUPPLIED = "not supplied"
SPEED_NOTE = "Hum does not say whether this is typical or maximum"


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One row. `value` is always printable; `supplied` is whether it answers the row; `note` qualifies the value or
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
    return (
        _row(section, "Fixed or mobile service", _service_kind(plan)),
        _amount_row(section, "Monthly price", plan.monthly_price, "before discounts, taxes and fees"),
        _introductory_rate(section, plan),
        _introductory_period(section, plan),
        _row(section, "Price after the introductory period", _price_after(plan)),
        _contract(section, plan),
    )


def _fee_rows(plan: Plan) -> tuple[LabelRow, ...]:
    section = "Additional charges and terms"
    return (
        _charges_row(section, "Provider monthly fees", _fees_of_kind(plan, FeeKind.MONTHLY)),
        _charges_row(section, "One-time fees", _fees_of_kind(plan, FeeKind.ONCE)),
        _charges_row(section, "Early termination fee", _fees_with_words(plan, "termination")),
        _row(section, "Government taxes", None),
        _charges_row(section, "Discounts and bundles", _other_discounts(plan)),
    )


def _service_rows(provider: Provider, plan: Plan) -> tuple[LabelRow, ...]:
    speeds, data, support = "Speeds provided with the plan", "Data", "Policies and support"
    return (
        _speed_row(speeds, "Typical download speed", plan.download),
        _speed_row(speeds, "Typical upload speed", plan.upload),
        _row(speeds, "Typical latency", None),
        _data_row(data, "Data included with the monthly price", plan.data_limit),
        _charges_row(data, "Charges for additional data", _fees_with_words(plan, "extra", "data")),
        _row(support, "Network management policy", None),
        _row(support, "Privacy policy", None),
        _row(support, "Customer support", provider.telephone_text),
        # Hum's own plan id and SKU are not the identifier that a provider files under the rule.
        _row(support, "Unique plan identifier", None),
    )


def _row(section: str, name: str, value: str | None, note: str = "") -> LabelRow:
    if not value:
        return LabelRow(section, name, NOT_SUPPLIED, supplied=False)
    return LabelRow(section, name, value, supplied=True, note=note)


def _unusable_row(section: str, name: str, value: BadValue) -> LabelRow:
    """Hum states something, but nothing that answers the row."""
    return LabelRow(section, name, bad_value_text(value), supplied=False)


def _amount_row(section: str, name: str, amount: Amount, note: str) -> LabelRow:
    if isinstance(amount, BadValue):
        return _unusable_row(section, name, amount)
    if amount is None:
        return _row(section, name, None)
    return _row(section, name, money_text(amount), note)


def _speed_row(section: str, name: str, speed: StatedSpeed) -> LabelRow:
    if isinstance(speed, BadValue):
        return _unusable_row(section, name, speed)
    if speed is None:
        return _row(section, name, None)
    return _row(section, name, speed_text(speed), SPEED_NOTE)


def _data_row(section: str, name: str, limit: str | BadValue | None) -> LabelRow:
    if isinstance(limit, BadValue):
        return _unusable_row(section, name, limit)
    if limit is None:
        return _row(section, name, None)
    return _row(section, name, data_text(limit))


def _charges_row(section: str, name: str, charges: Sequence[Charge | Discount]) -> LabelRow:
    """Every amount by its name; what gives no figure is named too, but does not answer the row."""
    texts = []
    for charge in charges:
        if charge.amount is not None:
            texts.append(f"{charge.name} {money_text(charge.amount)}")
    if not texts:
        return _row(section, name, None)
    supplied = any(isinstance(charge.amount, Money) for charge in charges)
    return LabelRow(section, name, "; ".join(texts), supplied)


def _service_kind(plan: Plan) -> str | None:
    if plan.technology is Technology.OTHER:
        return None
    return f"Fixed ({plan.technology.label})"


def _fees_of_kind(plan: Plan, kind: FeeKind) -> list[Charge]:
    return [fee for fee in plan.fees if fee_kind(fee.key) is kind]


def _fees_with_words(plan: Plan, *words: str) -> list[Charge]:
    return [fee for fee in plan.fees if key_words(fee.key).issuperset(words)]


def _other_discounts(plan: Plan) -> list[Discount]:
    return [discount for discount in plan.discounts if discount.key not in (INITIAL, SECOND)]


def _contract(section: str, plan: Plan) -> LabelRow:
    name = "Contract length"
    if plan.contract_required is None:
        return _row(section, name, None)
    if plan.contract_required:
        return LabelRow(section, name, "A contract is required; its length is not supplied", supplied=False)
    return _row(section, name, "No contract required")


def _introductory_rate(section: str, plan: Plan) -> LabelRow:
    name = "Introductory rate"
    # A missing discount proves nothing; only a stated zero is a No.
    initial = discount_named(plan.discounts, INITIAL)
    if initial is None or initial.amount is None:
        return _row(section, name, None)
    if isinstance(initial.amount, BadValue):
        return _unusable_row(section, name, initial.amount)
    if initial.amount.cents == 0:
        return _row(section, name, "No")
    return _row(section, name, f"Yes, {money_text(initial.amount)} off a month")


def _introductory_period(section: str, plan: Plan) -> LabelRow:
    name = "Introductory period"
    initial = discount_named(plan.discounts, INITIAL)
    if initial is None or not isinstance(initial.amount, Money) or not initial.amount.cents:
        return _row(section, name, None)
    if isinstance(initial.months, BadValue):
        return _unusable_row(section, name, initial.months)
    if not initial.months:
        return _row(section, name, None)
    return _row(section, name, plural(initial.months, "month"))


def _price_after(plan: Plan) -> str | None:
    price = usd_cents(plan.monthly_price)
    terms, unknowns = discount_terms(plan.discounts, price)
    if price is None or unknowns or not terms:
        return None
    stages = []
    for term in terms:
        if term.first > 1:
            stages.append(f"{dollars(price - term.cents)} in months {term.first}\u2013{term.last}")
    stages.append(f"{dollars(price)} a month")
    return ", then ".join(stages)
