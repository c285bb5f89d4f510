"""Hum's description demands an address in every answer, whatever came of the matching: only the geocoding agent says
that it is a match, and nothing on our side says so without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time
from tests.sweeps import few
from webapp.simulator import SCENARIOS, AddressText, Scenario

WORDS = ("pending", "matched", "multiple", "failed", "done", None)
"""What the geocoding agent ends with; None: no answer names it."""
NO_CLAIMS = (
    '"matched": null',
    "Matched address: none",
    "No matched address received",
    "as Hum matched it",
    "Internet: matched",
)
"""Denials, the hint at the search of *Your lookups*, and what a report quotes of the other agent."""
MATCHED = re.compile(r"\bmatched\b", re.IGNORECASE)
"""`matched_address`, the name of a column, is no claim."""


def played(number: int, word: str | None, text: AddressText) -> Scenario:
    searches = word in {"matched", "done", None}
    return replace(
        SCENARIOS["fast"],
        number=number,
        key=f"address-{word}-{text.value}",
        geocoding=word,
        address_text=text,
        internet="matched" if searches else "pending",
        internet_at=4.0 if searches else None,
    )


PLAYED = {
    scenario.key: scenario
    for scenario in (played(200 + number, *row) for number, row in enumerate(product(WORDS, AddressText)))
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = open_site_where_waiting_takes_no_time(tmp_path, more_scenarios=tuple(PLAYED.values()))
    yield opened
    opened.close()


@pytest.mark.parametrize("key", few(PLAYED, list(PLAYED)[::3]))
def test_only_the_agent_says_matched(site: Site, key: str) -> None:
    scenario = PLAYED[key]
    visitor = site.visitor()
    first = visitor.look_up(street1=f"{scenario.house_number} Scenario Way", zip="48226", city="Detroit", state="MI")
    path = first.form_with("Stop").get("action", "").removesuffix("/stop")
    pages = [first, *visitor.watch(first)]
    end = visitor.get(path)
    exports = [visitor.get(f"{path}/export.{kind}") for kind in ("txt", "md", "csv", "json")]
    pages += [end, visitor.get("/lookups"), visitor.get(f"{path}/report"), *exports]
    said = [claim for page in pages for claim in claims_of(page)]
    is_match = scenario.geocoding == "matched"
    assert bool(said) is is_match, said
    assert ("Matched by Hum" in end.text) is (is_match and scenario.address_text is AddressText.PRESENT)
    if scenario.internet_at:
        assert end.provider_names, "a search that ends with a list shows it, whatever is said of the address"


def claims_of(page: Page) -> list[str]:
    """Where a page, a file or a spoken headline says that an address is matched."""
    text = page.text if page.is_html else page.html
    for words in NO_CLAIMS:
        text = text.replace(words, "")
    return [text[max(0, found.start() - 60) : found.end() + 60] for found in MATCHED.finditer(text)]
