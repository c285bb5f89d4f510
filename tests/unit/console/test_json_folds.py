"""Bodies are readable without being unfolded, and their text is still the JSON that came."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.pages.console.json_folds import FOLDED_FROM, Piece, parsed, pieces

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=12) | st.dictionaries(st.text(), inner, max_size=12),
    max_leaves=60,
)


def text(parts: tuple[Piece, ...]) -> str:
    return "".join(part.text + text(part.inside) + part.end for part in parts)


def folds(parts: tuple[Piece, ...]) -> Iterator[Piece]:
    for part in parts:
        if part.inside:
            yield part
            yield from folds(part.inside)


@given(JSON)
def test_the_pieces_in_a_row_are_the_pretty_printed_json(value: object) -> None:
    assert text(pieces(value)) == json.dumps(value, indent=2, ensure_ascii=False) + "\n"


@given(JSON)
def test_only_what_is_long_can_be_folded(value: object) -> None:
    for fold in folds(pieces(value)):
        assert text((fold,)).count("\n") >= FOLDED_FROM
        assert fold.note


def test_a_fold_says_what_it_holds_and_whose_it_is() -> None:
    plans = [{"name": f"Plan {number}", "speed": number} for number in range(4)]
    providers = [{"provider_name": "Rocket Fiber", "url": "https://rocket.example.com", "phone": None, "plans": plans}]
    notes = [(fold.text.strip(), fold.note, fold.is_open) for fold in folds(pieces({"data": {"internet": providers}}))]
    assert notes == [
        ('"data": {', "1 member", True),
        ('"internet": [', "1 entry", True),
        ("{", "Rocket Fiber, 4 members", False),
        ('"plans": [', "4 entries", False),
    ]


@pytest.mark.parametrize("body", ["", "  ", "<html></html>", '{"a": ', '{"a": 1} trailing'])
def test_what_is_no_json_is_none(body: str) -> None:
    assert parsed(body) is None
