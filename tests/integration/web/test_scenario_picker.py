"""The demo's own pages: scenarios to run, their speed, stepping by hand, the tour. All of it is gone where a real Hum
answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import sweeps
from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site, open_site, open_site_where_waiting_takes_no_time
from tests.integration.web.stored import with_class
from tests.integration.web.test_scenarios import ENDS, REFUSED_AT_ONCE
from tests.integration.web.visitor import Visitor
from tests.sweeps import few
from webapp.pages.scenario_groups import GROUPS
from webapp.pages.tour import STOPS
from webapp.simulator import SCENARIOS


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = open_site_where_waiting_takes_no_time(tmp_path)
    yield opened
    opened.close()


def begin(visitor: Visitor, scenario: str, speed: str) -> Page:
    """The lookup's page, just begun at this speed from the picker."""
    visitor.follow(visitor.press(visitor.get("/scenarios"), "Apply", speed=speed))
    return visitor.follow(run(visitor, scenario))


def run(visitor: Visitor, scenario: str) -> Page:
    return visitor.press(visitor.get("/scenarios"), f"Run {SCENARIOS[scenario].title}")


def next_moves(page: Page) -> str:
    """What the page says of the clock that is moved by hand."""
    return page.text_of("speed-note").removeprefix("Step by step: the simulated clock stands at ")


def test_every_scenario_is_listed_once_with_its_line_and_the_rest_in_a_group_of_its_own(visitor: Visitor) -> None:
    page = visitor.get("/scenarios")
    core, extra = [group for group in GROUPS[:-1] for group in group.scenarios], GROUPS[-1].scenarios
    assert len(core) == 24
    assert sorted(scenario.key for scenario in (*core, *extra)) == sorted(SCENARIOS)
    for scenario in SCENARIOS.values():
        assert page.text.count(f"{scenario.title} {scenario.line}") == 1
        assert f"Run {scenario.title}" in page.text


def test_its_name_fills_the_form(visitor: Visitor) -> None:
    links = {text_in(link): link.get("href", "") for link in visitor.get("/scenarios").root.iter("a")}
    form = visitor.get(links["Session gone"])
    assert form.values(form.form_with("Look up"))["street1"] == "919 Scenario Way"


def test_the_form_leads_to_the_picker(visitor: Visitor) -> None:
    assert "/scenarios" in [link.get("href") for link in visitor.get("/").root.iter("a")]


@pytest.mark.parametrize(("key", "title"), few(ENDS.items(), sweeps.ENDS))
@pytest.mark.parametrize("speed", ["fast", "step"])
def test_a_scenario_ends_the_same_at_every_speed(visitor: Visitor, key: str, title: str, speed: str) -> None:
    page = begin(visitor, key, speed)
    if speed == "fast":
        page = visitor.last(page)
    steps = 0
    while page.find("next") is not None:
        page = visitor.follow(visitor.press(page, "Next"))
        steps += 1
        assert steps < 20
    assert page.text_of("outcome").startswith(title)
    assert page.poller is None


@pytest.mark.parametrize(("key", "status"), REFUSED_AT_ONCE.items())
def test_a_scenario_that_is_refused_shows_the_form(visitor: Visitor, key: str, status: int) -> None:
    page = run(visitor, key)
    assert page.status == status
    assert page.title.startswith("Error: ")
    assert page.values(page.form_with("Look up"))["street1"] == SCENARIOS[key].address["street1"]


def test_a_double_click_runs_it_once(site: Site, visitor: Visitor) -> None:
    page = visitor.get("/scenarios")
    first, second = (visitor.press(page, "Run Slow") for _ in range(2))
    assert first.location == second.location
    assert site.upstream_calls("create") == 1


def test_step_by_step_the_clock_stands_until_next_is_pressed(site: Site, visitor: Visitor) -> None:
    page = begin(visitor, "fast", "step")
    assert page.poller is None
    assert "http-equiv" not in page.html
    path, said = path_of(page), [(next_moves(page), page.steps[:2])]
    for _ in range(2):
        site.clock.advance(100)
        assert next_moves(visitor.get(path)) == next_moves(page)
        page = visitor.follow(visitor.press(page, "Next"))
        said.append((next_moves(page), page.steps[:2]))
    assert said == [
        ("0.0 s. Next moves it to 2.0 s and asks Hum.", ["Matching the address (in progress)", "Providers"]),
        ("2.0 s. Next moves it to 5.5 s and asks Hum.", ["Address matched", "Finding providers (in progress)"]),
        ("", []),
    ]
    assert "Took 5.5 s" in page.text_of("progress")


def path_of(page: Page) -> str:
    """The lookup's path, from the button that asks again."""
    return page.form_with("Next").get("action", "").partition("/next")[0]


