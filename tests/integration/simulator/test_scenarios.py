"""Each scenario plays what its line promises, at the second it promises."""

from __future__ import annotations

import pytest

from webapp.simulator import SCENARIOS

THE_24 = [
    "instant",
    "fast",
    "slow",
    "never",
    "accepted-then-ready",
    "multiple",
    "geocode-failed",
    "internet-failed",
    "no-providers",
    "empty-catalog",
    "sixty-providers",
    "null-fields",
    "range-speeds",
    "old-promo",
    "object-address",
    "other-house",
    "unauthorized",
    "not-found",
    "gone-mid-poll",
    "invalid",
    "rate-limited",
    "server-error-once",
    "html-error",
    "timeout",
]

# scenario, then (age, status code, geocoding, internet, provider list code, providers) at moments that matter; None:
# not said
TIMELINES = {
    "instant": [(0, 200, "matched", "matched", 200, 6)],
    "fast": [
        (0, 202, "pending", "pending", 202, 0),
        (1.2, 200, "matched", "pending", 202, 0),
        (3.9, 200, "matched", "pending", 202, 0),
        (4, 200, "matched", "matched", 200, 6),
    ],
    "slow": [(24.9, 200, "matched", "pending", 202, 0), (25, 200, "matched", "matched", 200, 6)],
    "never": [(1.2, 200, "matched", "pending", 202, 0), (1_700, 200, "matched", "pending", 202, 0)],
    "accepted-then-ready": [(4.9, 202, "matched", "pending", 202, None), (5, 200, "matched", "matched", 200, 6)],
    "multiple": [
        (1.4, 202, "pending", "pending", 202, 0),
        (1.5, 200, "multiple", "pending", 202, 0),
        (3, 200, "multiple", "failed", 200, 0),
    ],
    "geocode-failed": [(1.5, 200, "failed", "pending", 202, 0), (1_700, 200, "failed", "pending", 202, 0)],
    "internet-failed": [(1.2, 200, "matched", "pending", 202, 0), (4, 200, "matched", "failed", 200, 0)],
    "no-providers": [(4, 200, "matched", "matched", 200, 0)],
    "empty-catalog": [(4, 200, "matched", "matched", 200, 6), (1_700, 200, "matched", "matched", 200, 6)],
    "sixty-providers": [(4, 200, "matched", "matched", 200, 60)],
    "null-fields": [(4, 200, "matched", "matched", 200, 10)],
    "range-speeds": [(4, 200, "matched", "matched", 200, 2)],
    "old-promo": [(0, 200, "matched", "matched", 200, 6)],
    "object-address": [(4, 200, "matched", "matched", 200, 6)],
    "other-house": [(4, 200, "matched", "matched", 200, 6)],
    "not-found": [(0, 404, None, None, 404, None)],
    "gone-mid-poll": [(4.9, 200, "matched", "pending", 202, 0), (5, 410, None, None, 410, None)],
    "rate-limited": [
        (1.9, 200, "matched", "pending", 202, 0),
        (2, 429, None, None, 429, None),
        (4.9, 429, None, None, 429, None),
        (5, 200, "matched", "pending", 202, 0),
        (6, 200, "matched", "matched", 200, 6),
    ],
    "server-error-once": [
        (2, 500, None, None, 500, None),
        (4, 200, "matched", "pending", 202, 0),
        (6, 200, "matched", "matched", 200, 6),
    ],
    "html-error": [
        (2, 502, None, None, 502, None),
        (5, 200, "matched", "pending", 202, 0),
        (6, 200, "matched", "matched", 200, 6),
    ],
    "timeout": [(1.9, 200, "matched", "pending", 202, 0), (12, 200, "matched", "matched", 200, 6)],
    "late-plans": [(3.9, 200, "matched", "pending", 202, 0), (4, 200, "matched", "matched", 200, 6)],
    "create-timeout": [(0, 200, "matched", "matched", 200, 6)],  # thirty seconds old when its create call answers
    "normal": [(3.9, 200, "matched", "pending", 202, 0), (6, 200, "matched", "matched", 200, 6)],
}


def test_the_24_scenarios_are_there_in_order_and_everything_else_is_extra():
    assert [key for key, scenario in SCENARIOS.items() if not scenario.extra] == THE_24


def test_every_scenario_has_words_a_number_and_a_house_of_its_own():
    for scenario in SCENARIOS.values():
        assert scenario.title, scenario.key
        assert scenario.line.endswith("."), scenario.key
    assert len({scenario.number for scenario in SCENARIOS.values()}) == len(SCENARIOS)
    houses = [scenario.house_number for scenario in SCENARIOS.values() if not scenario.extra]
    assert houses == list(range(901, 925))


