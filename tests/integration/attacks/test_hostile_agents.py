"""Nothing that an agent of H Company answers becomes anything but text or a link to the web: every payload in every
member, on every page and in every file, read by a real browser.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.integration.attacks.hostile import Attacked
from tests.integration.attacks.payloads import EVERY, MARK
from tests.integration.attacks.watch import Watch, shown_not_saved
from webapp.agent_simulator import SCENARIOS
from webapp.research.answers import read_answer
from webapp.research.schema import research_table
from webapp.research.task import MOST_PROVIDERS

pytestmark = pytest.mark.browser

MEMBERS = ("name", "technology", "max_download_mbps", "min_price_usd", "url", "source_url", "confidence")
ROUNDS = range(0, len(EVERY), MOST_PROVIDERS)


def listed(first: int) -> dict[str, Any]:
    """Fifteen entries with another payload in each member; the name of each is that of its round."""
    entries = []
    for number in range(first, first + MOST_PROVIDERS):
        entry = {member: EVERY[(number + 7 * place) % len(EVERY)] for place, member in enumerate(MEMBERS)}
        entries.append(entry | {"name": EVERY[number % len(EVERY)] or "x"})
    return {"providers": entries}


@pytest.fixture
def searched(watch: Watch, page: Page, attacked: Attacked) -> str:
    """The path of a lookup without service."""
    return watch.finished(page, "no-providers")


def answer_with(attacked: Attacked, answer: object) -> None:
    assert attacked.site.agents is not None
    agents = attacked.site.agents.extensions["agent_simulator"]
    agents.default = replace(SCENARIOS["finds-three"], answer=answer, settled_at=2.0)


def search(watch: Watch, page: Page, attacked: Attacked) -> None:
    """Begins a search and waits for its end, which comes in by htmx."""
    page.get_by_role("button", name="Search the web").click()
    expect(page.get_by_role("heading", name="Searching the web")).to_be_visible()
    attacked.site.turn(30)
    page.locator("#research").dispatch_event("resume")
    expect(page.get_by_role("heading", name="Searching the web")).to_have_count(0)
    watch.look_through(page)


@pytest.mark.soak
def test_every_payload_in_a_list_is_text(watch: Watch, page: Page, attacked: Attacked, searched: str) -> None:
    answer_with(attacked, listed(0))
    search(watch, page, attacked)
    assert MARK in page.inner_text("#research")
    expect(page.locator("#research h3")).to_have_count(MOST_PROVIDERS)
    for first in ROUNDS:
        # The others are put where the first ones are kept: what is drawn is what was stored, whoever stored it.
        store(attacked, searched.rpartition("/")[2], listed(first))
        watch.visit(page, searched)
        assert page.locator("#research h3").count() > MOST_PROVIDERS // 2
    for end in ("/print", "/console"):
        watch.visit(page, searched + end)
    page.route("**/*.{har,json}*", shown_not_saved)
    for end in ("/export.txt", "/export.md", "/export.json", "/calls.har"):
        watch.read(page, searched + end)


@pytest.mark.soak
def test_every_payload_as_a_free_text_is_text(watch: Watch, page: Page, attacked: Attacked, searched: str) -> None:
    answer_with(attacked, "".join(EVERY)[:1_900])
    search(watch, page, attacked)
    assert MARK in page.inner_text("#research")


def store(attacked: Attacked, lookup_id: str, answer: object) -> None:
    """Puts another answer in place of the one that a lookup has."""
    with attacked.site.database() as connection:
        connection.execute(
            research_table.update()
            .where(research_table.c.lookup_id == lookup_id)
            .values(answer=read_answer(answer).as_json())
        )
