"""Texts for mail and CRM notes."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made_plans import make_plan, make_provider
from tests.unit.exports.lookup import BARE, LOOKUP
from webapp.pages.exports.document import Environment, ResultDocument
from webapp.pages.exports.json_document import json_text
from webapp.pages.exports.outline import markdown, plain_text
from webapp.plans.provider_figures import provider_figures


def test_a_demo_says_so_and_a_live_answer_does_not() -> None:
    assert "DEMO: invented data, not an offer." in plain_text(LOOKUP)
    live = plain_text(replace(LOOKUP, environment=Environment.LIVE))
    assert "invented" not in live
    assert "LIVE" in live


def test_every_text_carries_its_stamp() -> None:
    for text in (plain_text(LOOKUP), markdown(LOOKUP)):
        assert "As of 2026-11-22 09:30 AST, data set 25041808, DEMO" in text


def test_an_unknown_price_is_never_zero() -> None:
    text = plain_text(replace(LOOKUP, providers=(provider_figures(make_provider(plans=(make_plan(name="Go"),))),)))
    assert "Go: price not stated, speeds not stated" in text
    assert "$0" not in text


def test_without_providers_there_is_still_an_outcome() -> None:
    text = plain_text(
        replace(LOOKUP, providers=(), outcome_words="No service was found at this address.", matched=None)
    )
    assert text.startswith("Internet providers at 100 Calle Bayamón, Apt 3, San Juan, PR 00907\n")
    assert "No service was found at this address." in text
    assert "order" not in text


def test_what_could_not_be_read_and_what_is_past_the_limit_are_told_apart() -> None:
    crowded = provider_figures(replace(BARE, plans_left_out=12, plans_over_limit=12))
    text = plain_text(replace(LOOKUP, providers=(crowded,), providers_left_out=403, providers_over_limit=400))
    assert "Not shown: 3 providers that could not be read, 400 providers after the first 100.\n" in text
    assert "  Not shown: 12 plans after the first 60\n" in text
    unreadable = plain_text(replace(LOOKUP, providers=(), providers_left_out=2))
    assert "Not shown: 2 providers that could not be read.\n" in unreadable
    over_limit = plain_text(replace(LOOKUP, providers=(), providers_left_out=1, providers_over_limit=1))
    assert "Not shown: 1 provider after the first 100.\n" in over_limit


@given(st.text(alphabet="ab<>[]()*_`#|~\\!-+1.& ", min_size=1, max_size=30).filter(str.strip))
def test_names_from_outside_open_no_markdown(name: str) -> None:
    lines = markdown(replace(LOOKUP, providers=(provider_figures(replace(BARE, name=name)),))).splitlines()
    heading = next(line for line in lines if line.startswith("### "))
    unescaped = heading.replace("\\\\", "")
    for sign in "<[*_`|~":
        assert unescaped.count(sign) == unescaped.count("\\" + sign)


@pytest.mark.parametrize("written", [markdown, plain_text, json_text])
def test_what_goes_to_a_customer_holds_no_link_that_only_its_browser_can_open(
    written: Callable[[ResultDocument], str],
) -> None:
    assert "isp.example.com/lookups" not in written(replace(LOOKUP, url="https://isp.example.com/lookups/abc"))
