"""`python -m webapp.simulator` serves the same app over HTTP, with its faults below HTTP."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import requests


@pytest.fixture
def url():
    options = ["--port", "0", "--speed", "1000", "--api-key", "the-one", "--faults"]
    command = [sys.executable, "-m", "webapp.simulator", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())[0]
        finally:
            server.terminate()


def test_it_prints_where_it_listens_and_plays_a_lookup_there(url):
    with requests.Session() as http:
        http.trust_env = False
        http.headers.update({"Authorization": "Bearer the-one"})
        created = http.post(f"{url}/sessions", json={"street1": "901 Scenario Way", "zip": "48226"}, timeout=5)
        token = created.headers["session_token"]
        assert len(created.json()["data"]) == 6
        assert http.get(f"{url}/sessions/{token}", timeout=5).json()["meta"]["agent_status"]["internet"] == "matched"
        assert http.get(f"{url}/ping", headers={"Authorization": "Bearer another"}, timeout=5).status_code == 401
        broken = {"street1": "939 Scenario Way", "street2": "at create", "zip": "48226"}
        with pytest.raises(requests.exceptions.ConnectionError, match="ConnectionResetError"):
            http.post(f"{url}/sessions", json=broken, timeout=5)
