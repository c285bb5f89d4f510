"""What pages say of traces, and the demo's page that shows one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.web.site import Site, open_site
from tests.integration.web.visitor import Visitor

DEMO = "DEMO: a simulator of HoneyHive takes them, and nothing leaves this machine."


def export(site: Site) -> int:
    """What the worker does a minute later."""
    assert site.services.traces is not None
    site.turn(60)
    return site.services.traces.exporter.export()


@pytest.mark.own_site
def test_the_demo_shows_the_trace_of_the_viewers_newest_lookup(site: Site, visitor: Visitor) -> None:
    assert "The simulator holds none yet." in visitor.get("/status/trace").text
    visitor.last(visitor.look_up("fast"))
    assert export(site) == 1
    status = visitor.get("/status")
    assert "None is waiting." in status.text
    assert DEMO in status.text
    assert "1 lookup sent" in status.text
    assert 'href="/status/trace"' in status.html
    page = visitor.get("/status/trace")
    for told in ('"isp-lookup"', '"zip3": "482"', '"outcome": "served"', '"hum.poll"'):
        assert told in page.text
    assert "Scenario Way" not in page.text
    assert "48226" not in page.text
    assert not [secret for secret in site.secrets_of_sessions() if secret in page.html]
    assert "The simulator holds none yet." in site.visitor().get("/status/trace").text


def test_a_demo_without_a_folder_to_write_in_serves_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    site = open_site(
        tmp_path,
        STATE_DIR=str(tmp_path / "file" / "state"),
        DATABASE_URL=f"sqlite:///{tmp_path / 'lookups.sqlite3'}",
        SECRET_KEY="a secret of the tests, long enough for one",
    )
    visitor = site.visitor()
    visitor.last(visitor.look_up("fast"))
    assert export(site) == 0
    assert "1 waiting. HoneyHive does not answer as it should." in visitor.get("/status").text
    assert "The simulator holds none yet." in visitor.get("/status/trace").text
    site.close()


def test_without_a_key_nothing_is_traced_and_nothing_said(tmp_path: Path) -> None:
    site = open_site(tmp_path, HUM_API_KEY="some-key", HUM_API_URL="http://127.0.0.1:9")
    assert site.services.traces is None
    visitor = site.visitor()
    assert "Traces" not in visitor.get("/status").text
    assert visitor.get("/status/trace").status == 404
    site.close()


def test_with_a_key_the_page_says_where_traces_go_that_they_wait_and_never_the_key(tmp_path: Path) -> None:
    site = open_site(tmp_path, HONEYHIVE_API_KEY="hh_ingst_secret", HONEYHIVE_API_URL="http://127.0.0.1:9")
    visitor = site.visitor()
    visitor.last(visitor.look_up("fast"))
    assert export(site) == 0
    page = visitor.get("/status")
    assert "1 waiting. HoneyHive does not answer as it should. They are tried again for a day." in page.text
    assert "Sent to HoneyHive at http://127.0.0.1:9, without addresses." in page.text
    assert DEMO not in page.text
    assert "hh_ingst_secret" not in page.html
    assert "hh_ingst_secret" not in repr(site.services.settings)
    assert visitor.get("/status/trace").status == 404, "only the simulator is shown"
    site.close()
