"""A presenter's audience reads no telephone number, wherever a provider has written it."""

from __future__ import annotations

import json
import re

import pytest

from tests.made_plans import make_plan, make_provider
from webapp.hum.providers import ProviderList
from webapp.pages.masks import mask_body, masked_providers


@pytest.mark.parametrize("number", ["800-555-0103", "(800) 555-0103", "+18005550103", "1.800.555.0103", "8005550103"])
def test_a_number_in_a_promotion_is_masked_and_its_words_stay(number: str) -> None:
    provider = make_provider(
        promo_text=f"Call {number} and save $150.00 over 24 months",
        plans=(make_plan(info=f"Questions? {number}", description="1000 Mbps", promo_text=number),),
    )
    shown = masked_providers(ProviderList((provider,))).providers[0]
    plan = shown.plans[0]
    assert shown.promo_text.startswith("Call ")
    assert shown.promo_text.endswith("save $150.00 over 24 months")
    assert plan.description == "1000 Mbps"
    for text in (shown.promo_text.removesuffix("save $150.00 over 24 months"), plan.info, plan.promo_text):
        assert not re.search("[0-9]", text), text


@pytest.mark.parametrize("number", ["800-555-0103", "(800) 555-0103", "+18005550103"])
def test_a_number_in_any_text_of_an_answer_is_masked(number: str) -> None:
    """The API console shows the same promotions as the list of providers."""
    kept = {
        "responded_at": "2025-11-22T09:33:20.000Z",
        "hum_data_set": "25041808",
        "product_id": "1d7a52ee-0c7e-5b1b-9a4e-48554d53494d",
    }
    shown = json.loads(
        mask_body(json.dumps({"provider_promo": {"promo_text": f"Call {number} now"}, "info": [number], "meta": kept}))
    )
    assert shown["provider_promo"]["promo_text"].startswith("Call ")
    assert not re.search("[0-9]", shown["provider_promo"]["promo_text"] + shown["info"][0])
    assert shown["meta"] == kept
