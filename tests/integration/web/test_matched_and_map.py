"""How sure is it: the typed address against the matched one, where the pin stands, and links that lead only where they
may.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site, open_site
from tests.integration.web.stored import Ended, ended, provider, texts_with_class, with_class

SVG = "{http://www.w3.org/2000/svg}"
TYPED = {"street1": "29090 Tiffany Drive E", "street2": "Apt 2", "city": "Southfield", "state": "MI", "zip": "48034"}


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """A usual lookup whose matched address and coordinates the tests write."""
    site = open_site(tmp_path_factory.mktemp("state"))
    yield ended(site, "", **TYPED)
    site.close()


def words(page: Page) -> Element:
    return with_class(page, "words")[0]


@pytest.mark.parametrize(
    "matched",
    ["29090 TIFFANY DR E APT 2, SOUTHFIELD, MI 48034", "29090 Tiffany Dr E #2, Southfield, Michigan 48034-1234"],
)
def test_abbreviations_case_and_zip_plus_4_are_no_differences(lookup: Ended, matched: str) -> None:
    lookup.change(matched_address=matched)
    page = lookup.page()
    assert not list(words(page).iter("ins"))
    assert not list(words(page).iter("del"))
    assert "another address" not in page.text


@pytest.mark.parametrize(
    ("matched", "said", "warned"),
    [
        (
            "29094 TIFFANY DR E APT 2, SOUTHFIELD, MI 48034",
            "instead of 29090 29094",
            "The house number 29090 was typed",
        ),
        ("29090 TIFFANY DR E APT 4, SOUTHFIELD, MI 48034", "instead of 2 4", "unit"),
        ("29090 TIFFANY DR E, SOUTHFIELD, MI 48034", "left out: ", "unit"),
        ("29090 TIFFANY DR E APT 2, SOUTHFIELD, MI 48075", "instead of 48034 48075", "ZIP"),
    ],
)
def test_a_changed_number_unit_or_zip_is_marked_and_flagged(
    lookup: Ended, matched: str, said: str, warned: str
) -> None:
    lookup.change(matched_address=matched)
    page = lookup.page()
    assert said in text_in(words(page))
    flag = next(text for text in texts_with_class(page, "panel-warn") if text.startswith("This may be another address"))
    assert warned in flag


def test_every_mark_is_an_element_and_a_word_for_those_who_do_not_see_it(lookup: Ended) -> None:
    lookup.change(matched_address="29094 TIFFANY DR W, OAK GROVE SOUTHFIELD, MI 48034")
    marked = words(lookup.page())
    marks = [*marked.iter("ins"), *marked.iter("del")]
    assert {mark.tag for mark in marks} == {"ins", "del"}
    within_changed = [
        mark for change in with_class(marked, "changed") for mark in change.iter() if mark.tag in {"ins", "del"}
    ]
    for mark in marks:
        spoken = texts_with_class(mark, "unseen")
        assert spoken or mark in within_changed
    assert {text for mark in marks for text in texts_with_class(mark, "unseen")} == {
        "added:",
        "left out:",
        "instead of",
    }


def test_a_changed_street_is_marked_and_flagged(lookup: Ended) -> None:
    lookup.change(matched_address="29090 TIFFANIE DR E APT 2, SOUTHFIELD, MI 48034")
    page = lookup.page()
    assert "instead of Tiffany TIFFANIE" in text_in(words(page))
    assert "This may be another address" in page.text
    assert "The street name Tiffany was typed; the matched address has TIFFANIE." in page.text


def test_a_city_that_was_not_typed_is_added_and_not_flagged(site: Site) -> None:
    other = ended(site, "", street1="29090 Tiffany Drive E", zip="48034")
    page = other.page()
    assert "added: SOUTHFIELD," in text_in(words(page))
    assert "another address" not in page.text


def test_without_a_matched_address_nothing_is_compared(lookup: Ended) -> None:
    lookup.change(matched_address=None)
    page = lookup.page()
    assert not with_class(page, "words")
    assert "Matched by Hum" not in page.text


@pytest.mark.parametrize("matched", ["<b>29090</b> TIFFANY", "]]>", "x" * 5_000, "\u0661\u0662", " "])
def test_a_hostile_matched_address_stays_a_text(lookup: Ended, matched: str) -> None:
    lookup.change(matched_address=matched)
    page = lookup.page()
    assert page.status == 200
    assert not list(page.root.iter("b"))


def pins(page: Page) -> tuple[str, int]:
    """The words under the map and the number of circles on it: one for a pin, two for a pin with room around it."""
    figures = with_class(page, "picture-map")
    if not figures:
        return "", 0
    drawing = next(figures[0].iter(f"{SVG}svg"))
    words_of_map = text_in(next(figures[0].iter("figcaption")))
    assert drawing.get("aria-label") == words_of_map
    return words_of_map, len(list(drawing.iter(f"{SVG}circle")))


def test_the_pin_is_exact_where_hum_gave_coordinates(site: Site) -> None:
    assert pins(ended(site, "object-address").page()) == ("Michigan: the pin is where Hum places the address.", 1)


def test_the_pin_is_the_middle_of_the_zip_and_said_to_be_so_otherwise(site: Site) -> None:
    said = "Michigan, Wayne County: the pin is the center of ZIP code 48226, approximate."
    assert pins(ended(site, "fast").page()) == (said, 2)


def test_two_places_in_a_state_have_two_pins(lookup: Ended) -> None:
    spots = []
    for latitude, longitude in ((42.33, -83.05), (46.55, -87.4)):
        lookup.change(latitude=latitude, longitude=longitude)
        pin = with_class(lookup.page(), "pin")[0]
        spots.append((float(pin.get("cx", "")), float(pin.get("cy", ""))))
    (detroit_x, detroit_y), (marquette_x, marquette_y) = spots
    assert marquette_x < detroit_x
    assert marquette_y < detroit_y


@pytest.mark.parametrize(("latitude", "longitude"), [(0.0, 0.0), (61.2, -149.9), (42.33, None)])
def test_coordinates_that_are_not_in_the_state_are_not_believed(
    lookup: Ended, latitude: float, longitude: float | None
) -> None:
    lookup.change(latitude=latitude, longitude=longitude)
    said, circles = pins(lookup.page())
    assert said.endswith("the pin is the center of ZIP code 48034, approximate.")
    assert circles == 2


@pytest.mark.parametrize(
    "typed",
    [
        {"street1": "902 Scenario Way", "city": "Detroit", "state": "MI"},
        {"street1": "902 Scenario Way", "zip": "96910"},
        {"street1": "902 Scenario Way", "zip": "10001", "state": "MI"},
    ],
    ids=["no ZIP", "no map of Guam", "ZIP of another state"],
)
def test_there_is_no_map_where_nothing_is_known_of_the_place(site: Site, typed: dict[str, str]) -> None:
    page = ended(site, "", **typed).page()
    assert page.status == 200
    assert pins(page) == ("", 0)


HOSTILE = (
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "//evil.example/x",
    "http://user:pw@evil.example/",
    "https://evil.example\\@good.example/",
    "vbscript:x",
    "plainwire.example.com/start",
    'https://e.example/"onmouseover="x',
    None,
    7,
)


def test_a_hostile_link_of_a_provider_is_no_link(site: Site) -> None:
    lookup = ended(site)
    lookup.change_providers([provider(f"Provider {number}", url=url) for number, url in enumerate(HOSTILE)])
    page = lookup.page()
    assert len(page.provider_names) == len(HOSTILE)
    assert not with_class(page, "out")
    assert "evil.example" not in page.html


def test_odd_providers_have_only_links_to_the_web_and_to_telephones(site: Site) -> None:
    lookup = ended(site, "null-fields")
    pages = [
        lookup.page(),
        *(lookup.page(f"/providers/{number}") for number in range(1, len(lookup.page().provider_names) + 1)),
    ]
    links = {link.get("href", "") for page in pages for link in page.root.iter("a")}
    foreign = {link for link in links if not link.startswith(("/", "#"))}
    assert foreign
    assert all(link.startswith(("https://", "http://", "tel:+1")) for link in foreign)
    assert "CALL NOW" in pages[0].text
    assert "800-555-0181 ext. 12" in pages[0].text


def test_a_link_out_says_where_it_leads_and_tells_the_site_nothing(site: Site) -> None:
    lookup = ended(site)
    lookup.change_providers(
        [provider("Alder Fiber", url="https://alder.example.com/order?a=1&b=2", button_label="Order now")]
    )
    link = with_class(lookup.page(), "out")[0]
    assert link.get("href") == "https://alder.example.com/order?a=1&b=2"
    assert link.get("rel") == "noopener noreferrer"
    assert text_in(link) == "Order now (Alder Fiber, opens in a new tab)"