@pytest.mark.parametrize(("key", "moments"), TIMELINES.items(), ids=TIMELINES.keys())
def test_a_session_is_at_each_moment_what_the_scenario_says(caller, key, moments):
    created = caller.create(key)
    born = caller.clock.now
    token = created.json["meta"]["session_token"]
    for age, code, geocoding, internet, list_code, providers in moments:
        caller.clock.now = born + age
        status, services = caller.status(token), caller.internet(token)
        assert (status.status_code, services.status_code) == (code, list_code), age
        if geocoding:
            agents = status.json["meta"]["agent_status"]
            assert (agents["geocoding"], agents["internet"]) == (geocoding, internet), age
        if providers is not None:
            assert len(services.json["data"]["internet"]) == providers, age


@pytest.mark.parametrize(
    ("key", "code"),
    [("unauthorized", 401), ("invalid", 422), ("create-rate-limited", 429), ("create-server-error", 500)],
)
def test_a_create_fault_refuses_the_create_call(caller, key, code):
    assert caller.create(key).status_code == code


def test_every_scenario_is_played_by_some_test_here():
    refused = {"unauthorized", "invalid", "create-rate-limited", "create-server-error"}
    assert TIMELINES.keys() | refused == SCENARIOS.keys()


class TestShapes:
    def list_of(self, caller, key, seconds=6.0):
        token = caller.token(key)
        caller.clock.advance(seconds)
        return caller.internet(token).json["data"]["internet"]

    def test_instant_gives_the_same_providers_in_the_create_answer_with_four_meta_fields(self, caller):
        created = caller.create("instant")
        token = created.json["meta"]["session_token"]
        assert created.json["data"] == caller.internet(token).json["data"]["internet"] != []
        assert created.json["meta"].keys() == {"session_token", "session_status", "responded_at", "hum_data_set"}
        assert caller.status(token).json["data"]["service_address"] == "1001 WOODWARD AVE, DETROIT, MI 48226"

    def test_accepted_then_ready_has_no_data_while_it_waits(self, caller):
        assert "data" not in caller.internet(caller.token("accepted-then-ready")).json

    @pytest.mark.parametrize("key", ["multiple", "geocode-failed"])
    def test_an_address_is_given_although_it_is_not_matched(self, caller, key):
        """Hum's description demands the text in every answer; the agent alone says whether it is a match."""
        token = caller.token(key)
        for seconds, status in ((0, 202), (10, 200)):
            caller.clock.advance(seconds)
            answer = caller.status(token)
            assert (answer.status_code, answer.json["data"]["service_address"]) == (
                status,
                "1001 WOODWARD AVE, DETROIT, MI 48226",
            )
            assert answer.json["meta"]["service_address"] is None
            assert answer.json["meta"]["agent_status"]["geocoding"] != "matched"

    def test_the_oldest_shape_gives_no_address_before_there_is_a_match(self, caller):
        assert caller.status(caller.token("object-address")).json["data"]["service_address"] is None

    def test_empty_catalog_lists_providers_without_a_plan(self, caller):
        assert {len(provider["product_catalog"]) for provider in self.list_of(caller, "empty-catalog", 1_000)} == {0}

    def test_late_plans_follow_their_providers(self, caller):
        token = caller.token("late-plans")
        plans = []
        for _ in range(2):
            caller.clock.advance(5)
            plans.append(
                sum(len(provider["product_catalog"]) for provider in caller.internet(token).json["data"]["internet"])
            )
        assert plans[0] == 0 < plans[1]

    def test_sixty_providers_have_names_of_their_own_and_some_have_sixty_plans(self, caller):
        providers = self.list_of(caller, "sixty-providers")
        plans = [sum(len(category["products"]) for category in provider["product_catalog"]) for provider in providers]
        assert len({provider["provider_name"] for provider in providers}) == 60
        assert plans.count(60) == 6

    def test_null_fields_begins_with_a_good_provider_and_warns(self, caller):
        token = caller.token("null-fields")
        caller.clock.advance(4)
        body = caller.internet(token).json
        assert body["request_status"] == "warning"
        assert body["data"]["internet"][0]["product_catalog"] != []
        assert {provider.get("telephone") for provider in body["data"]["internet"]} >= {None, "CALL NOW"}

    def test_range_speeds_are_ranges_and_phrases(self, caller):
        speeds = {
            product["download_speed"]
            for provider in self.list_of(caller, "range-speeds")
            for category in provider["product_catalog"]
            for product in category["products"]
        }
        assert {"50-100", "Up to 1 Gig", "1,000"} <= speeds

    def test_old_promo_is_flat_with_whole_number_speeds(self, caller):
        providers = caller.create("old-promo").json["data"]
        products = [
            product
            for provider in providers
            for category in provider["product_catalog"]
            for product in category["products"]
        ]
        assert all("promo_text" in provider and "provider_promo" not in provider for provider in providers)
        assert {type(product["download_speed"]) for product in products} == {int}

    def test_object_address_speaks_the_oldest_shape(self, caller):
        created = caller.create("object-address")
        caller.clock.advance(4)
        status = caller.status(created.json["data"]["session_token"]).json
        assert status["data"]["service_address"]["normalized"] == "1001 WOODWARD AVE, DETROIT, MI 48226"
        assert status["data"]["service_address"]["zip"] == 48226
        assert status["meta"]["session_params"]["zip"] == 48226
        assert status["meta"]["hum_data_set"] == "v.1005"

    def test_oldest_providers_have_no_id_and_text_technology_codes(self, caller):
        for provider in self.list_of(caller, "object-address"):
            assert "provider_id" not in provider
            assert all(isinstance(offering["technology_code"], str) for offering in provider["offerings"])

    def test_other_house_matches_a_number_that_was_not_typed(self, caller):
        token = caller.token("other-house")
        caller.clock.advance(2)
        assert caller.status(token).json["data"]["service_address"] == "1011 WOODWARD AVE, DETROIT, MI 48226"

    def test_invalid_names_two_fields_and_the_base(self, caller):
        assert caller.create("invalid").json["errors"].keys() == {"street1", "zip", "base"}

    def test_invalid_with_the_unit_nested_wraps_its_errors_twice(self, caller):
        answer = caller.create("invalid", street1="1001 Woodward Ave", street2="nested", zip="48226")
        assert answer.json["errors"].keys() == {"errors"}
        assert answer.json["errors"]["errors"].keys() == {"street1", "zip", "base"}

    def test_rate_limited_says_when_to_come_back_and_means_it(self, caller):
        token = caller.token("rate-limited")
        caller.clock.advance(2)
        refused = caller.status(token)
        assert refused.status_code == 429
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        caller.clock.now = float(refused.headers["X-RateLimit-Reset"])
        assert caller.status(token).status_code == 200

    def test_html_error_is_a_page(self, caller):
        token = caller.token("html-error")
        caller.clock.advance(2)
        assert caller.status(token).mimetype == "text/html"

    @pytest.mark.parametrize(("key", "answer"), [("not-found", 404), ("gone-mid-poll", 410)])
    def test_a_lost_session_cannot_be_closed_either(self, caller, key, answer):
        token = caller.token(key)
        caller.clock.advance(5)
        assert caller.close(token).status_code == answer


