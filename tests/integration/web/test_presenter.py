"""Presenter mode: what tells the door is on no page and in no export, nothing is lost by hiding it, and the switch
cannot be forgotten.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest

from tests.integration.web.page import Page
from tests.integration.web.site import Site
from tests.integration.web.visitor import Visitor
from webapp.pages.masks import mask_body, mask_phone

NUMBER, UNIT = "47119", "83XQ7"
TYPED = {"street1": f"{NUMBER} Quincy Shore Dr", "street2": f"Apt {UNIT}", "zip": "48226-3437"}
PHONE = re.compile(r"555\W?01[0-9]{2}|8332981433")
EXPORTS = ("txt", "md", "csv", "json")
OF_NO_LOOKUP = {
    "favicon",
    "address_form.begin",
    "embedding.check",
    "embedding.ended",
    "embedding.refused",
    "embedding.script",
    "metrics.page",
    "shares.print_page",
    "shares.shared",
}
"""A picture, a redirect to the form, figures, and what stands around frames; a shared page has a test of its own."""


@pytest.fixture
def lookup(visitor: Visitor) -> str:
    """The path of a finished lookup with a house number and a unit that stand nowhere else."""
    path = visitor.press(visitor.get("/"), "Look up", **TYPED).location
    assert visitor.last(visitor.get(path)).provider_names
    return path


@pytest.fixture
def presenting(visitor: Visitor, lookup: str) -> str:
    """The same, presented."""
    visitor.press(visitor.get("/presenter"), "Switch on presenter mode")
    return lookup


def everything_of(site: Site, visitor: Visitor, path: str) -> dict[str, Page]:
    """Each route that can be opened, found in the app's own list of routes, so that a new one cannot be forgotten."""
    lookup_id = path.rpartition("/")[2]
    plan = next(box.get("value", "") for box in visitor.get(path).root.iter("input") if box.get("name") == "plan")
    numbers = ["1", "2", "3", "4", "5", "6"]
    draft, started = (batch_of(visitor, start=start) for start in (False, True))
    values = {
        "lookup_id": [lookup_id],
        "number": ["1"],
        "key": [plan],
        "row_key": numbers,
        "kind": list(EXPORTS),
        "batch_id": [draft, started],
    }
    addresses = {f"/?from={lookup_id}", f"{path}/progress?seen=none"}
    for rule in site.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in OF_NO_LOOKUP:
            known = values
            if rule.rule.startswith("/batches"):
                # What is packed in a workbook can be read in no page; its cells are those of the CSV file.
                known = values | {"kind": ["csv"]}
            addresses |= filled(rule.rule, known)
    return {address: visitor.get(address) for address in sorted(addresses)}


def batch_of(visitor: Visitor, *, start: bool) -> str:
    """The id of a batch of one row, with the same address."""
    page = visitor.press(
        visitor.get("/batches"),
        "Check the addresses",
        paste="\t".join(("Street", "Unit", "ZIP")) + "\n" + "\t".join(TYPED.values()),
    )
    if start:
        visitor.press(visitor.follow(page), "Look up 1 address")
    return page.location.rpartition("/")[2]


def filled(rule: str, values: dict[str, list[str]]) -> set[str]:
    """The addresses of a route: every value for its part in angle brackets."""
    part = re.search(r"<(?:\w+:)?(\w+)>", rule)
    if part is None:
        return {rule}
    assert part[1] in values, f"give the test a value for {part[1]} of {rule}"
    return {address for value in values[part[1]] for address in filled(rule.replace(part[0], value), values)}


def test_without_presenter_mode_the_pages_hold_what_is_looked_for(site: Site, visitor: Visitor, lookup: str) -> None:
    said = "".join(page.html for page in everything_of(site, visitor, lookup).values())
    assert NUMBER in said
    assert UNIT in said
    assert "3437" in said
    assert PHONE.search(said)


def test_no_page_and_no_export_tells_the_door_or_the_telephone(site: Site, visitor: Visitor, presenting: str) -> None:
    pages = everything_of(site, visitor, presenting)
    assert {address: page.status for address, page in pages.items()} == dict.fromkeys(pages, 200)
    for address, page in pages.items():
        said = page.html + str(page.headers)
        assert NUMBER not in said, address
        assert UNIT not in said, address
        assert "48226-3437" not in said, address
        assert not PHONE.search(said), address
        assert not [token for token in site.secrets_of_sessions() if token[:6] in said], address


def test_what_is_not_secret_is_still_there(visitor: Visitor, presenting: str) -> None:
    page = visitor.get(presenting)
    assert page.heading == "••• Quincy Shore Dr, Apt •••, 48226"
    assert "Matched by Hum ••• QUINCY SHORE DR APT •••" in page.text
    assert "another address" not in page.text
    assert len(page.provider_names) == 6
    assert not [link for link in page.root.iter("a") if link.get("href", "").startswith("tel:")]
    document = json.loads(visitor.get(f"{presenting}/export.json").html)
    assert document["address"]["typed"]["street1"] == "••• Quincy Shore Dr"
    assert document["providers"][0]["plans"]


def test_a_changed_house_number_is_flagged_without_being_told(visitor: Visitor) -> None:
    path = visitor.press(visitor.get("/?scenario=other-house"), "Look up").location
    visitor.last(visitor.get(path))
    visitor.press(visitor.get("/presenter"), "Switch on presenter mode")
    page = visitor.get(path)
    assert "The house number ••• was typed; the matched address has •••." in page.text
    assert not re.search(r"9[12]6", page.text_of("progress"))


