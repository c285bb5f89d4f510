"""What a salesperson is told about the difference between the typed and the matched address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.addresses.address import Address
from webapp.addresses.difference import Difference, Flags, Word, WordChange, difference

SOUTHFIELD = Address("29090 Tiffany Drive E", "A2", "Southfield", "MI", "48034")


def _changes(found: Difference) -> list[tuple[str, str]]:
    return [(word.text, word.change) for word in found.words if word.change is not WordChange.SAME]


@pytest.mark.parametrize(
    ("typed", "matched"),
    [
        (SOUTHFIELD, "29090 TIFFANY DR E APT A2, SOUTHFIELD, MI 48034"),
        (SOUTHFIELD, "29090 TIFFANY DR E A2, SOUTHFIELD, MI 48034-1234"),
        (SOUTHFIELD, "29090 Tiffany Dr. East #A2 Southfield Michigan 48034"),
        (SOUTHFIELD, "APT A2, 29090 TIFFANY DR E, SOUTHFIELD, MI 48034, USA"),
        (
            Address("1001 Woodward Avenue, Suite 100", None, "Detroit", "MI", "48226"),
            "1001 WOODWARD AVE STE 100, DETROIT MI 48226",
        ),
        (
            Address("1001 Woodward Ave 100", None, "Detroit", "MI", "48226"),
            "1001 WOODWARD AVE STE 100, DETROIT MI 48226",
        ),
        (Address("350 Fifth Avenue", "20th Floor", "New York", "NY", "10118"), "350 5TH AVE FL 20, NEW YORK, NY 10118"),
        (
            Address("350 Fifth Avenue", "Unit 4", "New York", "NY", "10118"),
            "350 5th Ave # 4, New York, New York 10118-0110",
        ),
        (
            Address("700 North Saint Mary's Street", None, "San Antonio", "TX", "78205"),
            "700 N ST MARYS ST, SAN ANTONIO, TX 78205",
        ),
        (
            Address("100 Calle Bayamón", None, "San Juan", "PR", "00907"),
            "100 CALLE BAYAMON, SAN JUAN PUERTO RICO 00907",
        ),
        (Address("One Campus Martius", None, "Detroit", "MI", "48226"), "1 CAMPUS MARTIUS, DETROIT, MI 48226"),
        (
            Address("1600 Pennsylvania Avenue NW", None, "Washington", "DC", "20500"),
            "1600 PENNSYLVANIA AVE NW, WASHINGTON DC 20500",
        ),
        (Address("12 Oak St", "Upper", "Toledo", "OH", "43604"), "12 OAK ST UPPR, TOLEDO, OH 43604"),
    ],
)
def test_another_spelling_of_the_same_address_is_no_difference(typed: Address, matched: str) -> None:
    found = difference(typed, matched)
    assert _changes(found) == []
    assert found.same
    assert found.flags == Flags()
    assert found.warnings == ()


def test_another_house_number_is_flagged_and_said() -> None:
    found = difference(SOUTHFIELD, "29092 TIFFANY DR E APT A2, SOUTHFIELD, MI 48034")
    assert found.words[0] == Word("29092", WordChange.CHANGED, "29090")
    assert found.flags == Flags(number_changed=True)
    assert found.warnings == ("The house number 29090 was typed; the matched address has 29092.",)


def test_a_fraction_belongs_to_the_house_number() -> None:
    found = difference(Address("123 1/2 Main St", zip="48226"), "123 MAIN ST, DETROIT, MI 48226")
    assert found.flags.number_changed
    assert ("1/2", WordChange.REMOVED) in _changes(found)


def test_a_dropped_unit_is_flagged_and_shown_where_it_was() -> None:
    found = difference(SOUTHFIELD, "29090 TIFFANY DR E, SOUTHFIELD, MI 48034")
    assert found.flags == Flags(unit_changed=True)
    assert found.warnings == ("The unit A2 is missing from the matched address.",)
    assert [word.text for word in found.words][3:6] == ["E,", "A2", "SOUTHFIELD,"]


def test_an_added_unit_is_flagged() -> None:
    found = difference(Address("1001 Woodward Ave", zip="48226"), "1001 WOODWARD AVE STE 300, DETROIT, MI 48226")
    assert found.flags == Flags(unit_changed=True)
    assert found.warnings == ("The matched address has the unit STE 300; none was typed.",)


def test_another_unit_is_a_change_of_its_identifier() -> None:
    found = difference(
        Address("1001 Woodward Ave", "Suite 100", zip="48226"), "1001 WOODWARD AVE STE 300, DETROIT MI 48226"
    )
    assert Word("300,", WordChange.CHANGED, "100") in found.words
    assert found.flags == Flags(unit_changed=True)


def test_a_floor_is_not_an_apartment() -> None:
    found = difference(
        Address("1001 Woodward Ave", "Floor 2", "Detroit", "MI", "48226"), "1001 WOODWARD AVE APT 2, DETROIT, MI 48226"
    )
    assert found.flags.unit_changed
    assert Word("APT", WordChange.CHANGED, "Floor") in found.words


def test_another_zip_is_flagged() -> None:
    found = difference(SOUTHFIELD, "29090 TIFFANY DR E APT A2, SOUTHFIELD, MI 48075")
    assert found.flags == Flags(zip_changed=True)
    assert found.words[-1] == Word("48075", WordChange.CHANGED, "48034")


def test_two_different_plus_fours_are_another_zip() -> None:
    typed = Address("1001 Woodward Ave", zip="48226-3437")
    assert difference(typed, "1001 WOODWARD AVE, DETROIT, MI 48226-1111").flags.zip_changed
    assert not difference(typed, "1001 WOODWARD AVE, DETROIT, MI 48226").flags.zip_changed


def test_what_was_not_typed_is_inserted_and_not_flagged() -> None:
    found = difference(Address("1001 Woodward Ave", zip="48226"), "1001 WOODWARD AVE, DETROIT, MI 48226")
    assert _changes(found) == [("DETROIT,", WordChange.INSERTED), ("MI", WordChange.INSERTED)]
    assert found.flags == Flags()
    no_zip = difference(
        Address("1001 Woodward Ave", city="Detroit", state="MI"), "1001 WOODWARD AVE, DETROIT, MI 48226-3437"
    )
    assert _changes(no_zip) == [("48226-3437", WordChange.INSERTED)]
    assert no_zip.flags == Flags()


def test_another_street_is_shown_word_by_word_and_flagged() -> None:
    found = difference(Address("12 Oak St", None, "Toledo", "OH", "43604"), "12 ELM ST, TOLEDO, OH 43604")
    assert _changes(found) == [("ELM", WordChange.CHANGED)]
    assert found.words[1].was == "Oak"
    assert found.flags == Flags(name_changed=True)


def test_the_unit_does_not_swallow_the_direction_of_the_street() -> None:
    typed = Address("29090 Tiffany Dr E", "Unit E", "Southfield", "MI", "48034")
    found = difference(typed, "29090 TIFFANY DR E, SOUTHFIELD, MI 48034")
    assert found.flags == Flags(unit_changed=True)
    assert found.words[3] == Word("E,", WordChange.SAME)


def test_a_house_number_is_not_taken_for_a_unit() -> None:
    both = Flags(number_changed=True, unit_changed=True)
    assert difference(Address("Main St", "Apt 5", zip="48226"), "5 MAIN ST, DETROIT, MI 48226").flags == both
    assert difference(Address("5 Main St", zip="48226"), "MAIN ST APT 5, DETROIT, MI 48226").flags == both


def test_florida_is_not_a_floor() -> None:
    found = difference(Address("111 NW 1st St", None, "Miami", "FL", "33128"), "111 NW 1ST ST, MIAMI, FL 33128")
    assert found.same
    assert found.flags == Flags()


@pytest.mark.parametrize("matched", [None, "", "   ", ",,;"])
def test_without_a_matched_text_nothing_is_compared(matched: str | None) -> None:
    assert difference(SOUTHFIELD, matched) == Difference((), Flags(), ())


_PIECES = st.sampled_from(
    ["12", "#4", "#", "Apt", "FL", "2nd", "Main", "St", "NEW", "YORK", "48226", "-", "1/2", "USA", "ß", "\u202e", ","]
)
_TEXT = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map(" ".join))
_FIELD = st.one_of(st.none(), _TEXT)


def _ascii(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum())


@given(st.builds(Address, _FIELD, _FIELD, _FIELD, _FIELD, _FIELD), _TEXT)
def test_any_two_texts_give_every_matched_word_once_and_in_order(typed: Address, matched: str) -> None:
    found = difference(typed, matched)
    kept = [word.text for word in found.words if word.change is not WordChange.REMOVED]
    assert _ascii("".join(kept)) == _ascii(matched)
    assert all((word.was is not None) == (word.change is WordChange.CHANGED) for word in found.words)
    assert all(word.text for word in found.words)


_STREETS = st.sampled_from(["Oak", "Tiffany", "Main", "Saint Clair", "5th", "North Lake"])
_SUFFIXES = st.sampled_from(["Street", "Avenue", "Drive", "Boulevard", "Terrace"])
_UNITS = st.one_of(
    st.none(), st.builds("{} {}".format, st.sampled_from(["Apt", "Suite", "Unit", "#"]), st.integers(1, 999))
)
_TYPED = st.builds(
    Address,
    st.builds("{} {} {}".format, st.integers(1, 99_999), _STREETS, _SUFFIXES),
    _UNITS,
    st.sampled_from(["Detroit", "New York", "Saint Paul"]),
    st.sampled_from(["MI", "NY", "MN"]),
    st.from_regex(r"[0-9]{5}", fullmatch=True),
)


@given(_TYPED)
def test_case_and_commas_are_never_a_difference(typed: Address) -> None:
    found = difference(typed, typed.one_line().upper().replace(",", " "))
    assert found.same
    assert found.flags == Flags()


@given(_TYPED, st.integers(1, 99_999))
def test_the_number_flag_follows_the_number_alone(typed: Address, number: int) -> None:
    assert typed.street1
    old, rest = typed.street1.split(" ", 1)
    matched = typed.one_line().replace(typed.street1, f"{number} {rest}", 1)
    assert difference(typed, matched).flags == Flags(number_changed=str(number) != old)
