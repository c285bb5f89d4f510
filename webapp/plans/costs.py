"""What a plan costs over 12 or 24 months, with the calculation row by row: whole cents, US dollars, nothing unknown
counted as zero.

Hum does not document whether its monthly price already includes the discounts; we read it as the price before them, and
say so.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.plans.fees_and_discounts import (
    AUTOPAY,
    INITIAL,
    INSTALLATION_CHOICE,
    SECOND,
    DiscountTerm,
    FeeKind,
    UnknownAmount,
    discount_terms,
    fee_kind,
    is_one_time,
    key_words,
    why_not_usable,
)
from webapp.plans.figures import MINUS, dollars, money_text, plural, usd_cents
from webapp.plans.model import Charge, Discount, Money, Plan

HORIZONS = (12, 24)
ASSUMPTION = (
    "The monthly price is read as the price before discounts; Hum does not say otherwise. Taxes are not included."
)


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line of the calculation. `when` is `Once`, `Month 1` or `Months 4–9`; `amount` is `cents` as text."""

    name: str
    when: str
    working: str
    cents: int
    amount: str


@dataclass(frozen=True, slots=True)
class CostOption:
    """What could change the total but is not in it: autopay, the other way of installation, a fee due only in some
    cases.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one plan over `months`. `total` is the sum of `rows`, None while the monthly price is unknown.

    `unknowns` are amounts that Hum names without making them usable; `not_stated` are usual costs that Hum does not
    mention.
    """

    months: int
    rows: tuple[CostRow, ...]
    total: Money | None
    total_text: str
    options: tuple[CostOption, ...]
    unknowns: tuple[UnknownAmount, ...]
    not_stated: tuple[str, ...]
    assumption: str = ASSUMPTION


def costs(plan: Plan) -> tuple[Cost, ...]:
    """The plan's cost over each of the usual horizons, 12 and 24 months."""
    return tuple(cost(plan, months) for months in HORIZONS)


def cost(plan: Plan, months: int) -> Cost:
    """The plan's cost over `months` (at least 1), row by row. Autopay and other optional reductions are never
    applied.
    """
    price = usd_cents(plan.monthly_price)
    rows: list[CostRow] = []
    options = _discount_options(plan.discounts, months)
    unknowns: list[UnknownAmount] = []
    terms, unknown_terms = discount_terms(plan.discounts, price)
    if price is None:
        unknowns.append(UnknownAmount("Monthly price", why_not_usable(plan.monthly_price)))
    else:
        rows.extend(_price_rows(price, terms, months))
    unknowns.extend(unknown_terms)
    more_expensive = _more_expensive_installation(plan.fees)
    for fee in plan.fees:
        part = _fee_part(fee, months, replaced=fee is more_expensive)
        if isinstance(part, CostRow):
            rows.append(part)
        elif isinstance(part, CostOption):
            options.append(part)
        else:
            unknowns.append(part)
    for charge in plan.other_charges:
        unknowns.append(_unread_charge(charge))
    if plan.amounts_left_out:
        unknowns.append(UnknownAmount(plural(plan.amounts_left_out, "more amount"), "past the limit, not read"))
    total, total_text = None, "not known"
    if price is not None:
        total = Money(sum(row.cents for row in rows))
        total_text = money_text(total)
    return Cost(
        months=months,
        rows=tuple(rows),
        total=total,
        total_text=total_text,
        options=tuple(options),
        unknowns=tuple(unknowns),
        not_stated=_not_stated(plan),
    )


def _price_rows(price: int, terms: tuple[DiscountTerm, ...], months: int) -> list[CostRow]:
    rows, month = [], 1
    for term in terms:
        if term.first > months:
            break
        if month < term.first:
            rows.append(_full_price_row(price, month, term.first - 1))
        rows.append(_reduced_price_row(price, term, min(term.last, months)))
        month = term.last + 1
    if month <= months:
        rows.append(_full_price_row(price, month, months))
    return rows


def _full_price_row(price: int, first: int, last: int) -> CostRow:
    return _repeated("Monthly price", dollars(price), price, first, last)


