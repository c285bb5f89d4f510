"""*Search the web* on a lookup's page: offered where it helps, asked for by click only, never part of Hum's list."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site, open_site, open_site_where_waiting_takes_no_time, serve
from tests.integration.web.visitor import Visitor
from tests.paths import ROOT
from webapp.agent_simulator import SCENARIOS
from webapp.agent_simulator.app import AgentSimulator
from webapp.pages.research_part import FAILURES
from webapp.quotas.lookup_quota import CALLS_PER_VIEWER
from webapp.research.lifecycle import Reason
from webapp.settings.values import AGENT_URLS
from webapp.simulator import SCENARIOS as HUM_SCENARIOS
from webapp.simulator import create_app as create_simulator

pytestmark = pytest.mark.own_site

BUTTON, STOP = "Search the web", "Stop the web search"
NAMES = ["Lakeshore Fiber Cooperative", "Prairie Sky Wireless", "Orbit North Satellite"]
SCHEMA = json.loads((ROOT / "docs" / "lookup-export.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site whose Hum and H are both at hand."""
    opened = open_site_where_waiting_takes_no_time(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor()


@pytest.fixture
def agents(site: Site) -> AgentSimulator:
    assert site.agents is not None
    found: AgentSimulator = site.agents.extensions["agent_simulator"]
    return found


def ended(visitor: Visitor, scenario: str = "no-providers", **typed: str) -> str:
    """The path of a lookup that has ended."""
    answer = visitor.press(visitor.get(f"/?scenario={scenario}"), "Look up", **typed)
    visitor.last(visitor.follow(answer))
    return answer.location


def searched(site: Site, visitor: Visitor, path: str) -> Page:
    """The page after a search that was watched to its end, as htmx does it."""
    fragment = visitor.press_through_htmx(visitor.get(path), BUTTON)
    for _ in range(60):
        part = fragment.find("research")
        assert part is not None
        if not part.get("data-hx-get"):
            return visitor.get(path)
        site.clock.advance(4.1)
        fragment = visitor.get(part.get("data-hx-get", ""), **{"HX-Request": "true"})
    raise AssertionError("it asks forever")


def names(page: Page) -> list[str]:
    part = page.find("research")
    assert part is not None
    return [text_in(heading) for heading in part.iter("h3")]


@pytest.mark.parametrize(
    ("scenario", "offered"),
    [
        ("no-providers", True),
        ("never", True),
        ("fast", False),
        ("geocode-failed", False),
        ("multiple", False),
    ],
)
def test_it_is_offered_only_where_it_helps(visitor: Visitor, scenario: str, offered: bool) -> None:
    path = ended(visitor, scenario)
    page = visitor.get(path)
    assert (BUTTON in page.text) is offered
    assert ("H Company" in page.text) is offered
    if not offered:
        answer = visitor.post(f"{path}/research", {"csrf_token": token_of(visitor)})
        assert answer.status == 303
        assert "Searching" not in visitor.get(path).text


@pytest.mark.parametrize(("scenario", "offered"), [("create-server-error", True), ("create-timeout", False)])
def test_it_is_offered_where_hum_was_away_but_not_where_it_may_have_begun(
    site: Site, visitor: Visitor, scenario: str, offered: bool
) -> None:
    visitor.press(visitor.get(f"/?scenario={scenario}"), "Look up")
    with site.database() as connection:
        lookup_id = connection.exec_driver_sql("SELECT id FROM lookup").scalar()
    assert (BUTTON in visitor.get(f"/lookups/{lookup_id}").text) is offered


def token_of(visitor: Visitor) -> str:
    page = visitor.get("/")
    return page.values(page.form_with("Look up"))["csrf_token"]


def test_before_the_click_it_says_who_gets_the_address_and_nothing_is_sent(
    visitor: Visitor, agents: AgentSimulator
) -> None:
    page = visitor.get(ended(visitor))
    assert "This sends the address to H Company (hcompany.ai)" in page.text
    assert "not verified" in page.text
    assert "In this demo a simulator searches, and nothing leaves this machine." in page.text
    # Who serves the state, from the same vendor, comes first.
    assert page.text.index("Who serves the state?") < page.text.index("Search the web")
    assert not agents.calls


def test_one_press_brings_rows_apart_from_hums_list(site: Site, visitor: Visitor, agents: AgentSimulator) -> None:
    path = ended(visitor)
    page = searched(site, visitor, path)
    assert names(page) == NAMES
    part = text_in(page.find("research"))  # type: ignore[arg-type]
    for said in (
        "Found on the web, not verified",
        "fiber up to 1,000 Mbps down, up to 1,000 Mbps up; from $59.95 a month",
        "Not known: price.",
        "Not known: download speed, upload speed, price.",
        "Source: towns.example.org",
        "The agent calls its own confidence low.",
        "8 steps. Cost $0.03. DEMO: a simulated search with invented companies.",
    ):
        assert said in part
    links = [link for link in page.find("research").iter("a") if link.get("href", "").startswith("http")]  # type: ignore[union-attr]
    assert {link.get("rel") for link in links} == {"noopener noreferrer nofollow"}
    # Hum's answer, its figures and its filters are as they were.
    assert "No service found" in page.text
    assert page.provider_names == []
    assert page.find("filters") is None
    assert agents.active() == []


def test_steps_seconds_and_cost_are_shown_while_it_runs(site: Site, visitor: Visitor) -> None:
    path = ended(visitor)
    first = visitor.press_through_htmx(visitor.get(path), BUTTON)
    assert "Searching the web Starting the agent (in progress) 0 s" in first.text
    assert "innerHTML:#announcement" in first.html
    site.clock.advance(4.1)
    second = visitor.get(f"{path}/research", **{"HX-Request": "true"})
    assert "Agent started" in second.text
    assert "Searching the web, 1 step so far (in progress) 4 s" in second.text
    # Nobody is told every four seconds.
    assert "#announcement" not in second.html
    assert "Cost so far under $0.01." in second.text


def test_the_delay_of_the_fragment_is_three_to_five_seconds(site: Site, visitor: Visitor) -> None:
    path = ended(visitor)
    part = visitor.press_through_htmx(visitor.get(path), BUTTON).find("research")
    assert part is not None
    delay = int(part.get("data-hx-trigger", "").removeprefix("load delay:").partition("ms")[0])
    assert 3_000 <= delay <= 5_000


def test_it_works_without_javascript(site: Site, visitor: Visitor) -> None:
    path = ended(visitor)
    answer = visitor.press(visitor.get(path), BUTTON)
    assert (answer.status, answer.location) == (303, f"{path}#research")
    for _ in range(30):
        page = visitor.get(f"{path}?refresh=1")
        if "Searching the web" not in page.text:
            break
        assert f'content="3;url={path}?refresh=1"' in page.html
        site.clock.advance(3)
    assert names(page) == NAMES
    assert "http-equiv" not in page.html


def test_a_double_click_makes_one_session(visitor: Visitor, agents: AgentSimulator) -> None:
    path = ended(visitor)
    page = visitor.get(path)
    for _ in range(3):
        visitor.press(page, BUTTON)
    assert (agents.calls["create"], len(agents.sessions)) == (1, 1)


def test_stop_ends_it_and_it_can_be_begun_again(site: Site, visitor: Visitor, agents: AgentSimulator) -> None:
    path = ended(visitor)
    fragment = visitor.press_through_htmx(visitor.get(path), BUTTON)
    assert STOP in fragment.text
    stopped = visitor.press_through_htmx(visitor.get(path), STOP)
    assert "Web search stopped" in stopped.text
    assert agents.active() == []
    visitor.press(visitor.get(path), "Search again")
    assert len(agents.active()) == 1
    site.clock.advance(30)
    visitor.get(f"{path}/research", **{"HX-Request": "true"})
    assert names(visitor.get(path)) == NAMES


FAILED = {
    "quota": Reason.CAPACITY,
    "other-body": Reason.REFUSED,
    "unauthorized": Reason.KEY,
    "no-credit": Reason.CREDIT,
    "never": Reason.TOO_LONG,
    "gone": Reason.GONE,
    "bad-gateway": Reason.UNAVAILABLE,
    "fails": Reason.AGENT,
}


@pytest.mark.parametrize("scenario", FAILED)
def test_a_failure_says_what_happened_what_is_kept_and_what_to_do(
    site: Site, visitor: Visitor, agents: AgentSimulator, scenario: str
) -> None:
    agents.default = SCENARIOS[scenario]
    page = searched(site, visitor, ended(visitor))
    words = FAILURES[FAILED[scenario]]
    for said in (words.title, words.meaning, words.next_step, "What Hum said is kept."):
        assert said in page.text
    assert "No service found" in page.text
    assert "Search again" in page.text
    assert ("Searched 20" in page.text) is (len(agents.sessions) == 1)
    assert "x-injected" not in page.html


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("finds-none", "Nothing found on the web"),
        ("free-text", "named no list"),
        ("outside-schema", "The web search brought nothing that can be shown"),
        ("json-text", NAMES[0]),
        ("fenced-json", NAMES[1]),
        ("idle", NAMES[2]),
        ("dear", NAMES[0]),
        ("no-format", NAMES[0]),
    ],
)
def test_every_kind_of_answer_has_its_words(
    site: Site, visitor: Visitor, agents: AgentSimulator, scenario: str, said: str
) -> None:
    agents.default = SCENARIOS[scenario]
    page = searched(site, visitor, ended(visitor))
    assert said in page.text
    assert "Search again" not in page.text


