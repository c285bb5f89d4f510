"""What a ZIP says about a place, and the warnings when ZIP, state and city do not fit; never a block, never a
network.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.addresses import places
from webapp.addresses.address import Address
from webapp.addresses.usps import STATES, ZIP_ONLY_STATES


def test_a_zip_names_its_city_state_county_and_middle() -> None:
    place = places.by_zip("48226")
    assert place is not None
    assert (place.cities[0], place.state, place.county) == ("Detroit", "MI", "Wayne County")
    assert place.latitude == pytest.approx(42.33, abs=0.05)
    assert place.longitude == pytest.approx(-83.05, abs=0.05)


def test_the_four_digits_of_zip_plus_four_do_not_matter() -> None:
    assert places.by_zip("48226-3437") == places.by_zip("48226")


def test_several_cities_come_with_the_preferred_one_first() -> None:
    place = places.by_zip("00901")
    assert place is not None
    assert place.cities[:2] == ("San Juan", "Old San Juan")


def test_discouraged_names_are_known_but_not_offered() -> None:
    place = places.by_zip("10118")
    assert place is not None
    assert "Manhattan" not in place.cities
    assert "Manhattan" in place.also_known_as


def test_a_place_without_coordinates_has_none_rather_than_zero() -> None:
    place = places.by_zip("09012")
    assert place is not None
    assert (place.latitude, place.longitude) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "4822",
        "482261",
        "abcde",
        "48226-",
        "48226-34",
        "\u0664\u0668\u0662\u0662\u0666",
        "4822\u0666",
        "48226\n",
    ],
)
def test_what_is_no_zip_names_no_place(text: str | None) -> None:
    assert places.by_zip(text) is None
    assert not places.is_possible_zip(text)


@given(st.text(max_size=12))
def test_any_text_can_be_asked_about(text: str) -> None:
    places.by_zip(text)
    places.is_possible_zip(text)
    places.is_city(text, "MI")
    places.disagreement(Address(city=text or None, zip=text or None))


def test_a_zip_the_data_lacks_is_possible_in_an_area_in_use_only() -> None:
    assert places.by_zip("48200") is None
    assert places.is_possible_zip("48200")
    assert not places.is_possible_zip("00099")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Louis", "Saint Louis"),
        ("E Lansing", "East Lansing"),
        ("O'Fallon", "O Fallon"),
        ("Bayamón", "BAYAMON"),
        ("Winston-Salem", "winston salem"),
    ],
)
def test_spellings_of_one_city_are_one(one: str, other: str) -> None:
    assert places.city_key(one) == places.city_key(other)


def test_a_city_is_known_in_its_state_and_anywhere() -> None:
    assert places.is_city("st louis", "MO")
    assert not places.is_city("Detroit", "UT")
    assert places.is_city("Detroit", None)
    assert not places.is_city("Nowhere at All", None)


def test_a_city_that_the_postal_data_discourages_takes_no_mail() -> None:
    assert places.is_city("North Wichita", "KS")
    assert not places.is_mail_city("North Wichita", "KS")
    assert places.is_mail_city("Wichita", "KS")


@pytest.mark.parametrize(
    ("name", "zip_code"),
    [("Yarmouth", "02664"), ("St. Albans Town", "05478"), ("Saint Albans City", "05478"), ("West Albany", "12207")],
)
def test_a_part_of_a_town_nearly_names_its_zip(name: str, zip_code: str) -> None:
    assert places.nearly_names_zip(name, zip_code)
    assert not places.names_zip(name, zip_code)


@pytest.mark.parametrize(("name", "zip_code"), [("Westport", "12207"), ("Troy", "12207"), ("East", None)])
def test_another_city_does_not_nearly_name_a_zip(name: str, zip_code: str | None) -> None:
    assert not places.nearly_names_zip(name, zip_code)


def test_words_before_a_city_are_no_part_of_its_name() -> None:
    assert places.plain_city("City of Albany") == "Albany"
    assert places.plain_city("Town of Rockingham") == "Rockingham"
    assert places.plain_city("City of Industry") == "City of Industry"


def test_an_air_force_base_has_one_name() -> None:
    assert places.names_zip("Tyndall Air Force Base", "32403")


def test_a_fitting_address_has_no_warning() -> None:
    assert places.disagreement(Address("1001 Woodward Ave", None, "detroit", "MI", "48226-3437")) == ()
    assert places.disagreement(Address("350 Fifth Ave", None, "Manhattan", "NY", "10118")) == ()
    assert places.disagreement(Address("1001 Woodward Ave", None, "Detroit", "MI", None)) == ()


@pytest.mark.parametrize(
    ("address", "field", "words"),
    [
        (Address("1 A St", None, "Detroit", "OH", "48226"), "state", "48226 is in Detroit, Michigan, not in Ohio"),
        (Address("1 A St", None, "Lansing", "MI", "48226"), "city", "48226 belongs to Detroit, not to Lansing"),
        (Address("1 A St", None, None, None, "48200"), "zip", "do not know the ZIP code 48200"),
        (Address("1 A St", None, None, None, "00099"), "zip", "No ZIP code begins with 000"),
        (Address("1 A St", None, None, "MD", "20500"), "state", "Washington, District of Columbia, not in Maryland"),
    ],
)
def test_what_does_not_fit_is_said_in_plain_words(address: Address, field: str, words: str) -> None:
    (warning,) = places.disagreement(address)
    assert warning.field == field
    assert words in warning.message


def test_the_data_is_read_state_by_state_and_none_is_left_out() -> None:
    assert set(places.load()) == {*STATES, *ZIP_ONLY_STATES}
