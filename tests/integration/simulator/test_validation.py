"""What a create call accepts and refuses, in Hum's words."""

from __future__ import annotations

from itertools import product

import pytest

from webapp.simulator.validation import BAD_COMBINATION, BAD_STATE, BAD_ZIP, BLANK, INVALID, errors_in

FULL = {"street1": "29090 Tiffany Drive E", "city": "Southfield", "state": "MI", "zip": "48034"}


@pytest.mark.parametrize("given", list(product([True, False], repeat=4)))
def test_all_sixteen_combinations_follow_the_documented_rule(given):
    body = {name: value for (name, value), kept in zip(FULL.items(), given, strict=True) if kept}
    documented = [{"street1", "zip"}, {"street1", "city", "state"}, {"street1", "city", "zip"}]
    legal = any(combination <= body.keys() for combination in documented)
    assert (errors_in(body) == {}) is legal
    if not legal:
        assert errors_in(body)["base"] == [BAD_COMBINATION]


def test_a_missing_street_is_named_too():
    assert errors_in({"zip": "48034"}) == {"street1": [BLANK], "base": [BAD_COMBINATION]}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("street1", "", BLANK),
        ("street1", "x" * 101, "is too long (maximum is 100 characters)"),
        ("street1", 7, INVALID),
        ("street2", "", BLANK),
        ("street2", "x" * 51, "is too long (maximum is 50 characters)"),
        ("city", "", BLANK),
        ("city", ["Detroit"], INVALID),
        ("state", "DC", BAD_STATE),
        ("state", "mi", BAD_STATE),
        ("state", "Michigan", BAD_STATE),
        ("zip", "4803", BAD_ZIP),
        ("zip", "48034\n", BAD_ZIP),
        ("zip", "٤٨٠٣٤", BAD_ZIP),
        ("zip", "48034-12", BAD_ZIP),
        ("zip", 48034, INVALID),
        ("campaign_id", "x" * 101, "is too long (maximum is 100 characters)"),
        ("latitude", "42.5", INVALID),
        ("latitude", True, INVALID),
        ("longitude", 10**400, INVALID),
        ("sync", "geocode", INVALID),
        ("sync", ["checkout"], INVALID),
    ],
)
def test_a_bad_value_is_an_error_at_its_field_even_if_the_rest_would_do(field, value, message):
    assert errors_in({**FULL, field: value})[field] == [message]


@pytest.mark.parametrize(
    "further",
    [
        {"street2": "A2"},
        {"zip": "48034-1234"},
        {"state": "PR"},
        {"city": None, "state": None},
        {"latitude": 42.501721339274, "longitude": -83.286263465881},
        {"sync": ["geocode", "internet"]},
        {"sync": []},
        {"an_unknown_key": {"is": "ignored"}},
    ],
)
def test_what_the_documents_allow_is_accepted(further):
    assert errors_in({**FULL, **further}) == {}


def test_the_answer_carries_the_errors_in_shape_b(caller):
    answer = caller.create(street1="29090 Tiffany Drive E", zip="1", state="ZZ")
    assert answer.status_code == 422
    assert answer.json["request_status"] == "error"
    assert answer.json["errors"] == {"zip": [BAD_ZIP], "state": [BAD_STATE]}
    assert answer.json["meta"].keys() == {"responded_at", "hum_data_set"}
