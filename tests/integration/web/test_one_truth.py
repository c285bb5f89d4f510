"""Sixty odd answers of Hum's, drawn by chance: every place that shows a figure shows the same one, and it is the one
that this file works out of the raw answer by its own short code.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import open_site
from tests.integration.web.stored import EVERY_ROW_OPEN, Ended, ended, money, texts_with_class, with_class
from tests.sweeps import few
from webapp.hum.providers import read_providers
from webapp.plans.provider_figures import lowest_price

ANSWERS = 60
AMOUNTS: tuple[object, ...] = (
    None,
    "",
    49.99,
    "$49.99",
    "49.99",
    money(0),
    money(-1),
    money(10**12),
    money("2999"),
    {"amount_cents": 999, "currency": "EUR"},
    {"amount_cents": None, "currency": "USD"},
    *(money(cents) for cents in (1000, 1999, 2999, 2999, 3500, 4999, 5500, 7999, 12000)),
)
SPEEDS: tuple[object, ...] = (
    None,
    "",
    "Varies",
    "5G",
    -1,
    "1000000000",
    25,
    "50-100",
    "Up to 940",
    "1 Gig",
    300,
    500,
    1200,
)
FILTERS = {"down": "200", "price": "60"}


@dataclass(frozen=True)
class RawPlan:
    """A plan of the raw answer with this file's own reading of it: US cents, Mbps, None where nothing is usable.

    `first` is the price of the first month; `year` what twelve cost, `year_with_fees` the same with the fees.
    """

    provider: str
    name: str
    price: int | None
    down: float | None
    first: int | None
    year: int | None
    year_with_fees: int | None


def drawn(number: int) -> list[dict[str, Any]]:
    """One answer: up to six providers with up to five products each."""
    chance = random.Random(number)
    providers = []
    for place in range(chance.randint(1, 6)):
        products = [_product(chance, place, index) for index in range(chance.randint(0, 5))]
        offered = {"technology": chance.choice(("Fiber", "Cable", "DSL")), "max_download_speed": chance.choice(SPEEDS)}
        providers.append(
            {
                "provider_id": f"id-{place}",
                "provider_name": f"Provider {place}",
                "telephone": chance.choice((None, "800-555-0101", "+18005550101", 8005550101)),
                "min_plan_price": chance.choice(AMOUNTS),
                "offerings": [offered | {"max_upload_speed": chance.choice(SPEEDS)}],
                "product_catalog": [{"category": "internet", "products": products}],
            }
        )
    return providers


def _product(chance: random.Random, place: int, index: int) -> dict[str, object]:
    pricing = {"monthly_price": chance.choice(AMOUNTS)}
    facts: dict[str, object] = {}
    if chance.random() < 0.4:
        pricing["initial_term_discount"] = money(chance.choice((0, 500, 1000)))
        facts["initial_term_discount_months"] = chance.choice((None, 6, 12, "12 months", 24))
    if chance.random() < 0.3:
        pricing["activation_fee"] = money(2500)
    return {
        "id": f"{place}-{index}",
        "name": f"Plan {place}-{index}",
        "category": chance.choice(("internet", "internet", "internet", "tv", "phone")),
        "technology": "fiber",
        "download_speed": chance.choice(SPEEDS),
        "upload_speed": chance.choice(SPEEDS),
        "pricing": pricing,
        **facts,
    }


# This file's own reading, without a line of the app's.


def cents_of(amount: object) -> int | None:
    """US cents that can be compared."""
    if amount == "$49.99":
        return 4999
    if not isinstance(amount, dict) or amount["currency"] != "USD":
        return None
    cents = amount["amount_cents"]
    if cents is None or not 0 <= int(cents) <= 10**7:
        return None
    return int(cents)


def mbps_of(speed: object) -> float | None:
    """The highest figure in Mbps."""
    named: Mapping[object, float] = {"50-100": 100.0, "Up to 940": 940.0, "1 Gig": 1000.0}
    if speed in named:
        return named[speed]
    if isinstance(speed, int) and speed > 0:
        return float(speed)
    return None


def internet_plans_of(providers: list[dict[str, Any]]) -> list[RawPlan]:
    """Every plan that counts, in Hum's order."""
    found = []
    for provider in providers:
        for product in provider["product_catalog"][0]["products"]:
            if product["category"] == "internet":
                found.append(_raw_plan(provider["provider_name"], product))
    return found


