"""What a plan costs over 12 or 24 months, as a table of its working: whole cents, US dollars, nothing unknown counted
as zero.

Hum does not document whether its monthly price already holds the discounts; we read it as the price before them and say
so.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.plans.discount_terms import AUTOPAY, INITIAL, SECOND, Term, discount_terms
from webapp.plans.fees import INSTALLATION_CHOICE, FeeKind, fee_kind, key_words
from webapp.plans.figures import MINUS, dollars, money_text, plural, usd_cents
from webapp.plans.model import Charge, Discount, Money, Plan
from webapp.plans.unknowns import Unknown, why_not_usable

HORIZONS = (12, 24)
ASSUMPTION = (
    "The monthly price is read as the price before discounts; Hum does not say otherwise. Taxes are not included."
)


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line of the working. Months are 1-based and inclusive, None for a fee paid once; `amount` is `cents` as
    text.
    """

    name: str
    when: str
    working: str
    cents: int
    amount: str
    first_month: int | None = None
    last_month: int | None = None


@dataclass(frozen=True, slots=True)
class CostOption:
    """What could change the total but is not in it: autopay, the other way of installation, a fee due only in some
    cases.
    """

    name: str
    said: str


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
    unknowns: tuple[Unknown, ...]
    not_stated: tuple[str, ...]
    assumption: str = ASSUMPTION


def costs(plan: Plan) -> tuple[Cost, ...]:
    """The plan's cost over each of the usual horizons, 12 and 24 months."""
    return tuple(cost(plan, months) for months in HORIZONS)


def cost(plan: Plan, months: int) -> Cost:
    """The plan's cost over `months` (at least 1) with its working. Autopay and other optional reductions are never
    applied.
    """
    price = usd_cents(plan.monthly_price)
    terms, unknown_terms = discount_terms(plan.discounts, price)
    fee_rows, fee_options, unknown_fees = _fees(plan.fees, months)
    rows = (*_price_rows(price, terms, months), *fee_rows)
    total = None if price is None else Money(sum(row.cents for row in rows))
    unknown_price = () if price is not None else (Unknown("Monthly price", why_not_usable(plan.monthly_price)),)
    return Cost(
        months=months,
        rows=rows,
        total=total,
        total_text=money_text(total),
        options=(*_discount_options(plan.discounts, months), *fee_options),
        unknowns=(*unknown_price, *unknown_terms, *unknown_fees, *_unread(plan.other_charges)),
        not_stated=_not_stated(plan),
    )


def _price_rows(price: int | None, terms: tuple[Term, ...], months: int) -> list[CostRow]:
    if price is None:
        return []
    rows, month = [], 1
    for term in terms:
        if term.first > months:
            break
        if month < term.first:
            rows.append(_price_row(price, None, month, term.first - 1))
        rows.append(_price_row(price, term, term.first, min(term.last, months)))
        month = term.last + 1
    if month <= months:
        rows.append(_price_row(price, None, month, months))
    return rows


def _price_row(price: int, term: Term | None, first: int, last: int) -> CostRow:
    off = term.cents if term else 0
    each = f"({dollars(price)} {MINUS} {dollars(off)})" if term else dollars(price)
    name = f"Monthly price less {term.name}" if term else "Monthly price"
    return _repeated(name, each, price - off, first, last)


def _repeated(name: str, each: str, cents: int, first: int, last: int) -> CostRow:
    count = last - first + 1
    when = f"Month {first}" if count == 1 else f"Months {first}\u2013{last}"
    return CostRow(name, when, f"{each} \u00d7 {count}", cents * count, dollars(cents * count), first, last)


def _fees(fees: tuple[Charge, ...], months: int) -> tuple[list[CostRow], list[CostOption], list[Unknown]]:
    rows: list[CostRow] = []
    options: list[CostOption] = []
    unknowns: list[Unknown] = []
    more_expensive = _more_expensive_installation(fees)
    for fee in fees:
        cents, kind = usd_cents(fee.amount), fee_kind(fee)
        if cents is None:
            unknowns.append(Unknown(fee.name, why_not_usable(fee.amount)))
        elif fee is more_expensive:
            options.append(
                CostOption(fee.name, f"{dollars(cents)} once, in place of the other way of installation counted above")
            )
        elif kind is FeeKind.ONCE:
            rows.append(CostRow(fee.name, "Once", dollars(cents), cents, dollars(cents)))
        elif kind is FeeKind.MONTHLY:
            rows.append(_repeated(fee.name, dollars(cents), cents, 1, months))
        elif kind is FeeKind.CONDITIONAL:
            options.append(CostOption(fee.name, f"{dollars(cents)}, due only if it applies"))
        else:
            unknowns.append(
                Unknown(fee.name, f"{dollars(cents)}, but whether once or every month is not stated; not counted")
            )
    return rows, options, unknowns


def _more_expensive_installation(fees: tuple[Charge, ...]) -> Charge | None:
    # Installation is done by the customer or by a technician: counting both would charge for it twice.
    known = [
        (cents, fee) for fee in fees if fee.key in INSTALLATION_CHOICE and (cents := usd_cents(fee.amount)) is not None
    ]
    return max(known, key=lambda pair: pair[0])[1] if len({fee.key for _, fee in known}) == 2 else None


def _discount_options(discounts: tuple[Discount, ...], months: int) -> list[CostOption]:
    return [
        CostOption(discount.name, _option_said(discount, months))
        for discount in discounts
        if discount.key not in (INITIAL, SECOND)
    ]


def _option_said(discount: Discount, months: int) -> str:
    cents = usd_cents(discount.amount)
    if cents is None:
        return f"{why_not_usable(discount.amount)}; not in the total"
    if discount.key != AUTOPAY:
        return f"{dollars(-cents)}; its conditions are not stated; not in the total"
    lasting = min(months, discount.months) if discount.months is not None else months
    return (
        f"{dollars(-cents)} a month while autopay is used ({dollars(-cents * lasting)} over "
        f"{plural(lasting, 'month')}); not in the total"
    )


def _unread(charges: tuple[Charge, ...]) -> list[Unknown]:
    return [
        Unknown(charge.name, f"{money_text(charge.amount)}; what it is for is not known; not counted")
        if charge.amount
        else Unknown(charge.name, why_not_usable(None))
        for charge in charges
    ]


def _not_stated(plan: Plan) -> tuple[str, ...]:
    words = frozenset[str]().union(*(key_words(fee) for fee in plan.fees))
    usual = {
        "Activation fee": "activation" in words,
        "Installation fee": bool(words & {"install", "installation"}),
        "Modem or router": plan.modem_included is True or bool(words & {"equipment", "gateway", "modem", "router"}),
        "Early termination fee": plan.contract_required is False or "termination" in words,
    }
    return tuple(name for name, stated in usual.items() if not stated)
