"""Odd figures of Hum's on every page and in every export: each says what it is, and none passes for another."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pytest

from tests.integration.web.page import text_in
from tests.integration.web.site import open_site
from tests.integration.web.stored import EVERY_ROW_OPEN, Ended, ended, money, provider, texts_with_class, with_class
from tests.integration.web.test_price_fields import listed_after

UNREADABLE = "stated in a form we cannot read"
ODD = {
    "Free": {"monthly_price": money(0)},
    "Silent": {"monthly_price": None},
    "Unreadable": {"monthly_price": 49.99},
    "Impossible": {"monthly_price": money(-1)},
    "Euro": {"monthly_price": {"amount_cents": 999, "currency": "EUR"}},
    "Dollars": {"monthly_price": "$39.99"},
}
PRICES = {
    "Free": "$0.00",
    "Silent": "not stated",
    "Unreadable": UNREADABLE,
    "Impossible": "not usable",
    "Euro": "EUR 9.99",
    "Dollars": "$39.99",
}
FOUR_WAYS = [
    {"technology": technology, "max_download_speed": down, "max_upload_speed": up}
    for technology, down, up in (("Cable", 500, 20), ("Cable", 300, 10), ("DSL", "up to 25", 3), ("Fiber", 5000, 5000))
]


def priced(name: str, pricing: object, **facts: object) -> dict[str, object]:
    """A plan with this `pricing`, whatever that is."""
    return {"id": f"id of {name}", "name": name, "technology": "fiber", "pricing": pricing, **facts}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """A result that pages only read."""
    site = open_site(tmp_path_factory.mktemp("state"))
    lookup = ended(site)
    plans = [priced(name, pricing) for name, pricing in ODD.items()]
    euro = priced("Only", {"price": {"amount_cents": 1, "currency": "EUR"}})
    terms = priced(
        "Terms",
        {
            "monthly_price": money(5000),
            "one_time_fee": money(2500),
            "one_time_discount": money(20000),
            "initial_term_discount": money(1000),
            **{f"part_{number}_fee": money(100) for number in range(40)},
        },
        initial_term_discount_months="12 months",
        data_limit=1000,
        download_speed="1000000000",
        upload_speed=[5],
    )
    lookup.change_providers(
        [
            provider("Alder Fiber", plans=plans),
            provider("Birch Cable", offerings=FOUR_WAYS, telephone=8005550101),
            provider("Cedar Net", down="Up to 940", up="up to 35", plans=[terms]),
            provider("Cedar Net", "DSL", 25, 3),
            provider("Dogwood Wireless", down=-1, up="Varies", cents=-5, telephone="+18005550102"),
            provider("Elm Euro", plans=[euro]),
        ]
    )
    yield lookup
    site.close()


def _rows(odd: Ended) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(odd.page("/export.csv").html.removeprefix("\ufeff"))))


@pytest.mark.parametrize("name", ODD)
def test_a_price_is_said_alike_in_the_list_on_its_page_and_beside_another(odd: Ended, name: str) -> None:
    keys = odd.plan_keys()
    plan = odd.page(f"/plans/{keys[f'Alder Fiber {name}']}")
    assert f"Monthly price: {PRICES[name]}" in listed_after(plan, "Everything Hum states about the price")
    assert any(PRICES[name] in price for price in texts_with_class(odd.page(EVERY_ROW_OPEN), "price"))
    beside = odd.page(f"/compare?plan={keys[f'Alder Fiber {name}']}&plan={keys['Cedar Net Terms']}")
    assert PRICES[name] in beside.text


def test_a_price_is_said_alike_in_every_export(odd: Ended) -> None:
    text = odd.page("/export.txt").html
    rows = {row["plan"]: row for row in _rows(odd) if row["provider"] == "Alder Fiber"}
    document = json.loads(odd.page("/export.json").html)
    plans = {plan["name"]: plan["monthly_price"] for plan in document["providers"][0]["plans"]}
    for name, price in PRICES.items():
        assert f"{name}: {price} a month" in text or f"{name}: price {price}" in text
        assert plans[name]["status"] == rows[name]["monthly_price_status"]
    cells = {name: (row["monthly_price"], row["monthly_price_status"]) for name, row in rows.items()}
    assert cells == {
        "Free": ("0.00", "stated"),
        "Silent": ("", "not stated"),
        "Unreadable": ("", "unreadable"),
        "Impossible": ("", "not usable"),
        "Euro": ("9.99", "stated"),
        "Dollars": ("39.99", "stated"),
    }


def test_no_price_that_is_not_known_passes_a_limit_or_comes_first(odd: Ended) -> None:
    limited = odd.page(f"{EVERY_ROW_OPEN}&price=100")
    assert limited.provider_names == ["Alder Fiber", "Cedar Net"]
    shown = set(texts_with_class(limited, "plan-name"))
    assert shown == {"Free", "Dollars", "Terms"}
    assert odd.page("?sort=price").provider_names[:2] == ["Alder Fiber", "Cedar Net"]


def test_no_plan_is_the_cheapest_beside_one_in_another_currency(odd: Ended) -> None:
    keys = odd.plan_keys()
    beside = odd.page(
        f"/compare?plan={keys['Alder Fiber Euro']}&plan={keys['Alder Fiber Dollars']}&plan={keys['Cedar Net Terms']}"
    )
    assert "lowest stated" not in beside.text
    assert "3 providers without a price in US dollars last" in odd.page().text


def test_a_row_without_a_price_in_dollars_says_what_there_is(odd: Ended) -> None:
    rows = with_class(odd.page(), "provider")
    prices = dict(zip(odd.page().provider_names, [texts_with_class(row, "price")[0] for row in rows], strict=True))
    assert prices["Elm Euro"] == "EUR 0.01/month"
    assert prices["Dogwood Wireless"] == "Price not usable"
    assert prices["Birch Cable"] == "Price not stated"


def test_speeds_that_cannot_be_are_not_usable_and_words_stay(odd: Ended) -> None:
    rows = {row["provider"]: row for row in _rows(odd)}
    dogwood, terms = rows["Dogwood Wireless"], rows["Cedar Net"]
    assert (dogwood["download"], dogwood["download_mbps"], dogwood["download_status"]) == (
        "not usable",
        "",
        "not usable",
    )
    assert (dogwood["upload"], dogwood["upload_status"]) == ("Varies", "unreadable")
    assert (terms["download"], terms["upload"]) == ("not usable", UNREADABLE)
    assert "1000000000" not in odd.page().text


def test_every_way_a_provider_is_offered_is_said(odd: Ended) -> None:
    page = odd.page(EVERY_ROW_OPEN)
    row = with_class(page, "provider")[page.provider_names.index("Birch Cable")]
    for way in ("Cable: 500 / 20 Mbps", "Cable: 300 / 10 Mbps", "DSL: up to 25 / 3 Mbps", "Fiber: 5,000 / 5,000 Mbps"):
        assert way in text_in(row)
    rows = [row for row in _rows(odd) if row["provider"] == "Birch Cable"]
    assert [(row["technology"], row["download_mbps"], row["upload_mbps"]) for row in rows] == [
        ("Cable", "500", "20"),
        ("Cable", "300", "10"),
        ("DSL", "25", "3"),
        ("Fiber", "5000", "5000"),
    ]
    assert all(row["provider_offerings"].count(" | ") == 3 for row in rows)
    text = odd.page("/export.txt").html
    for way in (
        "Cable: 500 Mbps down, 20",
        "Cable: 300 Mbps down, 10",
        "DSL: up to 25 down, 3",
        "Fiber: 5,000 Mbps down",
    ):
        assert way in text


def test_up_to_is_said_once(odd: Ended) -> None:
    text = odd.page("/export.txt").html
    assert "up to 940 down, up to 35 up" in text
    assert "up to up to" not in text.lower()


def test_two_entries_of_one_provider_are_one(odd: Ended) -> None:
    assert odd.page("?sort=hum").provider_names == [
        "Alder Fiber",
        "Birch Cable",
        "Cedar Net",
        "Dogwood Wireless",
        "Elm Euro",
    ]


def test_telephones_read_alike_and_dial(odd: Ended) -> None:
    page = odd.page()
    links = {link.get("href"): link.text for link in page.root.iter("a") if link.get("href", "").startswith("tel:")}
    assert links == {"tel:+18005550101": "800-555-0101", "tel:+18005550102": "800-555-0102"}
    assert {row["provider_phone"] for row in _rows(odd)} == {"", "800-555-0101", "800-555-0102"}


def test_terms_are_worded_as_hum_says_them(odd: Ended) -> None:
    page = odd.page(f"/plans/{odd.plan_keys()['Cedar Net Terms']}")
    stated = listed_after(page, "Everything Hum states about the price")
    assert "Initial term discount: $10.00 off a month for 12 months" in stated
    assert "One time discount: $200.00 off once" in stated
    assert "and 3 more amounts past the limit, not shown" in stated
    assert not [part for part in listed_after(page, "Unknown, and not counted") if part.startswith("One time fee")]
    assert "1000 (unit not stated)" in page.text
    text = odd.page("/export.txt").html
    assert "Not shown: 3 more amounts after the first 40" in text
    assert "Data: 1000 (unit not stated)" in text
    assert next(row for row in _rows(odd) if row["plan"] == "Terms")["amounts_left_out"] == "3"