def test_a_link_opened_while_presenting_is_masked_too(site: Site, visitor: Visitor, presenting: str) -> None:
    page = visitor.follow(visitor.press(visitor.get(f"{presenting}/shares"), "Create a link"))
    link = next(box.get("value", "") for box in page.root.iter("input") if box.get("readonly") is not None)
    shown = visitor.get(urlsplit(link).path)
    assert "••• Quincy Shore Dr" in shown.text
    assert NUMBER not in shown.html
    assert f"{NUMBER} Quincy Shore Dr" in site.visitor().get(urlsplit(link).path).text


@pytest.mark.own_site
def test_edit_and_look_up_again_use_the_address_that_is_hidden(site: Site, visitor: Visitor, presenting: str) -> None:
    form = visitor.get(f"/?from={presenting.rpartition('/')[2]}")
    assert form.values(form.form_with("Look up"))["street1"] == "••• Quincy Shore Dr"
    visitor.follow(visitor.press(form, "Look up", city="Detroit", state="MI"))
    visitor.follow(visitor.press(visitor.get(presenting), "Look up again"))
    with site.database() as connection:
        rows = connection.exec_driver_sql("SELECT street1, street2, zip, city FROM lookup ORDER BY city").all()
    kept = (TYPED["street1"], TYPED["street2"], TYPED["zip"])
    assert [tuple(row) for row in rows] == [(*kept, None), (*kept, None), (*kept, "Detroit")]


@pytest.mark.own_site
def test_a_hidden_address_whose_lookup_is_gone_is_asked_for_again(
    site: Site, visitor: Visitor, presenting: str
) -> None:
    form = visitor.get(f"/?from={presenting.rpartition('/')[2]}")
    with site.database() as connection:
        connection.exec_driver_sql("DELETE FROM lookup")
    page = visitor.press(form, "Look up")
    assert page.status == 422
    assert "Type the hidden part of the address again" in page.text_of("faults")


def test_the_banner_is_on_every_page_until_it_is_switched_off(site: Site, visitor: Visitor, presenting: str) -> None:
    addresses = [
        "/",
        "/lookups",
        "/scenarios",
        "/tour",
        "/try",
        "/status",
        "/presenter",
        "/nothing",
        presenting,
        f"{presenting}/report",
    ]
    for address in addresses:
        assert "Presenter mode House numbers, units, phones and tokens are hidden." in visitor.get(address).text, (
            address
        )
    off = visitor.press(visitor.get(presenting), "Switch off presenter mode")
    assert off.status == 303
    assert not [address for address in addresses if "are hidden." in visitor.get(address).text]
    assert visitor.get(presenting).heading == f"{NUMBER} Quincy Shore Dr, Apt {UNIT}, 48226-3437"


def test_it_is_one_browsers_choice(site: Site, presenting: str) -> None:
    assert "are hidden." not in site.visitor().get("/").text


@pytest.mark.parametrize(
    ("before", "there"),
    [
        ("http://localhost/lookups?q=x", "/lookups?q=x"),
        ("http://localhost/scenarios/fast/run", "/presenter"),
        ("http://localhost//evil.example/", "/presenter"),
        ("http://evil.example/lookups", "/presenter"),
        ("", "/presenter"),
    ],
)
def test_the_switch_leads_back_to_where_it_was_pressed(visitor: Visitor, before: str, there: str) -> None:
    page = visitor.get("/presenter")
    sent = page.values(page.form_with("Switch on presenter mode"))
    assert visitor.post("/presenter", sent, Referer=before).location == there


def test_the_switch_needs_its_token(visitor: Visitor) -> None:
    assert visitor.post("/presenter", {"on": "1"}).status == 403


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("29090 TIFFANY DR E, SOUTHFIELD, MI 48034", "••• TIFFANY DR E, SOUTHFIELD, MI 48034"),
        ("1001 Woodward Ave Suite 100, Detroit, MI 48226-3437", "••• Woodward Ave Suite •••, Detroit, MI 48226"),
        ("350 Fifth Ave, Fl 20, New York, NY 10118", "••• Fifth Ave, Fl •••, New York, NY 10118"),
        ("12 1/2 W 5th St #4B", "••• ••• W 5th St •••"),
        ("N6W23001 Bluemound Rd", "••• Bluemound Rd"),
        ("5th Ave", "5th Ave"),
        ("Woodward Ave, Detroit, MI", "Woodward Ave, Detroit, MI"),
        ("", ""),
    ],
)
def test_an_address_keeps_all_but_the_door(address: str, shown: str) -> None:
    body = mask_body(json.dumps({"service_address": address}))
    assert json.loads(body) == {"service_address": shown}


def test_a_telephone_keeps_its_form() -> None:
    assert mask_phone("+1 (833) 298-1433") == "+• (•••) •••-••••"


def test_a_body_keeps_its_shape() -> None:
    body = {
        "message": "Service coverage for 1001 WOODWARD AVE STE 100",
        "data": {
            "service_address": "1001 WOODWARD AVE STE 100, DETROIT, MI 48226",
            "internet": [{"telephone": "800-555-0101", "id": 7}],
        },
        "meta": {
            "session_token": "XqCm…",
            "session_params": {"street1": "1001 Woodward Ave", "street2": "Suite 100", "latitude": 42.3},
        },
    }
    assert json.loads(mask_body(json.dumps(body))) == {
        "message": "Service coverage for ••• WOODWARD AVE STE •••",
        "data": {
            "service_address": "••• WOODWARD AVE STE •••, DETROIT, MI 48226",
            "internet": [{"telephone": "•••-•••-••••", "id": 7}],
        },
        "meta": {
            "session_token": "•••",
            "session_params": {"street1": "••• Woodward Ave", "street2": "Suite •••", "latitude": "•••"},
        },
    }


def test_a_body_that_is_no_json_loses_its_telephones() -> None:
    assert mask_body("<p>Call 800-555-0101 now") == "<p>Call •••-•••-•••• now"