class TestChoice:
    def chosen(self, caller, **call):
        """The scenario that `never`, `internet-failed` or nothing leads to, told by how its session ends."""
        token = caller.token(**call)
        caller.clock.advance(6)
        return caller.status(token).json["meta"]["agent_status"]["internet"]

    def test_by_header(self, caller):
        assert self.chosen(caller, scenario="never") == "pending"

    def test_by_campaign_id(self, caller):
        assert (
            self.chosen(caller, street1="1001 Woodward Ave", zip="48226", campaign_id="scenario:internet-failed")
            == "failed"
        )

    @pytest.mark.parametrize("street", ["904 Scenario Way", " 904  SCENARIO way", "904 Scenario Way Apt 3"])
    def test_by_house_number_on_scenario_way(self, caller, street):
        assert self.chosen(caller, street1=street, zip="48226") == "pending"

    @pytest.mark.parametrize(
        "street", ["904 Woodward Ave", "904 Scenario Wayside", "1904 Scenario Way", "999 Scenario Way"]
    )
    def test_other_streets_and_numbers_play_the_normal_flow(self, caller, street):
        assert self.chosen(caller, street1=street, zip="48226") == "matched"

    def test_the_header_beats_the_campaign_and_the_campaign_the_street(self, caller):
        address = {"street1": "904 Scenario Way", "zip": "48226", "campaign_id": "scenario:internet-failed"}
        assert self.chosen(caller, scenario="fast", **address) == "matched"
        assert self.chosen(caller, **address) == "failed"

    @pytest.mark.parametrize("scenario", [scenario for scenario in SCENARIOS.values() if scenario.create_fault is None])
    def test_each_documented_address_plays_its_scenario(self, caller, scenario):
        by_address, by_header = caller.token(**scenario.address), caller.token(scenario.key)
        for _ in range(6):
            caller.clock.advance(1)
            if scenario.key == "timeout":
                continue
            assert caller.status(by_address).status_code == caller.status(by_header).status_code

    def test_an_unknown_name_is_refused(self, caller):
        assert caller.create("fsat").json["errors"].keys() == {"base"}
        answer = caller.create(street1="1001 Woodward Ave", zip="48226", campaign_id="scenario:fsat")
        assert answer.status_code == 422
        assert answer.json["errors"].keys() == {"campaign_id"}

    def test_another_campaign_is_just_a_campaign(self, caller):
        assert caller.create(street1="1001 Woodward Ave", zip="48226", campaign_id="summer-2024").status_code == 201
