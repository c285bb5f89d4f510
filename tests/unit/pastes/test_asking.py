"""The no-guess rule: where only the person can know, nothing is filled in and a question with choices is asked."""

from __future__ import annotations

import pytest

from webapp.addresses.address import Address, faults
from webapp.addresses.pastes import split


def test_two_addresses_are_offered_and_none_is_filled_in() -> None:
    asked = split("Bill to:\n24 Eagle St\nAlbany NY 12207\nShip to:\n30 Church St\nRochester NY 14614")
    assert asked.status == "ask"
    assert asked.address == Address()
    (question,) = asked.questions
    assert question.kind == "several_addresses"
    assert [choice.one_line() for choice in question.choices] == [
        "24 Eagle St, Albany, NY 12207",
        "30 Church St, Rochester, NY 14614",
    ]


def test_two_streets_before_one_city_are_two_addresses_in_that_city() -> None:
    asked = split("2 Woodward Ave, 500 Griswold St, Detroit, MI 48226")
    assert [choice.one_line() for choice in asked.questions[0].choices] == [
        "2 Woodward Ave, Detroit, MI 48226",
        "500 Griswold St, Detroit, MI 48226",
    ]


def test_the_same_address_twice_is_one_address() -> None:
    twice = split("24 Eagle St, Albany, NY 12207\n24 EAGLE ST, ALBANY NY 12207")
    assert twice.status == "complete"
    assert twice.address.zip == "12207"


def test_an_equal_billing_and_shipping_address_is_one_address() -> None:
    text = (
        '{"BillingStreet": "24 Eagle St", "BillingPostalCode": "12207", "ShippingStreet": "24 Eagle St", '
        '"ShippingPostalCode": "12207"}'
    )
    assert split(text).address == Address(street1="24 Eagle St", zip="12207")


def test_a_directions_link_with_two_places_asks_which_one() -> None:
    asked = split("https://www.google.com/maps/dir/24+Eagle+St,+Albany,+NY+12207/30+Church+St,+Rochester,+NY+14614/")
    assert [choice.zip for choice in asked.questions[0].choices] == ["12207", "14614"]


def test_all_addresses_are_offered_and_counted() -> None:
    rows = "\n".join(f"{number} Eagle St,Albany,NY,12207" for number in range(11, 31))
    (question,) = split(f"street,city,state,zip\n{rows}").questions
    assert "20 different addresses" in question.text
    assert [choice.street1 for choice in question.choices] == [f"{number} Eagle St" for number in range(11, 31)]


def test_each_of_several_addresses_has_its_verdict() -> None:
    asked = split(
        "24 Eagle St, Albany, NY 12207\nPO Box 77, Albany, NY 12201\nHighway 61 North, Port Gibson, MS 39150\n"
        "1 City Hall Square, Boston, MA 2201"
    )
    assert [(found.address.street1, found.verdict) for found in asked.addresses] == [
        ("24 Eagle St", "ready"),
        ("PO Box 77", "cannot"),
        ("Highway 61 North", "ask"),
        ("1 City Hall Square", "ask"),
    ]
    assert asked.addresses[0].reason == ""
    assert "mail only" in asked.addresses[1].reason
    assert "no house number" in asked.addresses[2].reason
    assert "Is it 02201?" in asked.addresses[3].reason


def test_an_address_that_contradicts_itself_is_asked_about() -> None:
    (found,) = split("24 Eagle St, Albany, NY 48226").addresses
    assert found.verdict == "ask"
    assert found.reason.startswith("ZIP code 48226 is in Detroit, Michigan, not in New York.")


def test_one_address_has_its_verdict() -> None:
    (found,) = split("24 Eagle St, Albany, NY 12207").addresses
    assert (found.address.street1, found.verdict) == ("24 Eagle St", "ready")
    assert split("thanks a lot").addresses == ()


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("700 Boylston St, Boston, MA 2116", "02116"),
        ("389 Congress St\tPortland\tME\t4101", "04101"),
        ('{"street": "4 Jersey St", "city": "Boston", "state": "MA", "zip": 2215}', "02215"),
        ("Calle Fortaleza 63, San Juan, PR 901", "00901"),
        ("1 City Hall Square, Boston, MA 2201-2021", "02201-2021"),
        ("1 City Hall Square\tBoston\tMA\t22012021", "02201-2021"),
        ("Street\tCity\tState\tZip\n1 City Hall Square\tBoston\tMA\t2201.0", "02201"),
    ],
)
def test_a_zip_that_lost_its_zeros_is_offered_not_filled(text: str, offered: str) -> None:
    asked = split(text)
    assert asked.address.zip is None
    (question,) = asked.questions
    assert question.kind == "lost_zero"
    assert question.choices[0].zip == offered
    assert question.choices[0].street1 == asked.address.street1


