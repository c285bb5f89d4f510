"""Who serves which address, and what the newest provider shape holds."""

from __future__ import annotations

import re

import pytest

from webapp.simulator.catalog import regional
from webapp.simulator.normalized import matched


def providers_at(**params):
    return {provider["provider_name"]: provider for provider in regional(matched(params))}


def products_of(provider):
    return [product for category in provider["product_catalog"] for product in category["products"]]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"street1": "1001 Woodward Ave", "zip": "48226"}, "Rocket Fiber"),
        ({"street1": "1 Ashford Ave", "zip": "00907"}, "Liberty Puerto Rico"),
        ({"street1": "1 Ashford Ave", "city": "San Juan", "state": "PR"}, "Liberty Puerto Rico"),
        ({"street1": "1200 Broadway", "zip": "99501"}, "Starlink"),
    ],
)
def test_a_region_has_its_providers(params, expected):
    assert expected in providers_at(**params)


@pytest.mark.parametrize(
    "zip_code", ["48034", "48201", "02139", "20001", "10118", "78701", "98101", "59001", "48226-3437"]
)
def test_an_ordinary_address_has_three_to_six_providers(zip_code):
    assert 3 <= len(providers_at(street1="100 Main Street", zip=zip_code)) <= 6


def test_rural_alaska_has_none():
    assert providers_at(street1="1078 Kiogak St", zip="99723") == {}


def test_the_same_address_has_the_same_providers_however_it_is_written():
    assert providers_at(street1="1001 woodward avenue", zip="48226") == providers_at(
        street1="1001 Woodward Ave", city="Detroit", zip="48226"
    )


def test_a_provider_carries_a_secret_a_link_with_its_origin_and_whole_cents():
    for provider in providers_at(street1="29090 Tiffany Drive E", zip="48034").values():
        assert re.fullmatch(r"[A-Za-z0-9_-]{66}", provider["security_token"])
        assert provider["url"].endswith("utm_source=Hum")
        assert all(
            amount["amount_cents"] >= 0 for product in products_of(provider) for amount in product["pricing"].values()
        )


def test_secrets_differ_by_address():
    here, there = providers_at(street1="1 Main St", zip="48034"), providers_at(street1="2 Main St", zip="48034")
    assert here["Starlink"]["security_token"] != there["Starlink"]["security_token"]


def test_prices_lie_under_a_monthly_key_beside_fees_and_one_unknown_key():
    (residential,) = products_of(providers_at(street1="29090 Tiffany Drive E", zip="48034")["Starlink"])
    assert residential["pricing"]["monthly_price"] == {"amount_cents": 12000, "currency": "USD"}
    assert residential["pricing"]["equipment_purchase"]["amount_cents"] == 34900
    assert (residential["download_speed"], residential["technology"]) == ("45-280", "satellite")


@pytest.mark.parametrize(
    ("params", "line"),
    [
        ({"street1": "29090 Tiffany Drive E", "zip": "48034"}, "29090 TIFFANY DR E, SOUTHFIELD, MI 48034"),
        (
            {"street1": "1001 Woodward Ave", "street2": "Suite 100", "zip": "48226"},
            "1001 WOODWARD AVE STE 100, DETROIT, MI 48226",
        ),
        (
            {"street1": "1420 Washington Blvd.", "city": "Detroit", "state": "MI"},
            "1420 WASHINGTON BLVD, DETROIT, MI 48226",
        ),
        ({"street1": "77 Massachusetts Avenue", "zip": "02139"}, "77 MASSACHUSETTS AVE, CAMBRIDGE, MA 02139"),
        ({"street1": "1 Main Street", "zip": "59001"}, "1 MAIN ST, MT 59001"),
        ({"street1": "1 Main Street", "city": "Nowhere", "state": "MT"}, "1 MAIN ST, NOWHERE, MT"),
    ],
)
def test_a_matched_address_is_one_upper_case_postal_line(params, line):
    assert matched(params).line() == line


@pytest.mark.parametrize(
    ("street", "other"), [("1001 Woodward Ave", "1011"), ("12B Main St", "22"), ("Woodward Ave", "10")]
)
def test_another_house_has_another_number(street, other):
    assert matched({"street1": street, "zip": "48226"}, other_house=True).line().split()[0] == other