def test_a_hostile_answer_is_text_on_every_page_and_in_every_file(
    site: Site, visitor: Visitor, agents: AgentSimulator
) -> None:
    agents.default = SCENARIOS["hostile-html"]
    path = ended(visitor)
    page = searched(site, visitor, path)
    assert names(page)[0] == "<script x-injected>hit()</script><b x-injected>Best</b>"
    assert "No source that can be opened was given" in page.text
    assert "2 more entries could not be read" in page.text
    for end in ("/print", "/console"):
        visitor.get(path + end)
    rows = list(csv.reader(io.StringIO(visitor.get(f"{path}/export.csv").html.removeprefix("\ufeff"))))
    assert rows[0][-1] == "unverified_web_results"
    assert not rows[1][-1].startswith(("=", "+", "-", "@"))
    Draft202012Validator(SCHEMA).validate(json.loads(visitor.get(f"{path}/export.json").html))
    assert "\\<script x-injected\\>" in visitor.get(f"{path}/export.md").html


@pytest.mark.parametrize("kind", ["txt", "md", "csv", "json"])
def test_every_export_carries_the_mark(site: Site, visitor: Visitor, kind: str) -> None:
    path = ended(visitor)
    before = visitor.get(f"{path}/export.{kind}").html
    assert "verified" not in before
    assert "web_search" not in before
    searched(site, visitor, path)
    text = visitor.get(f"{path}/export.{kind}").html
    assert {"json": '"verified": false', "csv": "unverified_web_results"}.get(kind, "not verified") in text
    assert NAMES[0] in text
    assert "https://lakeshore-fiber.example.com/coverage" in text
    if kind == "json":
        document = json.loads(text)
        Draft202012Validator(SCHEMA).validate(document)
        assert document["providers"] == []
        assert [found["name"] for found in document["web_search"]["found"]] == NAMES


