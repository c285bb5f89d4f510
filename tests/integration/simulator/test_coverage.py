"""The two calls that need no session."""

from __future__ import annotations

import pytest

WAYNE_COUNTY = "26163"


def names(answer):
    return {provider["provider_name"] for provider in answer.json["data"]}


def test_a_state_may_be_asked_for_by_either_code_and_comes_back_as_a_census_code(caller):
    postal, census = caller.call("GET", "/coverage?states[]=MI"), caller.call("GET", "/coverage?states[]=26")
    assert names(postal) == names(census) >= {"Rocket Fiber", "Starlink"}
    assert {tuple(provider["matched_areas"]["states"]) for provider in postal.json["data"]} == {("26",)}
    assert postal.json["message"] == "Coverage for states: MI"
    assert postal.json["meta"]["provider_count"] == len(postal.json["data"])


def test_areas_of_one_kind_add_up_and_kinds_narrow(caller):
    both = names(caller.call("GET", "/coverage?states[]=MI&states[]=PR"))
    assert both == names(caller.call("GET", "/coverage?states[]=MI")) | names(
        caller.call("GET", "/coverage?states[]=PR")
    )
    assert "Liberty Puerto Rico" not in names(
        caller.call("GET", f"/coverage?states[]=PR&states[]=MI&counties[]={WAYNE_COUNTY}")
    )


def test_a_tract_has_the_providers_of_its_county(caller):
    county, tract = (
        caller.call("GET", f"/coverage?counties[]={WAYNE_COUNTY}"),
        caller.call("GET", f"/coverage?tracts[]={WAYNE_COUNTY}517200"),
    )
    assert names(county) == names(tract) >= {"Rocket Fiber"}


def test_coverage_tells_no_order_link_and_no_secret(caller):
    for provider in caller.call("GET", "/coverage?states[]=MI").json["data"]:
        assert provider["url"] is None
        assert "security_token" not in provider
        assert provider["provider_id"].isdigit()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "base"),
        ("states[]=Michigan", "states"),
        ("states[]=ZZ", "states"),
        ("counties[]=2616", "counties"),
        ("blocks[]=", "blocks"),
    ],
)
def test_a_query_that_names_no_area_is_refused_at_its_field(caller, query, field):
    answer = caller.call("GET", f"/coverage?{query}")
    assert answer.status_code == 422
    assert answer.json["errors"].keys() == {field}


def test_blocks_come_with_census_facts_and_numeric_technology_codes(caller):
    known, unknown = "261635172001000", "991635172001000"
    answer = caller.call("GET", f"/blocks?geoids[]={known}&geoids[]={unknown}")
    assert (answer.json["meta"]["blocks_found"], answer.json["meta"]["blocks_requested"]) == (1, 2)
    (block,) = answer.json["data"]
    assert (block["census"]["state_abbreviation"], block["census"]["county_fips"], block["census"]["tract"]) == (
        "MI",
        "163",
        "517200",
    )
    codes = {offering["technology_code"] for provider in block["providers"] for offering in provider["offerings"]}
    assert codes >= {50, 61}


@pytest.mark.parametrize("geoids", [[], ["26163517200100"], ["261635172001000"] * 101])
def test_blocks_that_cannot_be_asked_for_are_refused(caller, geoids):
    answer = caller.call("GET", "/blocks", query_string=[("geoids[]", geoid) for geoid in geoids])
    assert answer.status_code == 422
    assert answer.json["errors"].keys() == {"geoids"}
