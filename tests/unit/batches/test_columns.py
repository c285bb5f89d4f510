"""Columns are guessed from their names and from what is in them."""

from __future__ import annotations

import pytest

from webapp.batches.columns import guess_roles, header_place
from webapp.batches.delimited import read_delimited
from webapp.batches.pasted_sheet import read_pasted

# The sheet, the line of its header (0: none), and a letter for each column: what it holds.
SHEETS = {
    "names": ("Site,Street,Suite,City,St,Zip\nLibrary,5201 Woodward Ave,,Detroit,MI,48202\n", 1, ".sucaz"),
    "an address beside a city is a street": ("Address,City,State\n5201 Woodward Ave,Detroit,MI\n", 1, "sca"),
    "an address alone is all of it": ('id,Address\n7,"5201 Woodward Ave, Detroit, MI 48202"\n', 1, ".l"),
    "whole addresses beside their parts": (
        'Address,Zip\n"5201 Woodward Ave, Detroit, MI 48202",48202\n',
        1,
        "l.",
    ),
    "a street in pieces": ("House Number,Street Name,Postal Code\n5201,Woodward Ave,48202\n", 1, "ssz"),
    "a number alone is no house number": ("Number,Address,City,State\n1,5201 Woodward Ave,Detroit,MI\n", 1, ".sca"),
    "city, state and ZIP in one": ('Address,City State Zip\n5201 Woodward Ave,"Detroit, MI 48202"\n', 1, "sl"),
    "a title above the header": ("Our sites\n\nAddress,City,State\n5201 Woodward Ave,Detroit,MI\n", 3, "sca"),
    "names that say nothing": ("Wo,Ort,Code\n5201 Woodward Ave,Detroit,48202\n", 1, "scz"),
    "no header": ("5201 Woodward Ave;Detroit;MI;48202\n700 Boylston St;Boston;MA;02116\n", 0, "scaz"),
    "lines cut at their commas": ("Library,5201 Woodward Ave, Detroit, MI 48202\n", 0, ".lll"),
    "a second ZIP code is another address's": ("Street,Zip,Billing Zip\n5201 Woodward Ave,48202,10001\n", 1, "sz."),
    "nothing like an address": ("Fruit,Color\napple,red\npear,green\n", 0, ".."),
}
LETTERS = {"": ".", "line": "l", "street1": "s", "street2": "u", "city": "c", "state": "a", "zip": "z"}


@pytest.mark.parametrize("kind", SHEETS)
def test_columns_are_known_by_name_or_content(kind: str) -> None:
    text, header_line, letters = SHEETS[kind]
    rows = read_delimited(text).rows
    place = header_place(rows)
    found = 0 if place is None else rows[place].line
    assert found == header_line
    header = () if place is None else rows[place].cells
    roles = guess_roles(header, rows[0 if place is None else place + 1 :])
    assert "".join(LETTERS[role] for role in roles) == letters


PASTES = {
    "lines": ("5201 Woodward Ave, Detroit, MI 48202\n\n700 Boylston St, Boston, MA 02116\n", [1, 3]),
    "one column": ("5201 Woodward Ave, Detroit, MI 48202", [1]),
    "cells of a spreadsheet": ("5201 Woodward Ave\tDetroit\tMI\n700 Boylston St\tBoston\tMA\n", [3, 3]),
    "CSV with its header": ("Street,City,State\n5201 Woodward Ave,Detroit,MI\n", [3, 3]),
    "addresses of several lines": (
        "5201 Woodward Ave\nDetroit, MI 48202\n\n700 Boylston St\nBoston, MA 02116\n",
        ["5201 Woodward Ave, Detroit, MI 48202", "700 Boylston St, Boston, MA 02116"],
    ),
}


@pytest.mark.parametrize("kind", PASTES)
def test_a_paste_is_a_table_a_list_or_addresses_of_several_lines(kind: str) -> None:
    text, expected = PASTES[kind]
    rows = read_pasted(text).rows
    if isinstance(expected[0], str):
        assert [row.cells[0] for row in rows] == expected
    elif kind in {"lines", "one column"}:
        assert [row.line for row in rows] == expected
        assert all(len(row.cells) == 1 for row in rows)
    else:
        assert [len(row.cells) for row in rows] == expected
