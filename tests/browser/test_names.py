"""The site under the names that machines of an intranet have, over plain http, in a browser that finds those names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Request, expect

from tests.browser.browsing import Browsing
from tests.browser.results import finished
from tests.integration.web.site import Site, open_site, serve
from tests.sweeps import few

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = pytest.mark.browser

NAMES = ("sales_tool", "intranet")
FINDS_THEM = "--host-resolver-rules=" + ",".join(f"MAP {name} 127.0.0.1" for name in NAMES)
NO_OPENER_POLICY = "Cross-Origin-Opener-Policy header has been ignored"
"""Chromium says so of every page over plain http."""


@pytest.fixture(scope="module")
def named(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """A browser that finds NAMES on this machine."""
    browser = browser_type.launch(**{**browser_type_launch_args, "args": [FINDS_THEM]})
    yield browser
    browser.close()


@pytest.fixture
def contexts(named: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts of that browser and closes them."""
    opened: list[BrowserContext] = []

    def new_context(**options: Any) -> BrowserContext:
        opened.append(named.new_context(**options))
        return opened[-1]

    yield new_context
    for context in opened:
        context.close()


def under(name: str, url: str) -> str:
    """The server's URL by another name of this machine."""
    return f"http://{name}:{urlsplit(url).port}"


def what_a_post_says(page: Page) -> list[dict[str, str]]:
    """The headers of every POST from here on."""
    said: list[dict[str, str]] = []

    def listen(request: Request) -> None:
        if request.method == "POST":
            said.append(request.headers)

    page.on("request", listen)
    return said


def with_header(app: WSGIApplication, name: str, value: str | None) -> WSGIApplication:
    """The app behind a proxy that sets a header of each answer, or with None keeps it to itself."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            others = [header for header in headers if header[0] != name]
            return start_response(status, others if value is None else [*others, (name, value)], *rest)

        return app(environ, start)

    return answer


@pytest.mark.parametrize("name", few(NAMES, NAMES[:1]))
def test_a_name_of_an_intranet_with_an_underscore_or_without(
    site: Site, served: tuple[Site, str], contexts: Callable[..., BrowserContext], name: str
) -> None:
    browsing = Browsing(site, under(name, served[1]), contexts)
    browsing.tolerate(NO_OPENER_POLICY)
    page = browsing.window()
    said = what_a_post_says(page)
    finished(browsing, page)
    expect(page.locator("#progress")).to_contain_text("6 providers, ")
    page.goto(f"{page.url.partition('?')[0]}/shares")
    page.get_by_role("button", name="Create a link").click()
    expect(page.locator("input[readonly]").first).to_have_value(re.compile(f"{browsing.url}/shared/.+"))
    assert said
    assert all("sec-fetch-site" not in headers for headers in said), "where browsers say more, this test proves less"
    assert not browsing.unexpected()


@pytest.mark.soak
def test_a_button_of_a_page_without_referrers_works(
    site: Site, served: tuple[Site, str], contexts: Callable[..., BrowserContext]
) -> None:
    """The page that a share link opens is such a page, and in presenter mode it has a button."""
    browsing = Browsing(site, under("intranet", served[1]), contexts)
    browsing.tolerate(NO_OPENER_POLICY)
    page = browsing.window()
    finished(browsing, page)
    page.goto(f"{page.url.partition('?')[0]}/shares")
    page.get_by_role("button", name="Create a link").click()
    link = page.locator("input[readonly]").first.input_value()
    page.goto("/presenter")
    page.get_by_role("button", name="Switch on").click()
    page.goto(link)
    said = what_a_post_says(page)
    page.locator("#presenter-off").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Presenter mode")
    expect(page.locator("#presenter-off")).to_have_count(0)
    assert [headers["origin"] for headers in said] == ["null"]
    assert not browsing.unexpected()


@pytest.mark.soak
def test_a_proxy_that_forbids_referrers_keeps_nothing_from_working(
    site: Site, contexts: Callable[..., BrowserContext]
) -> None:
    with serve(with_header(site.app, "Referrer-Policy", "no-referrer")) as url:
        browsing = Browsing(site, under("intranet", url), contexts)
        browsing.tolerate(NO_OPENER_POLICY)
        page = browsing.window()
        said = what_a_post_says(page)
        finished(browsing, page)
        expect(page.locator("#progress")).to_contain_text("6 providers, ")
        assert {headers["origin"] for headers in said} == {"null"}
        assert not browsing.unexpected()


def test_another_site_of_the_intranet_presses_no_button(
    site: Site, served: tuple[Site, str], contexts: Callable[..., BrowserContext]
) -> None:
    """A page of another name sends the browser's form to ours, once as it is and once without saying where it comes from."""
    target = f"{under('sales_tool', served[1])}/lookups"
    page = Browsing(site, under("sales_tool", served[1]), contexts).window()
    page.goto("/")
    token = page.locator("[name=csrf_token]").first.input_value()
    fields = {"csrf_token": token, "street1": "902 Scenario Way", "zip": "48226"}
    before = site.upstream_calls("create")
    for policy, heading in (
        ("unsafe-url", "This request did not come from this site"),
        ("no-referrer", "Find internet providers at an address"),
    ):
        inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
        html = f'<meta name=referrer content={policy}><form method=post action="{target}">{inputs}<button>Win a prize</button></form>'

        def other_site(environ: WSGIEnvironment, start_response: StartResponse, html: str = html) -> Iterable[bytes]:
            start_response("200 OK", [("Content-Type", "text/html")])
            return [html.encode()]

        with serve(other_site) as url:
            page.goto(under("intranet", url))
            page.get_by_role("button", name="Win a prize").click()
            expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    # Even with a token that it cannot know: the cookie is not sent along.
    expect(page.locator("#faults")).to_contain_text("This page needs a cookie")
    assert site.upstream_calls("create") == before


def test_a_browser_without_the_cookie_is_told_so(site: Site, contexts: Callable[..., BrowserContext]) -> None:
    """The headless browser has no switch for cookies: here they are lost on the way to it."""
    with serve(with_header(site.app, "Set-Cookie", None)) as url:
        page = Browsing(site, under("intranet", url), contexts).window()
        expect_no_cookie(page, "Allow cookies for this site")


@pytest.mark.soak
def test_a_secure_cookie_over_plain_http_is_told_of(tmp_path: Path, contexts: Callable[..., BrowserContext]) -> None:
    """Browsers drop it themselves."""
    site = open_site(tmp_path, HTTPS="1")
    with serve(site.app) as url:
        page = Browsing(site, under("intranet", url), contexts).window()
        expect_no_cookie(page, "begins with https://")
    site.close()


def expect_no_cookie(page: Page, advice: str) -> None:
    """Both kinds of refusal say that the cookie is missing and what to do, however often the button is pressed."""
    page.goto("/?scenario=fast")
    for _ in range(2):
        page.get_by_role("button", name="Look up").click()
        expect(page.locator("#faults")).to_contain_text("This page needs a cookie, and your browser did not send it.")
        expect(page.locator("#faults")).to_contain_text(advice)
        expect(page.get_by_label("Street address")).to_have_value("902 Scenario Way")
    page.goto("/scenarios")
    page.get_by_role("button", name="Run").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This page needs a cookie")
    expect(page.get_by_role("main")).to_contain_text(advice)
    assert page.context.cookies() == []
