"""Secrets are gone by name and by value, at any depth, also from bodies that are not JSON; what is left can be stored
anywhere.
"""

from __future__ import annotations

import json
import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.upstream.call import HIDDEN, Mask, hint, is_secret, secrets_in

KEY = "hum_live_0123456789abcdef"
SECRET = "aVeryLongSecurityToken_0123456789"


@pytest.mark.parametrize(
    "name",
    [
        "security_token",
        "session_token",
        "Session-Token",
        "securityToken",
        "api_key",
        "apiKey",
        "Authorization",
        "token",
        "client_secret",
    ],
)
def test_names_of_secrets_are_known_in_any_spelling(name: str) -> None:
    assert is_secret(name)
    assert Mask([]).without_secrets([{name: "x", "kept": 1}]) == [{"kept": 1}]
    assert Mask([]).masked({name: SECRET}).shown == {name: "aVer…"}


@pytest.mark.parametrize("name", ["provider_name", "tokens_left", "secretary", "key", "zip"])
def test_other_names_are_left_alone(name: str) -> None:
    assert not is_secret(name)


def test_a_known_secret_is_hidden_wherever_it_is_repeated() -> None:
    mask = Mask([KEY, SECRET, None])
    echoed = {
        "message": f"Bearer {KEY} is wrong",
        "deep": [{"url": f"https://x.example/?t={SECRET}"}],
        f"k{KEY}": "about",
    }
    assert mask.without_secrets(echoed) == {
        "message": f"Bearer {HIDDEN} is wrong",
        "deep": [{"url": f"https://x.example/?t={HIDDEN}"}],
        f"k{HIDDEN}": "about",
    }


@pytest.mark.parametrize("key", ["k", "ab", "key", "a-key", "k.y!", "5char"])
def test_a_key_of_any_length_is_hidden_where_it_stands_by_itself(key: str) -> None:
    mask = Mask([key])
    echoed = {"message": f"Bearer {key} is wrong", "url": f"https://x.example/?t={key}&u=1", key: key}
    assert mask.without_secrets(echoed) == {
        "message": f"Bearer {HIDDEN} is wrong",
        "url": f"https://x.example/?t={HIDDEN}&u=1",
        HIDDEN: HIDDEN,
    }
    assert mask.raw_text(f"<p>{key}</p>") == f"<p>{HIDDEN}</p>"
    assert mask.text(f"x{key}x") == f"x{key}x", "longer words stay readable"


def test_a_secret_that_contains_another_leaves_nothing_behind() -> None:
    assert Mask([SECRET, SECRET + "-more"]).text(f"{SECRET}-more") == HIDDEN


def test_secrets_are_found_at_any_depth_and_short_words_are_none() -> None:
    assert secrets_in({"data": [{"security_token": SECRET}], "token": "Internet"}) == {SECRET}


@pytest.mark.parametrize("value", [12345678901234567890, {"value": SECRET}, [SECRET]])
def test_a_secret_of_another_type_is_hidden_too(value: object) -> None:
    assert Mask([]).masked({"api_key": value}).shown == {"api_key": HIDDEN}
    assert Mask([]).masked({"is_token": True, "token": None}).shown == {"is_token": True, "token": None}


@pytest.mark.parametrize(
    "body",
    [
        f'{{"data": [{{"security_token": "{SECRET}", "provider_na',
        f'{{"security_token":"{SECRET}',
        f'<p>{SECRET}</p>{{"session_token": "{SECRET}"}}',
        f'"Session-Token" : "{SECRET}" trailing',
        f'"security_token": "{SECRET}\\"{SECRET}", "x": 1',
    ],
)
def test_a_body_that_was_cut_loses_its_secrets_too(body: str) -> None:
    assert SECRET not in Mask([]).raw_text(body)


def test_hints_are_short() -> None:
    assert hint(SECRET) == "aVer…"
    assert hint("short") == hint("") == HIDDEN


def test_what_is_left_can_be_stored() -> None:
    deep: object = "end"
    for _ in range(500):
        deep = [deep]
    value = {
        "nul\x00": "a\x00b",
        "lone": "\ud800",
        "nan": float("nan"),
        "inf": float("-inf"),
        "big": 10**40,
        "deep": deep,
        "ok": [1, 2.5, True, None],
    }
    kept = Mask([]).without_secrets(value)
    assert isinstance(kept, dict)
    assert {key: kept[key] for key in kept if key != "deep"} == {
        "nul": "ab",
        "lone": "?",
        "nan": None,
        "inf": None,
        "big": None,
        "ok": [1, 2.5, True, None],
    }
    json.dumps(kept, allow_nan=False).encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["data", "session_token", "x", "\ud800"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json_values, st.integers(0, 20))
def test_no_arrangement_of_values_lets_a_known_secret_through(value: object, depth: int) -> None:
    for _ in range(depth):
        value = {"x": [value, f"the key is {KEY}"]}
    mask = Mask([KEY])
    for shown in (mask.without_secrets(value), mask.masked(value).shown):
        assert KEY not in json.dumps(shown, allow_nan=False)
    assert "session_token" not in json.dumps(mask.without_secrets(value))


def lines_of(value: object) -> int:
    """How many lines of our own, and looks at a name, masking a value takes."""
    lines = 0

    def count(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    is_secret.cache_clear()
    before = sys.gettrace()
    sys.settrace(count)
    try:
        Mask(secrets_in(value)).masked(value)
    finally:
        sys.settrace(before)
    looked = is_secret.cache_info()
    return lines + looked.hits + looked.misses


def test_the_work_grows_with_the_size_of_a_body_and_not_with_its_square() -> None:
    """Each object has a secret's name of its own."""
    smaller, larger = ([{f"{number}token": number} for number in range(size)] for size in (200, 400))
    assert lines_of(larger) < 2.5 * lines_of(smaller)
