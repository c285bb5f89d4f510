"""What a batch costs and how long it takes, in figures and in words."""

from __future__ import annotations

import pytest

from webapp.batches.estimates import estimate, pace
from webapp.pages.batches.batch_words import column_letter, duration_words, estimate_text


def test_a_fifth_of_the_limit_is_left_to_people() -> None:
    assert estimate_text(estimate(2_000, 100)) == (
        "2,000 lookups, at most 12,000 calls to Hum, about 2 hours 30 minutes at Hum's rate limit."
    )
    assert estimate_text(estimate(1, 0)) == "1 lookup, at most 6 calls to Hum."


def test_the_pace_is_that_of_the_last_two_minutes() -> None:
    assert pace(30, 60, running_for=3_600).minutes_left == 4
    assert pace(5, 10, running_for=30).per_minute == 10
    assert pace(0, 10, running_for=30).minutes_left is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0.2, "less than a minute"), (1, "1 minute"), (88.5, "89 minutes"), (120, "2 hours"), (1_234, "21 hours")],
)
def test_durations_are_as_exact_as_they_can_be(minutes: float, words: str) -> None:
    assert duration_words(minutes) == words


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_spreadsheets_name_them(place: int, letter: str) -> None:
    assert column_letter(place) == letter
