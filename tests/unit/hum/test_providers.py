"""Providers out of every generation of Hum's answers, and out of what no document describes: one bad entry costs that
entry only.
"""

from __future__ import annotations

import json

import pytest

from webapp.hum.providers import read_providers
from webapp.plans.model import Money, Offering, Plan, Provider, Speed, Technology


def only(entry: object) -> Provider:
    found = read_providers([entry])
    assert found is not None
    assert found.left_out == 0
    return found.providers[0]


def plan_of(product: dict[str, object]) -> Plan:
    return only(
        {"provider_name": "Cityline", "product_catalog": [{"category": "internet", "products": [product]}]}
    ).plans[0]


def test_an_entry_of_the_catalog_generation_is_read_in_full() -> None:
    provider = only(
        {
            "provider_id": "0c970c65-0000-4000-8000-000000000001",
            "provider_name": "Cityline Fiber",
            "telephone": "+18332981433",
            "provider_icon": None,
            "provider_logo": "https://harmony.letshum.com/logo.png",
            "url": "https://provider.example.com/register?utm_source=Hum",
            "security_token": "s" * 66,
            "buyflow_type": "direct",
            "button_label": "Get Started",
            "min_plan_price": {"currency": "USD", "amount_cents": 4999},
            "provider_promo": {"promo_text": "$50 off your first month!", "promo_logo_url": ""},
            "url_promo": {"promo_text": "", "promo_logo_url": ""},
            "offerings": [
                {
                    "technology": "Fiber",
                    "technology_category": "Terrestrial",
                    "max_download_speed": 1000,
                    "max_upload_speed": 500,
                }
            ],
            "product_catalog": [
                {
                    "category": "internet",
                    "products": [
                        {
                            "id": "8083bfe8-0000-4000-8000-000000000001",
                            "sku": "130235-INT-FBR-01",
                            "name": "Gig",
                            "description": "Fast.",
                            "category": "internet",
                            "technology": "fiber",
                            "position": 1,
                            "download_speed": "500-1000",
                            "upload_speed": "500",
                            "data_limit": "Unlimited",
                            "streaming_apps": ["News+", "", None],
                            "is_contract_required": False,
                            "is_modem_router_included": True,
                            "product_promo": {},
                            "hum_rank": 85,
                            "info": "Price lock.",
                            "pricing": {"monthly_price": {"amount_cents": 7000, "currency": "USD"}},
                        }
                    ],
                }
            ],
        }
    )
    assert provider == Provider(
        id="0c970c65-0000-4000-8000-000000000001",
        name="Cityline Fiber",
        telephone="+18332981433",
        telephone_text="833-298-1433",
        url="https://provider.example.com/register?utm_source=Hum",
        button_label="Get Started",
        logo_url="https://harmony.letshum.com/logo.png",
        min_price=Money(4999),
        promo_text="$50 off your first month!",
        offerings=(Offering(Technology.FIBER, "Fiber", Speed("1000", 1000, 1000), Speed("500", 500, 500)),),
        plans=(
            Plan(
                id="8083bfe8-0000-4000-8000-000000000001",
                name="Gig",
                description="Fast.",
                category="internet",
                technology=Technology.FIBER,
                technology_text="fiber",
                position=1,
                download=Speed("500-1000", 500, 1000),
                upload=Speed("500", 500, 500),
                data_limit="Unlimited",
                monthly_price=Money(7000),
                discounts=(),
                fees=(),
                other_charges=(),
                contract_required=False,
                modem_included=True,
                streaming_apps=("News+",),
                info="Price lock.",
                promo_text="",
                hum_rank=85,
            ),
        ),
    )


def test_the_oldest_generation_has_codes_instead_of_ids() -> None:
    provider = only(
        {
            "provider_name": "Cityline",
            "telephone": "800-521-5881",
            "offerings": [
                {"technology_code": "40", "tech_logo": "x", "max_download_speed": 100, "max_upload_speed": 10}
            ],
        }
    )
    assert provider.id == ""
    assert provider.telephone == "+18005215881"
    assert provider.offerings[0].technology is Technology.CABLE
    assert provider.min_price is None