def test_print_and_share_show_it_with_its_mark_and_no_button(site: Site, visitor: Visitor) -> None:
    path = ended(visitor)
    searched(site, visitor, path)
    shares = visitor.follow(visitor.press(visitor.get(f"{path}/shares"), "Create a link"))
    link = next(box.get("value", "") for box in shares.root.iter("input") if "/shared/" in box.get("value", ""))
    shared = "/shared/" + link.rpartition("/")[2]
    for address, reader in ((f"{path}/print", visitor), (shared, site.visitor()), (f"{shared}/print", site.visitor())):
        page = reader.get(address)
        assert names(page) == NAMES
        assert "Found on the web, not verified" in page.text
        for button in (BUTTON, "Search again", STOP, "Copy for email", "Ask the provider before"):
            assert button not in page.text


def test_others_are_shown_nothing_of_a_search_that_brought_nothing(
    site: Site, visitor: Visitor, agents: AgentSimulator
) -> None:
    agents.default = SCENARIOS["unauthorized"]
    path = ended(visitor)
    searched(site, visitor, path)
    assert "H Company" not in visitor.get(f"{path}/print").text


def test_presenter_mode_hides_the_door_in_it_too(site: Site, visitor: Visitor, agents: AgentSimulator) -> None:
    path = ended(visitor)
    number = visitor.get(path).heading.split()[0]
    text = f"The page about {number} Scenario Way says: call 800-555-0101."
    agents.default = replace(SCENARIOS["free-text"], answer=text)
    searched(site, visitor, path)
    page = visitor.get("/presenter")
    visitor.press(page, "Switch on presenter mode")
    for end in ("", "/console", "/print", "/export.txt", "/export.json", "/calls.har"):
        page = visitor.get(path + end)
        shown = page.html
        if page.is_html:
            shown = page.text
        assert f"{number} Scenario Way" not in shown, end
        assert "800-555-0101" not in shown, end
        assert "••• Scenario Way" in shown, end


