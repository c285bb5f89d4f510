"""Numbers out of whatever Hum renders them as: money in cents, speeds in Mbps, technologies by name or code."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.hum.pricing import read_pricing
from webapp.hum.readers import coordinate, data_limit, flag, money, months, speed, technology, whole
from webapp.plans.model import Amount, BadValue, Charge, Discount, Money, Speed, Technology


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"amount_cents": 4999, "currency": "USD"}, Money(4999)),
        ({"currency": "USD", "amount_cents": "4999"}, Money(4999)),
        ({"amount_cents": 4999.0}, Money(4999)),
        ({"amount_cents": 0, "currency": None}, Money(0)),
        ({"amount_cents": 4999, "currency": "cad"}, Money(4999, "CAD")),
        ({"amount_cents": 4999, "currency": "EUR"}, Money(4999, "EUR")),
        ("$49.99", Money(4999)),
        ({"amount_cents": "$1,049.99"}, Money(104999)),
        ({"amount_cents": 10**7}, Money(10**7)),
        # Nothing is stated.
        ({"amount_cents": None}, None),
        ({"amount_cents": "", "currency": "USD"}, None),
        ({"currency": "USD"}, None),
        ({}, None),
        ([], None),
        (" ", None),
        (None, None),
        # Something is, but not in one way only.
        (49.99, BadValue.UNREADABLE),
        (4999, BadValue.UNREADABLE),
        ("49.99", BadValue.UNREADABLE),
        ("$49", BadValue.UNREADABLE),
        ("$49.99 for 3 months", BadValue.UNREADABLE),
        ("10%", BadValue.UNREADABLE),
        ("call us", BadValue.UNREADABLE),
        ([4999], BadValue.UNREADABLE),
        (True, BadValue.UNREADABLE),
        ({"amount": 4999}, BadValue.UNREADABLE),
        ({"amount_cents": 49.99}, BadValue.UNREADABLE),
        ({"amount_cents": True}, BadValue.UNREADABLE),
        ({"amount_cents": [4999]}, BadValue.UNREADABLE),
        ({"amount_cents": "9" * 5_000}, BadValue.UNREADABLE),
        ({"amount_cents": math.nan}, BadValue.UNREADABLE),
        ({"amount_cents": 4999, "currency": ""}, BadValue.UNREADABLE),
        ({"amount_cents": 4999, "currency": "<b>"}, BadValue.UNREADABLE),
        # It can be read, and nothing can cost that.
        ({"amount_cents": -1}, BadValue.IMPOSSIBLE),
        ("-$5.00", BadValue.IMPOSSIBLE),
        ({"amount_cents": 10**7 + 1}, BadValue.IMPOSSIBLE),
        ({"amount_cents": 10**12}, BadValue.IMPOSSIBLE),
        ({"amount_cents": 10**40}, BadValue.IMPOSSIBLE),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_money_is_whole_cents_or_says_why_not(value: object, read: Amount) -> None:
    assert money(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (12, 12),
        ("12", 12),
        ("12 months", 12),
        ("1 month", 1),
        ("6 mo.", 6),
        (12.0, 12),
        (None, None),
        ("", None),
        ("a year", BadValue.UNREADABLE),
        ([12], BadValue.UNREADABLE),
        (1.5, BadValue.UNREADABLE),
        (True, BadValue.UNREADABLE),
        (0, BadValue.IMPOSSIBLE),
        (-3, BadValue.IMPOSSIBLE),
        ("99999 months", BadValue.IMPOSSIBLE),
    ],
    ids=repr,
)
def test_months_are_a_number_or_say_why_not(value: object, read: int | BadValue | None) -> None:
    assert months(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("1.2 TB", "1.2 TB"),
        ("Unlimited", "Unlimited"),
        (1200, "1200"),
        (1.5, "1.5"),
        (0, "0"),
        (None, None),
        ("", None),
        ([], None),
        ({"gb": 100}, BadValue.UNREADABLE),
        (True, BadValue.UNREADABLE),
        (-1, BadValue.IMPOSSIBLE),
        ("-5 GB", BadValue.IMPOSSIBLE),
    ],
    ids=repr,
)
def test_a_data_limit_is_a_text_or_says_why_not(value: object, read: str | BadValue | None) -> None:
    assert data_limit(value) == read


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
    assert isinstance(read, Speed)
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
    "value",
    [-1, "-1", "-5 Mbps", "\u22125", 1e9, "1000000000", 10**40, "9" * 30, "2,000 Gig"],
    ids=lambda value: repr(value)[:20],
)
def test_a_speed_out_of_bounds_is_impossible(value: object) -> None:
    assert speed(value) is BadValue.IMPOSSIBLE


def test_a_text_without_a_number_keeps_its_words() -> None:
    assert speed("Varies") == Speed("Varies")


@pytest.mark.parametrize("value", [[50, 100], {"mbps": 5}, True, math.nan, math.inf], ids=repr)
def test_a_speed_in_an_unknown_form_is_unreadable(value: object) -> None:
    assert speed(value) is BadValue.UNREADABLE


@pytest.mark.parametrize("value", [None, "", " ", [], {}], ids=repr)
def test_where_no_speed_is_said_there_is_none(value: object) -> None:
    assert speed(value) is None


@given(st.text(alphabet="0123456789,.- kKmMgGbps–to", max_size=40))
def test_a_speed_never_has_numbers_out_of_bounds(text: str) -> None:
    read = speed(text)
    if isinstance(read, Speed) and read.low_mbps is not None:
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


@pytest.mark.parametrize(
    ("value", "read"),
    [
        *((value, True) for value in (True, "true", "TRUE", "yes", " YES ", "y", "Y")),
        *((value, False) for value in (False, "false", "FALSE", "no", "No", "n")),
        *((value, None) for value in (None, "", "maybe", "not", 1, 0, 1.0, [True], {"value": True})),
    ],
)
def test_yes_and_no_are_read_in_words_and_as_booleans(value: object, read: bool | None) -> None:
    assert flag(value) is read


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


@pytest.mark.parametrize("pricing", [None, [], "free", {}, {"activation_fee": cents(10), "price": None}])
def test_without_a_stated_monthly_price_there_is_none(pricing: object) -> None:
    assert read_pricing({"pricing": pricing}).monthly_price is None


def test_a_monthly_price_that_is_no_figure_says_why_and_gives_way_to_one_that_is() -> None:
    assert read_pricing({"pricing": {"price": 49.99}}).monthly_price is BadValue.UNREADABLE
    assert read_pricing({"pricing": {"price": cents(-1)}}).monthly_price is BadValue.IMPOSSIBLE
    pricing = read_pricing({"pricing": {"monthly_price": "soon", "price": cents(4999)}})
    assert pricing.monthly_price == Money(4999)
    assert pricing.other_charges == (Charge("monthly_price", "Monthly price", BadValue.UNREADABLE),)


def test_a_month_count_in_words_belongs_to_its_discount() -> None:
    product = {"initial_term_discount_months": "12 months", "pricing": {"initial_term_discount": cents(500)}}
    assert read_pricing(product).discounts[0].months == 12


def test_amounts_past_the_limit_are_counted_and_the_monthly_price_is_never_among_them() -> None:
    amounts = {f"part_{number}_fee": cents(number) for number in range(45)}
    pricing = read_pricing({"pricing": {**amounts, "monthly_price": cents(4999)}})
    assert (len(pricing.fees), pricing.left_out, pricing.monthly_price) == (40, 5, Money(4999))
