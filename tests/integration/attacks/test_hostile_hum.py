"""Nothing that Hum says becomes anything but text: every payload in every field of its answers, on every page and in
every file.

Read by a real browser, whose parser and policy count, and watched: no dialog, no script, no foreign node, no request to
another host.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.results import plan_paths
from tests.integration.attacks.hostile import FIGURES, FLOW, Attacked
from tests.integration.attacks.payloads import EVERY, MARK
from tests.integration.attacks.watch import Watch

pytestmark = pytest.mark.browser

PLAN = ("id", "name", "description", "category", "technology", "data_limit", "info", "pricing.(name)")
FIELDS = (
    *(
        "provider_id",
        "provider_name",
        "telephone",
        "url",
        "button_label",
        "provider_logo",
        "provider_icon",
        "provider_promo",
        "promo_text",
    ),
    *("offerings.technology", "offerings.technology_category"),
    *(f"product_catalog.products.{field}" for field in PLAN),
)
"""Of a provider, as Hum names them; `(name)` is a member whose name itself is the payload."""


@pytest.mark.soak
def test_every_payload_in_every_field_of_providers_and_plans_stays_text(
    watch: Watch, page: Page, attacked: Attacked
) -> None:
    hum = attacked.hum
    hum.placed.clear()
    for hum.spared in (FLOW, FLOW | FIGURES):
        path = watch.finished(page, "sixty-providers")
        watch.ask(page, [(address, None, {}) for address in (f"{path}/report", *plan_paths(page)[::40])])
    watch.look_around(page, path)
    assert {kind for kind in hum.placed if hum.placed[kind] == set(EVERY)} >= {
        f".data.internet.{field}" for field in FIELDS
    }


@pytest.mark.parametrize(
    ("scenario", "spared", "numbers_too"),
    [
        pytest.param("object-address", FLOW, False, marks=pytest.mark.soak),
        ("null-fields", FLOW, False),
        pytest.param("old-promo", FLOW, True, marks=pytest.mark.soak),
        pytest.param("instant", frozenset({"session_token", "request_status"}), True, marks=pytest.mark.soak),
        pytest.param("html-error", FLOW, False, marks=pytest.mark.soak),
    ],
)
def test_whatever_else_hum_says_stays_text(
    watch: Watch, page: Page, attacked: Attacked, scenario: str, spared: frozenset[str], numbers_too: bool
) -> None:
    attacked.hum.spared, attacked.hum.numbers_too = spared, numbers_too
    path = watch.finished(page, scenario)
    assert MARK in page.inner_text("main")
    watch.look_around(page, path)


@pytest.mark.soak
def test_a_link_and_a_list_for_the_state_are_text_too(watch: Watch, page: Page) -> None:
    path = watch.finished(page, "no-providers")
    watch.visit(page, f"{path}/coverage")
    page.get_by_role("button", name="Ask who serves").click()
    expect(page.locator("article").first).to_be_visible()
    watch.look_through(page)
    assert MARK in page.inner_text("main")
    path = watch.finished(page, "fast")
    watch.visit(page, f"{path}/shares")
    page.get_by_role("button", name="Create a link").click()
    watch.visit(page, page.get_by_label("Link, valid until").input_value())
    assert MARK in page.inner_text("main")
    watch.visit(page, "/status")


@pytest.mark.soak
def test_the_reasons_of_a_refusal_are_text(watch: Watch, page: Page) -> None:
    for nested in ("", "nested") * 2:
        page.goto("/?scenario=invalid")
        page.get_by_label("Apartment, suite or unit").fill(nested)
        page.get_by_role("button", name="Look up").click()
        expect(page.get_by_role("alert")).to_contain_text("injected")
        watch.look_through(page)


@pytest.mark.soak
def test_answers_shown_raw_are_text(watch: Watch, page: Page) -> None:
    watch.visit(page, "/try")
    for button in (
        "Create a session",
        "GET /sessions/{token}",
        "GET …/services/internet",
        "DELETE /sessions/{token}",
        "Ping",
    ):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_label("Response body")).to_have_value(re.compile(MARK))
        watch.look_through(page)