def _raw_plan(provider: str, product: dict[str, Any]) -> RawPlan:
    pricing = product["pricing"]
    price, down = cents_of(pricing["monthly_price"]), mbps_of(product["download_speed"])
    if price is None:
        return RawPlan(provider, product["name"], None, down, None, None, None)
    off = cents_of(pricing.get("initial_term_discount")) or 0
    lasts = product.get("initial_term_discount_months")
    months = 12 if lasts == "12 months" else lasts or 0
    if off > price:
        months = 0
    first = price - off if months else price
    fee = cents_of(pricing.get("activation_fee")) or 0
    year = first * min(12, months) + price * (12 - min(12, months))
    return RawPlan(provider, product["name"], price, down, first, year, year + fee)


def dollars_of(text: str) -> int | None:
    """The first dollar amount of a text in cents."""
    amount = re.search(r"\$([0-9,]+)\.([0-9]{2})", text)
    if amount is None:
        return None
    return int(amount[1].replace(",", "")) * 100 + int(amount[2])


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    site = open_site(tmp_path_factory.mktemp("state"))
    yield ended(site)
    site.close()


@dataclass(frozen=True)
class Shown:
    """One answer and all that is shown of it."""

    raw: list[dict[str, Any]]
    plans: list[RawPlan]
    page: Page
    lookup: Ended

    def plan(self, name: str) -> RawPlan:
        return next(plan for plan in self.plans if plan.name == name)


@pytest.fixture(scope="module")
def shared_path(lookup: Ended) -> str:
    """Where a link of the lookup leads, for anyone who has it."""
    made = lookup.visitor.follow(lookup.visitor.press(lookup.page("/shares"), "Create a link"))
    link = next(box.get("value", "") for box in made.root.iter("input") if box.get("readonly") is not None)
    return urlsplit(link).path


@pytest.fixture(params=few(range(ANSWERS), range(0, ANSWERS, 3)))
def shown(request: pytest.FixtureRequest, lookup: Ended) -> Shown:
    raw = drawn(request.param)
    lookup.change_providers(list(raw))
    return Shown(raw, internet_plans_of(raw), lookup.page(EVERY_ROW_OPEN), lookup)


def lowest(plans: list[RawPlan], above: float = 0.0) -> RawPlan | None:
    """The plan that costs the least in the first year, and after it."""
    priced = [plan for plan in plans if plan.price is not None and (not above or (plan.down or 0) > above)]
    return min(priced, key=lambda plan: (plan.year, plan.price), default=None)


def test_every_place_shows_the_figures_of_the_raw_answer(shown: Shown, shared_path: str) -> None:
    _check_answers(shown)
    shared = shown.lookup.site.visitor().get(shared_path)
    for page in (shown.page, shared):
        _check_rows(shown, page)
        _check_chart(shown, page)
    _check_filters(shown)
    _check_exports(shown)
    _check_plans_side_by_side(shown)
    _check_lists_without_the_page(shown)


def _check_answers(shown: Shown) -> None:
    """The band above the list, and the same in the text for a customer."""
    expected = {"Cheapest": lowest(shown.plans), "Cheapest above 100 Mbps": lowest(shown.plans, 100)}
    text = shown.lookup.page("/export.txt").html
    boxes = {}
    for part in with_class(shown.page, "best"):
        for box in part.iter("div"):
            boxes[text_in(next(box.iter("dt"))).removesuffix(", first 12 months")] = box
    for title, cheapest in expected.items():
        assert (title in boxes) is (cheapest is not None), title
        if cheapest is not None:
            named = text_in(with_class(boxes[title], "best-plan")[0]).rsplit("Plan ", 1)[1]
            chosen = shown.plan(f"Plan {named}")
            assert (chosen.year, chosen.price) == (cheapest.year, cheapest.price)
            assert dollars_of(text_in(with_class(boxes[title], "best-price")[0])) == chosen.first
            line = next(line for line in text.splitlines() if line.strip().startswith(f"{title}, first 12 months:"))
            assert dollars_of(line) == chosen.first
    speeds = [plan.down for plan in shown.plans if plan.down is not None]
    assert ("Fastest" in boxes) is bool(speeds)
    if speeds:
        named = text_in(with_class(boxes["Fastest"], "best-plan")[0]).rsplit("Plan ", 1)[1]
        assert shown.plan(f"Plan {named}").down == max(speeds)


def _check_rows(shown: Shown, page: Page) -> None:
    order = []
    for row in with_class(page, "provider"):
        provider = text_in(next(row.iter("h3")))
        own = [plan for plan in shown.plans if plan.provider == provider]
        headline = cents_of(next(p["min_plan_price"] for p in shown.raw if p["provider_name"] == provider))
        name = texts_with_class(row, "plan-name")[0]
        price_text = texts_with_class(row, "price")[0]
        cheapest = lowest(own)
        if cheapest is None:
            order.append(headline if headline is None else headline * 12)
            assert dollars_of(price_text) in (None, headline)
            continue
        order.append(cheapest.year)
        chosen = shown.plan(name)
        assert (chosen.provider, chosen.year, chosen.price) == (provider, cheapest.year, cheapest.price)
        assert dollars_of(price_text) == chosen.first
        assert dollars_of(texts_with_class(row, "year")[0]) == chosen.year_with_fees
    assert order == sorted(order, key=lambda cents: (cents is None, cents or 0))


