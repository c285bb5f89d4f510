"""The fault catalog: how a fault is chosen, when it begins, and that it is the same in process as on a socket."""

from __future__ import annotations

import json

import pytest
import requests

from tests.integration.simulator.conftest import START, Caller, Clock
from webapp.simulator import SCENARIOS, SimulatorAdapter, create_app
from webapp.simulator.faults import MARKUP
from webapp.simulator.faults.table import FAULTS, GROUPS
from webapp.simulator.faults.timing import AT_CREATE, AT_PLANS

BY_KEY = {**SCENARIOS, **FAULTS}
BASE = "http://simulator.localhost"
RAISED = {
    "Before HTTP": requests.exceptions.ConnectionError,
    "Slow or silent": requests.exceptions.ReadTimeout,
    "Broken connections": requests.exceptions.ConnectionError,
}
HEADERS = {"Authorization": "Bearer k", "Content-Type": "application/json"}


def address(key: str, moment: str = "") -> dict[str, str]:
    return BY_KEY[key].address | ({"street2": moment} if moment else {})


def test_faults_have_names_numbers_and_houses_of_their_own():
    numbers = {scenario.number for scenario in BY_KEY.values()}
    assert len(BY_KEY) == len(numbers) == len(SCENARIOS) + len(FAULTS)
    assert [fault.key for fault in FAULTS.values() if not fault.key.startswith("fault-")] == []
    assert {fault.house_number for fault in FAULTS.values()} <= set(range(930, 1000))


@pytest.mark.parametrize(
    ("scenario", "body"),
    [
        (None, {"street1": "952 Scenario Way", "zip": "48226"}),
        (None, {"street1": "1001 Woodward Ave", "zip": "48226", "campaign_id": "scenario:fault-500"}),
        ("fault-500", {"street1": "1001 Woodward Ave", "zip": "48226"}),
    ],
)
def test_it_is_chosen_like_a_scenario_and_begins_at_second_3(caller: Caller, clock, scenario, body):
    token = caller.token(scenario, **body)
    clock.advance(2.9)
    assert caller.status(token).json["meta"]["agent_status"]["geocoding"] == "matched"
    for seconds in (0.1, 30, 600):
        clock.advance(seconds)
        assert [call(token).status_code for call in (caller.status, caller.internet)] == [500, 500]
    assert caller.close(token).status_code == 200


def test_at_create_it_alters_the_create_call_and_nothing_else(caller: Caller, clock):
    created = caller.create(**address("fault-bom", AT_CREATE))
    assert created.data.startswith(b"\xef\xbb\xbf")
    token = json.loads(created.data.decode("utf-8-sig"))["meta"]["session_token"]
    clock.advance(10)
    assert not caller.status(token).data.startswith(b"\xef\xbb\xbf")
    assert caller.internet(token).json["data"]["internet"][0]["product_catalog"]


def test_at_plans_it_begins_when_the_providers_are_there_without_plans(caller: Caller, clock):
    token = caller.token(**address("fault-404", AT_PLANS))
    clock.advance(4)
    assert {len(provider["product_catalog"]) for provider in caller.internet(token).json["data"]["internet"]} == {0}
    clock.advance(2)
    assert caller.internet(token).status_code == 404


def test_a_unit_of_that_name_is_only_a_unit_elsewhere(caller: Caller):
    assert caller.create(**address("fast", AT_CREATE)).status_code == 201


@pytest.mark.parametrize("key", [key for key, fault in FAULTS.items() if fault.before_http])
def test_a_fault_before_http_cannot_be_chosen_over_http(caller: Caller, key):
    answer = caller.create(**address(key))
    assert answer.status_code == 422
    assert "HUM_API_URL" in answer.json["errors"]["base"][0]


@pytest.mark.parametrize(("group", "key"), [(group.title, fault.key) for group in GROUPS for fault in group.faults])
def test_in_process_every_fault_is_an_answer_or_what_requests_raises(clock, group, key):
    simulator = create_app(clock=clock, sleep=clock.advance, faults=True)
    with requests.Session() as http:
        http.mount(BASE, SimulatorAdapter(simulator, sleep=clock.advance))
        created = http.post(f"{BASE}/sessions", json=address(key), headers=HEADERS, timeout=5)
        url = f"{BASE}/sessions/{created.headers['session_token']}"
        assert http.get(url, headers=HEADERS, timeout=5).status_code == 202
        clock.advance(3)
        if group in RAISED and key != "fault-doubled-headers":
            with pytest.raises(RAISED[group]):
                http.get(url, headers=HEADERS, timeout=5)
            return
        with http.get(url, headers=HEADERS, timeout=5, stream=True, allow_redirects=False) as answer:
            assert answer.is_redirect or answer.raw.read(decode_content=False) or key in {"fault-empty", "fault-204"}
        assert clock.now == START + 3, "the call must not wait"


def test_the_pages_of_faults_hold_what_must_not_be_shown(caller: Caller, clock):
    token = caller.token(**address("fault-html"))
    clock.advance(3)
    page = caller.status(token).text
    assert MARKUP in page
    assert "Bearer key-of-the-tests" in page


def test_the_bodies_that_are_too_large_are(caller: Caller, clock):
    sizes = {}
    for key in ("fault-gzip-bomb", "fault-ten-megabytes", "fault-many-plans", "fault-many-lean-plans"):
        token = caller.token(**address(key))
        clock.advance(4)
        sizes[key.removeprefix("fault-")] = len(caller.internet(token).data) / 1e6
    assert sizes["gzip-bomb"] < 0.5
    assert 10 < sizes["ten-megabytes"] < 11
    assert 20 < sizes["many-plans"] < 30
    assert 1 < sizes["many-lean-plans"] < 1.5


class TestWhereFaultsAreSwitchedOff:
    """As in a public demo."""

    @pytest.fixture
    def public(self, clock: Clock) -> Caller:
        return Caller(create_app(clock=clock, sleep=clock.advance).test_client(), clock)

    @pytest.mark.parametrize("key", list(FAULTS))
    @pytest.mark.parametrize("moment", ["", AT_CREATE, AT_PLANS])
    def test_its_address_is_a_house_like_any_other(self, public: Caller, key: str, moment: str) -> None:
        token = public.token(**address(key, moment))
        public.clock.advance(6)
        answer = public.internet(token)
        assert (answer.status_code, len(answer.data) < 100_000) == (200, True)
        assert answer.json["data"]["internet"][0]["product_catalog"]

    def test_its_name_is_refused_and_says_what_is_missing(self, public: Caller) -> None:
        by_header = public.create("fault-many-plans")
        assert (by_header.status_code, "--faults" in by_header.json["errors"]["base"][0]) == (422, True)
        by_campaign = public.create(**address("fast"), campaign_id="scenario:fault-500")
        assert (by_campaign.status_code, "--faults" in by_campaign.json["errors"]["campaign_id"][0]) == (422, True)

    def test_a_session_of_a_fault_is_unknown(self, caller: Caller, public: Caller) -> None:
        assert public.status(caller.token("fault-500")).status_code == 404
