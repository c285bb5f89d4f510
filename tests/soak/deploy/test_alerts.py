"""Prometheus' own tool reads the configuration and the rules, and lets each alert fire."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DEPLOY = HERE.parents[2] / "deploy" / "prometheus"
RULE_TESTS = HERE / "alerts_test.yml"


@pytest.fixture
def promtool() -> str:
    """Of Debian's package `prometheus`. Its absence is reported as "not run", or as a failure where REQUIRE_PROMTOOL=1
    insists.
    """
    found = shutil.which("promtool")
    if found is None and os.environ.get("REQUIRE_PROMTOOL") == "1":
        pytest.fail("REQUIRE_PROMTOOL=1, but there is no promtool")
    if found is None:
        pytest.skip("there is no promtool on this machine")
    return found


@pytest.mark.parametrize(
    "arguments",
    [("check", "config", str(DEPLOY / "prometheus.yml")), ("test", "rules", str(RULE_TESTS))],
    ids=["configuration", "alerts"],
)
def test_prometheus_reads_it(promtool: str, arguments: tuple[str, ...]) -> None:
    told = subprocess.run([promtool, *arguments], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_each_alert_is_tried() -> None:
    alerts = re.findall(r"- alert: (\w+)", (DEPLOY / "alerts.yml").read_text(encoding="utf-8"))
    fired = re.findall(r"- alertname: (\w+)\n", RULE_TESTS.read_text(encoding="utf-8"))
    assert sorted(set(fired)) == sorted(alerts)
