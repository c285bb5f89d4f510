"""Every price field that Hum documents, and fields it does not, is shown by a readable name; docs/price-fields.md says
where.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import open_site
from tests.integration.web.stored import EVERY_ROW_OPEN, Ended, ended, product, provider, with_class
from tests.paths import ROOT
from webapp.hum.pricing import MONTHLY

DOCUMENT = ROOT / "docs" / "price-fields.md"


@dataclass(frozen=True)
class Field:
    """A field of Hum's answer, the name people read, and a figure that stands for nothing else on any page."""

    key: str
    name: str
    cents: int

    @property
    def dollars(self) -> str:
        return f"${self.cents / 100:.2f}"


PRICING = (
    Field("monthly_price", "Monthly price", 91_01),
    Field("initial_term_discount", "Initial term discount", 11_02),
    Field("second_term_discount", "Second term discount", 12_03),
    Field("autopay_discount", "Autopay discount", 13_04),
    Field("activation_fee", "Activation fee", 14_05),
    Field("professional_installation_fee", "Professional installation fee", 15_06),
    Field("self_installation_fee", "Self installation fee", 16_07),
    Field("extra_data_fee", "Extra data fee", 17_08),
    Field("router_rental_fee", "Router rental fee", 18_09),
    Field("loyalty_discount", "Loyalty discount", 19_11),
    Field("regional-sports_surcharge", "Regional sports surcharge", 21_12),
)
"""HUM's documented keys in their order, then one unknown fee, one unknown discount and one unknown key of no kind."""
HEADLINE = Field("min_plan_price", "from", 86_13)
MONTHS = {"initial_term_discount_months": 7, "second_term_discount_months": 9}


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """A provider with a plan that has every price field, and plans that call their monthly price by each name it may
    have.
    """
    site = open_site(tmp_path_factory.mktemp("state"))
    lookup = ended(site)
    everything = product("Everything", {field.key: field.cents for field in PRICING}, **MONTHS)
    named = [product(key, {key: 50_00 + number}) for number, key in enumerate(MONTHLY)]
    first = provider("Alder Fiber", cents=HEADLINE.cents, plans=[everything, product("Other", {"monthly_price": 1_00})])
    lookup.change_providers([first, provider("Namers I", plans=named[:6]), provider("Namers II", plans=named[6:])])
    yield lookup
    site.close()


@pytest.fixture(scope="module")
def places(priced: Ended) -> dict[str, str]:
    """The words at each place where a price can stand, for the plan that has them all."""
    keys = priced.plan_keys()
    plan = priced.page(f"/plans/{keys['Alder Fiber Everything']}")
    compare = priced.page(f"/compare?plan={keys['Alder Fiber Everything']}&plan={keys['Alder Fiber Other']}")
    row = next(iter(with_class(priced.page(EVERY_ROW_OPEN), "provider")))
    beside = ("Unknown, and not counted", "Not included in the total")
    return {
        "Result row": text_in(row),
        "Plan: card": text_in(with_class(plan, "label-card")[0]),
        "Plan: cost over 12 and 24 months": " ".join(text_in(table) for table in plan.root.iter("table")),
        "Plan: beside the sum": " ".join(part for heading in beside for part in listed_after(plan, heading)),
        "Plan: everything stated": " ".join(listed_after(plan, "Everything Hum states about the price")),
        "Compare": text_in(next(compare.root.iter("table"))),
        "Text, Markdown": priced.page("/export.txt").html,
        "CSV": priced.page("/export.csv").html,
        "JSON": money_as_dollars(json.loads(priced.page("/export.json").html)),
    }


def listed_after(page: Page, heading: str) -> list[str]:
    """The entries of the list that follows a heading."""
    for parent in page.elements:
        siblings = list(parent)
        for before, after in pairwise(siblings):
            if before.tag == "h3" and text_in(before) == heading:
                return [text_in(entry) for entry in after]
    return []


def money_as_dollars(document: object) -> str:
    """A JSON export with its amounts written as the other places write them."""
    return re.sub(r'"cents": (\d+)', lambda found: f"${int(found[1]) / 100:.2f}", json.dumps(document))


def is_in(field: Field, text: str) -> bool:
    """Whether the figure stands there, with the dollar sign or, as in a CSV cell of its own, without."""
    return re.search(rf"(?<![\d.]){re.escape(field.dollars.removeprefix('$'))}(?!\d)", text) is not None


def table(places: dict[str, str]) -> str:
    """The table of docs/price-fields.md, found out from the pages themselves."""
    lines = [f"| Field of Hum | {' | '.join(places)} |", f"|---|{'---|' * len(places)}"]
    shown = {f"`pricing.{field.key}`": field for field in PRICING} | {f"`{HEADLINE.key}`": HEADLINE}
    lines += [
        f"| {key} | {' | '.join('yes' if is_in(field, text) else '-' for text in places.values())} |"
        for key, field in shown.items()
    ]
    for key, months in MONTHS.items():
        written = re.compile(rf"(?<!\d){months} months|\"months\": {months}\b|\u00d7 {months}(?!\d)")
        lines.append(f"| `{key}` | {' | '.join('yes' if written.search(text) else '-' for text in places.values())} |")
    return "\n".join(lines)


@pytest.mark.parametrize("field", PRICING, ids=lambda field: field.key)
def test_each_pricing_field_stands_on_the_plans_page_with_its_name(places: dict[str, str], field: Field) -> None:
    assert f"{field.name}: {field.dollars}" in places["Plan: everything stated"]


@pytest.mark.parametrize("field", PRICING, ids=lambda field: field.key)
def test_each_pricing_field_is_in_the_sum_or_named_beside_it(places: dict[str, str], field: Field) -> None:
    assert (
        is_in(field, places["Plan: cost over 12 and 24 months"]) or f"{field.name}: " in places["Plan: beside the sum"]
    )


@pytest.mark.parametrize("field", [*PRICING, HEADLINE], ids=lambda field: field.key)
def test_no_field_gets_lost_on_the_way_out(places: dict[str, str], field: Field) -> None:
    # A customer's text has one price for a provider, that of a plan that can be ordered.
    exports = ("CSV", "JSON") if field is HEADLINE else ("Text, Markdown", "CSV", "JSON")
    assert [place for place in exports if not is_in(field, places[place])] == []


def test_the_headline_price_stands_with_the_plans_of_the_row(places: dict[str, str]) -> None:
    assert f"Hum's headline price is {HEADLINE.dollars} a month." in places["Result row"]


@pytest.mark.parametrize("key", MONTHLY)
def test_the_monthly_price_is_found_under_each_name_it_may_have(priced: Ended, key: str) -> None:
    page = priced.page(EVERY_ROW_OPEN)
    rows = []
    for row in with_class(page, "provider") + with_class(page, "plan"):
        if text_in(with_class(row, "plan-name")[0]) == key:
            rows.append(row)
    assert f"$50.{MONTHLY.index(key):02}/month" in text_in(rows[0])


def test_the_documentation_says_where_each_field_is_shown(places: dict[str, str]) -> None:
    assert table(places) in DOCUMENT.read_text(encoding="utf-8"), (
        f"put this table into {DOCUMENT.name}:\n{table(places)}"
    )


def test_the_documentation_names_every_name_of_the_monthly_price() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [key for key in MONTHLY if f"`{key}`" not in text and f"`pricing.{key}`" not in text] == []
