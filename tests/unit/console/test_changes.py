"""What changed between two polls, member by member."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.unit.console.test_json_folds import JSON
from webapp.pages.console.changes import LONGEST_VALUE, Change, changes


def said(before: object, after: object) -> list[tuple[str, str | None, str | None]]:
    return [(change.path, change.was, change.now) for change in changes(before, after)]


def test_a_member_that_changed_is_named_by_its_path() -> None:
    before = {"meta": {"agent_status": {"geocoding": "pending", "internet": "pending"}}}
    after = {"meta": {"agent_status": {"geocoding": "matched", "internet": "pending"}}}
    assert said(before, after) == [("meta.agent_status.geocoding", "pending", "matched")]


def test_members_that_came_and_went() -> None:
    before, after = {"data": {"session_token": "AQGg…"}}, {"data": {"service_address": None}}
    assert said(before, after) == [("data.service_address", None, "null"), ("data.session_token", "AQGg…", None)]


def test_lists_of_another_length_are_counted_and_those_of_the_same_compared() -> None:
    assert said({"internet": []}, {"internet": [1, 2]}) == [("internet", "[]", "2 entries")]
    assert said({"internet": [{"plans": 1}, {"plans": 1}]}, {"internet": [{"plans": 1}, {"plans": 2}]}) == [
        ("internet[1].plans", "1", "2")
    ]


@pytest.mark.parametrize(
    ("before", "after"), [(1, True), (0, False), (1, 1.0), (None, "null"), ("", None), ([], {}), ("1", 1)]
)
def test_values_that_json_tells_apart_are_told_apart(before: object, after: object) -> None:
    assert len(said({"value": before}, {"value": after})) == 1


def test_time_stamps_are_no_news() -> None:
    assert said({"meta": {"responded_at": "a", "updated_at": "b"}}, {"meta": {"responded_at": "c"}}) == []


def test_long_values_are_cut() -> None:
    (change,) = changes({"message": "short"}, {"message": "x" * 1_000})
    assert change == Change("message", "short", "x" * (LONGEST_VALUE - 1) + "…")


@given(JSON)
def test_nothing_changes_from_a_body_to_itself(value: object) -> None:
    assert changes(value, value) == ()


@given(JSON, JSON)
def test_bodies_that_differ_have_changes(before: object, after: object) -> None:
    if changes(before, after) == ():
        assert changes(after, before) == ()
    else:
        assert changes(after, before) != ()
