"""What a plan costs first and later, in the words of a row."""

from __future__ import annotations

import pytest

from tests.made_plans import discount, make_plan
from webapp.plans.model import Discount, Money
from webapp.plans.price_over_time import first_year_cents, other_discounts, price_over_time


@pytest.mark.parametrize(
    ("discounts", "text", "year"),
    [
        ((), "$35.00", 420_00),
        ((discount("initial_term_discount", 15_00, 12),), "$20.00 for 12 mo, then $35.00", 240_00),
        ((discount("initial_term_discount", 15_00, 24),), "$20.00 for 24 mo, then $35.00", 240_00),
        ((discount("initial_term_discount", 15_00, 3),), "$20.00 for 3 mo, then $35.00", 375_00),
        (
            (discount("initial_term_discount", 20_00, 12), discount("second_term_discount", 10_00, 6)),
            "$15.00 for 12 mo, $25.00 for 6 mo, then $35.00",
            180_00,
        ),
        (
            (discount("initial_term_discount", 20_00, 6), discount("second_term_discount", 10_00, 12)),
            "$15.00 for 6 mo, $25.00 for 12 mo, then $35.00",
            240_00,
        ),
        ((discount("autopay_discount", 5_00),), "$35.00", 420_00),
        ((discount("initial_term_discount", 15_00),), "$35.00", 420_00),
        ((discount("initial_term_discount", 99_00, 12),), "$35.00", 420_00),
    ],
    ids=[
        "none",
        "one term",
        "longer than a year",
        "a quarter",
        "two terms",
        "two terms in the year",
        "autopay",
        "of unknown length",
        "larger than the price",
    ],
)
def test_the_months_are_those_that_hum_states(discounts: tuple[Discount, ...], text: str, year: int) -> None:
    plan = make_plan(monthly_price=Money(35_00), discounts=discounts)
    found = price_over_time(plan)
    assert found is not None
    assert found.text == text
    assert found.last == "$35.00"
    assert first_year_cents(plan) == year


def test_a_discount_that_the_price_tells_is_told_once() -> None:
    discounts = (
        discount("initial_term_discount", 15_00, 12),
        discount("second_term_discount", 5_00),
        discount("autopay_discount", 5_00),
    )
    found = other_discounts(make_plan(monthly_price=Money(35_00), discounts=discounts))
    assert [each.key for each in found] == ["second_term_discount", "autopay_discount"]


def test_what_is_not_stated_has_no_price_and_a_foreign_one_stays_foreign() -> None:
    assert price_over_time(make_plan()) is None
    foreign = price_over_time(make_plan(monthly_price=Money(10_00, "CAD")))
    assert foreign is not None
    assert foreign.text == "CAD 10.00"
