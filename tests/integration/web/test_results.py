"""The list a salesperson works with: filters and orders in the address, said in words, readable with sixty providers of
sixty plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site, open_site
from tests.integration.web.stored import EVERY_ROW_OPEN, Ended, ended, product, provider, texts_with_class, with_class
from tools.page_weight import many_providers

BY_PRICE = ["Elm DSL", "Cedar Wireless", "Birch Cable", "Alder Fiber", "Dogwood Satellite"]
HUMS_ORDER = ["Birch Cable", "Dogwood Satellite", "Alder Fiber", "Elm DSL", "Cedar Wireless"]
FIVE: list[object] = [
    provider(
        "Birch Cable",
        "Cable",
        500,
        20,
        cents=50_00,
        plans=[product("500", {"monthly_price": 55_00}, download_speed="500", technology="cable")],
    ),
    provider(
        "Dogwood Satellite",
        "Satellite",
        100,
        5,
        plans=[product("Sky", {"monthly_price": None}, download_speed="100", technology="satellite")],
    ),
    provider(
        "Alder Fiber",
        "Fiber",
        1000,
        900,
        cents=70_00,
        plans=[product("Gig", {"monthly_price": 70_00}, download_speed="1000")],
    ),
    provider("Elm DSL", "DSL", None, None, cents=30_00),
    provider("Cedar Wireless", "Fixed Wireless", 200, 10, cents=40_00),
]


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """A lookup with five providers that differ in everything one can filter and sort by."""
    site = open_site(tmp_path_factory.mktemp("state"))
    lookup = ended(site)
    lookup.change_providers(FIVE)
    yield lookup
    site.close()


@pytest.mark.parametrize(
    ("query", "shown", "said"),
    [
        ("tech=fiber", ["Alder Fiber"], "4 providers hidden by the filters."),
        ("tech=FIBER&tech=cable", ["Birch Cable", "Alder Fiber"], "3 providers hidden by the filters."),
        (
            "down=300",
            ["Birch Cable", "Alder Fiber"],
            "3 providers hidden by the filters, 1 of them because the figure asked for is not",
        ),
        ("up=20", ["Birch Cable", "Alder Fiber"], "3 providers hidden"),
        (
            "price=50",
            ["Elm DSL", "Cedar Wireless"],
            "3 providers hidden by the filters, 1 of them because the figure asked",
        ),
        ("price=49.99", ["Elm DSL", "Cedar Wireless"], "3 providers hidden"),
        ("plans=1", ["Birch Cable", "Dogwood Satellite", "Alder Fiber"], "2 providers hidden by the filters."),
        ("tech=cable&down=500&price=55&plans=1", ["Birch Cable"], "4 providers hidden"),
        (
            "down=0",
            ["Birch Cable", "Dogwood Satellite", "Alder Fiber", "Cedar Wireless"],
            "1 provider hidden by the filters, 1 of them",
        ),
    ],
)
def test_each_filter_hides_what_it_says_and_says_what_it_hides(
    five: Ended, query: str, shown: list[str], said: str
) -> None:
    page = five.page(f"?{query}&sort=hum")
    assert page.provider_names == shown
    assert page.text_of("providers-title") == f"{len(shown)} of 5 providers"
    assert said in page.text_of("order-said")


def test_without_filters_nothing_is_hidden_and_nothing_said_of_it(five: Ended) -> None:
    page = five.page()
    assert page.provider_names == BY_PRICE
    assert page.text_of("providers-title") == "5 providers"
    assert "hidden" not in page.text_of("order-said")


def test_filters_that_no_provider_passes_leave_a_way_back(five: Ended) -> None:
    page = five.page("?tech=fiber&price=1")
    assert page.provider_names == []
    assert "No plans match these filters. Clear filters" in page.text_of("providers")
    assert page.find("filters") is not None
    back = [link.get("href") for link in page.root.iter("a") if text_in(link) == "Clear filters"]
    assert back
    assert set(back) == {five.path}


@pytest.mark.parametrize(
    ("order", "names", "said"),
    [
        ("hum", HUMS_ORDER, "In Hum's order. No provider paid for placement."),
        (
            "price",
            BY_PRICE,
            "Sorted by price in the first 12 months, without fees, lowest first; "
            "1 provider without a price in US dollars last.",
        ),
        (
            "speed",
            ["Alder Fiber", "Birch Cable", "Cedar Wireless", "Dogwood Satellite", "Elm DSL"],
            "Sorted by the highest download speed, fastest first; 1 provider without a known speed last.",
        ),
        ("name", sorted(HUMS_ORDER), "Sorted by name, A to Z."),
    ],
)
def test_each_order_is_kept_and_said(five: Ended, order: str, names: list[str], said: str) -> None:
    page = five.page(f"?sort={order}")
    assert page.provider_names == names
    assert page.text_of("order-said") == said


def test_an_unknown_price_is_called_unknown_in_its_row(five: Ended) -> None:
    prices = texts_with_class(five.page("?sort=price"), "price")
    assert prices[-1] == "Price not stated"
    assert prices[0] == "from $30.00/month"


def test_a_row_has_the_price_of_a_plan_and_hums_headline_with_the_plans(five: Ended) -> None:
    page = five.page(EVERY_ROW_OPEN)
    assert "$55.00/month" in texts_with_class(page, "price")
    assert "Hum's headline price is $50.00 a month." in page.text


BAD = {"tech": "warp", "sort": "paid", "down": "fast", "up": "-1", "price": "free", "plans": "maybe"}


@pytest.mark.parametrize(("key", "value"), BAD.items())
def test_a_value_that_is_not_understood_is_named_and_ignored(five: Ended, key: str, value: str) -> None:
    page = five.page(f"?{key}={value}")
    assert page.provider_names == BY_PRICE
    faults = [text for text in texts_with_class(page, "panel-warn") if "ignored" in text]
    assert len(faults) == 1
    assert f"\u201c{value}\u201d" in faults[0]


def test_bad_values_together_are_all_named_and_good_ones_beside_them_count(five: Ended) -> None:
    page = five.page("?" + urlencode(BAD | {"sort": "name"}))
    assert page.provider_names == sorted(HUMS_ORDER)
    said = " ".join(texts_with_class(page, "panel-warn"))
    assert all(f"\u201c{value}\u201d" in said for key, value in BAD.items() if key != "sort")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x>', "x" * 5_000, "\u202eevil", "\x00", "٣٠٠"]
)
@pytest.mark.parametrize("key", ["tech", "down", "price", "sort"])
def test_a_hostile_value_stays_a_short_text(five: Ended, key: str, text: str) -> None:
    page = five.page("?" + urlencode({key: text}))
    assert page.provider_names == BY_PRICE
    assert "ignored" in page.text_of("providers")
    assert "x" * 50 not in page.html
    assert "\u202e" not in page.html


KEPT = {"tech": "cable", "plans": "1", "down": "300", "price": "59.99", "sort": "speed", "view": "plans"}
BESIDE = {"down_other": "", "up_other": ""}


def test_the_form_keeps_what_was_chosen(five: Ended) -> None:
    page = five.page("?" + urlencode(KEPT))
    form = page.find("filters")
    assert form is not None
    assert page.values(form) == KEPT | BESIDE


@pytest.mark.parametrize(("key", "value"), [("down", "123456.789"), ("up", "0"), ("down", "999999"), ("price", "0.05")])
def test_the_form_keeps_figures_exactly(five: Ended, key: str, value: str) -> None:
    page = five.page(f"?{key}={value}")
    form = page.find("filters")
    assert form is not None
    sent = page.values(form)
    if key != "price":
        assert sent["down"] == "other", "no choice of the list, so that it stands in a box of its own"
        key += "_other"
    assert sent[key] == value
    assert page.provider_names == five.page("?" + urlencode(sent)).provider_names


def test_an_upload_speed_stands_beside_a_download_speed_of_the_list(five: Ended) -> None:
    page = five.page("?down=300&up=12.5")
    form = page.find("filters")
    assert form is not None
    assert page.values(form) == {
        "down": "other",
        "down_other": "300",
        "up_other": "12.5",
        "price": "",
        "sort": "price",
    }


def submitted(page: Page, **chosen: str) -> str:
    """The address a browser without JavaScript goes to when *Apply* is pressed: every box is in it, empty ones too."""
    form = page.find("filters")
    assert form is not None
    assert form.get("method") == "get"
    assert [text_in(button) for button in form.iter("button") if button.get("type") != "button"] == ["Apply"]
    return f"{form.get('action')}?{urlencode(page.values(form) | chosen)}"


def test_the_form_works_as_a_plain_get(five: Ended) -> None:
    first = five.visitor.get(submitted(five.page(), sort="price"))
    assert first.provider_names[0] == "Elm DSL"
    second = five.visitor.get(submitted(first, down="200"))
    assert second.provider_names == ["Cedar Wireless", "Birch Cable", "Alder Fiber"]
    assert "not understood" not in second.text
    assert "is ignored" not in second.text


def test_only_technologies_that_occur_can_be_ticked(five: Ended) -> None:
    assert technologies(five.page()) == ["fiber", "cable", "dsl", "fixed-wireless", "satellite"]
    assert technologies(five.page("?tech=other")) == ["fiber", "cable", "dsl", "fixed-wireless", "satellite", "other"]


def technologies(page: Page) -> list[str | None]:
    form = page.find("filters")
    assert form is not None
    return [box.get("value") for box in form.iter("input") if box.get("name") == "tech"]


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("down=&up=&price=&sort=price", ""),
        (
            "tech=cable&tech=fiber&down=0300&up=&price=$60.00&sort=SPEED",
            "?tech=fiber&tech=cable&down=300&price=60&sort=speed",
        ),
        ("plans=on&utm_source=mail", "?plans=1"),
        ("down=fast&sort=name", "?sort=name"),
    ],
)
def test_htmx_is_told_the_short_address_to_keep(five: Ended, query: str, canonical: str) -> None:
    page = five.page(f"?{query}", **{"HX-Request": "true", "HX-Target": "providers"})
    assert page.headers["HX-Push-Url"] == five.path + canonical
    assert five.page(canonical).provider_names == page.provider_names
    assert "HX-Push-Url" not in five.page(f"?{query}").headers


def test_a_list_that_grows_stays_filtered(site: Site) -> None:
    visitor = site.visitor()
    page = visitor.look_up("late-plans")
    lists = 0
    while page.poller is not None:
        site.clock.advance(page.poll_delay)
        included = page.poller.get("data-hx-include")
        chosen = "&tech=fiber&down=&sort=name" if included == "#filters" else ""
        page = visitor.get(page.poller.get("data-hx-get", "") + chosen)
        if chosen and page.find("providers") is not None:
            lists += 1
            assert 0 < len(page.provider_names) < 6
            assert page.provider_names == sorted(page.provider_names)
            hidden = 6 - len(page.provider_names)
            assert page.text_of("order-said") == f"Sorted by name, A to Z. {hidden} providers hidden by the filters."
    assert lists, "no list was sent after the first one"


def test_a_single_provider_needs_no_filters(site: Site) -> None:
    lookup = ended(site)
    lookup.change_providers([provider("Alder Fiber")])
    page = lookup.page()
    assert page.text_of("providers-title") == "1 provider"
    assert page.find("sort") is None


def test_when_and_from_where_is_said_on_every_page(five: Ended) -> None:
    key = next(iter(five.plan_keys().values()))
    keys = list(five.plan_keys().values())
    for end in ("", "/providers/1", f"/plans/{key}", f"/compare?plan={keys[0]}&plan={keys[1]}", "/report"):
        stamps = texts_with_class(five.page(end), "asof")
        assert len(stamps) == 1, end
        assert stamps[0].startswith("As of 2025-11-22 08:"), end
        assert stamps[0].endswith("Hum data 25041808, DEMO."), end
        time = next(iter(five.page(end).root.iter("time")))
        assert time.get("datetime", "").startswith("2025-11-22T08:")
        assert time.get("datetime", "").endswith("+00:00")


@pytest.fixture(scope="module")
def most(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """Sixty providers of sixty plans each."""
    site = open_site(tmp_path_factory.mktemp("state"))
    lookup = ended(site)
    lookup.change_providers(many_providers())
    yield lookup
    site.close()


def test_sixty_providers_of_sixty_plans_are_a_page_one_can_read(most: Ended) -> None:
    assert len(most.page().provider_names) == 20
    page = most.page(EVERY_ROW_OPEN)
    assert len(page.provider_names) == 60
    lists = [element for element in page.root.iter("ul") if element.get("class") == "plan-list"]
    assert {len(texts_with_class(each, "plan")) for each in lists} == {7}, "beside the plan of the row"
    more = {link.get("href"): text_in(link) for link in page.root.iter("a") if "/providers/" in link.get("href", "")}
    assert more == {
        f"{most.path}/providers/{number}": f"All 60 plans of {name}"
        for number, name in enumerate(page.provider_names, 1)
    }


def test_a_filter_of_sixty_providers_is_answered_in_forty_kilobytes(most: Ended) -> None:
    answer = most.page("?down=100&sort=speed", **{"HX-Request": "true"})
    assert len(answer.provider_names) == 20
    assert len(answer.html.encode()) <= 40 * 1024


def test_a_row_is_opened_with_the_filters_of_the_page(five: Ended) -> None:
    number = next(iter(five.page("?sort=hum").root.iter("h3"))).get("id", "").rpartition("-")[2]
    assert with_class(five.page(f"/rows/{number}"), "plans")
    assert five.page(f"/rows/{number}?price=0.01").status == 404
    assert five.page("/rows/99").status == 404


@pytest.mark.soak
def test_the_page_for_paper_has_every_provider_with_its_plans(most: Ended) -> None:
    page = most.page("/print")
    assert len(page.provider_names) == 60
    assert len(with_class(page, "plan-list")) == 60
    assert page.poller is None
    assert page.find("sort") is None


def test_paper_leaves_no_plan_out(tmp_path: Path) -> None:
    site = open_site(tmp_path)
    made = ended(site)
    plans = [product(f"Plan {number}", {"standard_monthly_price": 1000 * number}) for number in range(1, 13)]
    made.change_providers([provider("Alder Fiber", plans=plans)])
    paper = made.page("/print")
    assert all(f"Plan {number}" in paper.text for number in range(1, 13))
    assert "All 12 plans" not in paper.text
    site.close()


def test_the_providers_own_page_lists_every_plan(most: Ended) -> None:
    last = most.page("?all=1").provider_names[-1]
    page = most.page("/providers/60")
    assert page.heading == f"All plans of {last}"
    plans = texts_with_class(page, "plan")
    assert len(plans) == 60
    keys = {box.get("value") for box in page.root.iter("input") if box.get("name") == "plan"}
    assert len(keys) == 60
    assert "All 60 plans" not in page.text
    assert most.page(f"/plans/{keys.pop()}").status == 200
