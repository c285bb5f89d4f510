"""Each of the simulator's scenarios, watched to its end: what the person is told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time
from tests.integration.web.stored import EVERY_ROW_OPEN, texts_with_class
from tests.integration.web.visitor import Visitor
from tests.sweeps import few
from webapp.simulator.scenarios import SCENARIOS

ENDS = {
    "instant": "Providers found",
    "fast": "Providers found",
    "slow": "Providers found",
    "never": "Still unknown",
    "accepted-then-ready": "Providers found",
    "multiple": "More than one address matches",
    "geocode-failed": "Address not recognized",
    "internet-failed": "No service found",
    "no-providers": "No service found",
    "empty-catalog": "Providers found",
    "sixty-providers": "Providers found",
    "null-fields": "Providers found",
    "range-speeds": "Providers found",
    "old-promo": "Providers found",
    "object-address": "Providers found",
    "other-house": "Providers found",
    "not-found": "This lookup has expired",
    "gone-mid-poll": "This lookup has expired",
    "rate-limited": "Providers found",
    "server-error-once": "Providers found",
    "html-error": "Providers found",
    "timeout": "Providers found",
    "late-plans": "Providers found",
    "normal": "Providers found",
}
REFUSED_AT_ONCE = {
    "unauthorized": 503,
    "invalid": 422,
    "create-timeout": 503,
    "create-rate-limited": 503,
    "create-server-error": 503,
}


def test_no_scenario_is_left_out() -> None:
    assert set(ENDS) | set(REFUSED_AT_ONCE) == set(SCENARIOS)


KEYS = {
    "Still unknown": "still_unknown",
    "More than one address matches": "ambiguous",
    "Address not recognized": "not_recognized",
    "No service found": "no_service",
    "This lookup has expired": "expired",
    "Providers found": "served",
}


@pytest.mark.parametrize(("key", "title"), few(ENDS.items()))
def test_a_scenario_ends_in_its_outcome_and_every_place_says_the_same(tmp_path: Path, key: str, title: str) -> None:
    """Steps, live region, title of the tab, outcome, list of lookups and exports tell one truth."""
    site = open_site_where_waiting_takes_no_time(tmp_path)
    visitor = site.visitor()
    opened = visitor.look_up(key)
    path = opened.poller.get("data-hx-get", "").split("/progress")[0] if opened.poller is not None else ""
    spoken = ""
    for fragment in visitor.watch(opened):
        for part in fragment.elements:
            if part.get("data-hx-swap-oob") == "innerHTML:#announcement":
                spoken = text_in(part)
    page = visitor.get(path) if path else opened
    assert page.poller is None
    assert page.text_of("outcome").startswith(title)
    assert bool(page.provider_names) is (title == "Providers found")
    line = page.text_of("progress")
    assert page.steps == []
    if page.provider_names:
        assert re.match(r"Progress [0-9]+ providers, [0-9]+ plans?\.", line), line
    else:
        assert "provider" not in line
    short = title
    if page.provider_names:
        # Of a long list the page shows the first twenty.
        short = f"{60 if key == 'sixty-providers' else len(page.provider_names)} providers found"
    assert page.title.startswith(f"{short} - ")
    assert re.fullmatch(rf"{short}\.( Lowest price \$[0-9.]+ a month in the first year\.)?", spoken) or not path
    in_list = texts_with_class(visitor.get("/lookups"), "entry-outcome")[0]
    assert in_list.startswith(title if title != "Providers found" else short.removesuffix(" found"))
    ended = _path_of(page)
    assert json.loads(visitor.get(f"{ended}/export.json").html)["outcome"]["key"] == KEYS[title]
    for kind in ("export.txt", "export.md", "report"):
        assert title in visitor.get(f"{ended}/{kind}").html
    site.close()


def _path_of(page: Page) -> str:
    links = [link.get("href", "") for link in page.root.iter("a")]
    return next(link.removesuffix("/console") for link in links if link.endswith("/console"))


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ({"zip": "48226", "city": ""}, "Add the unit, the city or the last four digits of the ZIP code"),
        ({"zip": "48226", "city": "Detroit"}, "Add the unit or the last four digits of the ZIP code"),
        ({"zip": "48226", "city": "Detroit", "street2": "Apt 4"}, "Add the last four digits of the ZIP code"),
        ({"zip": "48226-3437", "city": "Detroit"}, "Add the unit, and look up again"),
        ({"zip": "48226-3437", "city": "Detroit", "street2": "Apt 4"}, "Check the direction of the street"),
        ({"zip": "", "city": "Detroit", "state": "MI"}, "Add the unit or the ZIP code with its last four digits"),
    ],
)
def test_advice_asks_for_nothing_that_was_given(site: Site, typed: dict[str, str], advice: str) -> None:
    visitor = site.visitor()
    page = visitor.last(visitor.look_up("multiple", **typed))
    assert advice in page.text_of("outcome")
    assert "Look up without the unit" not in page.ways_on


@pytest.mark.parametrize(("key", "status"), REFUSED_AT_ONCE.items())
def test_a_refused_start_shows_the_form_again(tmp_path: Path, key: str, status: int) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path)
    visitor = site.visitor()
    page = visitor.press(visitor.get(f"/?scenario={key}"), "Look up")
    assert page.status == status
    assert page.title.startswith("Error: ")
    site.close()


def test_another_house_is_flagged_with_both_numbers(visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("other-house"))
    assert "This may be another address" in page.text
    assert page.text_of("match-summary") == "Matched 926, not 916"


def test_the_same_house_is_not_flagged(visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("fast"))
    assert page.text_of("match-summary") == "Matched"
    assert "This may be another address" not in page.text


def test_unstated_prices_and_plans_are_said_to_be_missing(visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("null-fields"))
    assert "Price not stated" in page.text
    assert "Technology not stated" in page.text
    assert "No plan details listed" in page.text
    assert "Note from Hum Some provider details are incomplete" in page.text
    assert "None" not in page.text
    assert "null" not in page.text_of("providers").replace("Null", "")


def test_hostile_and_odd_texts_stay_texts(visitor: Visitor) -> None:
    last = visitor.last(visitor.look_up("null-fields"))
    page = visitor.get(_path_of(last) + EVERY_ROW_OPEN)
    assert "Lakeshore <b>Fiber</b> &amp; Phone \N{ROCKET}" in page.provider_names
    assert "<i>First month free</i>" in page.text
    assert not [element for element in page.elements if element.tag in {"b", "i"}]


def test_sixty_providers_fit_on_one_page(visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("sixty-providers"))
    assert page.text_of("providers-title") == "60 providers"
    assert len(page.provider_names) == 20
    more = page.find("show-more")
    assert more is not None
    assert text_in(more) == "Show 40 more"
    assert len(visitor.get(more.get("href", "")).provider_names) == 60


def test_speeds_given_as_ranges_are_shown_as_ranges(visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("range-speeds"))
    assert "50-100" in page.text.replace("\N{EN DASH}", "-")


def test_promotions_are_told_apart_from_prices(visitor: Visitor) -> None:
    last = visitor.last(visitor.look_up("old-promo"))
    page = visitor.get(_path_of(last) + EVERY_ROW_OPEN)
    promos = ["".join(element.itertext()) for element in page.elements if element.get("class") == "promo"]
    assert promos
    assert all(promo.strip() for promo in promos)


def test_the_answer_comes_first(visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("fast"))
    assert " Cheapest, first 12 months $29.99 a month Frontier Fiber 500 Internet 500 / 500 Mbps " in page.text_of(
        "outcome"
    )
    assert " Fastest $245.00 a month AT&T Internet 5 Gig 5,000 / 5,000 Mbps " in page.text_of("outcome")
    assert " Cheapest above 100 Mbps, first 12 months $29.99 " in page.text_of("outcome")
    assert "lowest first" in page.text_of("order-said")


def test_links_out_are_marked_and_telephones_can_be_called(visitor: Visitor) -> None:
    last = visitor.last(visitor.look_up("fast"))
    page = visitor.get(_path_of(last) + EVERY_ROW_OPEN)
    leaving = [link for link in page.root.iter("a") if link.get("href", "").startswith("http")]
    assert len(leaving) == 11, "in each row, and for phones once more with its plans where the row has a number"
    assert all("opens in a new tab" in "".join(link.itertext()) for link in leaving)
    assert [link for link in page.root.iter("a") if link.get("href", "").startswith("tel:+1")]
