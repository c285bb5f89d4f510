"""The paste box and the help with filling in, as pages give it without any script, and as fragments for it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from types import FrameType

import pytest
from sqlalchemy import text

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site
from tests.integration.web.visitor import Visitor
from webapp.addresses.address import FIELDS
from webapp.addresses.pastes.reader import read

HTMX = {"HX-Request": "true"}
LINE = "24 Eagle St, Albany, NY 12207"
SIGNATURE = "Copper Kettle Supply\r\n1437 Bannock Street, Suite 200\r\nDenver, Colorado 80202\r\nTel: 720-555-0142"
BY_ZIP = "Add the ZIP code: the lookup service finds addresses in"
TWO_READINGS = "29 West Dr South Easton MA"
TWO = "24 Eagle St, Albany, NY 12207 or 30 Church St, Rochester, NY 14614"


def press(visitor: Visitor, page: Page, id: str, *, headers: dict[str, str] | None = None, **typed: str) -> Page:
    """Presses a button that says itself where it leads and what it asks for."""
    button = page.find(id)
    assert button is not None, f"no button {id!r}: {page.text[:500]}"
    sent = page.values(page.form_with("Look up")) | typed | {"do": button.get("value", "")}
    return visitor.post(button.get("formaction", ""), sent, **(headers or {}))


def boxes(page: Page) -> dict[str, str]:
    """What the boxes hold, without empty ones."""
    values = page.values(page.form_with("Look up"))
    return {name: values[name] for name in FIELDS if values[name]}


def focused(page: Page) -> list[str | None]:
    return [element.get("id") for element in page.elements if element.get("autofocus") is not None]


def look_up(visitor: Visitor, page: Page, **typed: str) -> Page:
    return visitor.press(page, "Look up", **typed)


def hint(visitor: Visitor, page: Page, **typed: str) -> Page:
    """What htmx asks for while a person types."""
    return visitor.post("/address-form", page.values(page.form_with("Look up")) | typed, **HTMX)


@pytest.mark.own_site
def test_a_signature_fills_the_boxes_and_shows_what_went_where(site: Site, visitor: Visitor) -> None:
    page = press(visitor, visitor.get("/"), "split", paste=SIGNATURE)
    assert page.status == 200
    assert boxes(page) == {
        "street1": "1437 Bannock Street",
        "street2": "Suite 200",
        "city": "Denver",
        "state": "CO",
        "zip": "80202",
    }
    told = page.text_of("reading")
    assert "State: Colorado (State: written as CO)" in told
    assert "Left out:" in told
    assert "Copper Kettle Supply" in told
    assert page.values(page.form_with("Look up"))["paste"] == SIGNATURE.replace("\r\n", "\n")
    assert focused(page) == ["reading"]
    assert not site.secrets_of_sessions(), "nothing was sent"
    assert look_up(visitor, page).status == 303


def test_undo_brings_back_exactly_what_was_there(visitor: Visitor) -> None:
    before = {"street2": "Apt 2", "city": "Détroit"}
    page = press(visitor, visitor.get("/"), "split", paste=LINE, **before)
    assert boxes(page)["street1"] == "24 Eagle St"
    undone = press(visitor, page, "undo")
    assert boxes(undone) == before
    assert undone.find("reading") is None
    assert undone.find("undo") is None
    assert undone.values(undone.form_with("Look up"))["paste"] == LINE
    assert focused(undone) == ["paste"]


def test_a_filled_box_is_kept_and_can_be_replaced_or_kept(visitor: Visitor) -> None:
    page = press(visitor, visitor.get("/"), "split", paste=LINE, zip="48226")
    assert boxes(page)["zip"] == "48226"
    assert "ZIP code: you have 48226, the text says 12207" in page.text_of("assist")
    assert "ZIP code: 12207 (ZIP code: not filled in: your own entry stays)" in page.text_of("reading")
    replaced = press(visitor, page, "replace-zip")
    assert boxes(replaced)["zip"] == "12207"
    kept = press(visitor, page, "keep-zip")
    assert boxes(kept)["zip"] == "48226"
    for decided in (replaced, kept):
        assert "you have" not in decided.text_of("assist")
        assert focused(decided) == ["look-up"]


def test_several_differences_are_replaced_at_once(visitor: Visitor) -> None:
    page = press(visitor, visitor.get("/"), "split", paste=LINE, zip="48226", city="Troy", state="MI")
    assert focused(press(visitor, page, "replace-zip")) == ["assist"]
    assert boxes(press(visitor, page, "replace-all")) == {
        "street1": "24 Eagle St",
        "city": "Albany",
        "state": "NY",
        "zip": "12207",
    }
    assert "you have" not in press(visitor, page, "keep-all").text


def test_two_addresses_are_a_question_with_both_as_buttons(visitor: Visitor) -> None:
    page = press(visitor, visitor.get("/"), "split", paste=TWO)
    assert boxes(page) == {}
    assert "2 different addresses are in this text. Which one do you mean?" in page.text_of("reading")
    assert page.text_of("choose-1") == "30 Church St, Rochester, NY 14614"
    chosen = press(visitor, page, "choose-1")
    assert boxes(chosen)["city"] == "Rochester"
    assert focused(chosen) == ["look-up"]
    assert look_up(visitor, chosen).status == 303


def test_a_lost_zero_is_asked_for(visitor: Visitor) -> None:
    page = press(visitor, visitor.get("/"), "split", paste="700 Boylston St\tBoston\tMA\t2116")
    assert boxes(page) == {}
    assert boxes(press(visitor, page, "choose-0"))["zip"] == "02116"


@pytest.mark.own_site
def test_two_readings_are_a_question_with_both_as_buttons(site: Site, visitor: Visitor) -> None:
    page = look_up(visitor, visitor.get("/"), paste=TWO_READINGS)
    assert page.status == 200
    assert boxes(page) == {}
    assert page.text_of("reading").count("This can be read in two ways. Which one is right?") == 1
    assert page.text_of("choose-0") == "29 West Dr, South Easton, MA"
    assert page.text_of("choose-1") == "29 West Dr South, Easton, MA"
    assert page.find("choose-2") is None
    assert not site.secrets_of_sessions(), "nothing in doubt is sent"
    chosen = press(visitor, page, "choose-1")
    assert boxes(chosen) == {"street1": "29 West Dr South", "city": "Easton", "state": "MA"}
    assert look_up(visitor, chosen).status == 303


def test_every_address_of_a_list_is_offered_with_what_is_in_its_way(visitor: Visitor) -> None:
    lines = [f"{number} Eagle St, Albany, NY 12207" for number in range(11, 22)]
    page = press(visitor, visitor.get("/"), "split", paste="\n".join([*lines, "PO Box 77, Albany, NY 12201"]))
    assert "12 different addresses" in page.text_of("reading")
    for number, line in enumerate(lines):
        assert page.text_of(f"choose-{number}") == line
    assert "PO Box 77, Albany, NY 12201 A PO box is for mail only" in page.text_of("reading")
    assert boxes(press(visitor, page, "choose-10"))["street1"] == "21 Eagle St"


def test_a_pasted_po_box_fills_the_boxes_and_is_said_to_be_one(visitor: Visitor) -> None:
    page = press(visitor, visitor.get("/"), "split", paste="PO Box 77, Albany, NY 12201")
    assert boxes(page)["street1"] == "PO Box 77"
    assert page.text_of("hint") == "Check this before you look it up:"
    assert page.text_of("assist").count("A PO box is for mail only") == 1
    assert page.find("assist").get("data-ready") == "legal"  # type: ignore[union-attr]
    assert look_up(visitor, page).status == 303


@pytest.mark.own_site
@pytest.mark.parametrize(
    ("street", "said"),
    [
        ("PO Box 77", "A PO box is for mail only"),
        ("Church St and Main St", "is a crossing, not a building"),
        ("Church St", "has no house number"),
    ],
)
def test_what_no_lookup_can_find_is_said_before_one_is_spent(
    site: Site, visitor: Visitor, street: str, said: str
) -> None:
    page = look_up(visitor, visitor.get("/"), street1=street, zip="12207")
    assert page.status == 200
    assert said in page.text_of("assist")
    assert focused(page) == ["assist"]
    assert not site.secrets_of_sessions()
    assert look_up(visitor, page).status == 303


@pytest.mark.parametrize("street", [".", "N/A", "none"])
def test_a_word_for_nothing_is_no_street(visitor: Visitor, street: str) -> None:
    page = look_up(visitor, visitor.get("/"), street1=street, zip="12207")
    assert page.status == 422
    assert "Enter the street address" in page.text_of("faults")


def test_looking_up_with_only_a_pasted_text_without_doubt_starts_at_once(visitor: Visitor) -> None:
    page = visitor.follow(look_up(visitor, visitor.get("/"), paste=LINE))
    assert page.heading == "24 Eagle St, Albany, NY 12207"


@pytest.mark.own_site
def test_looking_up_with_only_a_pasted_text_in_doubt_asks_first(site: Site, visitor: Visitor) -> None:
    page = look_up(visitor, visitor.get("/"), paste="24 Eagle St, Albany, NY 48226")
    assert page.status == 200
    assert boxes(page)["street1"] == "24 Eagle St"
    assert not page.title.startswith("Error")
    assert not site.secrets_of_sessions()
    assert look_up(visitor, page).status == 303


def test_a_text_without_an_address_ends_in_the_usual_words(visitor: Visitor) -> None:
    page = look_up(visitor, visitor.get("/"), paste="thanks a lot", zip="48226")
    assert "No address was found in this text" in page.text_of("reading")
    again = look_up(visitor, page)
    assert again.status == 422
    assert "Enter the street address too" in again.text_of("faults")
    assert boxes(again) == {"zip": "48226"}
    assert again.values(again.form_with("Look up"))["paste"] == "thanks a lot"


def test_a_whole_address_in_the_street_box_is_offered_to_be_split(visitor: Visitor) -> None:
    page = look_up(visitor, visitor.get("/"), street1=LINE)
    assert page.status == 422
    after = press(visitor, page, "split-street")
    assert boxes(after) == {"street1": "24 Eagle St", "city": "Albany", "state": "NY", "zip": "12207"}
    assert boxes(press(visitor, after, "undo")) == {"street1": LINE}


def test_a_unit_in_the_street_box_is_offered_its_own(visitor: Visitor) -> None:
    page = visitor.post(
        "/address-form", page_values(visitor) | {"street1": "1001 Woodward Ave Suite 100", "zip": "48226"}
    )
    assert "Suite 100 looks like a unit." in page.text_of("assist")
    moved = press(visitor, page, "move-unit")
    assert boxes(moved) == {"street1": "1001 Woodward Ave", "street2": "Suite 100", "zip": "48226"}
    assert moved.find("move-unit") is None
    other = hint(visitor, page, street2="Fl 2")
    assert other.find("move-unit") is None


def page_values(visitor: Visitor) -> dict[str, str]:
    page = visitor.get("/")
    return page.values(page.form_with("Look up"))


def test_the_zip_gives_city_and_state(visitor: Visitor) -> None:
    page = visitor.post("/address-form", page_values(visitor) | {"street1": "1001 Woodward Ave", "zip": "48226-3437"})
    assert boxes(press(visitor, page, "city-0")) == {
        "street1": "1001 Woodward Ave",
        "zip": "48226-3437",
        "city": "Detroit",
        "state": "MI",
    }


@pytest.mark.parametrize(
    ("typed", "warning"),
    [
        ({"zip": "48226", "state": "OH"}, "ZIP code 48226 is in Detroit, Michigan, not in Ohio."),
        ({"zip": "48226", "city": "Lansing"}, "ZIP code 48226 belongs to Detroit, not to Lansing."),
        ({"zip": "00099"}, "No ZIP code begins with 000."),
    ],
)
def test_what_does_not_fit_warns_and_lets_send(visitor: Visitor, typed: dict[str, str], warning: str) -> None:
    page = hint(visitor, visitor.get("/"), street1="1001 Woodward Ave", **typed)
    assert warning in page.text_of("assist")
    assert "Check this before you look it up:" in page.text_of("assist")
    assert look_up(visitor, visitor.get("/"), street1="1001 Woodward Ave", **typed).status == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"state": "DC", "city": "Washington"},
            f"{BY_ZIP} District of Columbia by ZIP only.",
        ),
        ({"state": "GU", "city": "Hagatna"}, f"{BY_ZIP} Guam by ZIP only."),
        ({"state": "DC", "zip": "20500"}, "Ready to look up."),
        ({"city": "Detroit"}, "Add the state, or a ZIP code."),
    ],
)
def test_the_rule_of_combinations_is_told_while_typing(visitor: Visitor, typed: dict[str, str], said: str) -> None:
    assert hint(visitor, visitor.get("/"), street1="1600 Pennsylvania Ave NW", **typed).text_of("hint") == said


def test_the_rule_stands_on_the_page_without_any_script(visitor: Visitor) -> None:
    assert (
        visitor.get("/").text_of("hint") == "Street and ZIP code are enough. Without a ZIP code, give city and state."
    )


def test_military_mail_in_a_paste_is_explained(visitor: Visitor) -> None:
    page = press(visitor, visitor.get("/"), "split", paste="PSC 123 Box 456, APO AE 09012")
    assert boxes(page) == {}
    assert "military mail" in page.text_of("reading")


def test_a_hint_is_small_and_says_news_once(visitor: Visitor) -> None:
    page = visitor.get("/")
    first = hint(visitor, page, street1="1001 Woodward Ave")
    assert first.is_fragment
    assert first.find("street1") is None
    assert len(first.html) < 2_000
    assert announced(first) == ["Add a ZIP code, or the city and state."]
    said = next(element.get("value", "") for element in first.elements if element.get("name") == "said")
    assert announced(hint(visitor, page, street1="1001 Woodward Avenue", said=said)) == []


def announced(page: Page) -> list[str]:
    return [
        text_in(element) for element in page.elements if element.get("data-hx-swap-oob") == "innerHTML:#announcement"
    ]


def test_a_split_for_the_script_is_the_form_alone_and_is_announced(visitor: Visitor) -> None:
    page = press(visitor, visitor.get("/"), "split", paste=SIGNATURE, headers=HTMX)
    assert page.is_fragment
    assert announced(page) == ["Found: Street address, Unit, City, State, ZIP code. Ready to look up."]
    assert focused(page) == [], "the focus stays where it is"
    assert page.find("assist").get("data-ready") == "clear"  # type: ignore[union-attr]


def test_a_street_pasted_into_the_street_box_is_left_alone(visitor: Visitor) -> None:
    given = page_values(visitor) | {"do": "take", "street1": "1001 Woodward Ave", "pasted": "1001 Woodward Ave"}
    assert visitor.post("/address-form", given, **HTMX).status == 204


def test_a_row_pasted_into_the_street_box_goes_to_the_paste_box(visitor: Visitor) -> None:
    row = "24 Eagle St\tAlbany\tNY\t12207"
    given = page_values(visitor) | {
        "do": "take",
        "street1": f"12 Main St{row}",
        "pasted": row,
        "street_was": "12 Main St",
    }
    page = visitor.post("/address-form", given, **HTMX)
    assert boxes(page) == {"street1": "12 Main St", "city": "Albany", "state": "NY", "zip": "12207"}
    assert "Street address: you have 12 Main St, the text says 24 Eagle St" in page.text_of("assist")


@pytest.mark.parametrize("action", ["nonsense", "choose:7", "choose:-1", "replace:zip", "undo", "city:9", "unit"])
def test_a_button_that_fits_no_more_changes_nothing(visitor: Visitor, action: str) -> None:
    typed = {"street1": "1001 Woodward Ave", "zip": "482"}
    page = visitor.post("/address-form", page_values(visitor) | typed | {"do": action, "memory": "{nonsense"})
    assert page.status == 200
    assert boxes(page) == typed


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_without_the_forms_token_nothing_is_done_and_everything_kept(site: Site, headers: dict[str, str]) -> None:
    page = site.visitor().post("/address-form", {"paste": LINE, "zip": "48226", "do": "split"}, **headers)
    assert page.status == 422
    assert boxes(page) == {"zip": "48226"}
    assert "everything you typed is kept" in page.text_of("faults")


def test_another_site_cannot_use_it(visitor: Visitor) -> None:
    assert visitor.post("/address-form", page_values(visitor), **{"Sec-Fetch-Site": "cross-site"}).status == 403


def test_its_address_opened_by_itself_leads_to_the_form(visitor: Visitor) -> None:
    assert visitor.get("/address-form").location == "/"


ODD = (
    "<script>alert(1)</script>\n</textarea><b>24 Eagle St",
    "\n\n24 Eagle St\n12207",
    "\x00\x07\ufffe\U0001f600 12207",
)


@pytest.mark.parametrize("paste", ODD)
def test_a_hostile_or_odd_text_comes_back_as_text(visitor: Visitor, paste: str) -> None:
    page = press(visitor, visitor.get("/"), "split", paste=paste)
    shown = page.values(page.form_with("Look up"))["paste"]
    assert shown == "".join(c for c in paste if c == "\n" or (c >= " " and c != "\ufffe"))
    assert page.find("reading") is not None


def test_a_long_text_is_read_in_part_and_kept_whole(visitor: Visitor) -> None:
    paste = LINE + "\n" + "and so on " * 2_500
    page = press(visitor, visitor.get("/"), "split", paste=paste)
    assert boxes(page)["zip"] == "12207"
    assert "about 2,000 characters" in page.text_of("reading")
    assert page.values(page.form_with("Look up"))["paste"] == paste


def readings(work: Callable[[], object]) -> int:
    """How often a pasted text is read, from the calls that Python itself tells of."""
    counted = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal counted
        counted += event == "call" and frame.f_code is read.__code__

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def test_a_pasted_text_is_read_once_however_often_it_is_asked_about(visitor: Visitor) -> None:
    page = visitor.get("/")
    line = "1450 Bannock Street, Denver, CO 80202"
    assert readings(lambda: press(visitor, page, "split", paste=line, headers=HTMX)) == 1
    split_page = press(visitor, page, "split", paste=line)
    assert readings(lambda: hint(visitor, split_page, street2="Apt 1")) == 0, "nor again while a person types"


def test_a_browser_that_asks_too_often_is_told_so_and_keeps_its_text(site: Site, visitor: Visitor) -> None:
    long = f"{LINE}\n" + "and so on " * 300
    page = press(visitor, visitor.get("/"), "split", paste=long)
    answers = [hint(visitor, page) for _ in range(30)]
    assert [answer.status for answer in answers] == [200] * 19 + [429] * 11
    # The page shows the last hint as it was; nothing takes its place.
    assert answers[-1].headers["HX-Reswap"] == "none"
    assert answers[-1].headers["Retry-After"] == "1"
    for headers in ({}, HTMX):
        refused = press(visitor, page, "split", headers=headers)
        assert refused.status == 429
        assert "What you typed is kept; try again in 1 second." in refused.text_of("trouble")
        assert refused.values(refused.form_with("Look up"))["paste"] == long
        assert boxes(refused)["zip"] == "12207"
    assert look_up(visitor, page).status == 429
    assert hint(site.visitor(), page).status != 429, "another browser is not refused"
    site.clock.advance(1)
    assert press(visitor, page, "split").status == 200
    assert look_up(visitor, page).status == 303


def test_refusals_of_hum_keep_the_pasted_text_too(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/?scenario=unauthorized"), "Look up", paste=LINE)
    assert page.status == 503
    assert page.values(page.form_with("Look up"))["paste"] == LINE


def test_what_is_typed_never_reaches_the_log(log_lines: io.StringIO, site: Site) -> None:
    visitor = site.visitor()
    page = press(visitor, visitor.get("/"), "split", paste=SIGNATURE)
    hint(visitor, page, street1="9 Peculiar Way")
    lines = log_lines.getvalue()
    assert "/address-form" in lines
    assert not [word for word in ("Bannock", "Peculiar", "80202", "555-0142") if word in lines]


def test_ones_own_last_addresses_are_offered_each_once(site: Site, visitor: Visitor) -> None:
    for number in (*range(1, 11), 9):
        site.clock.advance(60)
        visitor.look_up(street1=f"{number} Woodward Ave", street2="Suite 100", zip="48226")
    offered = [
        option.get("value", "")
        for option in visitor.get("/").root.iter("option")
        if option.get("value", "").endswith("48226")
    ]
    assert [line.split()[0] for line in offered] == ["9", "10", "8", "7", "6", "5", "4", "3"]
    given = page_values(visitor) | {"do": "take", "street1": offered[0], "pasted": offered[0]}
    assert boxes(visitor.post("/address-form", given, **HTMX)) == {
        "street1": "9 Woodward Ave",
        "street2": "Suite 100",
        "zip": "48226",
    }
    assert "Woodward Ave, Suite 100" not in site.visitor().get("/").html


@pytest.mark.own_site
def test_the_form_opens_without_its_database(site: Site, visitor: Visitor) -> None:
    visitor.look_up("fast")
    with site.database() as connection:
        connection.execute(text("ALTER TABLE lookup RENAME TO away"))
    assert visitor.get("/").status == 200


@pytest.mark.own_site
def test_a_lookup_without_the_unit_says_so(visitor: Visitor) -> None:
    ended = visitor.last(visitor.look_up("geocode-failed", street2="Suite 100"))
    assert ended.find("dropped-unit") is None
    page = visitor.follow(visitor.press(ended, "Look up without the unit"))
    assert page.text_of("dropped-unit") == "Looked up without the unit Suite 100."
    again = visitor.follow(visitor.press(visitor.last(page), "Look up again"))
    assert again.text_of("dropped-unit") == "Looked up without the unit Suite 100."


def test_each_box_brings_up_the_keyboard_it_needs(visitor: Visitor) -> None:
    page = visitor.get("/")
    keyboards = {
        id: (page.find(id).get("inputmode"), page.find(id).get("enterkeyhint")) for id in ("street1", "zip", "city")
    }  # type: ignore[union-attr]
    assert keyboards == {"street1": ("text", "next"), "zip": ("numeric", "go"), "city": ("text", "go")}


def test_the_memory_of_the_form_holds_no_secret(visitor: Visitor) -> None:
    page = press(visitor, visitor.get("/"), "split", paste=LINE)
    memory = json.loads(page.values(page.form_with("Look up"))["memory"])
    assert set(memory) == {"before", "filled", "read", "chosen", "kept"}