def test_each_step_asks_hum_once_whatever_else_is_opened(site: Site, visitor: Visitor) -> None:
    page = begin(visitor, "never", "step")
    path = path_of(page)
    page = visitor.follow(visitor.press(page, "Next"))
    assert (site.upstream_calls("status"), site.upstream_calls("internet")) == (1, 0)
    site.clock.advance(60)
    for _ in range(3):
        visitor.get(path)
        visitor.get(f"{path}/progress", **{"HX-Request": "true"})
        visitor.get(f"{path}?refresh=1")
    assert (site.upstream_calls("status"), site.upstream_calls("internet")) == (1, 0)
    visitor.press(page, "Next")
    assert (site.upstream_calls("status"), site.upstream_calls("internet")) == (1, 1)


def test_stepping_spends_the_thirty_seconds_and_keep_checking_opens_new_ones(visitor: Visitor) -> None:
    page = begin(visitor, "never", "step")
    path, stood = path_of(page), []
    while page.find("next") is not None:
        page = visitor.follow(visitor.press(page, "Next"))
        stood.append(next_moves(page).partition(" s.")[0])
    assert stood == ["2.0", "5.5", "8.5", "12.0", "15.5", "25.0", ""]
    assert page.text_of("outcome").startswith("Still unknown")
    page = visitor.follow(visitor.press(visitor.get(path), "Keep checking"))
    assert next_moves(page) == "30.0 s. Next moves it to 30.0 s and asks Hum."


def test_next_through_htmx_gives_the_fragment_without_a_reload(visitor: Visitor) -> None:
    page = begin(visitor, "fast", "step")
    answer = visitor.press_through_htmx(page, "Next")
    assert answer.status == 200
    assert answer.is_fragment
    assert answer.find("progress") is not None


def test_next_is_for_its_owner_and_needs_a_token(site: Site, visitor: Visitor) -> None:
    path = path_of(begin(visitor, "fast", "step"))
    assert visitor.post(f"{path}/next", {}).status == 403
    stranger = site.visitor()
    assert stranger.post(f"{path}/next", {}).status == 404


def test_fast_finds_providers_in_a_fifth_of_the_time_and_shows_real_seconds(visitor: Visitor) -> None:
    page = begin(visitor, "slow", "fast")
    assert page.text_of("speed-note") == (
        "Fast: five simulated seconds pass in one for lookups started at this speed. The seconds shown are real ones."
    )
    ended = visitor.last(page)
    assert ended.text_of("outcome").startswith("Providers found")
    took = re.search(r"Took ([\d.]+) s", ended.text_of("progress"))
    assert took is not None
    assert 5 <= float(took[1]) < 9


def test_a_step_that_gets_no_answer_moves_the_clock_too(visitor: Visitor) -> None:
    page = begin(visitor, "server-error-once", "step")
    said = [next_moves(page).partition(" and")[0]]
    for _ in range(2):
        page = visitor.follow(visitor.press(page, "Next"))
        said.append(next_moves(page).partition(" and")[0])
    assert said == [
        "0.0 s. Next moves it to 2.0 s",
        "2.0 s. Next moves it to 4.0 s",
        "4.0 s. Next moves it to 7.5 s",
    ]


def test_back_in_real_time_a_halted_lookup_goes_on_by_itself(visitor: Visitor) -> None:
    path = path_of(visitor.follow(visitor.press(begin(visitor, "fast", "step"), "Next")))
    visitor.press(visitor.get("/scenarios"), "Apply", speed="real")
    page = visitor.get(path)
    assert page.find("next") is None
    assert visitor.last(page).text_of("outcome").startswith("Providers found")


def test_the_speed_holds_for_lookups_begun_by_the_form_too_and_only_in_this_browser(
    site: Site, visitor: Visitor
) -> None:
    begin(visitor, "fast", "step")
    assert visitor.look_up("fast").find("next") is not None
    assert site.visitor().look_up("fast").find("next") is None
    visitor.press(visitor.get("/scenarios"), "Apply", speed="real")
    assert visitor.look_up("fast").poller is not None


def test_an_unknown_speed_changes_nothing(visitor: Visitor) -> None:
    assert visitor.press(visitor.get("/scenarios"), "Apply", speed="warp").status == 303
    assert visitor.look_up("fast").poller is not None


def test_the_tour_leads_from_stop_to_stop(visitor: Visitor) -> None:
    page = visitor.follow(visitor.press(visitor.get("/tour"), f"Run {STOPS[0].title}"))
    for stop in STOPS:
        assert page.text_of("stop-title") == f"Tour, stop {stop.number}: {stop.title}"
        assert stop.say in page.text
        if stop.following is not None:
            page = go(visitor, page, f"Next stop {stop.following.title}")
    assert "Next stop" not in page.text
    assert STOPS[-1].before is not None
    assert go(visitor, page, f"Back {STOPS[-1].before.title}").text_of("stop-title").endswith(STOPS[-1].before.title)


