"""One plan in full, and plans side by side: every figure with its working, everything unknown named, nothing added up
in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import open_site
from tests.integration.web.stored import EVERY_ROW_OPEN, Ended, ended, product, provider, texts_with_class, with_class

FULL = product(
    "Full 500",
    {
        "monthly_price": 60_00,
        "initial_term_discount": 15_00,
        "second_term_discount": 5_00,
        "autopay_discount": 10_00,
        "activation_fee": 25_00,
        "self_installation_fee": 0,
        "professional_installation_fee": 100_00,
        "extra_data_fee": 12_00,
        "router_rental_fee": 9_00,
        "early_termination_fee": None,
        "regional_sports_surcharge": 3_33,
    },
    initial_term_discount_months=12,
    second_term_discount_months=6,
    download_speed="50-100",
    upload_speed="20",
    data_limit="1.2 TB",
    is_contract_required=True,
    is_modem_router_included=False,
    description="Fast enough for four.",
    info="Price locked for a year.",
    product_promo={"promo_text": "A gift card"},
    streaming_apps=["Films", "Sports"],
)
CHEAP = product(
    "Cheap 100", {"monthly_price": 20_00}, download_speed="100", upload_speed="100", is_contract_required=False
)
SILENT = product("Silent", {})
TWIN = product("Twin", {"monthly_price": 40_00}, download_speed="300")
RAW: list[object] = [
    provider("Alder Fiber", plans=[FULL, CHEAP, SILENT], telephone="800-555-0101"),
    provider("Twin Peaks", "Cable", 300, 30, plans=[TWIN, TWIN]),
]
LABEL_ROWS = (
    "Fixed or mobile service; Monthly price; Introductory rate; Introductory period; Price after the introductory "
    "period; Contract length; Provider monthly fees; One-time fees; Early termination fee; Government taxes; "
    "Discounts and bundles; Typical download speed; Typical upload speed; Typical latency; Data included with the "
    "monthly price; Charges for additional data; Network management policy; Privacy policy; Customer support; Unique "
    "plan identifier"
).split("; ")


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """A lookup whose plans state everything, little, and nothing."""
    site = open_site(tmp_path_factory.mktemp("state"))
    made = ended(site)
    made.change_providers(RAW)
    yield made
    site.close()


@pytest.fixture(scope="module")
def keys(lookup: Ended) -> dict[str, str]:
    boxes = [box for box in lookup.page(EVERY_ROW_OPEN).root.iter("input") if box.get("name") == "plan"]
    names = ["cheap", "full", "silent", "twin", "other twin"]
    return dict(zip(names, (box.get("value", "") for box in boxes), strict=True))


@pytest.fixture(scope="module")
def full(lookup: Ended, keys: dict[str, str]) -> Page:
    return lookup.page(f"/plans/{keys['full']}")


def rows(table: Element) -> list[list[str]]:
    return [[text_in(cell) for cell in row if cell.tag in {"th", "td"}] for row in table.iter("tr")]


def listed_after(page: Page, heading: str) -> list[str]:
    """The entries of the list that follows a heading; [] when there is no such heading."""
    for parent in page.elements:
        found = False
        for child in parent:
            if child.tag == "h3":
                found = text_in(child) == heading
            elif found and child.tag == "ul":
                return [text_in(entry) for entry in child]
    return []


def test_the_card_has_twenty_rows_and_counts_those_it_can_fill(full: Page) -> None:
    card = with_class(full, "label-card")[0]
    assert [text_in(row) for row in card.iter("dt")] == LABEL_ROWS
    values = [text_in(row) for row in card.iter("dd")]
    missing = [value for value in values if value == "not supplied"]
    assert f"{20 - len(missing) - 1} of 20 rows supplied." in text_in(card), (
        "a contract of unknown length answers only half of its row"
    )
    said = dict(zip(LABEL_ROWS, values, strict=True))
    assert said["Monthly price"] == "$60.00 before discounts, taxes and fees"
    assert said["Introductory rate"] == "Yes, $15.00 off a month"
    assert said["Introductory period"] == "12 months"
    assert said["Price after the introductory period"] == "$55.00 in months 13\u201318, then $60.00 a month"
    assert said["Contract length"] == "A contract is required; its length is not supplied"
    assert said["Charges for additional data"] == "Extra data fee $12.00"
    assert said["Customer support"] == "800-555-0101"
    assert said["Typical latency"] == "not supplied"


def test_a_plan_that_says_nothing_has_a_card_that_says_so(lookup: Ended, keys: dict[str, str]) -> None:
    page = lookup.page(f"/plans/{keys['silent']}")
    assert "2 of 20 rows supplied." in page.text
    assert len([text for text in page.text.split("not supplied") if text]) >= 18
    assert page.text.count("No total: the monthly price is not known in US dollars.") == 2
    assert "$0.00" not in page.text
    assert "Monthly price: amount not stated" in listed_after(page, "Unknown, and not counted")


@pytest.mark.parametrize("plan", ["full", "cheap", "silent", "twin"])
def test_it_is_never_called_what_only_the_provider_may_call_it(lookup: Ended, keys: dict[str, str], plan: str) -> None:
    pages = [
        lookup.page(f"/plans/{keys[plan]}"),
        lookup.page(),
        lookup.page(f"/compare?plan={keys[plan]}&plan={keys['cheap']}"),
    ]
    assert not [page for page in pages if "broadband facts" in page.html.lower()]


def test_the_cost_over_a_year_and_two_is_shown_with_its_working(full: Page) -> None:
    year, two_years = (rows(table) for table in full.root.iter("table"))
    assert year == [
        ["What", "When", "Working", "Amount"],
        ["Monthly price less Initial term discount", "Months 1\u201312", "($60.00 \u2212 $15.00) \u00d7 12", "$540.00"],
        ["Activation fee", "Once", "$25.00", "$25.00"],
        ["Self installation fee", "Once", "$0.00", "$0.00"],
        ["Total of listed charges", "$565.00"],
    ]
    assert two_years[1:4] == [
        ["Monthly price less Initial term discount", "Months 1\u201312", "($60.00 \u2212 $15.00) \u00d7 12", "$540.00"],
        ["Monthly price less Second term discount", "Months 13\u201318", "($60.00 \u2212 $5.00) \u00d7 6", "$330.00"],
        ["Monthly price", "Months 19\u201324", "$60.00 \u00d7 6", "$360.00"],
    ]
    assert two_years[-1] == ["Total of listed charges", "$1,255.00"]


def test_what_is_not_in_the_sum_is_named_with_the_reason(full: Page) -> None:
    unknown = dict(entry.split(": ", 1) for entry in listed_after(full, "Unknown, and not counted"))
    assert unknown == {
        "Router rental fee": "$9.00, but whether once or every month is not stated; not counted",
        "Early termination fee": "amount not stated",
        "Regional sports surcharge": "$3.33; what it is for is not known; not counted",
    }
    options = dict(entry.split(": ", 1) for entry in listed_after(full, "Not included in the total"))
    assert set(options) == {"Autopay discount", "Professional installation fee", "Extra data fee"}
    assert options["Autopay discount"].startswith("\u2212$10.00 a month while autopay is used")
    assert "before discounts; Hum does not say otherwise. Taxes are not included." in full.text


def test_usual_costs_that_hum_does_not_mention_are_named(lookup: Ended, keys: dict[str, str]) -> None:
    page = lookup.page(f"/plans/{keys['cheap']}")
    assert "Not mentioned by Hum: Activation fee, Installation fee, Modem or router." in page.text


def test_the_providers_words_stand_apart_from_the_figures(full: Page) -> None:
    own = full.text.partition("In the provider's words")[2]
    for text in ("A gift card", "Fast enough for four.", "Price locked for a year.", "Streaming apps: Films, Sports"):
        assert text in own


@pytest.mark.parametrize("names", [("full", "cheap"), ("full", "cheap", "silent"), ("full", "cheap", "silent", "twin")])
def test_two_to_four_plans_stand_side_by_side(lookup: Ended, keys: dict[str, str], names: tuple[str, ...]) -> None:
    page = lookup.page("/compare?" + "&".join(f"plan={keys[name]}" for name in names))
    assert page.heading == f"{len(names)} plans side by side"
    table = rows(next(page.root.iter("table")))
    assert {len(row) for row in table} == {len(names) + 1}
    said = {row[0].removesuffix(" \u2260 (differs)"): row[1:] for row in table[1:]}
    assert said["Monthly price"][:2] == ["$60.00 a month", "$20.00 a month lowest stated"]
    assert said["Download speed"][:2] == ["50-100 Mbps", "100 Mbps"], "a tie has no winner"
    assert said["Contract required"][:2] == ["Yes", "No"]
    assert not texts_with_class(page, "panel-warn")


def test_rows_that_differ_are_marked_by_sign_and_by_word(lookup: Ended, keys: dict[str, str]) -> None:
    page = lookup.page(f"/compare?plan={keys['full']}&plan={keys['cheap']}")
    headings = [row[0] for row in rows(next(page.root.iter("table")))]
    assert "Monthly price \u2260 (differs)" in headings
    assert "Provider" in headings


def test_unknown_parts_are_counted_and_never_praised(lookup: Ended, keys: dict[str, str]) -> None:
    page = lookup.page(f"/compare?plan={keys['full']}&plan={keys['cheap']}&plan={keys['silent']}")
    table = {row[0].partition(" \u2260")[0]: row[1:] for row in rows(next(page.root.iter("table")))}
    assert table["Cost over 12 months, stated amounts"] == ["$565.00 (3 parts unknown)", "$240.00", "not known"]


def test_a_plan_can_be_left_out_while_two_remain(lookup: Ended, keys: dict[str, str]) -> None:
    page = lookup.page(f"/compare?plan={keys['full']}&plan={keys['cheap']}&plan={keys['twin']}")
    links = {text_in(link): link.get("href", "") for link in with_class(page, "remove")}
    assert set(links) == {"Remove Full 500", "Remove Cheap 100", "Remove Twin"}
    fewer = lookup.visitor.get(links["Remove Cheap 100"])
    assert [text_in(head) for head in next(fewer.root.iter("tr"))] == ["Plan", "Full 500", "Twin"]
    assert not with_class(fewer, "remove")


@pytest.mark.parametrize(
    ("query", "fault", "shown"),
    [
        ("", "Choose 2 to 4 plans to compare.", 0),
        ("plan={full}", "Choose 2 to 4 plans to compare.", 0),
        ("plan={full}&plan={full}", "Choose 2 to 4 plans to compare.", 0),
        ("plan={full}&plan=0000000000", "1 chosen plan is not in this result any more.", 0),
        ("plan={full}&plan={cheap}&plan=%3Cb%3E&plan=x", "2 chosen plans are not in this result any more.", 2),
        (
            "plan={full}&plan={cheap}&plan={silent}&plan={twin}&plan={other}",
            "At most 4 plans fit side by side; the first 4 are shown.",
            4,
        ),
    ],
)
def test_another_number_of_plans_is_explained(
    lookup: Ended, keys: dict[str, str], query: str, fault: str, shown: int
) -> None:
    page = lookup.page("/compare?" + query.format(**keys, other=keys["other twin"]))
    assert page.status == 200
    assert fault in " ".join(texts_with_class(page, "panel-warn"))
    tables = list(page.root.iter("table"))
    assert (len(rows(tables[0])[0]) - 1 if tables else 0) == shown
    assert "<b>" not in page.html


def test_twins_can_be_told_apart_and_compared(lookup: Ended, keys: dict[str, str]) -> None:
    assert keys["other twin"] == f"{keys['twin']}-2"
    page = lookup.page(f"/compare?plan={keys['twin']}&plan={keys['other twin']}")
    assert page.heading == "2 plans side by side"
    assert not with_class(page, "differs")
    assert not with_class(page, "tag-fiber"), "no praise for either of two equals"


@pytest.mark.parametrize(
    "end", ["/plans/0000000000", "/plans/x", "/providers/0", "/providers/3", "/providers/-1", "/providers/one"]
)
def test_what_is_not_in_the_result_is_404(lookup: Ended, end: str) -> None:
    page = lookup.page(end)
    assert page.status == 404
    assert page.heading == "There is nothing here"
