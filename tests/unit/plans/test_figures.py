"""Money and speeds in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made_plans import mbps
from webapp.plans.figures import decimal, dollars, mbps_text, money_text, speed_text, usd_cents
from webapp.plans.model import Money, Speed


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (None, "not stated"),
        (Money(0), "$0.00"),
        (Money(4999), "$49.99"),
        (Money(123456), "$1,234.56"),
        (Money(-5), "−$0.05"),
        (Money(4999, "CAD"), "CAD 49.99"),
    ],
)
def test_money(money: Money | None, text: str) -> None:
    assert money_text(money) == text


@given(st.integers(-(10**15), 10**15))
def test_a_decimal_number_loses_no_cent(cents: int) -> None:
    assert int(decimal(cents).replace(".", "")) == cents
    assert int(dollars(cents).replace("−", "-").replace("$", "").replace(",", "").replace(".", "")) == cents


@pytest.mark.parametrize(
    ("speed", "text"),
    [
        (None, "not stated"),
        (Speed(" "), "not stated"),
        (mbps(50, 100), "50-100 Mbps"),
        (mbps(300), "300 Mbps"),
        (Speed("Up to 1 Gig", 1000, 1000), "Up to 1 Gig"),
        (Speed("999999999"), "999999999"),
    ],
)
def test_a_speed_keeps_hums_words_and_gets_a_unit_only_where_one_is_missing(speed: Speed | None, text: str) -> None:
    assert speed_text(speed) == text


def test_only_dollars_that_make_sense_can_be_added_up() -> None:
    assert [usd_cents(money) for money in (Money(0), Money(5), Money(-5), Money(5, "CAD"), None)] == [
        0,
        5,
        None,
        None,
        None,
    ]


def test_mbps_have_no_needless_decimals() -> None:
    assert [mbps_text(figure) for figure in (1200.0, 0.5, 300.04, None)] == [
        "1,200 Mbps",
        "0.5 Mbps",
        "300 Mbps",
        "not stated",
    ]
