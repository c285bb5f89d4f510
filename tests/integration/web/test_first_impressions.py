"""What the screens got wrong when they were first tried as a new user would: said twice, mislabeled, offered for
nothing. Each kind is looked for everywhere it could come back.
"""

from __future__ import annotations

import pytest

from tests.integration.web.page import text_in
from tests.integration.web.site import Site
from tests.integration.web.stored import with_class
from tests.integration.web.test_scenarios import ENDS
from tests.integration.web.visitor import Visitor
from webapp.plans.model import Technology
from webapp.simulator.brand import Brand
from webapp.simulator.brands import ALL

WITHOUT_PROVIDERS = [key for key, title in ENDS.items() if title != "Providers found"]


def test_a_limit_that_has_reset_is_not_told_as_used_up(site: Site, visitor: Visitor) -> None:
    begun = visitor.press(visitor.get("/?scenario=fast"), "Look up")
    path = begun.location
    visitor.last(visitor.follow(begun))
    site.turn(3_600)
    limit = text_in(with_class(visitor.get(f"{path}/console"), "limit")[0])
    assert "has reset." in limit
    assert " left." not in limit


@pytest.mark.parametrize("brand", ALL, ids=lambda brand: brand.name)
def test_a_plan_of_the_demo_has_a_technology_that_its_provider_has(brand: Brand) -> None:
    lines = {line.technology.casefold() for line in brand.lines}
    for product in brand.products:
        if product.category == "internet":
            assert product.technology.casefold() in lines, product.name
            assert "fiber" not in product.name.casefold() or product.technology == "fiber"


def test_what_is_chosen_under_technology_is_a_technology(visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("fast"))
    labels = {technology.label for technology in Technology}
    offered = []
    for box in page.root.iter("label"):
        if any(part.get("name") == "tech" for part in box):
            offered.append(text_in(box).rpartition(" ")[0])
    assert offered
    assert set(offered) <= labels


@pytest.mark.parametrize("key", WITHOUT_PROVIDERS)
def test_without_providers_nothing_is_offered_to_copy_and_no_map_takes_the_screen(visitor: Visitor, key: str) -> None:
    page = visitor.last(visitor.look_up(key))
    buttons = {text_in(part) for part in page.root.iter("button")} | {text_in(part) for part in page.root.iter("a")}
    for name in ("Copy for email", "Copy as Markdown", "Save as CSV", "Save as JSON", "Print", "Share this result"):
        assert name not in buttons
    for picture in with_class(page, "picture-map"):
        assert any(picture in list(fold.iter()) and "open" not in fold.attrib for fold in page.root.iter("details"))


@pytest.mark.parametrize("key", WITHOUT_PROVIDERS)
def test_the_outcome_is_said_once(visitor: Visitor, key: str) -> None:
    page = visitor.last(visitor.look_up(key))
    main = next(page.root.iter("main"))
    assert text_in(main).count(ENDS[key]) == 1


@pytest.mark.parametrize(
    "typed", [{"street1": "", "zip": "48226"}, {"street1": "1001 Woodward Ave", "zip": "2"}], ids=["street", "zip"]
)
def test_a_fault_is_said_above_the_form_and_at_its_field_only(visitor: Visitor, typed: dict[str, str]) -> None:
    page = visitor.press(visitor.get("/"), "Look up", **typed)
    assert page.status == 422
    faults = next(part for part in page.elements if part.get("id") == "faults")
    for link in faults.iter("a"):
        assert page.text.count(text_in(link)) == 2, text_in(link)


def test_the_picker_speaks_of_scenarios_and_not_of_their_number(visitor: Visitor) -> None:
    text = visitor.get("/scenarios").text
    assert "More scenarios" in text
    assert "Beyond" not in text


@pytest.mark.parametrize("key", ["fast", "null-fields", "range-speeds"])
def test_speeds_are_told_once_a_row_with_what_they_are(visitor: Visitor, key: str) -> None:
    page = visitor.last(visitor.look_up(key))
    for row in with_class(page, "provider"):
        assert text_in(row).count("Down and up: ") == 1
