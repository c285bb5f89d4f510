"""Reading takes time in proportion to the length of a text, at most 2,000 characters of it, and a long real paste fits
into that.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.addresses import places
from webapp.addresses.address import Address, clean_text, clean_zip
from webapp.addresses.pastes import split, split_unit
from webapp.addresses.pastes.cleanup import MAX_CHARACTERS
from webapp.addresses.pastes.reader import read
from webapp.web.forms import as_pasted

REPEATED = (
    *("12345 ", "12345-6789 ", "fl 12345 ", "Detroit MI 12345 ", "MI 12345, ", "New York 10001 "),
    *(
        "a:",
        '"a',
        "a\tb\n",
        "tel:",
        "city: a\n",
        '{"a":',
        '{"street": "1 a st"},',
        "geo:?q=1+a+st ",
        "a.",
        "Ab.Cd",
        "<a ",
        "> ",
        "a@b",
        "1-",
    ),
    *("Apt 1 ", "apt & ", "no ", "N ", "in ", "# 1 ", "1/2 ", "1 N Apt "),
    *(
        "1 Main St, ",
        "1 Main St ",
        "1 Main St Troy, ",
        "1 Main St\n48226\n",
        "hwy 1 ",
        "route 1, ",
        "Box 1, ",
        "1 - 2 ",
    ),
)
NUMBERED = (
    *("{0} a{0} st, ", "{0} a{0} st ", "a{0} {0} ", "{0},", "{0} a{0} st MI {1} "),
    *("a{0} MI {1}, ", "Apt {0}, ", "{1} {0} ", "us hwy {0} "),
)
RUNS = {
    "blanks": " {}",
    "wide blanks": "\u00a0{}",
    "blanks after a label": "id {}x",
    "blanks before a mark": "a {}:",
    "blanks in a named line": "a: x{}y",
    "commas in a street": "street:x{}x\ncity: a",
    "steps of a map link": "http://maps.google.com/place/{}",
}
FILLINGS = {"commas in a street": ",", "steps of a map link": "1+a+st/"}


def repeated(piece: str, length: int) -> str:
    return (piece * length)[:length]


def numbered(piece: str, length: int) -> str:
    return "".join(piece.format(1_000 + number, 10_000 + 7 * number) for number in range(length // 8))[:length]


def run(name: str, length: int) -> str:
    return RUNS[name].format(repeated(FILLINGS.get(name, " "), length))


def steps(work: Callable[[], object]) -> int:
    """Calls and returns of functions, which no other program on the machine can change."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def cpu_seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return max(min(taken), 0.002)


TEXTS = [
    *((piece, repeated(piece, 1_000), repeated(piece, 4_000)) for piece in REPEATED),
    *((piece, numbered(piece, 1_000), numbered(piece, 4_000)) for piece in NUMBERED),
    *((name, run(name, 1_000), run(name, 4_000)) for name in RUNS),
]


EACH_TEXT = [
    # Every fourth stands for its neighbors, which are much like it.
    pytest.param(short, long, marks=[pytest.mark.soak] if number % 4 else [])
    for number, (_, short, long) in enumerate(TEXTS)
]


@pytest.mark.parametrize(("short", "long"), EACH_TEXT, ids=[repr(text[0]) for text in TEXTS])
def test_four_times_the_text_is_about_four_times_the_work(short: str, long: str) -> None:
    read(short, is_cut=False)
    assert steps(lambda: read(long, is_cut=False)) < 6 * steps(lambda: read(short, is_cut=False))
    # Regular expressions take no steps that can be counted. Work that grew with the square would take 16 times as long.
    assert cpu_seconds(lambda: read(long, is_cut=False)) < 10 * cpu_seconds(lambda: read(short, is_cut=False))


@pytest.mark.parametrize("piece", ["12345 ", "fl 12345 ", "12345 1/2 "])
def test_each_number_of_a_line_is_looked_at_where_it_stands(piece: str) -> None:
    """Not together with all that stands before and after it. A line is at most 300 characters; longer ones are read in
    parts.
    """
    short, long = repeated(piece, 75), repeated(piece, 300)
    read(short, is_cut=False)
    assert steps(lambda: read(long, is_cut=False)) < 7 * steps(lambda: read(short, is_cut=False))


