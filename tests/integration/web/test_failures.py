"""When something breaks, ours or theirs: a page in plain words with a reference, and never a storm of polls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from jinja2 import DictLoader
from sqlalchemy import text

from tests.integration.web.page import Page
from tests.integration.web.site import Site, open_site, open_site_where_waiting_takes_no_time
from tests.integration.web.visitor import Visitor
from webapp.simulator.faults.table import FAULTS

HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.own_site  # it is broken on purpose


def assert_says_nothing_of_the_inside(page: Page) -> None:
    for word in ("Traceback", "sqlite", "json", "Error(", ".py", "werkzeug"):
        assert word not in page.html


@pytest.fixture
def broken(site: Site, visitor: Visitor) -> str:
    """The path of a finished lookup whose stored providers cannot be read any more."""
    page = visitor.look_up("fast")
    path = page.poller.get("data-hx-get", "").split("/progress")[0] if page.poller is not None else ""
    list(visitor.watch(page))
    with site.database() as connection:
        connection.execute(text("UPDATE snapshot SET providers = '[{\"provider_name\": '"))
        connection.execute(text("UPDATE lookup SET snapshot_digest = 'damaged'"))
    return path


def test_a_bug_of_ours_is_a_page_with_a_reference(visitor: Visitor, broken: str) -> None:
    page = visitor.get(broken)
    assert page.status == 500
    assert page.heading == "Something went wrong on our side"
    assert f"Reference: {page.headers['X-Request-Id']}" in page.text
    assert_says_nothing_of_the_inside(page)


def test_a_bug_of_ours_ends_the_polling(visitor: Visitor, broken: str) -> None:
    fragment = visitor.get(f"{broken}/progress", **HTMX)
    assert fragment.status == 500
    assert fragment.is_fragment
    assert fragment.poller is None
    assert fragment.find("progress") is not None
    assert fragment.headers["X-Request-Id"] in fragment.text
    assert_says_nothing_of_the_inside(fragment)


def test_the_reference_leads_to_the_log_line(log_lines: StringIO, visitor: Visitor, broken: str) -> None:
    page = visitor.get(broken)
    events = [json.loads(line) for line in log_lines.getvalue().splitlines()]
    bugs = [event for event in events if event["event"] == "bug"]
    assert [bug["request_id"] for bug in bugs] == [page.headers["X-Request-Id"]]
    assert bugs[0]["kind"] == "JSONDecodeError"
    assert "store.py" in bugs[0]["at"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abcDEF-12_345678", True), ("short", False), ("x" * 65, False), ("<script>alert(1)</script>", False)],
)
def test_a_reference_given_by_a_proxy_is_kept_if_it_is_one(visitor: Visitor, given: str, kept: bool) -> None:
    page = visitor.get("/nothing", **{"X-Request-Id": given})
    assert (page.headers["X-Request-Id"] == given) is kept
    assert page.headers["X-Request-Id"] in page.text


@pytest.fixture
def without_database(tmp_path: Path) -> Iterator[tuple[Site, Visitor, str]]:
    """A site whose database has gone away, a browser, and the path of its lookup."""
    folder = tmp_path / "state"
    site = open_site(folder)
    visitor = site.visitor()
    path = visitor.press(visitor.get("/?scenario=never"), "Look up").location
    site.close()
    folder.rename(tmp_path / "elsewhere")
    yield site, visitor, path
    site.close()


def test_without_its_database_it_says_so_and_when_to_come_back(without_database: tuple[Site, Visitor, str]) -> None:
    _, visitor, path = without_database
    page = visitor.get(path)
    assert page.status == 503
    assert page.heading == "The database cannot be reached right now"
    assert int(page.headers["Retry-After"]) > 0
    assert_says_nothing_of_the_inside(page)


def test_without_its_database_the_form_opens_under_its_name(without_database: tuple[Site, Visitor, str]) -> None:
    _, visitor, _ = without_database
    form = visitor.get(f"/?sent={'A' * 24}")
    assert form.status == 200
    assert form.values(form.form_with("Look up"))["submit_key"] == "A" * 24


def test_without_its_database_a_fragment_is_refused_and_the_old_one_stays(
    without_database: tuple[Site, Visitor, str],
) -> None:
    _, visitor, path = without_database
    fragment = visitor.get(f"{path}/progress", **HTMX)
    assert fragment.status == 503
    assert fragment.is_fragment


def test_without_its_database_a_submit_is_refused_before_hum_is_asked(
    log_lines: StringIO, without_database: tuple[Site, Visitor, str]
) -> None:
    _, visitor, _ = without_database
    page = visitor.press(visitor.get("/?scenario=fast"), "Look up")
    assert page.status == 503
    assert "The lookup cannot be saved right now" in page.text
    assert page.values(page.form_with("Look up"))["street1"] == "902 Scenario Way", "what was typed is kept"
    operations = [json.loads(line).get("operation") for line in log_lines.getvalue().splitlines()]
    assert operations.count("create") == 1, "only the lookup from before the database went"


def test_a_closed_standard_output_loses_lines_and_no_request(log_lines: StringIO, site: Site) -> None:
    assert site.visitor().get("/").status == 200
    assert log_lines.getvalue()
    log_lines.close()
    assert site.visitor().get("/").status == 200


def test_health_says_ok_or_degraded_and_no_more(site: Site, without_database: tuple[Site, Visitor, str]) -> None:
    well = site.app.test_client().get("/healthz")
    assert (well.status_code, well.text) == (200, "ok\nno worker\n")
    ill = without_database[0].app.test_client().get("/healthz")
    assert (ill.status_code, ill.text) == (503, "degraded\n")


def test_a_body_too_big_is_refused(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/"), "Look up", street1="x" * 70_000)
    assert page.status == 413
    assert page.heading == "That was too much at once"


def test_one_box_too_full_is_refused(visitor: Visitor) -> None:
    page = visitor.press(visitor.get("/"), "Look up", street1="x" * 20_000)
    assert page.status in {413, 422}


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/"), ("PUT", "/lookups"), ("TRACE", "/"), ("POST", "/")])
def test_a_method_that_makes_no_sense_here_is_405(visitor: Visitor, method: str, path: str) -> None:
    page = visitor.ask(method, path, **{"Sec-Fetch-Site": "same-origin"})
    assert page.status == 405
    assert page.heading == "This page cannot be used that way"


def test_only_the_poller_gets_fragments_for_errors(visitor: Visitor) -> None:
    assert not visitor.get("/nothing", **HTMX).is_fragment
    assert visitor.get("/lookups/AAAAAAAAAAAAAAAAAAAAAA/progress", **HTMX).is_fragment
    assert not visitor.get("/lookups/AAAAAAAAAAAAAAAAAAAAAA/progress").is_fragment


def test_where_even_the_error_page_fails_there_is_an_answer_and_nothing_typed_is_logged(
    log_lines: StringIO, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    site = open_site(tmp_path)
    site.app.jinja_env.loader = DictLoader({})
    answer = site.app.test_client().get("/?street1=Sycamore")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert "Something went wrong on our side" in answer.text
    assert "Content-Security-Policy" in answer.headers
    told = log_lines.getvalue() + "".join(capfd.readouterr())
    assert '"event": "bug"' in told
    assert "Sycamore" not in told
    assert "Traceback" not in told
    site.close()


def test_a_refusal_for_good_shows_hums_own_words_as_text_and_what_to_do(tmp_path: Path) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path, faults=True)
    visitor = site.visitor()
    page = visitor.last(visitor.look_up(**FAULTS["fault-422"].address, street2=""))
    assert page.text_of("outcome").startswith("Hum could not answer Hum refused to say more about this lookup")
    assert "Note from Hum The session cannot be processed Zip: is outside our area <script>" in page.text_of("findings")
    assert "Check the address, then look it up again." in page.text_of("outcome")
    assert page.ways_on == ["Look up again"]
    assert site.upstream_calls("internet") == 1
    site.close()
