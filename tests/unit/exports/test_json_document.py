"""The JSON export keeps to its published schema and holds nothing it should not."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from tests.paths import ROOT
from tests.unit.exports.lookup import BARE, LOOKUP
from webapp.addresses.address import Address
from webapp.pages.exports.json_document import as_json, json_text
from webapp.plans.provider_figures import provider_figures

SCHEMA = json.loads((ROOT / "docs" / "lookup-export.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_full_lookup_keeps_to_the_schema() -> None:
    VALIDATOR.validate(json.loads(json_text(LOOKUP)))


def test_an_empty_lookup_keeps_to_the_schema() -> None:
    VALIDATOR.validate(
        as_json(replace(LOOKUP, typed=Address(), matched=None, providers=(), url=None, data_set=None, flags=()))
    )


@pytest.mark.parametrize("extra", ["security_token", "logo_url"])
def test_the_schema_refuses_what_must_not_be_there(extra: str) -> None:
    document = as_json(LOOKUP)
    document["providers"][0][extra] = "x"
    with pytest.raises(ValidationError):
        VALIDATOR.validate(document)


def test_a_logo_address_is_not_exported() -> None:
    assert "logo.example.com" not in json_text(LOOKUP)


def test_free_and_unknown_are_different() -> None:
    plan = as_json(LOOKUP)["providers"][0]["plans"][0]
    assert [fee["amount"] for fee in plan["fees"]] == [
        {"status": "stated", "cents": 0, "currency": "USD"},
        {"status": "not stated", "cents": None, "currency": None},
    ]


@given(st.text(max_size=20))
def test_any_text_survives_the_way_through_json(name: str) -> None:
    text = json_text(replace(LOOKUP, providers=(provider_figures(replace(BARE, name=name)),)))
    assert json.loads(text.encode("utf-8"))["providers"][0]["name"] == name


@pytest.mark.parametrize("name", ["\ud800", "a\udfff"])
def test_a_broken_letter_does_not_break_the_file(name: str) -> None:
    text = json_text(replace(LOOKUP, providers=(provider_figures(replace(BARE, name=name)),)))
    assert json.loads(text.encode("utf-8"))["providers"][0]["name"] == name
