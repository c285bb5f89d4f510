"""The API console: every call in order, live and without JavaScript, to take away as HAR, and nothing secret in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import text

from tests.integration.web.clock import Clock
from tests.integration.web.page import Page, elements_in, text_in
from tests.integration.web.site import Site, open_site, open_site_where_waiting_takes_no_time, serve
from tests.integration.web.stored import Ended, ended
from tests.integration.web.visitor import Visitor
from tests.sweeps import ENDS, few
from webapp.simulator.app import create_app as create_simulator
from webapp.simulator.brands import ALL
from webapp.simulator.catalog import security_token
from webapp.simulator.normalized import matched
from webapp.simulator.scenarios import SCENARIOS

HAR = Draft202012Validator(json.loads((Path(__file__).parent / "har.schema.json").read_text()))
KEY = "k3y-that-nobody-may-see-0123456789"


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[Site]:
    """The app with a key, in front of a simulator that it reaches over HTTP and that accepts no other key."""
    clock = Clock()
    simulator: Flask = create_simulator(clock=clock, sleep=clock.advance, api_key=KEY, rate_limit=500)
    with ExitStack() as stack:
        site = open_site(tmp_path, clock, HUM_API_URL=stack.enter_context(serve(simulator)), HUM_API_KEY=KEY)
        stack.callback(site.close)
        yield site


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Site]:
    """The keyless app where an answer that hangs turns the clock."""
    site = open_site_where_waiting_takes_no_time(tmp_path)
    yield site
    site.close()


@pytest.fixture(scope="module")
def fast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """A lookup that has ended, for tests that only read."""
    site = open_site(tmp_path_factory.mktemp("fast"))
    yield ended(site, "fast")
    site.close()


def finished(visitor: Visitor, scenario: str) -> str:
    """The path of a lookup that has ended."""
    answer = visitor.press(visitor.get(f"/?scenario={scenario}"), "Look up")
    visitor.last(visitor.follow(answer))
    return answer.location


def calls(page: Page) -> list[str]:
    """The headings of the calls: number, method, path, status in words."""
    return [text_in(heading) for heading in page.root.iter("h3") if text_in(heading).startswith("Call ")]


def watch(visitor: Visitor, site: Site, page: Page) -> list[Page]:
    """Every fragment of an open console until nothing asks any more."""
    fragments = []
    while page.poller is not None:
        site.clock.advance(page.poll_delay)
        page = visitor.get(page.poller.get("data-hx-get", ""), **{"HX-Request": "true"})
        fragments.append(page)
        assert len(fragments) < 40
    return fragments


def archive(visitor: Visitor, path: str) -> dict[str, Any]:
    found = visitor.get(f"{path}/calls.har")
    assert found.status == 200
    document: dict[str, Any] = json.loads(found.html)
    HAR.validate(document)
    return document


def test_every_call_in_order_with_its_status_in_words(visitor: Visitor) -> None:
    page = visitor.get(finished(visitor, "slow") + "/console")
    assert calls(page) == [
        "Call 1 POST /sessions 201 Created: session opened",
        "Call 2 GET /sessions/{token} 200 OK: answered",
        *(
            f"Call {number} GET /sessions/{{token}}/services/internet 202 Accepted: accepted, not finished yet"
            for number in range(3, 7)
        ),
        "Call 7 GET /sessions/{token}/services/internet 200 OK: answered",
    ]
    assert "meta.agent_status.geocoding: pending → is now matched" in page.text
    assert "X-RateLimit-Remaining:" in page.text
    assert "Same response as call 3." in page.text
    assert page.poller is None


def test_the_lookup_leads_to_its_console_and_back(fast: Ended) -> None:
    visitor, path = fast.visitor, fast.path
    assert path + "/console" in [link.get("href") for link in visitor.get(path).root.iter("a")]
    assert path in [link.get("href") for link in visitor.get(path + "/console").root.iter("a")]


def test_an_open_console_moves_the_lookup_on_and_shows_each_call_once(site: Site, visitor: Visitor) -> None:
    path = visitor.press(visitor.get("/?scenario=slow"), "Look up").location
    page = visitor.get(path + "/console")
    assert len(calls(page)) == 1
    fragments = watch(visitor, site, page)
    shown = calls(page) + [heading for fragment in fragments for heading in calls(fragment)]
    assert shown == calls(visitor.get(path + "/console"))
    assert len(shown) > 5
    assert visitor.get(path).provider_names
    told = [fragment.text for fragment in fragments if "The lookup has ended" in fragment.text]
    assert told == [fragments[-1].text]


def test_each_fragment_draws_the_time_so_far(site: Site, visitor: Visitor) -> None:
    path = visitor.press(visitor.get("/?scenario=never"), "Look up").location
    totals = [fragment.text_of("timing") for fragment in watch(visitor, site, visitor.get(path + "/console"))]
    assert len(set(totals)) == len(totals)
    assert "So far" in totals[0]
    assert "Total" in totals[-1]


def test_without_javascript_it_reloads_itself_until_the_end(site: Site, visitor: Visitor) -> None:
    page = visitor.get(visitor.press(visitor.get("/?scenario=slow"), "Look up").location + "/console")
    reloads = 0
    while refresh := [meta for meta in page.root.iter("meta") if meta.get("http-equiv") == "refresh"]:
        delay, _, target = refresh[0].get("content", "").partition(";url=")
        site.clock.advance(int(delay))
        page = visitor.get(target)
        reloads += 1
        assert reloads < 15
    assert len(calls(page)) > 5


def test_the_table_says_what_the_waterfall_draws(site: Site, visitor: Visitor) -> None:
    path = visitor.press(visitor.get("/?scenario=fast"), "Look up").location
    # So late a status finds the search over, and the list is asked for in the same turn.
    site.clock.advance(6)
    visitor.last(visitor.get(f"{path}?refresh=1"))
    page = visitor.get(path + "/console")
    rows = [[text_in(cell) for cell in row if cell.tag in {"th", "td"}] for row in page.root.iter("tr")]
    assert rows[0] == ["Call", "Why", "Asked", "Answer", "Began", "Hum", "Ours"]
    assert [row[1] for row in rows[1:]] == ["Form sent", "Poll 1", "Poll 1"]
    assert rows[3][6] == "same turn"
    assert len(rows) - 1 == len(calls(page))
    chart = next(each for each in page.root.iter("ol") if each.get("class") == "waterfall")
    drawn = [text_in(bar) for bar in chart.iter("li")]
    assert drawn[0].startswith("1 POST create 201, ")
    assert len(drawn) == len(calls(page))


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("timeout", "No answer: no complete answer in time"),
        ("html-error", "502 Bad Gateway: a gateway before Hum got no proper answer"),
        ("server-error-once", "500 Internal Server Error: a fault inside Hum"),
        ("rate-limited", "429 Too Many Requests: too many requests, told to wait"),
        ("gone-mid-poll", "410 Gone: the session was closed or has expired"),
    ],
)
def test_failed_calls_are_shown_with_the_same_care(patient: Site, scenario: str, said: str) -> None:
    visitor = patient.visitor()
    page = visitor.get(finished(visitor, scenario) + "/console")
    failed = [heading for heading in calls(page) if heading.endswith(said)]
    assert failed
    assert f"{len(failed)} failed" in page.text_of("timing")
    if scenario != "gone-mid-poll":
        assert f"repeats the question that {failed[0].partition(' GET')[0].lower()} left open" in page.text


@pytest.mark.own_site
def test_a_refused_start_has_a_console_too(site: Site, visitor: Visitor) -> None:
    assert visitor.press(visitor.get("/?scenario=invalid"), "Look up").status == 422
    with site.database() as connection:
        lookup_id = connection.execute(text("SELECT id FROM lookup")).scalar_one()
    page = visitor.get(f"/lookups/{lookup_id}/console")
    assert calls(page) == ["Call 1 POST /sessions 422 Unprocessable Entity: Hum refused the address"]


def test_stop_is_on_it(visitor: Visitor) -> None:
    page = visitor.look_up("never")
    visitor.poll(page)
    stopped = visitor.press(page, "Stop")
    console = visitor.get(stopped.location + "/console")
    assert calls(console)[-1].startswith(f"Call {len(calls(console))} DELETE /sessions/{{token}} 2")
    assert "Stop pressed" in console.text


def test_the_rate_limit_is_that_of_the_newest_answer(keyed: Site) -> None:
    visitor = keyed.visitor()
    answer = visitor.press(visitor.get("/"), "Look up", **SCENARIOS["fast"].address)
    page = visitor.get(answer.location + "/console")
    meter = next(page.root.iter("meter"))
    assert (meter.get("value"), meter.get("max")) == ("499", "500")
    assert "499 of 500 requests left. Resets in 60 seconds." in page.text
    keyed.clock.advance(20)
    visitor.get(answer.location + "/progress")  # asks for the status and for the providers
    shown = visitor.get(answer.location + "/console").text
    assert "497 of 500 requests left. Resets in 40 seconds." in shown


@pytest.mark.parametrize(
    "scenario", ["fast", "sixty-providers", "timeout", "html-error", "null-fields", "object-address"]
)
def test_the_har_file_is_valid_and_complete(patient: Site, scenario: str) -> None:
    visitor = patient.visitor()
    path = finished(visitor, scenario)
    document = archive(visitor, path)
    console = calls(visitor.get(path + "/console"))
    entries = document["log"]["entries"]
    assert len(entries) == len(console)
    statuses = [entry["response"]["status"] for entry in entries]
    assert all(str(status or "No answer") in heading for status, heading in zip(statuses, console, strict=True))
    assert entries[0]["request"]["url"] == "http://simulator.localhost/sessions"
    assert json.loads(entries[0]["request"]["postData"]["text"])["street1"] == SCENARIOS[scenario].address["street1"]
    times = [entry["startedDateTime"] for entry in entries]
    assert times == sorted(times)
    if scenario == "timeout":
        assert [entry["response"]["_error"] for entry in entries if entry["response"]["status"] == 0] == [
            "timeout",
            "timeout",
        ]


def test_the_har_file_is_saved_under_the_lookups_name(fast: Ended) -> None:
    visitor, path = fast.visitor, fast.path
    headers = visitor.get(f"{path}/calls.har").headers
    assert headers["Content-Disposition"] == f'attachment; filename="lookup-{path.rpartition("/")[2][:8]}.har"'


@pytest.mark.parametrize("end", ["/console", "/console?refresh=1", "/console/live", "/calls.har"])
def test_another_browser_finds_nothing(fast: Ended, end: str) -> None:
    visitor, path = fast.visitor, fast.path
    other = fast.site.visitor()
    other.look_up("slow")
    assert visitor.get(path + end).status == 200
    page = other.get(path + end)
    assert page.status == 404
    assert "Scenario Way" not in page.html


@pytest.mark.parametrize("seen", ["", "x", "-5", "99999999999999999999", "1%00"])
def test_a_mangled_mark_is_no_fault(fast: Ended, seen: str) -> None:
    visitor, path = fast.visitor, fast.path
    assert visitor.get(f"{path}/console/live?seen={seen}", **{"HX-Request": "true"}).status == 200


@pytest.mark.parametrize("scenario", few(SCENARIOS, ENDS))
def test_nothing_secret_is_recorded_or_shown(keyed: Site, scenario: str) -> None:
    address = SCENARIOS[scenario].address
    visitor = keyed.visitor()
    answer = visitor.press(visitor.get("/"), "Look up", **address)
    if answer.status == 303:
        visitor.last(visitor.follow(answer))
    with keyed.database() as connection:
        recorded = connection.execute(text('SELECT * FROM "call"')).mappings().all()
        lookup_id = connection.execute(text("SELECT id FROM lookup")).scalar_one()
    assert recorded
    path = f"/lookups/{lookup_id}"
    pages = [visitor.get(path + end) for end in ("/console", "/console/live", "/calls.har")]
    assert all(page.status == 200 for page in pages)
    HAR.validate(json.loads(pages[-1].html))
    said = repr([dict(row) for row in recorded]) + "".join(page.html + repr(page.headers) for page in pages)
    line = matched(address, other_house=SCENARIOS[scenario].other_house).line()
    secrets = {KEY, *keyed.secrets_of_sessions(), *(security_token(brand.name, line) for brand in ALL)}
    assert not [secret for secret in secrets if secret in said]


@pytest.mark.parametrize("scenario", ["fast", "sixty-providers"])
def test_a_presenter_shows_no_door_and_no_phone(visitor: Visitor, scenario: str) -> None:
    path = finished(visitor, scenario)
    number = SCENARIOS[scenario].address["street1"].split()[0]
    telling = re.compile(rf"\b{number} SCENARIO|800-?555-?01|\bAQ[A-Za-z]{{2}}…", re.IGNORECASE)
    ends = ("/console", "/console/live", "/calls.har")
    assert all(telling.search(visitor.get(path + end).html) for end in ends)
    switch = visitor.get("/presenter")
    visitor.post("/presenter", {**switch.values(switch.form_with("Switch on presenter mode")), "on": "1"})
    assert [telling.findall(visitor.get(path + end).html) for end in ends] == [[], [], []]
    HAR.validate(json.loads(visitor.get(path + "/calls.har").html))


def test_upstream_markup_stays_text(patient: Site) -> None:
    visitor = patient.visitor()
    page = visitor.get(finished(visitor, "html-error") + "/console")
    assert "<h1>Bad gateway</h1>" in page.text
    assert len(list(page.root.iter("h1"))) == 1


@pytest.mark.own_site
def test_pruned_calls_are_explained(site: Site, visitor: Visitor) -> None:
    path = finished(visitor, "fast")
    site.clock.advance(8 * 86_400)
    done = site.app.test_cli_runner().invoke(args=["prune"])
    assert done.output == "Deleted: 0 lookups, 3 recorded calls, 0 ended links, 0 lists of a state, 0 batches.\n"
    page = visitor.get(path + "/console")
    assert calls(page) == []
    assert "No call of this lookup is recorded. Calls are kept for 7 days." in page.text
    assert archive(visitor, path)["log"]["entries"] == []


def test_an_installation_that_records_nothing_says_so(tmp_path: Path) -> None:
    site = open_site(tmp_path, CALLS_KEPT_DAYS="0")
    visitor = site.visitor()
    page = visitor.get(finished(visitor, "fast") + "/console")
    assert "Calls are not recorded on this installation" in page.text
    site.close()


def test_a_command_says_which_shells_it_is_for(fast: Ended) -> None:
    page = fast.page("/console")
    buttons = [
        text_in(button) for button in page.root.iter("button") if button.get("data-copy-from", "").endswith("-curl")
    ]
    assert buttons
    assert all(label.startswith("Copy as curl (bash)") for label in buttons)
    assert "For bash or zsh: macOS, Linux, and on Windows WSL or Git Bash, not PowerShell." in page.text


def test_buttons_copy_what_is_on_the_page(visitor: Visitor) -> None:
    page = visitor.get(finished(visitor, "slow") + "/console")
    copied = [element.get("data-copy-from", "") for element in page.elements if element.get("data-copy-from")]
    parts = [page.find(id) for id in copied]
    assert len(copied) > 10
    assert all(part is not None and text_in(part) for part in parts)
    first = page.find(copied[0])
    assert first is not None
    assert "".join(first.itertext()).startswith("curl --request POST ")
    bodies = [part for id, part in zip(copied, parts, strict=True) if id.endswith("-body") and part is not None]
    assert all(json.loads("".join(body.itertext())) for body in bodies)
    assert all(not [inside for inside in elements_in(body) if inside.tag == "button"] for body in bodies)
