"""What holds for every paste: no exception, no invented words, only real states, and one address however it is written
down.
"""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from webapp.addresses.address import Address, clean_text
from webapp.addresses.pastes import split, split_unit
from webapp.addresses.pastes.cleanup import plain
from webapp.addresses.usps import STATES, ZIP_ONLY_STATES

PIECES = (
    *(
        "12 Main St|Apt 4|#|Detroit|MI|Mich.|48226|48226-3437|PO Box 9|RR 2 Box 15|URB Sol|New York|Washington|APO "
        "AE|County|USA|2116"
    ).split("|"),
    *"{|}|[|]|'|:|,|;|\t|\n|<td>|&amp;|https://maps.google.com/?q=|geo:|http://[|street|city:|zip:|=|-|--|1/2|½|_|.|#4|&|(|)".split(
        "|"
    ),
    *"N6W23001|US-31|in|313-555-0100|a@b.example|\u00a0|\u200b|\u0664\u0668\u0662\u0662\u0666|４８２２６".split("|"),
    *'"|',
)

scraps = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=60).map(" ".join)
STREETS = (
    "2 Woodward Ave",
    "37-17 80th St",
    "N6W23001 Bluemound Rd",
    "900 E 7200 S",
    "123 1/2 Maple St",
    "5000 US-31",
    "1 AT&T Way",
)
UNITS = (None, "Suite 100", "Apt 4B", "#12", "Fl 3", "Unit B-12")
CITIES = (
    ("Detroit", "MI", "48226"),
    ("New York", "NY", "10118"),
    ("Saint Louis", "MO", "63103"),
    ("Salt Lake City", "UT", "84111"),
)
LAYOUTS = (
    "{line}, {city}, {state} {zip}",
    "{line}\n{city}, {state} {zip}",
    "{line} {city} {state} {zip}",
    "{line}\t{city}\t{state}\t{zip}",
    "Blue Heron Bikes | {line} | {city} {state} | {zip} | 414-555-0199",
    "{zip} {city} {state}, {line}",
    "{city}, {state} {zip}\n{line}",
    "Ship to: {line}; {city}; {state}; {zip}; USA",
)


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", (clean_text(text) or "").casefold()))


@given(st.text(max_size=10_000) | scraps)
@example("RR 1 " * 2_000)
@example('{"a":' * 2_000)
@example("{'zip': 0x" + "f" * 5_000 + "}")
@example('{"street": "1 A St", "zip": ' + "9" * 5_000 + "}")
@example("http://[::1/maps?q=1 A St")
@example("4822\u0666 \u0664\u0668\u0662\u0662\u0666")
def test_any_text_is_read_without_an_exception(text: str) -> None:
    split(text)
    split_unit(text)


@given(scraps)
def test_street_unit_and_city_hold_no_word_that_was_not_pasted(text: str) -> None:
    address = split(text).address
    filled = " ".join(filter(None, (address.street1, address.street2, address.city)))
    pasted = plain(text).replace("%20", " ").replace("+", " ")
    assert words_of(filled) <= words_of(pasted)


@given(st.text(max_size=2_000) | scraps)
def test_free_text_gives_a_known_state_and_a_well_formed_zip_or_none(text: str) -> None:
    address = split(
        text.replace(":", " ").replace("=", " ").replace("{", " ").replace("\t", " ").replace(";", " ")
    ).address
    assert address.state is None or address.state in STATES | ZIP_ONLY_STATES
    assert address.zip is None or re.fullmatch(r"[0-9]{5}(-[0-9]{4})?", address.zip)


@given(st.sampled_from(STREETS), st.sampled_from(UNITS), st.sampled_from(CITIES), st.sampled_from(LAYOUTS))
def test_an_address_is_the_same_however_it_is_laid_out(
    street: str, unit: str | None, place: tuple[str, str, str], layout: str
) -> None:
    city, state, code = place
    line = f"{street}, {unit}" if unit else street
    read = split(layout.format(line=line, city=city, state=state, zip=code))
    assert read.address == Address(street, unit, city, state, code)
    assert read.status == "complete"