def _reduced_price_row(price: int, term: DiscountTerm, last: int) -> CostRow:
    each = f"({dollars(price)} {MINUS} {dollars(term.cents)})"
    return _repeated(f"Monthly price less {term.name}", each, price - term.cents, term.first, last)


def _repeated(name: str, each: str, cents: int, first: int, last: int) -> CostRow:
    count = last - first + 1
    when = f"Months {first}\u2013{last}"
    if count == 1:
        when = f"Month {first}"
    return CostRow(name, when, f"{each} \u00d7 {count}", cents * count, dollars(cents * count))


def _fee_part(fee: Charge, months: int, *, replaced: bool) -> CostRow | CostOption | UnknownAmount:
    """What a fee does to the cost; `replaced` where the customer can choose the other installation fee instead."""
    cents, kind = usd_cents(fee.amount), fee_kind(fee.key)
    if cents is None:
        return UnknownAmount(fee.name, why_not_usable(fee.amount))
    if replaced:
        return CostOption(fee.name, f"{dollars(cents)} once, in place of the other way of installation counted above")
    if kind is FeeKind.ONCE:
        return CostRow(fee.name, "Once", dollars(cents), cents, dollars(cents))
    if kind is FeeKind.MONTHLY:
        return _repeated(fee.name, dollars(cents), cents, 1, months)
    if kind is FeeKind.CONDITIONAL:
        return CostOption(fee.name, f"{dollars(cents)}, due only if it applies")
    return UnknownAmount(fee.name, f"{dollars(cents)}, but whether once or every month is not stated; not counted")


def _more_expensive_installation(fees: tuple[Charge, ...]) -> Charge | None:
    # Installation is done by the customer or by a technician: counting both would charge for it twice.
    highest = -1
    more_expensive: Charge | None = None
    keys: set[str] = set()
    for fee in fees:
        if fee.key not in INSTALLATION_CHOICE:
            continue
        cents = usd_cents(fee.amount)
        if cents is None:
            continue
        keys.add(fee.key)
        if cents > highest:
            more_expensive, highest = fee, cents
    if keys != INSTALLATION_CHOICE:
        return None
    return more_expensive


def _discount_options(discounts: tuple[Discount, ...], months: int) -> list[CostOption]:
    options = []
    for discount in discounts:
        if discount.key not in (INITIAL, SECOND):
            options.append(CostOption(discount.name, _discount_text(discount, months)))
    return options


def _discount_text(discount: Discount, months: int) -> str:
    cents = usd_cents(discount.amount)
    if cents is None:
        return f"{why_not_usable(discount.amount)}; not in the total"
    if is_one_time(discount.key):
        return f"{dollars(-cents)} once; its conditions are not stated; not in the total"
    if discount.key != AUTOPAY:
        return f"{dollars(-cents)}; its conditions are not stated; not in the total"
    lasting = months
    if isinstance(discount.months, int):
        lasting = min(months, discount.months)
    return (
        f"{dollars(-cents)} a month while autopay is used ({dollars(-cents * lasting)} over "
        f"{plural(lasting, 'month')}); not in the total"
    )


def _unread_charge(charge: Charge) -> UnknownAmount:
    if not isinstance(charge.amount, Money):
        return UnknownAmount(charge.name, why_not_usable(charge.amount))
    return UnknownAmount(charge.name, f"{money_text(charge.amount)}; what it is for is not known; not counted")


def _not_stated(plan: Plan) -> tuple[str, ...]:
    words: set[str] = set()
    for fee in plan.fees:
        words |= key_words(fee.key)
    missing = []
    if "activation" not in words:
        missing.append("Activation fee")
    if words.isdisjoint({"install", "installation"}):
        missing.append("Installation fee")
    if plan.modem_included is not True and words.isdisjoint({"equipment", "gateway", "modem", "router"}):
        missing.append("Modem or router")
    if plan.contract_required is not False and "termination" not in words:
        missing.append("Early termination fee")
    return tuple(missing)