def test_a_number_that_is_the_zip_of_the_city_named_asks_what_it_is() -> None:
    asked = split("48226 Woodward Ave, Detroit, MI")
    assert (asked.address.street1, asked.address.zip) == (None, None)
    (question,) = asked.questions
    assert [(choice.street1, choice.zip) for choice in question.choices] == [
        ("48226 Woodward Ave", None),
        ("Woodward Ave", "48226"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "29090 Tiffany Drive E, Southfield, MI",
        "48226 Woodward Ave, Detroit, MI 48202",
        "17801 International Blvd, SeaTac, WA",
    ],
)
def test_a_five_digit_house_number_that_cannot_be_the_zip_is_no_question(text: str) -> None:
    clear = split(text)
    assert clear.status == "complete"
    assert clear.address.street1 == text.split(",", maxsplit=1)[0]


def test_a_list_longer_than_is_read_gives_no_false_count() -> None:
    rows = "\n".join(f"{number} Eagle St, Albany, NY 12207" for number in range(11, 60))
    assert len(rows) < 2_000
    assert split(rows).questions[0].text.startswith("Many different addresses")


def test_military_mail_is_explained_and_no_state_is_filled_in() -> None:
    asked = split("PSC 123 Box 456, APO AE 09012")
    assert asked.address == Address(street1="PSC 123 Box 456", city="APO", zip="09012")
    assert asked.status == "ask"
    assert "military mail" in asked.questions[0].text


def test_a_zip_that_cannot_exist_is_not_filled_in() -> None:
    asked = split("24 Eagle St, Albany, NY 00099")
    assert asked.address.zip is None
    assert "00099" in asked.questions[0].text


def test_a_zip_with_letters_in_it_is_asked_for() -> None:
    asked = split("500 Griswold St, Detroit, MI 4822O")
    assert asked.address == Address(street1="500 Griswold St", city="Detroit", state="MI")
    assert asked.questions[0].kind == "impossible_zip"
    assert "4822O has letters in it" in asked.questions[0].text


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (
            "29 West Dr South Easton MA",
            Address("29 West Dr", None, "South Easton", "MA"),
            Address("29 West Dr South", None, "Easton", "MA"),
        ),
        (
            "600 E Grand Ave Navy Pier Chicago, IL 60611",
            Address("600 E Grand Ave Navy Pier", None, "Chicago", "IL", "60611"),
            Address("600 E Grand Ave", None, "Chicago", "IL", "60611"),
        ),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked(text: str, first: Address, second: Address) -> None:
    asked = split(text)
    assert asked.status == "ask"
    (question,) = asked.questions
    assert question.kind == "two_readings"
    assert question.choices == (first, second)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("PO Box 77, Albany, NY 12201", "po_box"),
        ("p.o.box 12345, Concord, NH 03302", "po_box"),
        ("1st Ave and Pike St, Seattle, WA 98101", "crossing"),
        ("between 5th and 6th on Main St, Lima, OH 45801", "crossing"),
        ("Eagle St, Albany, NY 12207", "no_number"),
        ("PSC 123 Box 456, APO AE 09012", "military"),
    ],
)
def test_what_no_lookup_can_find_is_said(text: str, kind: str) -> None:
    asked = split(text)
    assert asked.status == "ask"
    assert [question.kind for question in asked.questions] == [kind]
    assert asked.address.street1 == text.split(",", maxsplit=1)[0]


@pytest.mark.parametrize("text", [".", "N/A", "n/a", "null", "-", "none"])
def test_words_for_nothing_are_no_address(text: str) -> None:
    assert split(text).status == "empty"


def test_a_shortened_map_link_is_explained() -> None:
    asked = split("https://maps.app.goo.gl/AbCdEf123")
    assert asked.address == Address()
    assert asked.questions[0].kind == "short_link"


def test_a_very_long_paste_is_read_in_part_and_says_so() -> None:
    asked = split("24 Eagle St, Albany, NY 12207\n" + "and so on\n" * 1_200)
    assert asked.address.zip == "12207"
    assert asked.status == "complete"
    assert [question.kind for question in asked.questions] == ["too_long"]
    assert "about 2,000 characters" in asked.questions[0].text
    assert "paste just the lines that hold it" in asked.questions[0].text


def test_the_line_that_the_limit_falls_into_is_not_read_in_half() -> None:
    padding = "and so on\n" * 198
    asked = split(f"{padding}24 Eagle St, Albany, NY 12207\n")
    assert len(padding) < 2_000 < len(padding) + 30
    assert asked.address == Address()
    assert asked.questions[0].kind == "too_long"


def test_each_choice_could_be_looked_up_as_it_stands() -> None:
    asked = split("24 Eagle St, Albany, NY 12207 or 30 Church St, Rochester, NY 14614")
    assert [faults(choice) for question in asked.questions for choice in question.choices] == [(), ()]