@pytest.mark.parametrize(
    ("entry", "promo"),
    [
        ({"promo_text": "flat"}, "flat"),
        ({"provider_promo": {"promo_text": "nested"}}, "nested"),
        (
            {"provider_promo": {"promo_text": "nested"}, "promo_text": "flat", "url_promo": {"promo_text": "link"}},
            "nested",
        ),
        ({"provider_promo": {"promo_text": ""}, "url_promo": {"promo_text": "link"}}, "link"),
        ({"promo_text": "<b>bold</b>\n\u202ebidi"}, "<b>bold</b> bidi"),
        ({"provider_promo": "text", "url_promo": None}, "text"),
        ({"provider_promo": [], "promo_text": 7}, ""),
    ],
)
def test_one_promotion_is_said_wherever_it_stands(entry: dict[str, object], promo: str) -> None:
    assert only({"provider_name": "Cityline", **entry}).promo_text == promo


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("</script>", "</script>"),
        ("\u202eevil", "evil"),
        ("x" * 5_000, "x" * 199 + "…"),
        ("Rocket 🚀", "Rocket 🚀"),
        ("", "Unnamed provider"),
        (None, "Unnamed provider"),
        (7, "Unnamed provider"),
    ],
)
def test_x2_names(name: object, shown: str) -> None:
    assert only({"provider_name": name}).name == shown


@pytest.mark.parametrize("logo", [None, "", 7, "javascript:alert(1)", "data:image/svg+xml,<svg>"])
def test_x3_a_logo_that_is_no_link_is_none(logo: object) -> None:
    assert only({"provider_name": "Cityline", "provider_logo": logo}).logo_url is None


@pytest.mark.parametrize(
    "catalog", [None, {}, "", [], [None], [{"category": "internet"}], [{"products": None}], [{"products": {}}], 7]
)
def test_x4_a_catalog_without_products_is_no_plans(catalog: object) -> None:
    provider = only({"provider_name": "Cityline", "product_catalog": catalog})
    assert (provider.plans, provider.plans_left_out) == ((), 0)
    assert only({"provider_name": "Cityline"}).plans == ()


def test_x5_sixty_times_sixty_is_kept_whole() -> None:
    catalog = [{"products": [{"name": f"Plan {n}"} for n in range(60)]}]
    found = read_providers([{"provider_name": f"P{n}", "product_catalog": catalog} for n in range(60)])
    assert found is not None
    assert (len(found.providers), found.left_out) == (60, 0)
    assert all((len(provider.plans), provider.plans_left_out) == (60, 0) for provider in found.providers)


def test_x5_what_is_past_the_cap_is_counted() -> None:
    catalog = [{"products": [{"name": "a"}] * 50}, {"products": [{"name": "b"}] * 20 + [None, "text"]}]
    found = read_providers([{"provider_name": f"P{n}", "product_catalog": catalog} for n in range(500)])
    assert found is not None
    assert (len(found.providers), found.left_out, found.over_limit) == (100, 400, 400)
    first = found.providers[0]
    assert (len(first.plans), first.plans_left_out, first.plans_over_limit) == (60, 12, 10)


def test_one_bad_provider_drops_that_provider_only() -> None:
    found = read_providers(
        [{"provider_name": "A"}, None, "B", {}, {"unknown": 1}, ["C"], {"provider_name": "D", "offerings": 7}]
    )
    assert found is not None
    assert [provider.name for provider in found.providers] == ["A", "D"]
    assert (found.left_out, found.over_limit) == (5, 0)


@pytest.mark.parametrize("offerings", [None, [], {}, "Fiber", [None, 7]])
def test_x9_a_provider_without_offerings_is_still_a_provider(offerings: object) -> None:
    assert only({"provider_name": "Cityline", "offerings": offerings}).offerings == ()


def test_x9_many_offerings_stay() -> None:
    assert len(only({"provider_name": "Cityline", "offerings": [{"technology": "Fiber"}] * 40}).offerings) == 40


def test_x10_a_telephone_text_is_kept_where_it_does_not_dial() -> None:
    provider = only({"provider_name": "Cityline", "telephone": "CALL NOW"})
    assert (provider.telephone, provider.telephone_text) == (None, "CALL NOW")


