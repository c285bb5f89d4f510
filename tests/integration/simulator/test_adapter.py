"""The in-process transport gives `requests` what a socket would."""

from __future__ import annotations

import pytest
import requests
from urllib3 import Timeout

from webapp.simulator import SimulatorAdapter

BASE = "http://simulator.localhost"
HEADERS = {"Authorization": "Bearer k", "Content-Type": "application/json", "X-Simulator-Scenario": "timeout"}
ADDRESS = {"street1": "1001 Woodward Ave", "zip": "48226"}


@pytest.fixture
def http(app, clock):
    session = requests.Session()
    session.trust_env = False
    session.mount(BASE, SimulatorAdapter(app, sleep=clock.advance))
    with session:
        yield session


def test_a_lookup_reads_like_one_over_the_network(http, clock):
    created = http.post(f"{BASE}/sessions", json=ADDRESS, headers=HEADERS | {"X-Simulator-Scenario": "fast"})
    token = created.headers["Session_Token"]
    clock.advance(4)
    listed = http.get(f"{BASE}/sessions/{token}/services/internet", headers=HEADERS)
    assert (created.status_code, created.reason, created.url) == (201, "CREATED", f"{BASE}/sessions")
    assert int(listed.headers["Content-Length"]) == len(listed.content)
    assert len(listed.json()["data"]["internet"]) == 6


def test_the_body_can_be_read_raw_in_pieces(http):
    answer = http.get(f"{BASE}/ping", stream=True)
    pieces = list(answer.raw.stream(10, decode_content=False))
    assert len(pieces[0]) == 10
    assert b"".join(pieces).startswith(b'{"message"')
    assert answer.raw.read(1, decode_content=False) == b""


def test_queries_keep_their_repeated_names(http):
    answer = http.get(f"{BASE}/coverage", params=[("states[]", "MI"), ("states[]", "PR")], headers=HEADERS)
    assert answer.json()["meta"]["query"] == {"states": ["MI", "PR"]}


def test_percent_signs_in_a_path_arrive_decoded_once(http):
    assert http.get(f"{BASE}/sessions/%20", headers=HEADERS).status_code == 400


@pytest.mark.parametrize("timeout", [6, (3, 6), (None, 6), Timeout(connect=3, read=6)])
def test_a_hanging_answer_is_a_read_timeout_after_the_callers_patience(http, clock, timeout):
    token = http.post(f"{BASE}/sessions", json=ADDRESS, headers=HEADERS).json()["meta"]["session_token"]
    clock.advance(2)
    before = clock.now
    with pytest.raises(requests.exceptions.ReadTimeout):
        http.get(f"{BASE}/sessions/{token}", headers=HEADERS, timeout=timeout)
    assert clock.now - before == 6


def test_a_patient_caller_gets_the_answer_after_thirty_seconds(http, clock):
    token = http.post(f"{BASE}/sessions", json=ADDRESS, headers=HEADERS).json()["meta"]["session_token"]
    clock.advance(2)
    before = clock.now
    answer = http.get(f"{BASE}/sessions/{token}", headers=HEADERS)
    assert clock.now - before == 30
    assert answer.json()["meta"]["agent_status"]["internet"] == "matched"


def test_a_create_call_can_hang_too(http):
    with pytest.raises(requests.exceptions.ReadTimeout):
        http.post(
            f"{BASE}/sessions",
            json=ADDRESS,
            headers=HEADERS | {"X-Simulator-Scenario": "create-timeout"},
            timeout=(3, 20),
        )
