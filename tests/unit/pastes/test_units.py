"""A unit typed into the street: found in every usual wording, and never made out of a street's name."""

from __future__ import annotations

import pytest

from webapp.addresses.pastes import split_unit


@pytest.mark.parametrize(
    ("line", "street", "unit"),
    [
        ("1001 Woodward Ave Suite 100", "1001 Woodward Ave", "Suite 100"),
        ("1001 Woodward Ave, Suite 100", "1001 Woodward Ave", "Suite 100"),
        ("12 Main St #4", "12 Main St", "#4"),
        ("12 Main St # 4B", "12 Main St", "# 4B"),
        ("12 Main St Apt. #3", "12 Main St", "Apt. #3"),
        ("12 Main St Apt4B", "12 Main St", "Apt4B"),
        ("Apt 4, 12 Main St", "12 Main St", "Apt 4"),
        ("#210 - 600 4th Ave", "600 4th Ave", "#210"),
        ("12 Main St 3R", "12 Main St", "3R"),
        ("12 Main St Rear", "12 Main St", "Rear"),
        ("12 Main St Bldg 4 Apt 12", "12 Main St", "Bldg 4 Apt 12"),
        ("350 Fifth Ave 20th Floor", "350 Fifth Ave", "20th Floor"),
        ("350 Fifth Ave second floor", "350 Fifth Ave", "second floor"),
        ("500 Maple Rd Lot 17", "500 Maple Rd", "Lot 17"),
        ("123 1/2 Maple St Apt B", "123 1/2 Maple St", "Apt B"),
        ("899 Elm St Floors 2 & 3", "899 Elm St", "Floors 2 & 3"),
        ("899 Elm St Unit A&B", "899 Elm St", "Unit A&B"),
        ("899 Elm St Penthouse", "899 Elm St", "Penthouse"),
        ("Calle Fortaleza 63 Apt 2", "Calle Fortaleza 63", "Apt 2"),
        ("12 Main St #APT 4", "12 Main St", "#APT 4"),
        ("12 Main St #Lot 11", "12 Main St", "#Lot 11"),
        ("12 Main St ##14", "12 Main St", "##14"),
        ("12 Main St #R 16", "12 Main St", "#R 16"),
        ("12 Main St B", "12 Main St", "B"),
        ("12 Old Gate Bldg 2", "12 Old Gate", "Bldg 2"),
        ("30 S 500 E 22K", "30 S 500 E", "22K"),
        ("12 N Street NW 5", "12 N Street NW", "5"),
    ],
)
def test_street_and_unit_are_told_apart_in_the_words_typed(line: str, street: str, unit: str) -> None:
    assert split_unit(line) == (street, unit)


@pytest.mark.parametrize(
    "line",
    [
        "1001 Woodward Ave",
        "123 Front St",
        "12 Lot St",
        "300 Suite Life Dr",
        "61 Tower Hill Road",
        "9 Upper Main St",
        "8765 County Road 12",
        "4500 FM 1960 Rd W",
        "500 N Avenue B",
        "12 Main St N",
        "12 County Road B",
        "W1234 Cty Rd F",
        "500 Private Drive D",
        "77 Old State Hwy 28",
        "900 E 7200 S",
        "2100 Highway 61 North",
        "Unit 4",
        "PO Box 12",
        "",
    ],
)
def test_a_street_that_only_sounds_like_it_has_no_unit(line: str) -> None:
    assert split_unit(line) is None


def test_a_street_of_nothing_but_unit_words_is_no_street() -> None:
    assert split_unit("1 Main St " + "apt " * 5_000) is None
