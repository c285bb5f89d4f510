"""Share links as their owner makes them and as a stranger opens them: to look at only, and all that is not valid looks
the same.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.integration.web.page import Page, text_in
from tests.integration.web.site import Site
from tests.integration.web.visitor import Visitor

pytestmark = pytest.mark.own_site  # dates and links are told and counted

DAY = 86_400


def path_of(visitor: Visitor, scenario: str) -> str:
    """The path of a lookup that has just begun."""
    return visitor.press(visitor.get(f"/?scenario={scenario}"), "Look up").location


@pytest.fixture
def lookup(visitor: Visitor) -> str:
    """The path of a lookup that found providers."""
    path = path_of(visitor, "fast")
    visitor.last(visitor.get(path))
    return path


def links(page: Page) -> list[str]:
    """The paths of the active links on the owner's page."""
    return [urlsplit(box.get("value", "")).path for box in page.root.iter("input") if box.get("readonly") is not None]


def create(visitor: Visitor, lookup: str, **chosen: str) -> Page:
    """Makes a link; the page that lists it."""
    return visitor.follow(visitor.press(visitor.get(f"{lookup}/shares"), "Create a link", **chosen))


def test_a_new_link_is_listed_with_its_end_to_be_copied(visitor: Visitor, lookup: str) -> None:
    page = create(visitor, lookup)
    assert "1 active link" in page.text
    assert len(links(page)) == 1
    assert "valid until 2025-11-29" in page.text
    (box,) = (box for box in page.root.iter("input") if box.get("readonly") is not None)
    assert box.get("value", "").startswith("http://localhost/shared/")
    assert any(label.get("for") == box.get("id") for label in page.root.iter("label"))


@pytest.mark.parametrize(
    ("days", "end"), [("1", "2025-11-23"), ("30", "2025-12-22"), ("365", "2025-11-29"), ("x", "2025-11-29")]
)
def test_one_seven_or_thirty_days_can_be_chosen(visitor: Visitor, lookup: str, days: str, end: str) -> None:
    assert f"valid until {end}" in create(visitor, lookup, days=days).text


def test_a_stranger_sees_address_outcome_providers_and_plans(site: Site, visitor: Visitor, lookup: str) -> None:
    own = visitor.get(lookup)
    stranger = site.visitor()
    page = stranger.get(links(create(visitor, lookup))[0])
    assert page.status == 200
    assert page.heading == "902 Scenario Way, Detroit, MI 48226"
    assert "As of 2025-11-22" in page.text
    assert "link is valid until 2025-11-29" in page.text
    assert "Matched by Hum 902 SCENARIO WAY, DETROIT, MI 48226" in page.text
    assert page.text_of("outcome") == own.text_of("outcome")
    assert page.provider_names == own.provider_names
    assert "$55.00/month" in page.text
    opened = next(link for link in page.root.iter("a") if text_in(link) == "+4 more plans of AT&T")
    assert "Internet 5 Gig" not in page.text_of("rows")
    assert "Internet 5 Gig" in stranger.get(opened.get("href", "")).text_of("rows")
    paper = next(link for link in page.root.iter("a") if text_in(link) == "Print all plans")
    assert "Internet 5 Gig" in stranger.get(paper.get("href", "")).text_of("rows")


def test_a_stranger_gets_nothing_to_press_no_cookie_and_no_way_in(site: Site, visitor: Visitor, lookup: str) -> None:
    path = links(create(visitor, lookup))[0]
    page = site.visitor().get(path)
    for tag in ("form", "input", "select", "textarea", "button"):
        assert not list(page.root.iter(tag)), tag
    inside = [link.get("href", "") for link in page.root.iter("a") if link.get("href", "").startswith("/")]
    assert [address for address in inside if not address.startswith(path)] == []
    assert lookup.rpartition("/")[2] not in page.html
    assert page.poller is None
    assert "Set-Cookie" not in page.headers


def test_search_engines_and_other_sites_do_not_learn_of_a_link(site: Site, visitor: Visitor, lookup: str) -> None:
    stranger = site.visitor()
    for page in (stranger.get(links(create(visitor, lookup))[0]), stranger.get("/shared/nothing")):
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert [meta.get("content") for meta in page.root.iter("meta") if meta.get("name") == "robots"] == [
            "noindex, nofollow"
        ]


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("no-providers", "No service found Hum knows the address but lists no internet provider for it."),
        ("geocode-failed", "Address not recognized Hum could not find this address"),
        ("multiple", "More than one address matches"),
        ("never", "Still unknown Hum is still searching after 30 seconds."),
        ("other-house", "This may be another address"),
    ],
)
def test_a_stranger_is_told_every_outcome(site: Site, visitor: Visitor, scenario: str, said: str) -> None:
    path = path_of(visitor, scenario)
    visitor.last(visitor.get(path))
    assert said in site.visitor().get(links(create(visitor, path))[0]).text


