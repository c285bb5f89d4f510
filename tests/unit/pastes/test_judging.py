"""Two readers and one judge: what makes an address sure, what settles a difference, and what is left to the person."""

from __future__ import annotations

import pytest

from webapp.addresses.address import Address
from webapp.addresses.pastes.drafting import drafts_from
from webapp.addresses.pastes.judging import agree, judge, second_reading
from webapp.addresses.pastes.parsed import Draft
from webapp.addresses.pastes.pieces import read_pieces
from webapp.addresses.pastes.tagged import MOST_CHARACTERS, read_tagged


def draft_of(line: str) -> Draft:
    (draft,) = drafts_from(read_pieces(line))
    return draft


def test_a_line_that_both_read_alike_is_sure() -> None:
    draft = draft_of("24 Eagle St Apt 4, Albany, NY 12207")
    assert second_reading(draft).address() == draft.address()
    settled = judge(draft)
    assert settled.address() == Address("24 Eagle St", "Apt 4", "Albany", "NY", "12207")
    assert settled.rival is None


@pytest.mark.parametrize(
    ("line", "theirs", "settled"),
    [
        # The ZIP's own cities.
        (
            "7213 Lincoln Rd Apt 5 Pueblo West 81007",
            Address("7213 Lincoln Rd", "Apt 5", "Pueblo", "WEST", "81007"),
            Address("7213 Lincoln Rd", "Apt 5", "Pueblo West", None, "81007"),
        ),
        # What is left over: a road that has a number has no unit of that number.
        (
            "5512 Private Road 4075 Hallsville TX 75650",
            Address("5512 Private Road", "4075", "Hallsville", "TX", "75650"),
            Address("5512 Private Road 4075", None, "Hallsville", "TX", "75650"),
        ),
        # Mail does not go by the name that the direction would make.
        (
            "8230 6th Street North Wichita KS",
            Address("8230 6th Street", None, "North Wichita", "KS"),
            Address("8230 6th Street North", None, "Wichita", "KS"),
        ),
        # Of two cities that the ZIP does not know the state knows one.
        (
            "24 Pine Lane North Plymouth MN 55369",
            Address("24 Pine Lane", None, "North Plymouth", "MN", "55369"),
            Address("24 Pine Lane North", None, "Plymouth", "MN", "55369"),
        ),
    ],
)
def test_a_difference_is_settled_for_our_reading(line: str, theirs: Address, settled: Address) -> None:
    draft = draft_of(line)
    assert second_reading(draft).address() == theirs
    after = judge(draft)
    assert after.address() == settled
    assert after.rival is None


@pytest.mark.parametrize(
    ("line", "settled"),
    [
        ("1060 W. Addison, Chicago", Address("1060 W. Addison", None, "Chicago")),
        ("24 Eagle St Building 4 Newtowne NY", Address("24 Eagle St", "Building 4", "Newtowne", "NY")),
    ],
)
def test_a_difference_is_settled_for_the_second_reading(line: str, settled: Address) -> None:
    draft = draft_of(line)
    assert draft.address() != settled
    assert judge(draft).address() == settled


def test_what_nothing_settles_keeps_both_readings() -> None:
    settled = judge(draft_of("2540 Deer Run North Miami Beach FL"))
    assert settled.address() == Address("2540 Deer Run", None, "North Miami Beach", "FL")
    assert settled.rival == Address("2540 Deer Run North", None, "Miami Beach", "FL")


@pytest.mark.parametrize(
    "text",
    [
        "26 Elm Ave East Cabot VT 05647",  # the ZIP knows Cabot and East Cabot
        "600 Route 7 South Burlington VT",  # a highway has directions behind its number
    ],
)
def test_a_direction_that_may_belong_to_street_or_city_is_left_to_the_person(text: str) -> None:
    assert judge(draft_of(text)).rival is not None


@pytest.mark.parametrize(
    "text",
    [
        "24 4 Oaks Drive, Louisville, KY 40222",  # a house number and the name of a street that begins with a number
        "24 Pacific Highway 30 Tigard OR",  # a highway that has a name may have no number
        "77 Otter Hollow Creek 2, Moorcroft, WY",  # a number behind a name
        "30 N State Highway 188 4, Roosevelt, AZ",  # two numbers of one road
        "30 Mill Road Milltown Center CT 06755",  # a city that the ZIP does not know, and Ct behind it
        "30 N 51st Ave 4 Westerly Hills AZ 85035",  # such a city behind a unit
        "24 Grand Avenue R B Berkeley CA",  # letters behind the suffix that are no road's
        "24 Eagle Brooks Suite 9 New Towne, OH 38255",  # a city that neither ZIP nor state knows
        "120 N Salisbury Blvd Center, Salisbury, MD 21801",  # a building behind the suffix
    ],
)
def test_what_both_readers_may_have_read_wrongly_is_left_to_the_person(text: str) -> None:
    assert judge(draft_of(text)).rival is not None


def test_a_comma_tells_where_a_direction_belongs() -> None:
    assert judge(draft_of("26 Elm Ave, East Cabot, VT 05647")).rival is None


def test_spelling_is_no_difference() -> None:
    mine = Address("24 N. Eagle St.", "# 4", "St. Louis", "MO", "63103")
    assert agree(mine, Address("24 N Eagle St", "#4", "Saint Louis", "MO", "63103"))
    assert not agree(mine, Address("24 N Eagle St", "#5", "Saint Louis", "MO", "63103"))


def test_the_second_reader_keeps_the_spelling_of_the_line() -> None:
    tagged = read_tagged("1 AT&T Way #4B, Arlington, TX 76011")
    assert tagged is not None
    assert tagged.address == Address("1 AT&T Way", "#4B", "Arlington", "TX", "76011")


def test_the_second_reader_reads_lines_only() -> None:
    assert read_tagged("") is None
    assert read_tagged("1 Main St " * MOST_CHARACTERS) is None