def test_x11_entries_of_one_id_and_name_are_one_provider() -> None:
    cable, fiber = (
        {
            "provider_id": "1",
            "provider_name": "Cityline",
            "min_plan_price": {"amount_cents": cents},
            "offerings": [{"technology": name}],
        }
        for name, cents in (("Cable", 5000), ("Fiber", 4000))
    )
    other = {"provider_id": "1", "provider_name": "Otherline"}
    nameless = {"provider_name": "Cityline"}
    found = read_providers([cable, other, fiber, cable, nameless, nameless, None])
    assert found is not None
    assert [provider.name for provider in found.providers] == ["Cityline", "Otherline", "Cityline", "Cityline"]
    merged = found.providers[0]
    assert [offering.technology_text for offering in merged.offerings] == ["Cable", "Fiber"]
    assert merged.min_price == Money(4000)
    assert found.left_out == 1


def test_a_telephone_may_be_a_number() -> None:
    provider = only({"provider_name": "Cityline", "telephone": 8005550101})
    assert (provider.telephone, provider.telephone_text) == ("+18005550101", "800-555-0101")


def test_every_category_is_kept_with_its_name() -> None:
    products = [{"name": "Gig", "category": "Internet"}, {"name": "Channels"}]
    plans = only({"provider_name": "Cityline", "product_catalog": [{"category": "TV", "products": products}]}).plans
    assert [(plan.name, plan.category) for plan in plans] == [("Gig", "internet"), ("Channels", "tv")]


@pytest.mark.parametrize(
    ("limit", "shown"), [(None, None), ("", None), ("1.2 TB", "1.2 TB"), (1200, "1200"), ([], None)]
)
def test_a_data_limit_is_a_text_or_unknown(limit: object, shown: str | None) -> None:
    assert plan_of({"name": "Gig", "data_limit": limit}).data_limit == shown


def test_a_plan_of_nothing_but_unknown_fields_is_all_unknown() -> None:
    plan = plan_of({"mystery": [1]})
    assert plan.name == "Unnamed plan"
    assert (plan.download, plan.monthly_price, plan.contract_required, plan.position, plan.hum_rank) == (None,) * 5
    assert plan.technology is Technology.OTHER


def test_what_is_stated_in_words_is_read_as_yes_or_no() -> None:
    plan = plan_of({"is_contract_required": "yes", "is_modem_router_included": "False"})
    assert (plan.contract_required, plan.modem_included) == (True, False)


ENTRY: dict[str, object] = {"provider_name": "Cityline"}


@pytest.mark.parametrize(
    "answer",
    [
        [ENTRY],
        {"internet": [ENTRY]},
        {"services": {"internet": [ENTRY]}},
        {"data": [ENTRY], "meta": {}},
        {"data": {"internet": [ENTRY]}},
        {"data": {"services": {"internet": [ENTRY]}}},
    ],
)
def test_the_list_is_found_wherever_it_is_documented(answer: object) -> None:
    found = read_providers(answer)
    assert found is not None
    assert [provider.name for provider in found.providers] == ["Cityline"]


@pytest.mark.parametrize(
    "answer",
    [None, {}, "text", 7, {"data": None}, {"data": {"service_address": "x"}}, {"internet": None}, {"data": "[]"}],
)
def test_no_list_is_not_an_empty_list(answer: object) -> None:
    assert read_providers(answer) is None
    empty = read_providers([])
    assert empty is not None
    assert empty.providers == ()


def test_the_stored_list_has_no_secrets_and_reads_the_same_again() -> None:
    secret = "Zm9vYmFyYmF6" * 5
    entry = {
        "provider_name": "Cityline\x00",
        "security_token": secret,
        "url": f"https://shop.example.com/?t={secret}",
        "unknown": {"deep": [{"Security-Token": "x", "note": f"use {secret}", "odd\ud800": float("nan")}]},
    }
    found = read_providers([entry])
    assert found is not None
    assert found.raw == [
        {
            "provider_name": "Cityline",
            "url": "https://shop.example.com/?t=[hidden]",
            "unknown": {"deep": [{"note": "use [hidden]", "odd?": None}]},
        }
    ]
    assert found.providers[0].url is None
    assert read_providers(json.loads(json.dumps(found.raw))) == found
