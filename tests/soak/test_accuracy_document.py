"""docs/accuracy.md is what the data gives: every paste and every line read by both readers and the judge."""

from __future__ import annotations

import pytest

from tools import accuracy


@pytest.mark.soak
def test_the_document_is_what_the_data_gives() -> None:
    assert accuracy.DOCUMENT.read_text(encoding="utf-8") == accuracy.document(), "make accuracy"


@pytest.mark.soak
def test_no_ordinary_line_is_wrong_but_sure() -> None:
    found = accuracy.score(accuracy.styled(), accuracy.judged)
    assert found.percent(found.right) >= 99.8
    assert not found.wrong_but_sure
