"""What a plan costs over 12 and 24 months, with its working, against a slow and obvious count month by month."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made_plans import charge, discount, make_plan
from webapp.plans.costs import Cost, CostRow, cost, costs
from webapp.plans.figures import dollars
from webapp.plans.model import Charge, Discount, Money, Plan

CABLE = make_plan(
    monthly_price=Money(60_00),
    discounts=(
        discount("initial_term_discount", 20_00, 12),
        discount("second_term_discount", 10_00, 6),
        discount("autopay_discount", 5_00),
    ),
    fees=(
        charge("activation_fee", 25_00),
        charge("professional_installation_fee", 99_00),
        charge("self_installation_fee", 0),
        charge("extra_data_fee", 10_00),
    ),
)


def _names(found: Cost) -> list[str]:
    return [unknown.name for unknown in found.unknowns]


def test_the_working_over_24_months_reads_like_a_bill() -> None:
    found = cost(CABLE, 24)
    assert [(row.name, row.when, row.working, row.amount) for row in found.rows] == [
        ("Monthly price less Initial term discount", "Months 1–12", "($60.00 − $20.00) × 12", "$480.00"),
        ("Monthly price less Second term discount", "Months 13–18", "($60.00 − $10.00) × 6", "$300.00"),
        ("Monthly price", "Months 19–24", "$60.00 × 6", "$360.00"),
        ("Activation fee", "Once", "$25.00", "$25.00"),
        ("Self installation fee", "Once", "$0.00", "$0.00"),
    ]
    assert found.total == Money(1165_00)
    assert found.total_text == "$1,165.00"


def test_a_term_that_is_longer_than_the_count_is_cut_at_its_end() -> None:
    found = cost(CABLE, 15)
    assert [(row.when, row.amount) for row in found.rows[:2]] == [
        ("Months 1–12", "$480.00"),
        ("Months 13–15", "$150.00"),
    ]
    assert cost(CABLE, 1).rows[0].when == "Month 1"


def test_both_horizons_are_given() -> None:
    assert [(found.months, found.total_text) for found in costs(CABLE)] == [(12, "$505.00"), (24, "$1,165.00")]


def test_what_may_change_the_total_is_an_option_and_not_counted() -> None:
    assert [(option.name, option.text) for option in cost(CABLE, 12).options] == [
        ("Autopay discount", "−$5.00 a month while autopay is used (−$60.00 over 12 months); not in the total"),
        ("Professional installation fee", "$99.00 once, in place of the other way of installation counted above"),
        ("Extra data fee", "$10.00, due only if it applies"),
    ]


def test_a_discount_that_hum_has_not_documented_is_an_option_and_not_applied() -> None:
    found = cost(make_plan(monthly_price=Money(50_00), discounts=(discount("third_term_discount", 10_00),)), 12)
    assert found.total == Money(600_00)
    assert [option.text for option in found.options] == ["−$10.00; its conditions are not stated; not in the total"]


def test_without_a_monthly_price_there_is_no_total() -> None:
    found = cost(replace(CABLE, monthly_price=None), 12)
    assert found.total is None
    assert found.total_text == "not known"
    assert [(unknown.name, unknown.why) for unknown in found.unknowns] == [("Monthly price", "amount not stated")]


def test_a_foreign_price_is_not_added_up() -> None:
    found = cost(replace(CABLE, monthly_price=Money(60_00, "CAD")), 12)
    assert found.total is None
    assert found.unknowns[0].why == "stated in CAD; only US dollars are added up"


def test_a_discount_of_unknown_length_is_named_and_holds_back_the_one_after_it() -> None:
    plan = make_plan(
        monthly_price=Money(60_00),
        discounts=(discount("initial_term_discount", 20_00), discount("second_term_discount", 10_00, 6)),
    )
    found = cost(plan, 12)
    assert found.total == Money(720_00)
    assert [(unknown.name, unknown.why) for unknown in found.unknowns] == [
        ("Initial term discount", "how many months it lasts is not stated; not applied"),
        ("Second term discount", "it begins after the initial term, whose length is not known; not applied"),
    ]


def months_of(row: CostRow) -> range:
    """The months that `Month 1` or `Months 4–9` names."""
    months = [int(figure) for figure in re.findall(r"[0-9]+", row.when)]
    return range(months[0], months[-1] + 1)


def test_the_second_term_keeps_its_place_when_the_first_has_no_amount() -> None:
    terms = (discount("initial_term_discount", None, 3), discount("second_term_discount", 10_00, 6))
    found = cost(make_plan(monthly_price=Money(60_00), discounts=terms), 12)
    assert [months_of(row) for row in found.rows] == [range(1, 4), range(4, 10), range(10, 13)]
    assert _names(found) == ["Initial term discount"]


def test_a_discount_larger_than_the_price_is_named_and_not_applied() -> None:
    found = cost(make_plan(monthly_price=Money(10_00), discounts=(discount("initial_term_discount", 20_00, 12),)), 12)
    assert found.total == Money(120_00)
    assert found.unknowns[0].why == "it is larger than the monthly price; not applied"


def test_a_fee_without_amount_or_period_is_named_and_not_counted() -> None:
    plan = make_plan(
        monthly_price=Money(50_00),
        fees=(charge("activation_fee", None), charge("equipment_fee", 15_00)),
        other_charges=(charge("price_lock", 5_00),),
    )
    found = cost(plan, 12)
    assert found.total == Money(600_00)
    assert [(unknown.name, unknown.why) for unknown in found.unknowns] == [
        ("Activation fee", "amount not stated"),
        ("Equipment fee", "$15.00, but whether once or every month is not stated; not counted"),
        ("Price lock", "$5.00; what it is for is not known; not counted"),
    ]


def test_a_monthly_fee_is_counted_every_month() -> None:
    found = cost(make_plan(monthly_price=Money(50_00), fees=(charge("monthly_equipment_fee", 10_00),)), 24)
    assert [row.working for row in found.rows] == ["$50.00 × 24", "$10.00 × 24"]
    assert found.total == Money(1440_00)


def test_installation_by_a_technician_alone_is_counted() -> None:
    found = cost(make_plan(monthly_price=Money(50_00), fees=(charge("professional_installation_fee", 99_00),)), 12)
    assert found.total == Money(699_00)
    assert found.options == ()


@pytest.mark.parametrize(
    "key", ["early_termination_fee", "late_fee", "monthly_late_fee", "unreturned_equipment_fee", "reconnection_fee"]
)
def test_a_fee_that_depends_on_something_is_an_option(key: str) -> None:
    found = cost(make_plan(monthly_price=Money(50_00), fees=(charge(key, 30_00),)), 12)
    assert found.total == Money(600_00)
    assert len(found.options) == 1


def test_usual_costs_that_hum_does_not_mention_are_not_stated() -> None:
    assert cost(make_plan(monthly_price=Money(50_00)), 12).not_stated == (
        "Activation fee",
        "Installation fee",
        "Modem or router",
        "Early termination fee",
    )
    stated = make_plan(
        modem_included=True,
        contract_required=False,
        fees=(charge("activation_fee", 0), charge("self_installation_fee", 0)),
    )
    assert cost(stated, 12).not_stated == ()


_CENTS = st.one_of(st.none(), st.integers(0, 200_00))
_MONTHS = st.one_of(st.integers(0, 30), st.integers(1, 8), st.none())
_PRICES = st.one_of(st.integers(60_00, 200_00), st.integers(0, 80_00), st.none())
_REDUCTIONS = st.one_of(st.integers(1, 60_00), st.integers(0, 70_00), st.none())
_CHARGES = st.lists(
    st.builds(
        charge,
        st.sampled_from(["activation_fee", "shipping_fee", "monthly_modem_fee", "extra_data_fee", "gadget_fee"]),
        _CENTS,
    ),
    max_size=5,
    unique_by=lambda fee: fee.key,
)
_DISCOUNTS = st.tuples(
    st.builds(discount, st.just("initial_term_discount"), _REDUCTIONS, _MONTHS),
    st.builds(discount, st.just("second_term_discount"), _REDUCTIONS, _MONTHS),
    st.builds(discount, st.just("autopay_discount"), _CENTS),
)


@st.composite
def _plans(draw: st.DrawFn) -> Plan:
    terms = tuple(term for term in draw(_DISCOUNTS) if draw(st.integers(0, 4)))
    price = draw(_PRICES)
    return make_plan(monthly_price=None if price is None else Money(price), discounts=terms, fees=tuple(draw(_CHARGES)))


def _reduction(plan: Plan, price: int, month: int) -> int:
    """What comes off the price in one month, as a person would count it: first term, then second term, then nothing."""
    by_key = {term.key: term for term in plan.discounts}
    initial, second = by_key.get("initial_term_discount"), by_key.get("second_term_discount")
    if initial and initial.months is not None and month <= initial.months:
        return _usable(initial, price)
    if (
        initial
        and second
        and initial.months is not None
        and second.months is not None
        and month <= initial.months + second.months
    ):
        return _usable(second, price)
    return 0


def _usable(term: Discount, price: int) -> int:
    return term.amount.cents if term.amount and term.amount.cents <= price else 0


def _fee_in(fee: Charge, month: int) -> int:
    if fee.amount is None or fee.key in ("extra_data_fee", "gadget_fee"):
        return 0
    return fee.amount.cents if fee.key == "monthly_modem_fee" or month == 1 else 0


@given(_plans(), st.integers(1, 30))
def test_the_total_is_what_counting_month_by_month_gives(plan: Plan, months: int) -> None:
    found = cost(plan, months)
    if plan.monthly_price is None:
        assert found.total is None
        return
    price = plan.monthly_price.cents
    counted = sum(
        price - _reduction(plan, price, month) + sum(_fee_in(fee, month) for fee in plan.fees)
        for month in range(1, months + 1)
    )
    assert found.total == Money(counted)


@given(_plans(), st.integers(1, 30))
def test_the_rows_cover_every_month_once_and_add_up(plan: Plan, months: int) -> None:
    found = cost(plan, months)
    priced = [row for row in found.rows if row.name.startswith("Monthly price")]
    covered = [month for row in priced for month in months_of(row)]
    assert covered == ([] if plan.monthly_price is None else list(range(1, months + 1)))
    assert found.total is None or found.total.cents == sum(row.cents for row in found.rows)
    assert all(row.amount == dollars(row.cents) and row.cents >= 0 for row in found.rows)


@given(_plans())
def test_every_named_amount_is_counted_or_offered_or_named_as_unknown(plan: Plan) -> None:
    found = cost(plan, 60)  # long enough for both terms
    named_texts = " ".join(
        [*(row.name for row in found.rows), *(option.name for option in found.options), *_names(found)]
    )
    for named in (*plan.discounts, *plan.fees):
        no_effect = isinstance(named, Discount) and (
            named.amount == Money(0) or named.months == 0 or plan.monthly_price is None
        )
        assert named.name in named_texts or no_effect
