"""Numbers out of whatever Hum renders them as: money in cents, speeds in Mbps, technologies by name or code."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.hum.pricing import read_pricing
from webapp.hum.readers import coordinate, money, speed, technology, whole
from webapp.plans.model import Charge, Discount, Money, Speed, Technology


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"amount_cents": 4999, "currency": "USD"}, Money(4999)),
        ({"currency": "USD", "amount_cents": "4999"}, Money(4999)),
        ({"amount_cents": 4999.0}, Money(4999)),
        ({"amount_cents": 0, "currency": None}, Money(0)),
        ({"amount_cents": 4999, "currency": "cad"}, Money(4999, "CAD")),
        ({"amount_cents": 4999, "currency": "<b>"}, None),
        ({"amount_cents": 49.99}, None),
        ({"amount_cents": -1}, None),
        ({"amount_cents": 10**12}, None),
        ({"amount_cents": True}, None),
        ({"amount_cents": "9" * 5_000}, None),
        ({"amount_cents": math.nan}, None),
        ({"amount_cents": None}, None),
        ({}, None),
        (4999, None),
        ("$49.99", None),
        (None, None),
    ],
)
def test_money_is_whole_cents_or_unknown(value: object, read: Money | None) -> None:
    assert money(value) == read


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        (300, 300, 300),
        ("300", 300, 300),
        (300.5, 300.5, 300.5),
        ("50-100", 50, 100),
        ("50 – 100 Mbps", 50, 100),
        ("100 to 200", 100, 200),
        ("100-50", 50, 100),
        ("1-2 Gig", 1000, 2000),
        ("500 Mbps - 1 Gbps", 500, 1000),
        ("Up to 1 Gig", 1000, 1000),
        ("1.2 Gbps", 1200, 1200),
        ("768 kbps", 0.768, 0.768),
        ("1,000", 1000, 1000),
        ("Tier 2: up to 300 Mbps", 300, 300),
        (0, 0, 0),
        (1_000_000, 1e6, 1e6),
    ],
    ids=repr,
)
def test_a_speed_is_read_in_mbps(value: object, low: float, high: float) -> None:
    read = speed(value)
    assert read is not None
    assert (read.low_mbps, read.high_mbps) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("4G LTE 25-50 Mbps", 25, 50),
        ("5G Home Internet, 300 Mbps", 300, 300),
        ("1 Gbit/s", 1000, 1000),
        ("2.5 Gbits/s", 2500, 2500),
        ("512 Kbit/s", 0.512, 0.512),
        ("100 Megabits", 100, 100),
        ("1 000 Mbps", 1000, 1000),
        ("50 thru 100", 50, 100),
        ("50 through 100 Mbps", 50, 100),
        ("1G", 1000, 1000),
        ("5 Gig", 5000, 5000),
        ("5 Gbps", 5000, 5000),
        ("5gbit/s", 5000, 5000),
    ],
)
def test_a_figure_is_read_with_its_own_unit(value: str, low: float, high: float) -> None:
    assert speed(value) == Speed(value, pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize("value", ["5G", "4G LTE", "3g", "5G Home"])
def test_a_generation_is_no_speed(value: str) -> None:
    assert speed(value) == Speed(value)


@pytest.mark.parametrize(
    ("value", "down", "up"),
    [
        ("100/20 Mbps", 100, 20),
        ("100 / 20", 100, 20),
        ("100Mbps/20Mbps", 100, 20),
        ("1 Gbps/500 Mbps", 1000, 500),
        ("1/1 Gbps", 1000, 1000),
        ("Up to 940/35", 940, 35),
    ],
)
def test_a_pair_is_read_as_down_and_up_each_with_its_unit(value: str, down: float, up: float) -> None:
    assert speed(value) == Speed(value, down, down)
    assert speed(value, is_upload=True) == Speed(value, up, up)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-1, "-1"),
        ("-1", "-1"),
        (1e9, "1000000000"),
        ("9" * 30, "9" * 30),
        ("Varies", "Varies"),
        ("2,000 Gig", "2,000 Gig"),
    ],
    ids=repr,
)
def test_a_speed_out_of_bounds_keeps_its_text_only(value: object, text: str) -> None:
    assert speed(value) == Speed(text)


@pytest.mark.parametrize("value", [None, "", " ", [], {}, True, math.nan, math.inf])
def test_where_no_speed_is_said_there_is_none(value: object) -> None:
    assert speed(value) is None


@given(st.text(alphabet="0123456789,.- kKmMgGbps–to", max_size=40))
def test_a_speed_never_has_numbers_out_of_bounds(text: str) -> None:
    read = speed(text)
    if read is not None and read.low_mbps is not None:
        assert read.high_mbps is not None
        assert 0 <= read.low_mbps <= read.high_mbps <= 1e6


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Fiber", Technology.FIBER),
        ("FIBRE", Technology.FIBER),
        ("Fiber to the Home", Technology.FIBER),
        ("cable", Technology.CABLE),
        ("Hybrid Fiber Coax", Technology.CABLE),
        ("VDSL2", Technology.DSL),
        ("Copper", Technology.DSL),
        ("Fixed Wireless", Technology.FIXED_WIRELESS),
        ("5G Home", Technology.FIXED_WIRELESS),
        ("GEO Satellite", Technology.SATELLITE),
        ("Quantum Entanglement", Technology.OTHER),
        ("", Technology.OTHER),
        (None, Technology.OTHER),
        (["Fiber"], Technology.OTHER),
    ],
)
def test_a_technology_is_known_by_its_name_in_any_case(name: object, family: Technology) -> None:
    assert technology(name) is family


@pytest.mark.parametrize(
    ("code", "family"),
    [(50, Technology.FIBER), ("40", Technology.CABLE), (61, Technology.SATELLITE), (0, Technology.OTHER)],
)
def test_a_code_tells_the_technology_when_the_name_does_not(code: object, family: Technology) -> None:
    assert technology(None, code=code) is family
    assert technology("DSL", code=code) is Technology.DSL


def test_whole_numbers_and_coordinates() -> None:
    assert [whole(value) for value in (5, 5.0, "5", " -5 ", 5.5, "5.5", True, 10**40, None)] == [
        5,
        5,
        5,
        -5,
        None,
        None,
        None,
        None,
        None,
    ]
    assert [coordinate(value, 90) for value in (42.5, "42.5", 91, "north", None)] == [42.5, 42.5, None, None, None]


def cents(amount: object) -> dict[str, object]:
    return {"amount_cents": amount, "currency": "USD"}


def test_pricing_is_sorted_by_what_the_names_say_and_never_summed() -> None:
    pricing = read_pricing(
        {
            "initial_term_discount_months": 12,
            "second_term_discount_months": "6",
            "pricing": {
                "extra_data_fee": cents(1000),
                "activation_fee": cents(0),
                "paperwork_fee": None,
                "initial_term_discount": cents(2000),
                "second_term_discount": cents(500),
                "autopay_discount": cents(1000),
                "equipment_purchase": cents(34900),
                "retail_price": cents(9000),
                "monthly_price": cents(7000),
            },
        }
    )
    assert pricing.monthly_price == Money(7000)
    assert pricing.fees == (
        Charge("extra_data_fee", "Extra data fee", Money(1000)),
        Charge("activation_fee", "Activation fee", Money(0)),
        Charge("paperwork_fee", "Paperwork fee", None),
    )
    assert pricing.discounts == (
        Discount("initial_term_discount", "Initial term discount", Money(2000), 12),
        Discount("second_term_discount", "Second term discount", Money(500), 6),
        Discount("autopay_discount", "Autopay discount", Money(1000), None),
    )
    assert pricing.other_charges == (
        Charge("equipment_purchase", "Equipment purchase", Money(34900)),
        Charge("retail_price", "Retail price", Money(9000)),
    )


@pytest.mark.parametrize(
    "key", ["monthly_price", "monthly_fee", "price", "base_price", "retail_price", "recurring_charge"]
)
def test_the_monthly_price_is_found_under_any_likely_name(key: str) -> None:
    pricing = read_pricing({"pricing": {"monthly_price": None, key: cents(4999)}})
    assert pricing.monthly_price == Money(4999)
    assert pricing.fees == pricing.other_charges == ()


@pytest.mark.parametrize("pricing", [None, [], "free", {}, {"activation_fee": cents(10), "price": cents(-1)}])
def test_without_a_readable_monthly_price_there_is_none(pricing: object) -> None:
    assert read_pricing({"pricing": pricing}).monthly_price is None
