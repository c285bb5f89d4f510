"""The promise of docs/accuracy.md: nearly all right and nearly nothing wrong but sure on pastes that nobody tuned for.

Each process reads a text once for all tests of this file. Here the document's figures of the judge are compared, in
tests/soak all of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from tools import accuracy

ONE_OF = 16


@pytest.fixture(scope="module")
def examples() -> list[accuracy.Example]:
    return accuracy.examples()


def half(examples: list[accuracy.Example], name: str) -> list[accuracy.Example]:
    return [example for example in examples if example.half == name]


def sample(examples: list[accuracy.Example]) -> list[accuracy.Example]:
    """One of sixteen, always the same ones, in every style and kind."""
    return [example for example in examples if hashlib.sha256(example.text.encode()).digest()[1] % ONE_OF == 0]


def test_ninety_nine_percent_of_the_unseen_pastes_are_right(examples: list[accuracy.Example]) -> None:
    found = accuracy.score(half(examples, accuracy.UNSEEN), accuracy.judged)
    assert found.percent(found.right) >= 99
    assert found.percent(found.wrong_but_sure) <= 0.3


def test_every_tuned_paste_is_right(examples: list[accuracy.Example]) -> None:
    wrong = []
    for example in half(examples, accuracy.TUNED):
        if not accuracy.score([example], accuracy.judged).right:
            wrong.append(example.text)
    assert not wrong


def test_ordinary_lines_are_right_in_every_style() -> None:
    chosen = sample(accuracy.styled())
    assert len(chosen) >= 200
    found = accuracy.score(chosen, accuracy.judged)
    assert found.right + found.asked == found.count
    assert found.percent(found.right) >= 99.8


def test_the_judge_is_worth_more_than_each_reader_alone(examples: list[accuracy.Example]) -> None:
    chosen = sample(examples)
    judged = accuracy.score(chosen, accuracy.judged)
    ours, theirs = accuracy.score(chosen, accuracy.ours), accuracy.score(chosen, accuracy.theirs)
    assert judged.right >= ours.right
    assert judged.right > theirs.right
    assert judged.wrong_but_sure <= min(ours.wrong_but_sure, theirs.wrong_but_sure)


def test_the_set_is_large_varied_and_evenly_split(examples: list[accuracy.Example]) -> None:
    halves = Counter(example.half for example in examples)
    assert min(halves.values()) >= 300
    assert all(count >= 8 for count in Counter(example.kind for example in examples).values())
    assert len({example.text for example in examples}) == len(examples)


def test_the_document_says_how_right_the_judge_is(examples: list[accuracy.Example]) -> None:
    tuned = accuracy.score(half(examples, accuracy.TUNED), accuracy.judged)
    unseen = accuracy.score(half(examples, accuracy.UNSEEN), accuracy.judged)
    shares = [tuned.percent(tuned.right)]
    for part in (unseen.right, unseen.asked, unseen.wrong_but_sure):
        shares.append(unseen.percent(part))
    figures = " | ".join(f"{share:.1f} %" for share in shares)
    assert f"| **All** | {len(examples)} | {figures} |" in accuracy.DOCUMENT.read_text("utf-8"), "make accuracy"
