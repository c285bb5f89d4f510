"""The promise of docs/accuracy.md: nearly all right and nearly nothing wrong but sure on pastes that nobody tuned for,
and a document that tells the truth.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tools import accuracy


@pytest.fixture(scope="module")
def examples() -> list[accuracy.Example]:
    return accuracy.examples()


@pytest.fixture(scope="module")
def styled() -> list[accuracy.Example]:
    return accuracy.styled()


def half(examples: list[accuracy.Example], name: str) -> list[accuracy.Example]:
    return [example for example in examples if example.half == name]


def test_ninety_nine_percent_of_the_unseen_pastes_are_right(examples: list[accuracy.Example]) -> None:
    found = accuracy.score(half(examples, accuracy.UNSEEN), accuracy.judged)
    assert found.percent(found.right) >= 99


def test_nearly_no_unseen_paste_is_wrong_but_sure(examples: list[accuracy.Example]) -> None:
    found = accuracy.score(half(examples, accuracy.UNSEEN), accuracy.judged)
    assert found.percent(found.wrong_but_sure) <= 0.3


def test_every_tuned_paste_is_right(examples: list[accuracy.Example]) -> None:
    wrong = []
    for example in half(examples, accuracy.TUNED):
        if not accuracy.score([example], accuracy.judged).right:
            wrong.append(example.text)
    assert not wrong


@pytest.mark.slow("4,500 lines are read")
def test_ordinary_lines_are_right_in_every_style(styled: list[accuracy.Example]) -> None:
    found = accuracy.score(styled, accuracy.judged)
    assert found.percent(found.right) >= 99.8
    assert found.percent(found.wrong_but_sure) <= 0.1


@pytest.mark.slow("every paste is read three times")
def test_the_judge_is_worth_more_than_each_reader_alone(examples: list[accuracy.Example]) -> None:
    judged = accuracy.score(examples, accuracy.judged)
    ours, theirs = accuracy.score(examples, accuracy.ours), accuracy.score(examples, accuracy.theirs)
    assert judged.right >= ours.right
    assert judged.right > theirs.right
    assert judged.wrong_but_sure <= min(ours.wrong_but_sure, theirs.wrong_but_sure)


def test_the_set_is_large_varied_and_evenly_split(examples: list[accuracy.Example]) -> None:
    halves = Counter(example.half for example in examples)
    assert min(halves.values()) >= 300
    assert all(count >= 8 for count in Counter(example.kind for example in examples).values())
    assert len({example.text for example in examples}) == len(examples)


@pytest.mark.slow("every paste and line is read three times")
def test_the_document_is_what_the_data_gives() -> None:
    assert accuracy.DOCUMENT.read_text(encoding="utf-8") == accuracy.document(), "python -m tools.accuracy"
