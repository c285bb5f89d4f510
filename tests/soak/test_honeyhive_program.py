"""`python -m webapp.simulator.honeyhive` serves, with the fault that it was told, until it is interrupted."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
import requests

from tests.paths import ROOT

HEADERS = {"Authorization": "Bearer any"}


@pytest.mark.parametrize(("arguments", "status"), [([], 200), (["--fault", "503"], 503), (["--api-key", "x"], 401)])
def test_it_serves_until_it_is_interrupted(arguments: list[str], status: int) -> None:
    command = [sys.executable, "-m", "webapp.simulator.honeyhive", "--port", "0", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        url = program.stdout.readline().split()[2]
        assert requests.post(f"{url}/v1/sessions", json={}, headers=HEADERS, timeout=10).status_code == status
        program.send_signal(signal.SIGINT)
        assert program.wait(10) == 0
