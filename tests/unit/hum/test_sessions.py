"""A session as each generation tells it: token, agents, address, echo and providers in one shape."""

from __future__ import annotations

import pytest

from tests.integration.hum.wire import TOKEN
from webapp.hum.sessions import (
    AgentState,
    ServiceAddress,
    agent_state,
    first_token,
    read_internet,
    read_session,
    service_address,
    zip_text,
)


def session(meta: object = None, data: object = None, **others: object):
    return read_session({"meta": meta, "data": data, **others}, token=TOKEN, processing=False)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("pending", AgentState.PENDING),
        ("MATCHED", AgentState.MATCHED),
        (" Multiple ", AgentState.MULTIPLE),
        ("failed", AgentState.FAILED),
        ("running", AgentState.UNKNOWN),
        ("", AgentState.UNKNOWN),
        (["matched"], AgentState.UNKNOWN),
        (None, None),
    ],
)
def test_an_agent_is_known_in_any_case_and_unknown_words_are_no_error(word: object, state: AgentState | None) -> None:
    assert agent_state(word) is state


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("29090 TIFFANY DR E, SOUTHFIELD, MI 48034", ServiceAddress("29090 TIFFANY DR E, SOUTHFIELD, MI 48034")),
        (
            {"normalized": "1001 Woodward Ave", "latitude": 42.3317, "longitude": "-83.0479"},
            ServiceAddress("1001 Woodward Ave", 42.3317, -83.0479),
        ),
        ({"normalized": "1001 Woodward Ave", "latitude": 0, "longitude": 0}, ServiceAddress("1001 Woodward Ave")),
        ({"normalized": "1001 Woodward Ave", "latitude": 420, "longitude": 1}, ServiceAddress("1001 Woodward Ave")),
        (
            {"street": "77 Massachusetts Ave", "city": "Cambridge", "state": "MA", "zip": 2139},
            ServiceAddress("77 Massachusetts Ave, Cambridge, MA 02139"),
        ),
        ({"latitude": 42.3, "longitude": -83.0}, None),
        ("\u202e\x00 ", None),
        ("", None),
        (None, None),
        (["1001 Woodward Ave"], None),
    ],
)
def test_x12_the_matched_address_is_one_line_or_unknown(value: object, address: ServiceAddress | None) -> None:
    assert service_address(value) == address


def test_the_address_in_data_comes_before_the_one_in_meta() -> None:
    both = session(meta={"service_address": "DETROIT"}, data={"service_address": "SOUTHFIELD"})
    assert both.service_address == ServiceAddress("SOUTHFIELD")
    only_meta = session(meta={"service_address": "DETROIT"}, data={"service_address": None})
    assert only_meta.service_address == ServiceAddress("DETROIT")


@pytest.mark.parametrize(
    ("value", "text"),
    [("v.1005", "v.1005"), ("25041808", "25041808"), (25041808, "25041808"), (None, None), ([], None)],
    ids=repr,
)
def test_x13_a_data_set_is_a_text(value: object, text: str | None) -> None:
    assert session(meta={"hum_data_set": value}).data_set == text


def test_x14_agents_hum_may_add_are_ignored() -> None:
    told = session(meta={"agent_status": {"geocoding": "matched", "plans": "running", "checkout": "pending"}})
    assert (told.geocoding, told.internet) == (AgentState.MATCHED, None)


@pytest.mark.parametrize("agents", [None, [], "matched", 7])
def test_x14_no_agents_is_not_pending(agents: object) -> None:
    told = session(meta={"agent_status": agents})
    assert (told.geocoding, told.internet) == (None, None)


def test_x15_a_warning_is_a_notice_in_hums_words() -> None:
    assert session(request_status="Warning", message="Partly\u202e done").warning == "Partly done"
    assert session(request_status="ok", message="Fine").warning is None


def test_a_zip_has_five_digits_again() -> None:
    assert [zip_text(value) for value in ("48226-3437", 48034, True, -1, None)] == ["48226-3437", "48034", "", "-1", ""]


@pytest.mark.parametrize(
    "envelope", [{}, {"meta": None, "data": None}, {"meta": [], "data": "x"}, {"meta": {"session_token": 7}}]
)
def test_missing_everything_is_a_session_that_says_nothing(envelope: dict[str, object]) -> None:
    told = read_session(envelope, token=None, processing=True)
    assert (told.token, told.geocoding, told.internet, told.service_address, told.providers) == (None,) * 5
    assert told.processing


@pytest.mark.parametrize(
    ("envelope", "headers", "token"),
    [
        (
            {"meta": {"session_token": "fromMeta1"}, "data": {"session_token": "fromData1"}},
            {"session_token": "fromHead1"},
            "fromMeta1",
        ),
        ({"meta": {}, "data": {"session_token": "fromData1"}}, {"session_token": "fromHead1"}, "fromData1"),
        ({"data": []}, {"session_token": "fromHead1"}, "fromHead1"),
        ({"meta": {"session_token": "a" * 1000}, "data": {"session_token": "good-token_1"}}, {}, "good-token_1"),
        ({"meta": {"session_token": "../../evil"}}, {}, None),
        ({"meta": {"session_token": 12345678}}, {}, None),
        ({}, {}, None),
    ],
)
def test_x21_the_token_is_the_first_that_can_be_one(
    envelope: dict[str, object], headers: dict[str, str], token: str | None
) -> None:
    assert first_token(envelope, headers) == token


def test_a_session_does_not_print_its_token() -> None:
    assert TOKEN not in repr(session())


PROVIDER = {"provider_name": "Cityline"}


def test_providers_in_the_answer_to_a_create_are_there_at_once() -> None:
    told = session(data=[PROVIDER])
    assert told.providers is not None
    assert [provider.name for provider in told.providers.providers] == ["Cityline"]
    assert session(data={"session_token": "x"}).providers is None


@pytest.mark.parametrize(
    ("envelope", "processing", "ready", "names"),
    [
        ({"data": {"internet": [PROVIDER]}}, False, True, ["Cityline"]),
        ({"data": {"internet": []}}, False, True, []),
        ({"data": {"internet": [PROVIDER]}}, True, False, ["Cityline"]),
        ({"data": {"internet": []}}, True, False, None),
        ({"data": {"internet": None}}, False, False, None),
        ({"data": {}}, False, False, None),
        ({}, True, False, None),
    ],
)
def test_services_are_ready_when_final_and_listed(
    envelope: dict[str, object], processing: bool, ready: bool, names: list[str] | None
) -> None:
    services = read_internet(envelope, processing=processing)
    assert services.ready is ready
    assert (services.providers and [provider.name for provider in services.providers.providers]) == names or names == []
    assert (services.providers is None) is (names is None)