def test_a_stopped_lookup_does_not_blame_the_stranger(site: Site, visitor: Visitor) -> None:
    path = path_of(visitor, "never")
    visitor.press(visitor.get(path), "Stop")
    outcome = site.visitor().get(links(create(visitor, path))[0]).text_of("outcome")
    assert outcome == "Stopped The lookup was stopped before there was an answer."


def test_a_running_lookup_is_shown_as_far_as_it_got_and_asks_nothing(site: Site, visitor: Visitor) -> None:
    path = path_of(visitor, "fast")
    shared = links(create(visitor, path))[0]
    stranger = site.visitor()
    page = stranger.get(shared)
    assert "had not finished" in page.text_of("progress")
    assert page.poller is None
    assert not [meta for meta in page.root.iter("meta") if meta.get("http-equiv")]
    site.clock.advance(40)
    assert stranger.get(shared).text_of("progress") == page.text_of("progress")
    visitor.last(visitor.get(path))
    assert stranger.get(shared).text_of("outcome").startswith("Providers found")


def test_wrong_expired_revoked_and_deleted_links_look_the_same(site: Site, visitor: Visitor, lookup: str) -> None:
    stranger = site.visitor()
    wrong = stranger.get("/shared/nothing")
    assert (wrong.status, wrong.heading) == (404, "This link is no longer valid")

    (short,) = links(create(visitor, lookup, days="1"))
    site.clock.advance(1)
    page = create(visitor, lookup, days="7")
    revoked = links(page)[0]
    after = visitor.follow(visitor.press(page, "Revoke link 1"))
    assert links(after) == [short]
    assert "Revoked 2025-11-22" in after.text
    assert stranger.get(short).status == 200

    site.clock.advance(1)
    lasting = links(create(visitor, lookup, days="30"))[0]
    site.clock.advance(DAY)
    assert links(visitor.get(f"{lookup}/shares")) == [lasting]
    assert "Expired 2025-11-23" in visitor.get(f"{lookup}/shares").text
    assert stranger.get(lasting).status == 200

    visitor.press(visitor.get("/lookups"), "Delete 902 Scenario Way, Detroit, MI 48226")
    for path in (short, revoked, lasting, lasting[:-5], lasting + "x"):
        gone = stranger.get(path)
        assert (gone.status, text_in(gone.root)) == (404, text_in(wrong.root)), path


def test_the_owner_sees_the_same_as_a_stranger(visitor: Visitor, site: Site, lookup: str) -> None:
    path = links(create(visitor, lookup))[0]
    assert visitor.get(path).html == site.visitor().get(path).html


def test_another_browser_can_neither_list_make_nor_revoke_links(site: Site, visitor: Visitor, lookup: str) -> None:
    page = create(visitor, lookup)
    revoke = page.form_with("Revoke link 1").get("action", "")
    other = site.visitor()
    form = other.get("/")
    token = {"csrf_token": form.values(form.form_with("Look up"))["csrf_token"]}
    assert other.get(f"{lookup}/shares").status == 404
    assert other.post(f"{lookup}/shares", token).status == 404
    assert other.post(revoke, token).status == 404
    own = path_of(other, "fast")
    assert other.post(revoke.replace(lookup, own), token).status == 404
    assert links(visitor.get(f"{lookup}/shares")) == links(page)


def test_nothing_is_shared_or_revoked_without_the_forms_token(visitor: Visitor, lookup: str) -> None:
    page = create(visitor, lookup)
    assert visitor.post(f"{lookup}/shares", {}).status == 403
    assert visitor.post(page.form_with("Revoke link 1").get("action", ""), {}).status == 403
    assert links(visitor.get(f"{lookup}/shares")) == links(page)


def test_no_secret_of_hum_is_on_a_shared_page(site: Site, visitor: Visitor, lookup: str) -> None:
    html = site.visitor().get(links(create(visitor, lookup))[0]).html
    assert "security_token" not in html
    assert not [token for token in site.secrets_of_sessions() if token in html]
