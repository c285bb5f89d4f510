"""The address form: what it accepts, what it says, and that nothing typed is ever lost."""

from __future__ import annotations

import pytest

from tests.integration.web.page import Page, text_in
from tests.integration.web.visitor import Visitor

GOOD = {"street1": "1001 Woodward Ave", "zip": "48226"}
STREET = "Enter the street address, like 1001 Woodward Ave."
STREET_FOR_ZIP = "Enter the street address too: a ZIP code alone covers many homes."
ZIP = "Enter a ZIP code as five digits, like 48226, or nine, like 48226-3437."
STATE = "Choose a state from the list, or leave it empty if you give the ZIP code."


def summary(page: Page) -> list[tuple[str, str]]:
    """(box, message) of each line in the error summary."""
    panel = page.find("faults")
    return [] if panel is None else [(link.get("href", "")[1:], text_in(link)) for link in panel.iter("a")]


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({}, [("street1", STREET)]),
        ({"zip": "48226"}, [("street1", STREET_FOR_ZIP)]),
        ({"city": "Detroit", "state": "MI"}, [("street1", STREET)]),
        ({"street1": "1 A St"}, [("zip", "Add a ZIP code, or the city and state.")]),
        ({"street1": "1 A St", "city": "Detroit"}, [("zip", "Add the state, or a ZIP code.")]),
        ({"street1": "1 A St", "state": "MI"}, [("zip", "Add the city, or a ZIP code.")]),
        ({"street1": "1 A St", "zip": "4822"}, [("zip", ZIP)]),
        ({"street1": "1 A St", "zip": "4822", "city": "Detroit", "state": "MI"}, [("zip", ZIP)]),
        ({"street1": "1 A St", "zip": "48226", "state": "Ruritania"}, [("state", STATE)]),
        ({"street1": "", "zip": "x", "state": "XX"}, [("street1", STREET), ("zip", ZIP), ("state", STATE)]),
    ],
)
def test_each_fault_is_named_once_and_leads_to_its_box(
    visitor: Visitor, typed: dict[str, str], faults: list[tuple[str, str]]
) -> None:
    page = visitor.press(visitor.get("/"), "Look up", **typed)
    assert page.status == 422
    assert summary(page) == faults
    assert page.title.startswith("Error: ")


def test_a_faulty_box_says_so_to_those_who_cannot_see_it(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/"), "Look up", street1="1 A St", zip="4822")
    box = page.find("zip")
    assert box is not None
    assert box.get("aria-invalid") == "true"
    assert ZIP in " ".join(page.text_of(id) for id in box.get("aria-describedby", "").split())
    street = page.find("street1")
    assert street is not None
    assert street.get("aria-invalid") is None


def test_the_summary_takes_the_focus_instead_of_the_first_box(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/"), "Look up")
    focused = [element.get("id") for element in page.elements if element.get("autofocus") is not None]
    assert focused == ["faults"]


def test_a_fault_of_the_combination_is_not_blamed_on_one_box(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/"), "Look up", street1="1 A St")
    assert not [element.get("id") for element in page.elements if element.get("aria-invalid")]


def test_everything_typed_is_kept_also_a_state_that_does_not_exist(visitor: Visitor) -> None:
    typed = {
        "street1": "<b>1</b> \"A\" St & 'Co'",
        "street2": "Fl 2",
        "zip": "1",
        "city": "Détroit",
        "state": "RURITANIA",
    }
    page = visitor.press(visitor.get("/"), "Look up", **typed)
    sent_again = page.values(page.form_with("Look up"))
    assert typed.items() <= sent_again.items()


def test_lengths_are_named_with_the_length_that_was_typed(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/"), "Look up", **GOOD, street2="x" * 51)
    assert summary(page) == [("street2", "The unit must be at most 50 characters; this one has 51.")]


def test_what_is_typed_is_cleaned_but_stays_the_users_words(visitor: Visitor) -> None:
    page = visitor.look_up(
        street1="  1001\tWoodward\u200b  Ave ", zip="48226 \u2013 3437", city="Detroit", state="michigan"
    )
    assert page.heading == "1001 Woodward Ave, Detroit, MI 48226-3437"


@pytest.mark.parametrize("state", ["AE", "armed forces pacific"])
def test_military_mail_is_explained(visitor: Visitor, state: str) -> None:
    page = visitor.press(visitor.get("/"), "Look up", **GOOD, state=state)
    assert "military mail" in summary(page)[0][1]
    offered = [option.get("value") for option in visitor.get("/").root.iter("option")]
    assert "AE" not in offered
    assert {"DC", "PR", "GU"} <= set(offered)


def test_a_district_that_hum_finds_by_zip_only_asks_for_the_zip(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/"), "Look up", street1="1600 Pennsylvania Ave NW", city="Washington", state="DC")
    assert summary(page) == [
        ("zip", "Add the ZIP code: the lookup service finds addresses in District of Columbia by ZIP only.")
    ]
    found = visitor.press(page, "Look up", zip="20500")
    assert found.status == 303


def test_hums_own_messages_stand_at_their_boxes(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/?scenario=invalid"), "Look up")
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert page.text_of("street1-error") == "Street address: can't be blank (from Hum)"
    assert page.text_of("zip-error") == "ZIP code: must be in the form 12345 or 12345-1234 (from Hum)"
    assert [box for box, _ in summary(page)] == ["zip", "street1", "zip"]
    assert summary(page)[0][1].startswith("Provide either")
    assert all(message.endswith("(from Hum)") for _, message in summary(page))
    assert page.values(page.form_with("Look up"))["street1"].endswith("Scenario Way")


def test_hums_messages_nested_twice_are_the_same(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/?scenario=invalid"), "Look up", street2="nested")
    assert page.text_of("zip-error") == "ZIP code: must be in the form 12345 or 12345-1234 (from Hum)"


def test_an_example_fills_the_form_and_an_unknown_one_does_not(visitor: Visitor) -> None:
    page = visitor.get("/?scenario=multiple")
    assert page.values(page.form_with("Look up"))["street1"] == "906 Scenario Way"
    page = visitor.get("/?scenario=no-such-thing")
    assert page.values(page.form_with("Look up"))["street1"] == ""


def test_the_first_page_offers_an_empty_box_with_the_focus_and_no_error(visitor: Visitor) -> None:
    page = visitor.get("/")
    assert page.status == 200
    assert page.title == "Find internet providers at an address - DEMO - Hum ISP Lookup"
    assert [element.get("id") for element in page.elements if element.get("autofocus") is not None] == ["paste"]
    assert "simulated data" in page.text
