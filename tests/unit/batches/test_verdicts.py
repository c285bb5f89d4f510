"""What is said of a row before anything is sent."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.addresses.address import Address
from webapp.addresses.pastes import split
from webapp.batches.batch import BatchRow, RowState, RowVerdict
from webapp.batches.verdicts import address_key, judge_cells, judge_mended, judge_rows, plain_address

FIELDS = ("street1", "street2", "city", "state", "zip")
CELLS = {
    "a legal address": ("5201 Woodward Ave||Detroit|MI|48202", "ready", "5201 Woodward Ave, Detroit, MI 48202"),
    "a unit in the street": ("2 Woodward Ave Ste 200||Detroit|MI|", "ready", "2 Woodward Ave, Ste 200, Detroit, MI"),
    "a state by name": ("5201 Woodward Ave||Detroit|Michigan|", "ready", "5201 Woodward Ave, Detroit, MI"),
    "a lost zero that the state proves": (
        "700 Boylston St||Boston|MA|2116",
        "ready",
        "700 Boylston St, Boston, MA 02116",
    ),
    "two lost zeros": ("100 Calle San Jose||San Juan|PR|901", "ready", "100 Calle San Jose, San Juan, PR 00901"),
    "a lost zero without a state": ("700 Boylston St||||2116", "ask", "Is it 02116?"),
    "a ZIP code that became a date": ("5201 Woodward Ave||Detroit|MI|2031-12-20", "ask", "Is it 48202?"),
    "a date that is no ZIP code": ("5201 Woodward Ave||Detroit|MI|1900-01-01", "ask", "is a date"),
    "nine digits": ("5201 Woodward Ave||||482022016", "ready", "5201 Woodward Ave, 48202-2016"),
    "an apostrophe against figures": ("5201 Woodward Ave||||'48202", "ready", "5201 Woodward Ave, 48202"),
    "no street": ("||Detroit|MI|48202", "ask", "Enter the street address"),
    "no place": ("5201 Woodward Ave||||", "ask", "Add a ZIP code"),
    "nothing": ("||||", "cannot", "no address"),
    "a post office box": ("PO Box 12||Detroit|MI|48202", "cannot", "mail only"),
    "military mail": ("Unit 2050 Box 4190||APO|AP|96278", "cannot", "military"),
    "no house number": ("Woodward Ave||Detroit|MI|48202", "ask", "no house number"),
    "two places": ("5201 Woodward Ave||Detroit|MI|90210", "ask", "Beverly Hills"),
    "far too long": ("5" * 5_000 + "||Detroit|MI|48202", "ask", "at most 100 characters"),
}
LINES = {
    "5201 Woodward Ave, Detroit, MI 48202": ("ready", "5201 Woodward Ave, Detroit, MI 48202"),
    "700 Boylston St, Boston MA 2116": ("ready", "02116"),
    "Detroit, MI 48202": ("ask", "Enter the street address"),
    "see you there": ("cannot", "No address was found"),
    "5201 Woodward Ave, Detroit, MI 48202; 700 Boylston St, Boston, MA 02116": ("ask", "Which one is meant?"),
}


@pytest.mark.parametrize("kind", CELLS)
def test_columns_are_judged(kind: str) -> None:
    cells, verdict, words = CELLS[kind]
    judged = judge_cells(cells.split("|"), FIELDS)
    assert judged.verdict == verdict, judged
    assert words in f"{judged.address.one_line()} {judged.why}"
    assert bool(judged.why) is (verdict != "ready")


@pytest.mark.parametrize("line", LINES)
def test_whole_addresses_are_judged(line: str) -> None:
    verdict, words = LINES[line]
    judged = judge_cells(("7", line), ("", "line"))
    assert judged.verdict == verdict, judged
    assert words in f"{judged.address.one_line()} {judged.why}"


STREETS = st.builds(
    "{} {}{} {}".format,
    st.integers(1, 99_999),
    st.sampled_from(["", "N ", "W "]),
    st.sampled_from(
        ["Woodward", "Main", "Unit", "North Park", "Highway", "Box", "Grand River", "First", "42nd", "Ave"]
    ),
    st.sampled_from(["Ave", "Street", "Road", "Floor", "Suite", "Plaza", "Pl", "Way"]),
)
UNITS = st.sampled_from(["", " Apt 5", ", Suite 400", " Unit 12B", ", Ste 1"])
PLACES = st.sampled_from(
    ["Detroit, MI 48226", "Boston, MA 02108", "New York, NY 10118", "Detroit, MI 90210", "Detroit MI 48226"]
)


@hypothesis.settings(max_examples=300)
@given(STREETS, UNITS, PLACES)
def test_a_plain_line_is_read_as_the_reader_of_pastes_reads_it(street: str, unit: str, place: str) -> None:
    line = f"{street}{unit}, {place}"
    quick = plain_address(line)
    if quick is not None:
        assert split(line).address == quick


def test_most_lists_are_plain_lines() -> None:
    for line in ("350 5th Ave, New York, NY 10118", "1001 Woodward Ave Suite 400, Detroit, MI 48226"):
        assert plain_address(line) is not None, line


def test_one_address_is_looked_up_once_and_mended_rows_stay() -> None:
    same = ("5201 Woodward Ave", "", "Detroit", "MI", "48202")
    rows = [
        BatchRow("b", 1, 2, same, Address(), RowVerdict.CANNOT),
        BatchRow("b", 2, 3, tuple(map(str.upper, same)), Address(), RowVerdict.CANNOT),
        BatchRow("b", 3, 4, ("",), Address("1 Main St", zip="48202"), RowVerdict.READY, is_mended=True),
    ]
    judged = judge_rows(rows, FIELDS, lambda: None)
    assert [row.verdict for row in judged] == ["ready", "duplicate", "ready"]
    assert [row.state for row in judged] == [RowState.WAITING, RowState.SKIPPED, RowState.WAITING]
    assert (judged[1].duplicate_of, judged[1].why[:30]) == (1, "The same address as row 2; bot")


@pytest.mark.parametrize(("street", "verdict"), [("Woodward Ave", "ready"), ("PO Box 12", "cannot")])
def test_what_a_person_has_answered_is_not_asked_again(street: str, verdict: str) -> None:
    assert judge_mended(Address(street, None, "Detroit", "MI", "48202")).verdict == verdict


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("24 Eagle St, Albany, NY 12207", "24 eagle street, ALBANY NY 12207-1234", True),
        ("24 N Eagle St, Apt 4, Albany, NY 12207", "24 North Eagle Street Apartment 4, Albany, NY 12207", True),
        ("24 Eagle St, Apt 4, Albany, NY 12207", "24 Eagle St, Fl 4, Albany, NY 12207", False),
        ("24 Eagle St, Albany, NY 12207", "24 Eagle Ave, Albany, NY 12207", False),
        ("24 Eagle St, Albany, NY 12207", "24 N Eagle St, Albany, NY 12207", False),
        ("24 Eagle St, Albany, NY 12207", "24 Eagle St, Albany, NY 12208", False),
    ],
)
def test_one_address_in_other_words_is_one_address(one: str, other: str, is_one: bool) -> None:
    assert (address_key(split(one).address) == address_key(split(other).address)) is is_one