def test_the_console_names_the_vendor_and_counts_hums_calls_alone(site: Site, visitor: Visitor) -> None:
    path = ended(visitor)
    calls = visitor.get(f"{path}/console").text
    assert "H Company" not in calls
    searched(site, visitor, path)
    page = visitor.get(f"{path}/console")
    assert "Web search: requests to H Company" in page.text
    assert "H Company: start an agent" in page.text
    assert "POST /api/v2/sessions" in page.text
    assert "Bearer $H_API_KEY" in page.text
    assert "$H_SESSION_ID/changes" in page.text
    figures = "Calls3 Hum response time"
    assert figures in calls
    assert figures in page.text
    archive = json.loads(visitor.get(f"{path}/calls.har").html)
    urls = [entry["request"]["url"] for entry in archive["log"]["entries"]]
    assert sum("/api/v2/sessions" in url for url in urls) > 2


def test_no_key_and_no_session_id_reaches_a_page_a_file_or_the_log(
    log_lines: io.StringIO, site: Site, visitor: Visitor, agents: AgentSimulator
) -> None:
    agents.default = SCENARIOS["idle"]
    path = ended(visitor)
    fragments = visitor.press_through_htmx(visitor.get(path), BUTTON).html
    searched_page = searched_on(site, visitor, path)
    ids = list(agents.sessions)
    assert len(ids) == 1
    pages = [
        visitor.get(path + end).html for end in ("", "/console", "/print", "/export.json", "/calls.har", "/report")
    ]
    everything = "".join([fragments, searched_page, *pages, log_lines.getvalue()])
    assert "agent_call" in log_lines.getvalue()
    for secret in (*ids, *(key for key in agents.bodies)):
        assert secret not in everything


def searched_on(site: Site, visitor: Visitor, path: str) -> str:
    html = ""
    for _ in range(10):
        site.clock.advance(4.1)
        html += visitor.get(f"{path}/research", **{"HX-Request": "true"}).html
    return html


def test_another_browser_can_neither_see_nor_start_nor_stop_it(
    site: Site, visitor: Visitor, agents: AgentSimulator
) -> None:
    path = ended(visitor)
    other = site.visitor()
    data = {"csrf_token": token_of(other)}
    assert other.post(f"{path}/research", data).status == 404
    assert other.get(f"{path}/research", **{"HX-Request": "true"}).status == 404
    visitor.press(visitor.get(path), BUTTON)
    assert other.post(f"{path}/research/stop", data).status == 404
    assert visitor.post(f"{path}/research/stop", {}).status == 403
    assert len(agents.active()) == 1


@pytest.mark.parametrize("everything", [False, True], ids=["one", "all"])
def test_deleting_a_lookup_ends_its_search(visitor: Visitor, agents: AgentSimulator, everything: bool) -> None:
    path = ended(visitor)
    visitor.press(visitor.get(path), BUTTON)
    assert len(agents.active()) == 1
    if everything:
        visitor.press(visitor.get("/lookups/clear"), "Delete 1 lookup")
    else:
        visitor.post(f"{path}/delete", {"csrf_token": token_of(visitor)})
    assert visitor.get(path).status == 404
    assert agents.active() == []


def test_a_lookup_of_another_environment_is_not_searched_for(
    site: Site, visitor: Visitor, agents: AgentSimulator
) -> None:
    path = ended(visitor)
    with site.database() as connection:
        connection.exec_driver_sql("UPDATE lookup SET environment = 'SANDBOX'")
    assert (
        "This lookup was made on SANDBOX. Nothing was sent."
        in visitor.press_through_htmx(visitor.get(path), BUTTON).text
    )
    assert not agents.calls


