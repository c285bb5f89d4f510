"""docs/faults.md says what the table says that the tests try."""

from __future__ import annotations

from tests.integration.faults.expected import ENDINGS, FATES
from tools import faults_docs


def test_the_page_is_current() -> None:
    assert faults_docs.PAGE.read_text("utf-8") == faults_docs.render(), "run python -m tools.faults_docs"


def test_every_ending_occurs() -> None:
    assert {end.ending for fate in FATES.values() for end in (fate.poll, fate.plans, fate.create)} == set(ENDINGS)