SCRAPS = (
    *(
        "12345 ",
        "1 Main St ",
        "Apt 4 ",
        "#",
        ":",
        ", ",
        "\n",
        "\t",
        "Detroit ",
        "MI ",
        "48226",
        "{",
        '"street":',
        "a",
        "1",
        " ",
    ),
    *(
        "http://maps.google.com/?q=",
        "in ",
        "at ",
        "zip ",
        "city ",
        "Calle ",
        "PO Box 1 ",
        "RR 1 Box 2 ",
        "&amp;",
        "<a>",
        "-",
    ),
    *(
        "/",
        "_",
        "(",
        "é",
        "â€“",
        "|",
        ";",
        "=",
        "x@y.example ",
        "order #1 ",
        "1/2 ",
        "N ",
        "Hwy 6 ",
        "and ",
        "ADR:;;",
        "\\n",
        '"',
    ),
    *("NULL ", "24-Eagle-St-Albany-NY-12207 ", "corner of ", "New York ", "West ", "Ste ", "unit ", "Mail Stop 1 "),
)
MOST_STEPS = 300
"""Calls and returns for each character that is read; 20 ms of CPU are about 400,000."""


@pytest.fixture(scope="module")
def warm() -> None:
    """A server has loaded the places before anybody pastes."""
    for _ in places.load():
        pass
    read("24 Eagle St, Apt 4, Albany, NY 12207", is_cut=True)


@pytest.mark.usefixtures("warm")
@given(st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=6))
def test_no_text_takes_more_steps_than_its_length_allows(scraps: list[str]) -> None:
    text = ("".join(scraps) * MAX_CHARACTERS)[:MAX_CHARACTERS]
    assert steps(lambda: read(text, is_cut=True)) < MOST_STEPS * MAX_CHARACTERS


@pytest.mark.parametrize("piece", ["12345 ", "a:", "1 Main St, "])
def test_no_more_than_two_thousand_characters_are_read(piece: str) -> None:
    text = piece * 10_000
    read(text[:MAX_CHARACTERS], is_cut=True)
    assert steps(lambda: split(text)) < 1.2 * steps(lambda: read(text[:MAX_CHARACTERS], is_cut=True))


@pytest.mark.parametrize("piece", ["Apt 1 ", "no ", "N ", "# ", "1/2 ", "apt & "])
def test_units_are_looked_for_in_a_line_once(piece: str) -> None:
    short, long = f"1 a {piece * 10}x", f"1 a {piece * 20}x"
    assert steps(lambda: split_unit(long)) < 3 * steps(lambda: split_unit(short))


@pytest.mark.parametrize("clean", [as_pasted, clean_text, clean_zip])
def test_a_text_that_can_be_shown_as_it_is_is_not_looked_at_letter_by_letter(clean: Callable[[str], object]) -> None:
    assert steps(lambda: clean("12345 é" * 8_000)) < 100


MAIL = """Hi Team,

could you please check which internet providers serve our new shop? We move in next month and need the line two weeks
before, so that the registers can be tested. The landlord says that there is fiber in the building.

Our address is below.

Thank you,
Copper Kettle Supply
Store Operations
1437 Bannock Street, Suite 200
Denver, Colorado 80202
Tel: 720-555-0142
orders@copperkettle.example

> On Tuesday, Blue Heron Bikes wrote:
>
> Hello,
>
> thanks for your question. To tell you what is available we need the street address, the suite and the ZIP code of the
> new place. Please also tell us the date from which you need the line, and whether you have a phone system that should
> use it. We answer within one working day.
>
> Best regards,
> Sales desk
>
>> On Monday, Copper Kettle Supply wrote:
>>
>> Hello,
>>
>> we are opening a second shop in Denver and are looking for business internet, at least 300 Mbps down. Could you tell
>> us what there is and what it costs? A contract of two years is fine for us.
>>
>> Thank you
"""
ROW = "A-{0}\tBlue Heron Bikes\t{0} Woodward Ave\tSuite {0}\tDetroit\tMI\t48226\topen\n"
TABLE = "Account\tCompany\tStreet\tUnit\tCity\tState\tZIP\tStatus\n" + "".join(
    ROW.format(number) for number in range(1, 11)
)


def test_a_mail_with_what_it_answers_is_read_whole() -> None:
    found = split(MAIL)
    assert 1_000 < len(MAIL) < MAX_CHARACTERS
    assert found.address == Address("1437 Bannock Street", "Suite 200", "Denver", "CO", "80202")
    assert not found.questions


def test_a_table_of_ten_rows_is_read_whole() -> None:
    found = split(TABLE)
    assert 500 < len(TABLE) < MAX_CHARACTERS
    assert [question.kind for question in found.questions] == ["several_addresses"]
    assert found.questions[0].text.startswith("10 different addresses")
    assert found.questions[0].choices[0] == Address("1 Woodward Ave", "Suite 1", "Detroit", "MI", "48226")