def test_no_more_run_at_once_than_may_and_the_page_says_so(visitor: Visitor, agents: AgentSimulator) -> None:
    paths = [ended(visitor, street2=f"Apt {number}") for number in range(3)]
    for path in paths[:2]:
        visitor.press(visitor.get(path), BUTTON)
    refused = visitor.press_through_htmx(visitor.get(paths[2]), BUTTON)
    assert "2 web searches are running already" in refused.text
    assert BUTTON in refused.text
    visitor.press(visitor.get(paths[2]), BUTTON)
    assert "2 web searches are running already" in visitor.get(paths[2]).text
    assert "running already" not in visitor.get(paths[2]).text
    assert agents.calls["create"] == 2


def test_one_browser_can_press_only_so_often(visitor: Visitor, agents: AgentSimulator) -> None:
    agents.default = SCENARIOS["quota"]
    path = ended(visitor)
    page = visitor.get(path)
    visitor.press(page, BUTTON)
    for _ in range(CALLS_PER_VIEWER - 1):
        visitor.press(visitor.get(path), "Search again")
    refused = visitor.press_through_htmx(visitor.get(path), "Search again")
    assert "Too many requests in the last minute. Nothing was sent to H Company." in refused.text


def test_without_a_key_nothing_of_it_is_there(tmp_path: Path) -> None:
    with serve(create_simulator(rate_limit=1_000)) as hum:
        key = {"APP_ENV": "production", "HUM_API_KEY": "hum-key-0123456789", "SECRET_KEY": "s" * 48}
        site = open_site(tmp_path, HUM_API_URL=hum, **key)
        visitor = site.visitor()
        typed = HUM_SCENARIOS["no-providers"].address
        path = visitor.press(visitor.get("/"), "Look up", **typed).location
        with site.database() as connection:
            connection.exec_driver_sql("UPDATE lookup SET state = 'done', next_poll_at = NULL")
        for end in ("", "/console", "/print", "/export.txt", "/export.json"):
            page = visitor.get(path + end)
            assert "No service found" in page.html or end == "/console"
            assert "H Company" not in page.html
            assert "web_search" not in page.html
            assert 'id="research"' not in page.html
        assert visitor.get(f"{path}/research").status == 404
        site.close()
    assert site.services.researches is None


def test_with_a_key_it_is_asked_where_the_setting_says(tmp_path: Path) -> None:
    for given, url in (
        ("eu", AGENT_URLS["eu"]),
        ("us", AGENT_URLS["us"]),
        ("https://h.example.com/", "https://h.example.com"),
    ):
        site = open_site(tmp_path, HUM_API_KEY="hum-key-0123456789", H_API_KEY="hk-0123456789", H_API_URL=given)
        assert site.services.settings.agent_url == url
        assert site.services.researches is not None
        assert "hk-0123456789" not in repr(site.services.settings)
        site.close()
    demo = open_site(tmp_path / "demo", H_API_KEY="hk-0123456789")
    assert demo.services.settings.agent_url == "http://simulator.localhost"
    demo.close()


def test_its_trace_tells_how_the_search_went_and_nothing_of_what_it_found(site: Site, visitor: Visitor) -> None:
    path = ended(visitor)
    traces = site.services.traces
    assert traces is not None
    site.turn(60)
    assert traces.exporter.export() == 1
    searched(site, visitor, path)
    site.turn(60)
    assert traces.exporter.export() == 1, "it is sent again"
    page = visitor.get("/status/trace")
    (text,) = [text_in(part) for part in page.root.iter("div") if part.get("class") == "code"]
    session = json.loads(text)
    events = session["children"]
    (search,) = [event for event in events if event["event_name"].startswith("h.")]
    assert (search["event_name"], search["event_type"]) == ("h.session", "chain")
    assert search["metadata"]["cost"] == pytest.approx(0.03, abs=0.02)
    assert search["outputs"]["failures"] == 0
    assert (
        session["metrics"]["hum_calls"]
        == len(json.loads(visitor.get(f"{path}/calls.har").text)["log"]["entries"]) - (search["outputs"]["count"])
    )
    assert not [name for name in NAMES if name in page.html]
    site.turn(60)
    assert traces.exporter.export() == 0
