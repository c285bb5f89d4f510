"""Alerts, dashboard and page of operations speak of figures that there are, and each alert says what to do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.integration.metrics.test_metrics import ON, figures, read
from tests.integration.web.site import open_site
from tests.paths import ROOT
from webapp.quotas.allowance import AllowanceStore

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ALERTS = (ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
DASHBOARD = (ROOT / "deploy" / "grafana" / "hum-isp-lookup.json").read_text(encoding="utf-8")
RULES = yaml.safe_load(ALERTS)["groups"][0]["rules"]
_NAME = re.compile(r"isp_lookup_([a-z_]+)")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every figure that a site can show."""
    site = open_site(tmp_path_factory.mktemp("state"), **ON)
    visitor = site.visitor()
    visitor.last(visitor.look_up("fast"))
    assert site.services.metrics is not None
    site.services.metrics.counters.note_hum_down(site.clock())
    AllowanceStore(site.services.engine, "DEMO").heard(100, 50, site.clock() + 60, site.clock())
    found = {name for name, *_ in figures(read(site)[1])}
    site.close()
    # A figure with labels is not there before it has a value.
    return found | {"batch_rows"}


def test_alerts_and_dashboard_use_figures_that_there_are(names: set[str]) -> None:
    used = set(_NAME.findall(ALERTS)) | set(_NAME.findall(DASHBOARD))
    assert len(used) > 12
    assert used - names == set()


def test_every_figure_is_in_the_table(names: set[str]) -> None:
    table = OPERATIONS.partition("| Figure")[2].partition("\n\n")[0]
    bare = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in names}
    assert {name for name in bare if f"`{name}`" not in table} == set()


def test_every_alert_has_its_section_and_no_other_section_is_there() -> None:
    sections = re.findall(r"^### (\w+)$", OPERATIONS, re.MULTILINE)
    assert sections == [rule["alert"] for rule in RULES]
    assert all(rule["annotations"]["summary"] and rule["expr"] and rule["for"] for rule in RULES)


def test_the_dashboard_is_whole() -> None:
    panels = json.loads(DASHBOARD)["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["title"]
        assert all(target["expr"].count("(") == target["expr"].count(")") for target in panel["targets"])


def test_what_prometheus_asks_is_the_apps_own_address() -> None:
    path = ROOT / "deploy" / "prometheus" / "prometheus.yml"
    (job,) = yaml.safe_load(path.read_text(encoding="utf-8"))["scrape_configs"]
    settings = Path(ROOT / "deploy" / "hum-isp-lookup.env").read_text(encoding="utf-8")
    assert job["metrics_path"] == "/metrics"
    assert job["static_configs"][0]["targets"] == ["127.0.0.1:8000"]
    assert "HOST=127.0.0.1\nPORT=8000" in settings
