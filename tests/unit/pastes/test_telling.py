"""What the person is told about a paste: how complete it is, what went where, what was left over."""

from __future__ import annotations

import pytest

from webapp.addresses.address import Address
from webapp.addresses.pastes import split


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("1001 Woodward Ave, Detroit, MI", "complete"),
        ("1001 Woodward Ave 48226", "complete"),
        ("1001 Woodward Ave, Detroit", "partial"),
        ("48226", "partial"),
        ("1600 Pennsylvania Ave NW, Washington, DC", "partial"),
        ("Detroit, MI", "partial"),
        ("thanks a lot", "empty"),
        ("", "empty"),
        ("700 Boylston St, Boston, MA 2116", "ask"),
    ],
)
def test_the_status_says_what_can_be_done_next(text: str, status: str) -> None:
    assert split(text).status == status


def test_a_signature_leaves_name_phone_and_mail_over() -> None:
    read = split(
        "Copper Kettle Supply\n1437 Bannock Street\nDenver, CO 80202\nTel: 720-555-0142\nhello@copperkettle.example"
    )
    assert set(read.left_over) == {"Copper Kettle Supply", "Tel: 720-555-0142", "hello@copperkettle.example"}


def test_labels_that_named_their_value_are_no_left_over() -> None:
    assert split("Address: 24 Eagle St, City: Albany, State: NY, ZIP: 12207").left_over == ()


def test_county_and_country_are_left_over_not_lost() -> None:
    assert split("500 Griswold St, Detroit, Wayne County, MI 48226, USA").left_over == ("Wayne County", "USA")


def test_parts_name_the_field_the_words_and_what_was_done() -> None:
    parts = {part.field: (part.found, part.done) for part in split("500 Griswold St, Detroit, Mich. 48226").parts}
    assert parts["street1"] == ("500 Griswold St", "kept as found")
    assert parts["state"] == ("Mich.", "written as MI")
    assert list(parts) == ["street1", "city", "state", "zip"]


def test_a_box_beside_a_street_gives_way_to_the_street() -> None:
    read = split("115 State Street, PO Box 5, Montpelier, VT 05633")
    assert read.address.street1 == "115 State Street"
    assert read.left_over == ("PO Box 5",)


def test_a_box_alone_is_kept_with_a_warning() -> None:
    (street, *_) = split("PO Box 1234, Lansing, MI 48901").parts
    assert street.found == "PO Box 1234"
    assert "mail only" in street.done


def test_a_street_without_a_number_is_kept_and_says_so() -> None:
    read = split("Rockefeller Plaza, New York, NY 10111")
    assert read.address.street1 == "Rockefeller Plaza"
    assert "no house number" in read.parts[0].done


def test_an_account_number_like_a_zip_far_from_the_state_is_not_the_zip() -> None:
    read = split("10045,Hum Cafe,1001 Woodward Ave,Suite 100,Detroit,MI")
    assert read.address == Address(street1="1001 Woodward Ave", street2="Suite 100", city="Detroit", state="MI")
    assert "10045" in read.left_over


def test_a_field_named_outright_wins_over_what_the_street_seems_to_say() -> None:
    read = split('{"street": "12 Albany Ave", "city": "Kingston", "state": "NY", "zip": "12401"}')
    assert read.address == Address(street1="12 Albany Ave", city="Kingston", state="NY", zip="12401")


def test_bad_values_of_named_fields_are_kept_for_the_form_to_explain() -> None:
    read = split('{"street": "24 Eagle St", "city": "Albany", "state": "Ontario", "zip": "12207"}')
    assert read.address.state == "ONTARIO"
    assert read.status == "partial"
