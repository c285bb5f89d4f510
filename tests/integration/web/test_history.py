"""*Your lookups* as a person uses it: find, go on, look up again, delete one or all; another browser sees none of
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from sqlalchemy import text

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site, open_site
from tests.integration.web.visitor import Visitor
from webapp.pages.exports.formats import EXPORTS


def listed(page: Page) -> list[str]:
    """The streets in the list."""
    return [text_in(link) for heading in page.root.iter("h2") for link in heading.iter("a")]


def entry(page: Page, street: str) -> str:
    """All that the list says of a street's lookup."""
    return next(text_in(part) for part in page.root.iter("article") if street in text_in(part))


def calls_made(site: Site) -> int:
    """Calls to Hum that are recorded, of all lookups."""
    with site.database() as connection:
        return connection.execute(text("SELECT count(*) FROM call")).scalar_one()


def link(page: Page, words: str) -> str:
    """Where the link with these words leads."""
    return next(each.get("href", "") for each in page.root.iter("a") if text_in(each) == words)


def some_lookups(visitor: Visitor) -> None:
    for scenario in ("fast", "no-providers", "geocode-failed"):
        visitor.last(visitor.look_up(scenario))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A browser with some lookups, for tests that only read."""
    site = open_site(tmp_path_factory.mktemp("history"))
    visitor = site.visitor()
    some_lookups(visitor)
    yield visitor
    site.close()


def test_a_browser_without_lookups_is_told_what_will_be_here(site: Site) -> None:
    page = site.visitor().get("/lookups")
    assert page.heading == "Your lookups"
    assert "No lookups yet" in page.text
    assert "is listed here for 30 days, unless you delete it before" in page.text
    assert link(page, "New lookup") == "/"
    assert not list(page.root.iter("form"))
    assert "Set-Cookie" not in page.headers


def test_every_page_leads_to_the_list(visitor: Visitor) -> None:
    assert link(visitor.get("/"), "Lookups") == "/lookups"


def test_entries_say_when_where_what_and_how_much_newest_first(reader: Visitor) -> None:
    page = reader.get("/lookups")
    assert listed(page) == ["907 Scenario Way", "909 Scenario Way", "902 Scenario Way"]
    assert re.search(
        r"Detroit, MI 48226 6 providers, from \$29\.99 a month in the first year 2025-11-22 \d\d:\d\d \w+, DEMO",
        entry(page, "902 Scenario Way"),
    )
    assert "No service found" in entry(page, "909 Scenario Way")
    assert "Address not recognized" in entry(page, "907 Scenario Way")


def test_a_running_lookup_is_listed_as_unfinished_and_can_be_opened(visitor: Visitor) -> None:
    visitor.look_up("never")
    page = visitor.get("/lookups")
    assert "Still searching" in entry(page, "904 Scenario Way")
    assert visitor.get(link(page, "904 Scenario Way")).poller is not None


@pytest.mark.parametrize(
    ("scenario", "minutes", "said"),
    [
        ("fast", 1, "Left while Hum was searching. Open it to see the result."),
        ("fast", 60, "Left before Hum had finished"),
        ("late-plans", 1, "6 providers so far, left while Hum was searching. Open it to see the result."),
        ("late-plans", 60, "6 providers so far, left before Hum had finished"),
    ],
)
def test_a_lookup_that_was_left_is_said_to_be_left_and_ends_when_it_is_opened(
    site: Site, visitor: Visitor, scenario: str, minutes: int, said: str
) -> None:
    page = visitor.look_up(scenario)
    if scenario == "late-plans":
        next(fragment for fragment in visitor.watch(page) if fragment.provider_names)
    before = calls_made(site)
    site.clock.advance(60 * minutes)
    history = visitor.get("/lookups")
    [street] = listed(history)
    assert said in entry(history, street)
    assert calls_made(site) == before, "reading the list asks nobody"
    opened = visitor.get(link(history, street))
    visitor.last(opened)
    ended = entry(visitor.get("/lookups"), street)
    assert ("expired" if (scenario, minutes) == ("fast", 60) else "6 providers") in ended
    assert "left" not in ended.lower()


@pytest.mark.parametrize("path", ["providers/1", "compare", "report", "print", *(f"export.{kind}" for kind in EXPORTS)])
def test_what_is_made_of_a_result_ends_a_lookup_that_was_left(site: Site, visitor: Visitor, path: str) -> None:
    visitor.look_up("fast")
    before = calls_made(site)
    site.clock.advance(60)
    history = visitor.get("/lookups")
    [street] = listed(history)
    assert visitor.get(f"{link(history, street)}/{path}").status == 200
    assert 1 <= calls_made(site) - before <= 2
    ended = entry(visitor.get("/lookups"), street)
    assert "6 providers" in ended
    assert "left" not in ended.lower()


def test_a_refused_address_is_not_listed_and_a_refused_key_is(site: Site, visitor: Visitor) -> None:
    for scenario in ("invalid", "unauthorized"):
        visitor.press(visitor.get(f"/?scenario={scenario}"), "Look up")
    page = visitor.get("/lookups")
    assert len(listed(page)) == 1
    assert "Hum could not answer" in page.text


@pytest.mark.parametrize(
    ("query", "streets"),
    [
        ("?q=902", ["902 Scenario Way"]),
        ("?q=DETROIT+way", ["907 Scenario Way", "909 Scenario Way", "902 Scenario Way"]),
        ("?q=boston", []),
        ("?outcome=served", ["902 Scenario Way"]),
        ("?outcome=not_recognized&q=48226", ["907 Scenario Way"]),
        ("?outcome=not_recognized&q=902", []),
        ("?outcome=unfinished", []),
        ("?outcome=nonsense", ["907 Scenario Way", "909 Scenario Way", "902 Scenario Way"]),
        ("?before=nonsense&after=%00", ["907 Scenario Way", "909 Scenario Way", "902 Scenario Way"]),
        ("?q=" + "x" * 5_000, []),
    ],
)
def test_the_query_string_searches_and_filters_and_the_form_keeps_it(
    reader: Visitor, query: str, streets: list[str]
) -> None:
    page = reader.get("/lookups" + query)
    assert listed(page) == streets
    if not streets:
        assert "No lookup fits" in page.text
    chosen = parse_qs(query[1:]).get("outcome", [""])[0]
    assert page.values(page.form_with("Find"))["outcome"] == chosen.replace("nonsense", "")


def test_words_that_look_like_markup_stay_words(visitor: Visitor) -> None:
    page = visitor.get('/lookups?q="><script>alert(1)</script>')
    assert page.values(page.form_with("Find"))["q"] == '"><script>alert(1)</script>'


def many(site: Site, visitor: Visitor, total: int) -> None:
    """Copies of one ended lookup, a minute apart, the last the newest."""
    visitor.last(visitor.look_up("no-providers"))
    with site.database() as connection:
        columns = [row.name for row in connection.execute(text("PRAGMA table_info(lookup)"))]
        changed = {
            "id": "'copy-' || :n",
            "submit_key": "'copy-' || :n",
            "created_at": "created_at + 60 * :n",
            "street1": ":n || ' Main St'",
        }
        chosen = ", ".join(changed.get(column, column) for column in columns)
        copy = text(f"INSERT INTO lookup SELECT {chosen} FROM lookup WHERE id NOT LIKE 'copy-%'")
        connection.execute(copy, [{"n": number} for number in range(1, total)])


@pytest.mark.own_site
def test_pages_of_25_lead_on_and_back_and_keep_the_search(site: Site, visitor: Visitor) -> None:
    many(site, visitor, 60)
    first = visitor.get("/lookups?outcome=no_service")
    second = visitor.get(link(first, "Older"))
    third = visitor.get(link(second, "Older"))
    assert [len(listed(page)) for page in (first, second, third)] == [25, 25, 10]
    assert len(set(listed(first) + listed(second) + listed(third))) == 60
    assert listed(visitor.get(link(third, "Newer"))) == listed(second)
    assert listed(visitor.get(link(second, "Newer"))) == listed(first)
    assert "Newer" not in first.text
    assert "Older" not in third.text
    assert second.values(second.form_with("Find"))["outcome"] == "no_service"


def test_look_up_again_from_the_list_starts_a_new_one_for_each_row(visitor: Visitor) -> None:
    some_lookups(visitor)
    page = visitor.get("/lookups")
    again = [
        visitor.press(page, f"Look up again {street}, Detroit, MI 48226")
        for street in ("902 Scenario Way", "909 Scenario Way")
    ]
    headings = [visitor.follow(answer).heading for answer in again]
    assert headings == ["902 Scenario Way, Detroit, MI 48226", "909 Scenario Way, Detroit, MI 48226"]
    assert visitor.press(page, "Look up again 902 Scenario Way, Detroit, MI 48226").location == again[0].location
    assert len(listed(visitor.get("/lookups"))) == 5


def test_delete_takes_one_away_and_stays_at_the_place(visitor: Visitor) -> None:
    some_lookups(visitor)
    page = visitor.get("/lookups?q=scenario")
    path = link(page, "909 Scenario Way")
    answer = visitor.press(page, "Delete 909 Scenario Way, Detroit, MI 48226")
    assert "q=scenario" in answer.location
    page = visitor.follow(answer)
    assert listed(page) == ["907 Scenario Way", "902 Scenario Way"]
    assert "1 lookup deleted" in page.text
    assert visitor.get(path).status == 404


def test_delete_all_says_how_many_asks_first_and_closes_what_runs(site: Site, visitor: Visitor) -> None:
    some_lookups(visitor)
    visitor.look_up("never")
    other = site.visitor()
    other.look_up("fast")
    question = visitor.get(link(visitor.get("/lookups"), "Delete all lookups"))
    assert "This deletes 4 lookups" in question.text
    assert len(listed(visitor.get("/lookups"))) == 4
    page = visitor.follow(visitor.press(question, "Delete 4 lookups"))
    assert "4 lookups deleted" in page.text
    assert "No lookups yet" in page.text
    assert "There are no lookups to delete" in visitor.get("/lookups/clear").text
    assert len(listed(other.get("/lookups"))) == 1


def test_nothing_is_deleted_without_the_forms_token(visitor: Visitor) -> None:
    some_lookups(visitor)
    path = link(visitor.get("/lookups"), "902 Scenario Way")
    assert visitor.post("/lookups/clear", {}).status == 403
    assert visitor.post(f"{path}/delete", {}).status == 403
    assert len(listed(visitor.get("/lookups"))) == 3


def test_another_browser_sees_and_deletes_nothing(site: Site, visitor: Visitor) -> None:
    some_lookups(visitor)
    path = link(visitor.get("/lookups"), "902 Scenario Way")
    other = site.visitor()
    form = other.get("/")
    token = form.values(form.form_with("Look up"))["csrf_token"]
    assert listed(other.get("/lookups?q=scenario")) == []
    assert other.post(f"{path}/delete", {"csrf_token": token}).status == 404
    other.post("/lookups/clear", {"csrf_token": token})
    assert len(listed(visitor.get("/lookups"))) == 3
