"""The programs that the bench puts beside ours still do the job: each takes a few lookups from the form to the list."""

from __future__ import annotations

import asyncio

import pytest

from tools.bench import compared, environment, whole_lookup
from tools.bench.yardstick import PLAIN, Program


@pytest.fixture(scope="module")
def installed() -> None:
    """FastAPI and Streamlit, in the environment that the bench makes."""
    environment.install()


@pytest.fixture(autouse=True)
def few_lookups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_lookup, "LOOKUPS", 3)


@pytest.mark.parametrize("chosen", [PLAIN, compared.FASTAPI], ids=["plain", "FastAPI"])
def test_a_plain_program_finishes_lookups(installed: None, chosen: Program) -> None:
    cost = asyncio.run(whole_lookup.plain(chosen))
    assert cost.cpu_ms > 0
    # Create, the status at least twice, the list.
    assert cost.hum_calls >= 4


def test_streamlit_finishes_lookups(installed: None) -> None:
    cost = asyncio.run(compared.streamlit_lookup())
    assert cost.cpu_ms > 0
    assert cost.hum_calls >= 4
