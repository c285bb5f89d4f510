"""The promise of docs/accuracy.md: most fields right on pastes that nobody tuned for, and a document that tells the
truth.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tools import accuracy


@pytest.fixture(scope="module")
def examples() -> list[accuracy.Example]:
    return accuracy.examples()


def unseen(examples: list[accuracy.Example]) -> list[accuracy.Example]:
    return [example for example in examples if example.half == accuracy.UNSEEN]


def test_ninety_five_percent_of_the_unseen_fields_are_right(examples: list[accuracy.Example]) -> None:
    assert accuracy.score(unseen(examples), accuracy.ours).field_percent >= 95


def test_most_unseen_pastes_are_right_in_all_five_fields(examples: list[accuracy.Example]) -> None:
    assert accuracy.score(unseen(examples), accuracy.ours).whole_percent >= 90


def test_it_is_worth_more_than_usaddress_alone(examples: list[accuracy.Example]) -> None:
    ours = accuracy.score(unseen(examples), accuracy.ours)
    theirs = accuracy.score(unseen(examples), accuracy.plain_usaddress)
    assert ours.field_percent > theirs.field_percent + 10


def test_the_set_is_large_varied_and_evenly_split(examples: list[accuracy.Example]) -> None:
    halves = Counter(example.half for example in examples)
    assert min(halves.values()) >= 150
    assert all(count >= 8 for count in Counter(example.kind for example in examples).values())
    assert len({example.text for example in examples}) == len(examples)


def test_the_document_is_what_the_data_gives(examples: list[accuracy.Example]) -> None:
    assert accuracy.DOCUMENT.read_text(encoding="utf-8") == accuracy.document(examples)
