"""A lookup from the click to the end: 303 to its page, fragments that carry their own schedule, buttons that do what
they say.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site, open_site, open_site_where_waiting_takes_no_time
from tests.integration.web.visitor import Visitor


def oob(page: Page, kind: str) -> bool:
    """Whether a fragment brings the provider list or the announcement along."""
    marks = {
        element.get("data-hx-swap-oob"): element.get("id")
        for element in page.elements
        if element.get("data-hx-swap-oob")
    }
    return marks.get("true") == "providers" if kind == "list" else "innerHTML:#announcement" in marks


def test_a_submit_leads_by_303_to_a_page_that_asks_on_its_own(visitor: Visitor) -> None:
    answer = visitor.press(visitor.get("/?scenario=fast"), "Look up")
    assert answer.status == 303
    page = visitor.follow(answer)
    assert page.heading == "902 Scenario Way, Detroit, MI 48226"
    assert page.steps == ["Matching the address (in progress)", "Providers", "Plans"]
    assert page.poller is not None
    assert page.poller.get("id") == "progress"
    assert page.poller.get("data-hx-target") == "#progress"


def test_without_javascript_the_page_reloads_itself_until_the_end(site: Site, visitor: Visitor) -> None:
    page = visitor.look_up("fast")
    reloads = 0
    while refresh := [meta for meta in page.root.iter("meta") if meta.get("http-equiv") == "refresh"]:
        delay, _, target = refresh[0].get("content", "").partition(";url=")
        site.clock.advance(int(delay))
        page = visitor.get(target)
        reloads += 1
        assert reloads < 10
    assert len(page.provider_names) == 6


def test_every_fragment_says_when_to_ask_next_and_the_last_one_does_not(visitor: Visitor) -> None:
    fragments = list(visitor.watch(visitor.look_up("fast")))
    assert all(0.3 <= fragment.poll_delay <= 3 for fragment in fragments[:-1])
    assert fragments[-1].poller is None
    assert fragments[-1].text_of("progress").startswith("Progress 6 providers, 10 plans. As of ")
    assert "Stop" not in fragments[-1].ways_on
    assert fragments[-1].form_with("Look up again") is not None


def test_a_poll_that_is_lost_on_the_way_is_followed_by_another(visitor: Visitor) -> None:
    poller = visitor.look_up("fast").poller
    assert poller is not None
    assert ", every 10s" in poller.get("data-hx-trigger", "")


def test_the_provider_list_is_sent_when_it_changed_and_only_then(visitor: Visitor) -> None:
    fragments = list(visitor.watch(visitor.look_up("late-plans")))
    sent = [fragment for fragment in fragments if oob(fragment, "list")]
    assert "No plan details listed" in sent[0].text_of("providers")
    assert "+2 more plans of Xfinity" in sent[-1].text_of("providers")
    assert len(sent) < len(fragments)
    assert len({fragment.text_of("providers") for fragment in sent}) == len(sent)


def test_the_live_region_is_told_news_only(visitor: Visitor) -> None:
    fragments = list(visitor.watch(visitor.look_up("slow")))
    titles = [fragment.title for fragment in fragments if fragment.title]
    assert len(titles) == len(set(titles)) <= 5
    assert titles[-1].startswith("6 providers found - 903 Scenario Way")
    assert len(fragments) > len([fragment for fragment in fragments if announced(fragment)])


def announced(fragment: Page) -> list[str]:
    """What a fragment makes a screen reader say."""
    regions = [part for part in fragment.elements if part.get("data-hx-swap-oob") == "innerHTML:#announcement"]
    return [text_in(region) for region in regions]


@pytest.mark.own_site
def test_a_screen_reader_is_told_the_start_the_end_and_at_most_every_ten_seconds(site: Site, visitor: Visitor) -> None:
    began = site.clock()
    told: list[tuple[float, str]] = []
    for fragment in visitor.watch(visitor.look_up("slow")):
        for words in announced(fragment):
            told.append((site.clock() - began, words))
    assert [words for _, words in told] == [
        "Address matched, finding providers.",
        "Address matched, finding providers, 15 seconds so far.",
        "6 providers found. Lowest price $20.00 a month in the first year.",
    ]
    times = [at for at, _ in told]
    assert times[0] < 4
    assert all(later - earlier >= 10 for earlier, later in pairwise(times[:-1]))


@pytest.mark.own_site
def test_keep_checking_speaks_again_and_tells_the_real_time(site: Site, visitor: Visitor) -> None:
    page = visitor.last(visitor.look_up("never"))
    assert "Hum is still searching after 30 seconds." in page.text_of("outcome")
    site.clock.advance(3)
    pressed = visitor.press_through_htmx(page, "Keep checking")
    assert len(announced(pressed)) == 1
    told = []
    for fragment in visitor.watch(pressed):
        told += announced(fragment)
    assert told[-1] == "Still unknown."
    assert len(told) <= 4
    assert pressed.poller is not None
    ended = visitor.get(pressed.poller.get("data-hx-get", "").split("/progress")[0])
    assert "Hum is still searching after 63 seconds." in ended.text_of("outcome")


def test_a_page_that_is_reloaded_shows_what_is_stored_and_sends_nothing_twice(visitor: Visitor) -> None:
    ended = visitor.last(visitor.look_up("fast"))
    assert ended.poller is None
    assert len(ended.provider_names) == 6
    assert ended.title.startswith("6 providers found - 902 Scenario Way, Detroit, MI 48226")


def test_asking_again_too_early_asks_hum_nothing(site: Site, visitor: Visitor) -> None:
    page = visitor.look_up("fast")
    first = visitor.poll(page)
    again = visitor.poll(first)
    assert again.steps == first.steps
    assert again.poll_delay == first.poll_delay


@pytest.mark.own_site
def test_a_double_submit_is_one_lookup(site: Site, visitor: Visitor) -> None:
    form = visitor.get("/?scenario=fast")
    first, second = visitor.press(form, "Look up"), visitor.press(form, "Look up")
    assert first.location == second.location
    assert len(site.secrets_of_sessions()) == 1


def test_the_same_address_from_a_new_form_is_another_lookup(visitor: Visitor) -> None:
    first = visitor.press(visitor.get("/?scenario=fast"), "Look up")
    second = visitor.press(visitor.get("/?scenario=fast"), "Look up")
    assert first.location != second.location


def test_stop_ends_it_and_offers_the_way_on(visitor: Visitor) -> None:
    page = visitor.look_up("never")
    visitor.poll(page)
    stopped = visitor.follow(visitor.press(page, "Stop"))
    assert stopped.poller is None
    assert stopped.text_of("outcome").startswith("Stopped")
    assert stopped.ways_on == ["Look up again"]


@pytest.mark.own_site
def test_keep_checking_goes_on_with_the_same_session(site: Site, visitor: Visitor) -> None:
    paused = visitor.last(visitor.look_up("never"))
    assert paused.text_of("outcome").startswith("Still unknown")
    session = site.secrets_of_sessions()
    running = visitor.follow(visitor.press(paused, "Keep checking"))
    assert running.poller is not None
    assert "Finding providers (in progress)" in running.steps
    assert site.secrets_of_sessions() == session


def test_keep_checking_through_htmx_goes_on_without_loading_the_page(site: Site, visitor: Visitor) -> None:
    *_, paused = visitor.watch(visitor.look_up("never"))
    going_on = visitor.press_through_htmx(paused, "Keep checking")
    assert going_on.is_fragment
    assert going_on.poller is not None
    assert "Finding providers (in progress)" in going_on.steps
    assert going_on.ways_on == ["Stop"]
    assert going_on.find("outcome") is None


def test_buttons_are_sent_again_only_when_something_else_can_be_done(site: Site, visitor: Visitor) -> None:
    page = visitor.look_up("never")
    sent = [(len(fragment.text), fragment.ways_on) for fragment in visitor.watch(page)]
    ways = [ways for _, ways in sent if ways]
    assert ways == [["Stop"], ["Keep checking"]], "once with the matched address, once at the end"
    assert len(sent) > 8


def test_look_up_again_keeps_the_address_and_leaves_the_old_one(visitor: Visitor) -> None:
    form = visitor.get("/")
    answer = visitor.press(form, "Look up", street1="902 Scenario Way", street2="Apt 4", zip="48226")
    ended = visitor.last(visitor.follow(answer))
    again = visitor.follow(visitor.press(ended, "Look up again"))
    assert again.heading == ended.heading == "902 Scenario Way, Apt 4, 48226"
    assert again.poller is not None
    assert visitor.get(answer.location).provider_names == ended.provider_names


def test_look_up_again_pressed_twice_is_one_lookup(visitor: Visitor) -> None:
    ended = visitor.last(visitor.look_up("fast"))
    first, second = visitor.press(ended, "Look up again"), visitor.press(ended, "Look up again")
    assert first.location == second.location


def test_edit_address_fills_the_form_and_the_new_lookup_ends_the_old(visitor: Visitor) -> None:
    answer = visitor.press(visitor.get("/?scenario=never"), "Look up")
    running = visitor.follow(answer)
    edit = next(link for link in running.root.iter("a") if "".join(link.itertext()) == "Edit address")
    form = visitor.get(edit.get("href", ""))
    assert form.values(form.form_with("Look up"))["street1"] == "904 Scenario Way"
    visitor.press(form, "Look up", street1="902 Scenario Way")
    assert visitor.get(answer.location).text_of("outcome").startswith("Stopped")


def test_a_new_lookup_from_the_empty_form_ends_the_one_before(visitor: Visitor) -> None:
    answer = visitor.press(visitor.get("/?scenario=never"), "Look up")
    running = visitor.follow(answer)
    brand = next(link for link in running.root.iter("a") if link.get("class") == "brand")
    form = visitor.get(brand.get("href", ""))
    assert not form.values(form.form_with("Look up")).get("street1")
    visitor.press(form, "Look up", street1="902 Scenario Way", zip="48226")
    assert visitor.get(answer.location).text_of("outcome").startswith("Stopped")


def test_a_button_pressed_through_htmx_moves_the_browser_itself(visitor: Visitor) -> None:
    page = visitor.look_up("never")
    answer = visitor.press_through_htmx(page, "Stop")
    assert answer.status == 200
    assert not answer.html
    assert page.poller is not None
    assert answer.headers["HX-Redirect"] == page.poller.get("data-hx-get", "").split("/progress")[0]


def test_trouble_in_mid_poll_keeps_what_is_there_and_says_when_it_goes_on(tmp_path: Path) -> None:
    site = open_site_where_waiting_takes_no_time(tmp_path, POLL_INTERVAL="1.5")
    visitor = site.visitor()
    fragments = list(visitor.watch(visitor.look_up("timeout")))
    troubled = [fragment for fragment in fragments if "Hum did not answer properly" in fragment.text]
    assert troubled
    assert all("Address matched" in fragment.steps for fragment in troubled)
    assert fragments[-1].title.startswith("6 providers found")
    site.close()


def test_a_rate_limit_in_mid_poll_waits_for_its_end(visitor: Visitor) -> None:
    fragments = list(visitor.watch(visitor.look_up("rate-limited")))
    assert [fragment for fragment in fragments if "Hum asks us to slow down. The next try is in" in fragment.text]
    assert fragments[-1].title.startswith("6 providers found")


def test_three_failures_in_a_row_pause_it_and_keep_checking_finds_the_rest(tmp_path: Path) -> None:
    site = open_site(tmp_path, POLL_INTERVAL="0.3")
    visitor = site.visitor()
    page = visitor.look_up("html-error")
    site.clock.advance(2)
    fragments = list(visitor.watch(visitor.poll(page)))
    assert fragments[-1].text_of("outcome").startswith("Hum could not answer Hum could not be reached")
    assert "three times in a row" in fragments[-1].text_of("outcome")
    site.clock.advance(10)
    ended = visitor.last(visitor.follow(visitor.press(fragments[-1], "Keep checking")))
    assert len(ended.provider_names) == 6
    site.close()
