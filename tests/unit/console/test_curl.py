"""The command does in a shell what the app did, and nothing else, whatever was typed as an address."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.unit.console.made_calls import call
from webapp.pages.console.rows import curl

BASE = "https://hum.example.com/v1"
# Stands in for curl: says what it was given, one argument a line.
SAY = """curl() { for argument in "$@"; do printf '%s\\0' "$argument"; done; }\n"""
ENVIRONMENT = {"HUM_API_KEY": "the key", "SESSION_TOKEN": "the-token", "PATH": "/nowhere"}


def arguments(command: str) -> list[str]:
    """What a shell makes of the command."""
    done = subprocess.run(["/bin/sh", "-c", SAY + command], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert not done.stderr
    return done.stdout.split("\0")[:-1]


def test_a_status_call() -> None:
    given = arguments(curl(call("status"), BASE))
    assert given == [
        "--request",
        "GET",
        f"{BASE}/sessions/the-token",
        "--header",
        "Authorization: Bearer the key",
        "--header",
        "Accept: application/json",
    ]


@pytest.mark.parametrize(
    "street",
    ["1 O'Fallon St", '1 "Quoted" St', "$(touch x) `id` $HOME !!", "back\\slash", "line\nbreak", "été ’ 街", "--data"],
)
def test_the_body_arrives_letter_by_letter(street: str) -> None:
    body = json.dumps({"street1": street}, ensure_ascii=False)
    given = arguments(curl(call("create", 201, request_body=body), BASE))
    assert given[-2:] == ["--data", body]


def test_it_holds_variables_for_secrets() -> None:
    headers = {"Authorization": "Bearer [hidden]", "Content-Type": "application/json"}
    command = curl(call("internet", request_headers=headers), BASE)
    assert '"Authorization: Bearer $HUM_API_KEY"' in command
    assert "$SESSION_TOKEN/services/internet" in command
    assert "[hidden]" not in command
