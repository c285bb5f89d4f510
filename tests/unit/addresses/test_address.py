"""What people type as an address, what becomes of it, and what they are told when it cannot be looked up."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from webapp.addresses.address import (
    FIELDS,
    Address,
    clean,
    clean_state,
    clean_text,
    clean_zip,
    faults,
)
from webapp.addresses.usps import MILITARY_STATES, STATES, ZIP_ONLY_STATES

WHOLE = {"street1": "1001 Woodward Ave", "city": "Detroit", "state": "MI", "zip": "48226"}
COMBINATIONS = [tuple(name for bit, name in enumerate(WHOLE) if number & 1 << bit) for number in range(16)]
LEGAL = {
    ("street1", "city", "state", "zip"),
    ("street1", "city", "state"),
    ("street1", "city", "zip"),
    ("street1", "state", "zip"),
    ("street1", "zip"),
}


def said(address: Address) -> list[tuple[str | None, str]]:
    return [(fault.field, fault.message) for fault in faults(address)]


def faulty_fields(**given: object) -> list[str | None]:
    return [fault.field for fault in faults(clean(WHOLE | given))]


@pytest.mark.parametrize("given_fields", COMBINATIONS, ids=lambda names: "+".join(names) or "nothing")
def test_the_sixteen_combinations(given_fields: tuple[str, ...]) -> None:
    found = faults(Address(**{name: WHOLE[name] for name in given_fields}))
    assert (found == ()) is (given_fields in LEGAL)
    assert len(found) <= 1, "one combination, one fault"
    if found and "street1" in given_fields:
        assert found[0].field is None, "a combination is not blamed on one box"
    elif found:
        assert found[0].field == "street1"


@pytest.mark.parametrize(
    ("given_fields", "hint"),
    [
        (("street1",), "Add a ZIP code, or the city and state."),
        (("street1", "city"), "Add the state, or a ZIP code."),
        (("street1", "state"), "Add the city, or a ZIP code."),
        (("zip",), "Enter the street address too: a ZIP code alone covers many homes."),
        ((), "Enter the street address, like 1001 Woodward Ave."),
    ],
)
def test_the_hint_names_what_would_do(given_fields: tuple[str, ...], hint: str) -> None:
    assert [message for _, message in said(Address(**{name: WHOLE[name] for name in given_fields}))] == [hint]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("48226", "48226"),
        pytest.param(48226, "48226", id="a number"),
        ("02139", "02139"),
        ("48226-3437", "48226-3437"),
        ("482263437", "48226-3437"),
        ("48226 - 3437", "48226-3437"),
        ("48226 3437", "48226-3437"),
        ("48226\u20133437", "48226-3437"),
        ("48226\n", "48226"),
        ("\u00a0 48226\u200b", "48226"),
        ("４８２２６", "48226"),
        ("４８２２６－３４３７", "48226-3437"),
        ("\x0048226", "48226"),
    ],
)
def test_zip_codes_in_any_guise(typed: object, kept: str) -> None:
    assert clean_zip(typed) == kept
    assert faulty_fields(zip=typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "٤٨٢٢٦",
        "४८२२६",
        "4822",
        "482260",
        "48226-34",
        "48226-",
        "48226-34377",
        "4822G",
        "48 226",
        "48226 Detroit",
        "-48226",
    ],
)
def test_what_is_no_zip_code_is_said_even_where_city_and_state_would_do(typed: str) -> None:
    assert faulty_fields(zip=typed) == ["zip"]
    assert clean_zip(typed) == typed, "and stays as typed, to be corrected"


@pytest.mark.parametrize("slipped_through", ["48226\n", "48226 ", "４８２２６", "48226-3437\n"])
def test_the_rule_does_not_rely_on_cleaning(slipped_through: str) -> None:
    assert [fault.field for fault in faults(Address("1001 Woodward Ave", zip=slipped_through))] == ["zip"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  1001   Woodward\tAve \n", "1001 Woodward Ave"),
        ("1001 Woodward\x00 Ave\x07", "1001 Woodward Ave"),
        ("1001\u202e Woodward\u2066 Ave\u2069", "1001 Woodward Ave"),
        ("1001\u2028Woodward\u2029Ave", "1001 Woodward Ave"),
        ("1001\u3000Woodward\u2003Ave", "1001 Woodward Ave"),
        ("1001 Wood\u00adward\u200b Ave\ufeff", "1001 Woodward Ave"),
        ("1001 Woodward\ud800 Ave", "1001 Woodward Ave"),
        ("100 Calle Bayamo\u0301n", "100 Calle Bayamón"),
        ("100 Calle Bayamo\u200d\u0301n", "100 Calle Bayamón"),
        ("１００１ Woodward", "１００１ Woodward"),
        ("1001 woodward AVE, #4½", "1001 woodward AVE, #4½"),
        ("", None),
        (" \t\u00a0\u200b\n", None),
        (None, None),
        (1001, "1001"),
    ],
)
def test_texts_lose_what_cannot_be_seen_and_keep_every_word(typed: object, kept: str | None) -> None:
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("MI", "MI"),
        ("mi", "MI"),
        (" Mi. ", "MI"),
        ("M.I.", "MI"),
        ("michigan", "MI"),
        ("New  York", "NY"),
        ("NEW-YORK", "NY"),
        ("Puerto Rico", "PR"),
        ("ＭＩ", "MI"),
        ("District of Columbia", "DC"),
        ("D.C.", "DC"),
        ("Washington, D.C.", "DC"),
        ("Washington", "WA"),
        ("West Virginia", "WV"),
        ("Virgin Islands", "VI"),
        ("U.S. Virgin Islands", "VI"),
        ("guam", "GU"),
        (".....", None),
    ],
)
def test_states_by_code_or_name(typed: str, code: str | None) -> None:
    assert clean_state(typed) == code


def test_every_state_is_known_by_code_and_by_name() -> None:
    assert len(STATES) == 51
    for code, name in {**STATES, **ZIP_ONLY_STATES, **MILITARY_STATES}.items():
        assert clean_state(code.lower()) == clean_state(name) == clean_state(name.upper()) == code


@pytest.mark.parametrize("typed", ["XX", "Ontario", "M", "Michigann", "ΜΙ"])
def test_what_is_no_state_is_said_even_where_the_zip_would_do(typed: str) -> None:
    assert faulty_fields(state=typed) == ["state"]


@pytest.mark.parametrize("code", ZIP_ONLY_STATES)
def test_places_that_hum_does_not_list_go_by_zip_without_the_state(code: str) -> None:
    with_zip = clean({"street1": "1 Main St", "city": "Anywhere", "state": code, "zip": "20001"})
    assert faults(with_zip) == ()
    assert with_zip.state == code, "the person's own words stay"
    assert with_zip.session_params() == {"street1": "1 Main St", "city": "Anywhere", "zip": "20001"}

    without = said(Address("1 Main St", city="Anywhere", state=code))
    assert [field for field, _ in without] == ["zip"]
    assert ZIP_ONLY_STATES[code] in without[0][1], "it says why"


@pytest.mark.parametrize("code", MILITARY_STATES)
@pytest.mark.parametrize("zip_code", [None, "09012"])
def test_military_mail_is_explained(code: str, zip_code: str | None) -> None:
    found = said(Address("Unit 100 Box 4120", city="APO", state=code, zip=zip_code))
    assert [field for field, _ in found] == ["state"]
    assert MILITARY_STATES[code] in found[0][1]


@pytest.mark.parametrize(("field", "limit"), [("street1", 100), ("street2", 50), ("city", 50)])
def test_lengths_are_counted_after_cleaning(field: str, limit: int) -> None:
    padded = "  x \u200b " + "x" * (limit - 2) + "\n"
    cleaned = clean(WHOLE | {field: padded})
    assert len(padded) > limit
    assert len(str(getattr(cleaned, field))) == limit
    assert faults(cleaned) == ()

    assert faulty_fields(**{field: "x" * (limit + 1)}) == [field]
    assert str(limit + 1) in said(clean(WHOLE | {field: "x" * (limit + 1)}))[0][1]


def test_a_letter_with_its_accent_counts_once() -> None:
    assert faulty_fields(city="o\u0301" * 50) == []


def test_every_fault_is_said_at_once() -> None:
    address = clean({"street1": "", "street2": "x" * 51, "city": "y" * 51, "state": "Ontario", "zip": "K1A 0B1"})
    assert {fault.field for fault in faults(address)} == {"street1", "street2", "city", "state", "zip"}
    assert faults(address)[0].field == "street1"


def test_a_missing_street_is_one_fault_not_five() -> None:
    assert [fault.field for fault in faults(clean({}))] == ["street1"]


def test_only_what_is_there_is_sent() -> None:
    assert clean({"street1": "1001 Woodward Ave", "street2": " ", "zip": "48226", "other": "x"}).session_params() == {
        "street1": "1001 Woodward Ave",
        "zip": "48226",
    }


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (Address("350 Fifth Ave", "Fl 20", "New York", "NY", "10118"), "350 Fifth Ave, Fl 20, New York, NY 10118"),
        (Address("350 Fifth Ave", zip="10118"), "350 Fifth Ave, 10118"),
        (Address("350 Fifth Ave", city="New York", state="NY"), "350 Fifth Ave, New York, NY"),
    ],
)
def test_one_line(address: Address, line: str) -> None:
    assert address.one_line() == line


anything = (
    st.none()
    | st.text(st.characters())
    | st.text("MmIi. -\n\u0301\u200d0９")
    | st.integers()
    | st.floats()
    | st.lists(st.text())
)
addresses = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, anything))


@given(addresses)
@example({"street1": "e\u200d\u0301"})
@example({"state": "m.i ."})
@example({"state": "....."})
@example({"state": "\u0390"})
@example({"zip": "\u00a8"})
def test_cleaning_is_done_once_and_never_fails(raw: dict[str, object]) -> None:
    cleaned = clean(raw)
    assert clean(cleaned.as_dict()) == cleaned
    for text in cleaned.as_dict().values():
        assert text is None or text == " ".join(text.split()) != ""
    assert all(fault.message for fault in faults(cleaned))
    assert all(cleaned.session_params().values())


@given(addresses)
def test_whatever_passes_can_be_stored_and_sent(raw: dict[str, object]) -> None:
    address = clean(raw)
    if faults(address):
        return
    limits = {"street1": 100, "street2": 50, "city": 50, "state": 2, "zip": 10}
    assert address.street1
    assert all(len(text) <= limits[name] for name, text in address.as_dict().items() if text)
    assert set(address.session_params().get("state", "MI")) <= set("".join(STATES))
    "".join(address.session_params().values()).encode()