def go(visitor: Visitor, page: Page, name: str) -> Page:
    """Follows the link of this name, or presses the button."""
    for link in page.root.iter("a"):
        if text_in(link) == name:
            return visitor.get(link.get("href", ""))
    return visitor.follow(visitor.press(page, name))


def test_the_stops_of_one_lookup_open_its_calls_and_start_no_other(site: Site, visitor: Visitor) -> None:
    page = visitor.follow(visitor.press(visitor.get("/tour"), "Run Fast"))
    path = path_of_stop(page)
    visitor.last(page)
    page = visitor.get(f"{path}?calls=1&tour=1")
    opened = {}
    for stop in STOPS[1:5]:
        page = go(visitor, page, f"Next stop {stop.title}")
        (call,) = with_class(page, "call-shown")
        assert page.find("tour-call") in list(call)
        open_parts = [part.get("id", "").rpartition("-")[2] for part in call.iter("details") if "open" in part.attrib]
        opened[stop.title] = (text_in(next(call.iter("code"))), [part for part in open_parts if part in PARTS])
    assert opened == {
        "Create": ("POST /sessions", ["sent", "answer"]),
        "Poll": ("GET /sessions/{token}", ["answer"]),
        "List": ("GET /sessions/{token}/services/internet", ["answer"]),
        "curl and HAR": ("GET /sessions/{token}/services/internet", ["command"]),
    }
    page = go(visitor, page, "Next stop Try the API")
    chosen = [option.get("value", "") for option in page.root.iter("option") if "selected" in option.attrib]
    assert path_of_stop(page).rpartition("/")[2] in chosen
    assert go(visitor, page, "Back curl and HAR").text_of("stop-title") == "Tour, stop 5: curl and HAR"
    assert site.upstream_calls("create") == 1


PARTS = ("sent", "answer", "command")


def path_of_stop(page: Page) -> str:
    """The path of the lookup that the tour's bar leads back to."""
    return f"/lookups/{page.values(page.form_with('Apply the speed'))['lookup']}"


def test_the_speed_is_changed_at_a_stop_and_counts_at_once(site: Site, visitor: Visitor) -> None:
    page = visitor.follow(visitor.press(visitor.get("/tour"), "Run Fast"))
    assert page.poller is not None
    stepping = visitor.follow(visitor.press(page, "Apply the speed", speed="step"))
    assert stepping.text_of("stop-title") == "Tour, stop 1: Fast"
    assert stepping.find("next") is not None
    assert visitor.follow(visitor.press(stepping, "Apply the speed", speed="real")).poller is not None
    scripted = visitor.press_through_htmx(stepping, "Apply the speed")
    assert scripted.status == 204
    assert scripted.headers["HX-Redirect"] == f"{path_of_stop(page)}?calls=1&tour=1"
    # A lookup of somebody else is no way back.
    foreign = site.visitor()
    form = foreign.get("/try?tour=6")
    assert (
        foreign.press(form, "Apply the speed", lookup=path_of_stop(page).rpartition("/")[2]).location == "/try?tour=6"
    )


def test_the_tour_survives_next_and_a_wrong_number_is_no_stop(visitor: Visitor) -> None:
    visitor.press(visitor.get("/tour"), "Apply", speed="step", back="tour")
    page = visitor.follow(visitor.press(visitor.get("/tour"), "Run Fast"))
    page = visitor.follow(visitor.press(page, "Next"))
    assert page.text_of("stop-title").startswith("Tour, stop 1")
    path = path_of(page)
    for wrong in ("99", "0", "-1", "x"):
        assert "Tour, stop" not in visitor.get(f"{path}?tour={wrong}").text


def test_where_a_real_hum_answers_there_is_no_picker(tmp_path: Path) -> None:
    site = open_site(tmp_path / "keyed", HUM_API_KEY="some-key-of-a-test", HUM_API_URL="http://127.0.0.1:9")
    visitor = site.visitor()
    assert {path: visitor.get(path).status for path in ("/scenarios", "/tour")} == {"/scenarios": 404, "/tour": 404}
    assert visitor.post("/scenarios/fast/run", {}).status == 404
    assert visitor.post("/speed", {"speed": "fast"}).status == 404
    assert "Scenarios" not in visitor.get("/").text
    site.close()


def test_an_unknown_scenario_cannot_be_run(visitor: Visitor) -> None:
    assert visitor.post("/scenarios/nothing/run", {}).status == 404
    assert visitor.post("/scenarios/fast/run", {}).status == 403
