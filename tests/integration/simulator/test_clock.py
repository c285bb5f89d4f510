"""A session's own time: as fast as its create call asked, or as old as a call says."""

from __future__ import annotations

import pytest

from tests.integration.simulator.conftest import Caller
from webapp.simulator import AGE_HEADER, SPEED_HEADER

ADDRESS = {"street1": "902 Scenario Way", "zip": "48226"}


def token_at(caller: Caller, scenario: str, speed: str) -> str:
    answer = caller.create(scenario, headers={SPEED_HEADER: speed})
    return str(answer.json["meta"]["session_token"])


def test_a_fast_session_ages_five_seconds_in_one_and_its_dates_are_real(caller: Caller) -> None:
    fast, real = token_at(caller, "fast", "5"), caller.token("fast")
    caller.clock.advance(0.8)
    assert caller.internet(fast).status_code == 200
    assert caller.internet(real).status_code == 202
    meta = caller.status(fast).json["meta"]
    assert meta["created_at"] < meta["updated_at"] == meta["responded_at"]


def test_a_fast_session_hangs_for_a_fifth_of_the_time(caller: Caller) -> None:
    token = token_at(caller, "timeout", "5")
    caller.clock.advance(0.5)
    before = caller.clock()
    caller.status(token)
    assert caller.clock() - before == pytest.approx(6)


def test_a_fast_create_that_waits_for_its_agents_makes_a_session_of_their_age(caller: Caller) -> None:
    before = caller.clock()
    answer = caller.create(headers={SPEED_HEADER: "5", "X-Simulator-Scenario": "fast"}, sync=["geocode"], **ADDRESS)
    assert caller.clock() - before == pytest.approx(1.2 / 5)
    assert answer.json["meta"]["agent_status"]["geocoding"] == "matched"


def test_a_call_may_say_how_old_the_session_is_and_nothing_of_it_stays(caller: Caller) -> None:
    token = caller.token("fast")
    at_four = {AGE_HEADER: "4.0"}
    assert caller.call("GET", f"/sessions/{token}/services/internet", headers=at_four).status_code == 200
    assert caller.internet(token).status_code == 202
    caller.clock.advance(60)
    at_one = caller.call("GET", f"/sessions/{token}", headers={AGE_HEADER: "1"})
    assert at_one.json["meta"]["agent_status"]["geocoding"] == "pending"
    assert caller.internet(token).status_code == 200


@pytest.mark.parametrize(("speed", "age", "wait"), [("1", "2", 3), ("1", "4.5", 0.5), ("5", "0.5", 0.5)])
def test_a_reset_is_as_far_ahead_of_the_clock_as_the_fault_is_long(
    caller: Caller, speed: str, age: str, wait: float
) -> None:
    token = token_at(caller, "rate-limited", speed)
    caller.clock.advance(1_000)
    refused = caller.call("GET", f"/sessions/{token}", headers={AGE_HEADER: age})
    assert refused.status_code == 429
    assert 0 <= int(refused.headers["X-RateLimit-Reset"]) - (caller.clock() + wait) < 1


@pytest.mark.parametrize("age", ["", "-1", "nan", "inf", "86401", "soon"])
def test_an_age_that_is_none_is_refused(caller: Caller, age: str) -> None:
    token = caller.token("fast")
    answer = caller.call("GET", f"/sessions/{token}", headers={AGE_HEADER: age})
    assert (answer.status_code, AGE_HEADER in answer.json["message"]) == (400, True)


@pytest.mark.parametrize("speed", ["", "0", "-1", "1.5", "101", "9" * 30, "fast", "²"])
def test_a_speed_that_is_none_is_refused(caller: Caller, speed: str) -> None:
    answer = caller.create("fast", headers={SPEED_HEADER: speed})
    assert (answer.status_code, SPEED_HEADER in answer.json["message"]) == (400, True)