def _check_chart(shown: Shown, page: Page) -> None:
    """The table under the picture of prices and speeds."""
    drawn = 0
    for figure in with_class(page, "picture"):
        for row in figure.iter("tr"):
            cells = [text_in(cell) for cell in row.iter("td")]
            if cells:
                drawn += 1
                assert dollars_of(cells[2]) == shown.plan(cells[1]).first
    complete = [plan for plan in shown.plans if plan.price is not None and plan.down is not None]
    assert drawn == len(shown.plans) or not complete


def _check_filters(shown: Shown) -> None:
    """No plan that is listed fails a filter, and none that passes is left out."""
    page = shown.lookup.page(EVERY_ROW_OPEN + "".join(f"&{key}={value}" for key, value in FILTERS.items()))
    listed = {text for text in texts_with_class(page, "plan-name") if text.startswith("Plan ")}
    names = {name.split(" TV")[0].split(" Phone")[0] for name in listed}
    passing = {
        p.name
        for p in shown.plans
        if p.year is not None and p.year <= 12 * 6000 and p.down is not None and p.down >= 200
    }
    assert names == passing


def _check_exports(shown: Shown) -> None:
    document = json.loads(shown.lookup.page("/export.json").html)
    by_name = {plan["name"]: plan for provider in document["providers"] for plan in provider["plans"]}
    text = shown.lookup.page("/export.csv").html.removeprefix("\ufeff")
    rows = {row["plan"]: row for row in csv.DictReader(io.StringIO(text)) if row["plan"]}
    for plan in shown.plans:
        amount, row = by_name[plan.name]["monthly_price"], rows[plan.name]
        if amount["currency"] == "USD":
            assert amount["cents"] == plan.price
            assert dollars_of(f"${row['monthly_price']}") == plan.price
            assert dollars_of(row["price_over_time"]) == plan.first
        else:
            assert plan.price is None
        assert by_name[plan.name]["download"]["high_mbps"] == plan.down
        assert row["download_mbps"] == ("" if plan.down is None else f"{plan.down:.0f}")
    phones = {row["provider_phone"] for row in csv.DictReader(io.StringIO(text))}
    assert phones <= {"", "800-555-0101"}
    for kind in ("txt", "md"):
        said = shown.lookup.page(f"/export.{kind}").html
        for provider in shown.raw:
            cheapest = lowest([plan for plan in shown.plans if plan.provider == provider["provider_name"]])
            part = said.split(f"{provider['provider_name']} (", 1)[1]
            if cheapest is not None:
                assert dollars_of(part[part.index("From $") :]) == cheapest.first
        for plan in shown.plans:
            line = next(
                line
                for line in said.splitlines()
                if re.search(rf"{re.escape(plan.name).replace('-', '.?-')}\b.*:", line)
            )
            assert dollars_of(line) == plan.first


def _check_plans_side_by_side(shown: Shown) -> None:
    boxes = [box for box in shown.page.root.iter("input") if box.get("name") == "plan"]
    keys = {box.get("aria-label", "").rpartition("Plan ")[2]: box.get("value") for box in boxes}
    both = list(keys.items())[:2]
    if len(both) < 2:
        return
    beside = shown.lookup.page(f"/compare?plan={both[0][1]}&plan={both[1][1]}").text
    for name, _key in both:
        found = [plan for plan in shown.plans if plan.name == f"Plan {name}"]
        if found and found[0].price is not None:
            assert f"${found[0].price / 100:,.2f}" in beside


def _check_lists_without_the_page(shown: Shown) -> None:
    """What the list of lookups and the spoken headline are made of when an answer is learned."""
    listed = read_providers(list(shown.raw))
    assert listed is not None
    prices = [cents for cents in map(lowest_price, listed.providers) if cents is not None]
    own = []
    for provider in shown.raw:
        cheapest = lowest([plan for plan in shown.plans if plan.provider == provider["provider_name"]])
        if cheapest is None or cheapest.year is None:
            own.append(cents_of(provider["min_plan_price"]))
        else:
            own.append(round(cheapest.year / 12))
    assert min(prices, default=None) == min((cents for cents in own if cents is not None), default=None)
