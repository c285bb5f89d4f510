"""The lookup in pages of other sites, over TLS, in a browser that keeps third-party cookies from frames."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserType, FrameLocator, Page, Response, expect
from werkzeug.serving import make_server

from tests.browser.accessibility import assert_faultless, assert_fits, faults_in
from tests.integration.web.site import Site, open_site_where_waiting_takes_no_time
from tests.sweeps import few
from webapp.telemetry import configure_logging

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LISTED, OTHER, LOOKUP = "intranet.test", "evil.test", "lookup.test"
HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Intranet</title><h1>Intranet</h1>
<script>window.told = []; window.shifts = 0;
for (const kind of ["ready", "resize", "submitted", "result", "shared", "error"])
  document.addEventListener("hum:" + kind, (event) => told.push(event.detail));
new PerformanceObserver((list) => { for (const entry of list.getEntries()) shifts += entry.value; })
  .observe({ type: "layout-shift", buffered: true });</script>"""


@dataclass
class Pages:
    """Another site: its pages by path."""

    by_path: dict[str, str] = field(default_factory=dict)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        body = self.by_path.get(environ["PATH_INFO"], "").encode()
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
        return [body]


@contextmanager
def tls(app: WSGIApplication, port: int = 0) -> Iterator[int]:
    """The port of a WSGI app behind a certificate made for the occasion."""
    server = make_server("127.0.0.1", port, app, threaded=True, ssl_context="adhoc")
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def block_third_party_cookies(page: Page) -> None:
    """As browsers do by themselves or are told to; the headless one has no switch for it."""
    controls = page.context.new_cdp_session(page)
    controls.send("Network.enable")
    no_exceptions = {"disableThirdPartyCookieMetadata": True, "disableThirdPartyCookieHeuristics": True}
    controls.send("Network.setCookieControls", {"enableThirdPartyCookieRestriction": True, **no_exceptions})


@contextmanager
def five_times_as_fast(site: Site) -> Iterator[None]:
    """The site's time passes while the block runs."""
    over = Event()

    def pass_time() -> None:
        while not over.wait(0.1):
            site.turn(0.5)

    thread = Thread(target=pass_time, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@dataclass
class World:
    """Three sites, and a browser that knows them by their names."""

    site: Site
    lookup: str
    listed: str
    other: str
    pages: Pages
    browser: Browser

    def script(self, more: str = "") -> str:
        return f'<script src="{self.lookup}/embed.js" {more}></script>'

    def open(self, body: str, *, host: str = "", width: int = 1000) -> Page:
        """A page of the listed site with this in it, in a browser of its own."""
        path = f"/{len(self.pages.by_path)}"
        self.pages.by_path[path] = HEAD + body
        context = self.browser.new_context(ignore_https_errors=True, viewport={"width": width, "height": 900})
        context.set_default_timeout(10_000)
        page = context.new_page()
        block_third_party_cookies(page)
        page.goto(f"{host or self.listed}{path}")
        return page

    def address(self, scenario: str) -> str:
        given = self.site.services.example_address(scenario)
        return " ".join(f'data-{name}="{text}"' for name, text in given.items())


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[World]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    pages = Pages()
    site = open_site_where_waiting_takes_no_time(
        tmp_path_factory.mktemp("state"),
        EMBED_ORIGINS=f"https://{LISTED}:{port}",
        HTTPS="1",
        POLL_INTERVAL="0.3",
        LOOKUPS_PER_MINUTE_ADDRESS="0",
    )
    flags = ["--host-resolver-rules=MAP *.test 127.0.0.1"]
    arguments = {**browser_type_launch_args, "args": [*browser_type_launch_args.get("args", []), *flags]}
    browser = browser_type.launch(**arguments)
    with tls(pages, port), tls(site.app) as own, five_times_as_fast(site):
        yield World(
            site, f"https://{LOOKUP}:{own}", f"https://{LISTED}:{port}", f"https://{OTHER}:{port}", pages, browser
        )
    browser.close()
    site.close()


@pytest.fixture(autouse=True)
def _logging() -> None:
    configure_logging("info")


def inside(page: Page, number: int = 0) -> FrameLocator:
    return page.frame_locator("iframe").nth(number)


def told(page: Page, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("kind => told.filter((said) => said.type === 'hum:' + kind)", kind)
    return found


def wait_for(page: Page, kind: str, count: int = 1) -> list[dict[str, Any]]:
    counted = "([kind, count]) => told.filter((said) => said.type === 'hum:' + kind).length >= count"
    page.wait_for_function(counted, arg=[kind, count])
    return told(page, kind)


@pytest.mark.soak
def test_this_browser_keeps_cookies_from_frames(world: World) -> None:
    world.pages.by_path["/cookie"] = "<script>document.cookie = 'a=1; SameSite=None; Secure'</script>"
    page = world.open(f'<iframe src="{world.other}/cookie"></iframe>')
    assert page.frames[1].evaluate("document.cookie") == ""
    page.goto(f"{world.other}/cookie")
    assert page.evaluate("document.cookie") == "a=1"


def test_a_lookup_in_an_intranets_page(world: World) -> None:
    page = world.open(world.script('data-accent="#8a1c4a"'))
    wait_for(page, "ready")
    places = page.evaluate("history.length")
    inside(page).locator("#paste").fill("1001 Woodward Ave, Detroit, MI 48226")
    inside(page).locator("#paste").press("Enter")
    (result,) = wait_for(page, "result")
    assert (result["outcome"], result["provider_count"], result["version"]) == ("served", 6, 1)
    assert len(told(page, "submitted")) == 1
    expect(inside(page).locator("article.provider")).to_have_count(6)
    # Its height follows, and Back leads out of the page.
    page.wait_for_function("document.querySelector('iframe').clientHeight > 600")
    frame = page.frames[1]
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("history.length") == places
    assert page.context.cookies() == []
    assert page.evaluate("shifts") == 0
    assert faults_in(frame) == []
    # Plans side by side, and back, still in the frame.
    for number in (0, 1):
        inside(page).locator("[name=plan]").nth(number).check()
    inside(page).locator("#compare-button").click()
    expect(inside(page).locator("table.compare, .compare table").first).to_be_visible()
    assert page.evaluate("history.length") == places
    page.reload()
    expect(inside(page).locator("#paste")).to_be_visible()


@pytest.mark.soak
def test_two_frames_of_a_page_know_nothing_of_each_other(world: World) -> None:
    page = world.open(
        world.script(f"{world.address('fast')} data-autostart") + world.script('data-theme="dark"'), width=336
    )
    wait_for(page, "result")
    expect(inside(page).locator("article.provider").first).to_be_visible()
    expect(inside(page, 1).locator("#paste")).to_be_visible()
    assert page.frames[2].evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    for frame in page.frames[1:]:
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults_in(frame) == []


@pytest.mark.soak
@pytest.mark.parametrize(
    ("scenario", "outcome"),
    [("multiple", "ambiguous"), ("no-providers", "no_service"), ("geocode-failed", "not_recognized")],
)
def test_other_ends_are_told_too(scenario: str, outcome: str, world: World) -> None:
    page = world.open(world.script(f"{world.address(scenario)} data-autostart"))
    (result,) = wait_for(page, "result")
    assert result["outcome"] == outcome


@pytest.mark.soak
def test_stop_and_look_up_again(world: World) -> None:
    page = world.open(world.script(f"{world.address('slow')} data-autostart"))
    inside(page).get_by_role("button", name="Stop").click()
    assert wait_for(page, "result")[0]["outcome"] == "stopped"
    inside(page).get_by_role("button", name="Look up again").first.click()
    expect(inside(page).get_by_role("button", name="Stop")).to_be_visible()


@pytest.mark.soak
def test_keep_checking_goes_on(world: World) -> None:
    page = world.open(world.script(f"{world.address('never')} data-autostart"))
    inside(page).get_by_role("button", name="Keep checking").click(timeout=20_000)
    expect(inside(page).get_by_role("button", name="Stop")).to_be_visible()


@pytest.mark.soak
def test_a_link_to_the_result_for_a_page_that_asks_for_one(world: World) -> None:
    page = world.open(world.script(f"{world.address('fast')} data-autostart data-share"))
    (shared,) = wait_for(page, "shared")
    assert shared["url"].startswith(f"{world.lookup}/shared/")
    page.goto(shared["url"])
    expect(page.locator("article.provider").first).to_be_visible()


@pytest.mark.soak
def test_an_outage_takes_nothing_away(world: World) -> None:
    page = world.open(world.script(world.address("fast")))
    expect(inside(page).locator("#street1")).not_to_have_value("")
    page.context.route("**/lookups", lambda route: route.abort())
    inside(page).locator("#look-up").click()
    assert "try again" in wait_for(page, "error")[0]["message"]
    page.context.unroute("**/lookups")
    inside(page).get_by_role("button", name="Look up").click()
    assert wait_for(page, "result")[0]["outcome"] == "served"


@pytest.mark.soak
def test_back_leads_out_of_the_page(world: World) -> None:
    page = world.open("<p>The page before.</p>")
    world.pages.by_path["/with"] = HEAD + world.script(f"{world.address('fast')} data-autostart")
    page.goto(f"{world.listed}/with")
    wait_for(page, "result")
    page.go_back()
    expect(page.get_by_text("The page before.")).to_be_visible()
    page.go_forward()
    wait_for(page, "ready")


@pytest.mark.soak
def test_the_page_fills_the_form_and_empties_it(world: World) -> None:
    page = world.open(world.script())
    wait_for(page, "ready")
    ask = "([type, detail]) => document.querySelector('iframe').dispatchEvent(new CustomEvent(type, { detail }))"
    page.evaluate(ask, ["hum:prefill", {"street1": "2 Woodward Ave", "zip": "48226", "campaign_id": "intranet"}])
    expect(inside(page).locator("#street1")).to_have_value("2 Woodward Ave")
    assert not told(page, "submitted"), "never by itself"
    page.evaluate(ask, ["hum:prefill", {"autostart": True}])
    wait_for(page, "result")
    page.evaluate(ask, ["hum:prefill", {"street1": "<img src=x onerror=alert(1)>", "zip": 7}])
    expect(inside(page).locator("#street1")).to_have_value("<img src=x onerror=alert(1)>")
    expect(inside(page).locator("#zip")).to_have_value("")
    page.evaluate(ask, ["hum:reset", {}])
    expect(inside(page).locator("#street1")).to_have_value("")


def test_a_site_that_is_not_listed_holds_no_frame_of_ours(world: World) -> None:
    page = world.open(world.script(), host=world.other)
    page.wait_for_timeout(1_500)
    assert not page.evaluate("told")
    # Nor by naming a site that is listed.
    body = f'<iframe src="{world.lookup}/embed?origin={world.listed}"></iframe><iframe src="{world.lookup}/"></iframe>'
    page = world.open(body, host=world.other)
    page.wait_for_timeout(1_500)
    for frame in page.frames[1:]:
        assert frame.locator("#address-form").count() == 0


def test_messages_of_others_are_not_heard(world: World) -> None:
    """Another frame of the same page, of another site, speaks to ours and to the page."""
    speak = """<script>setInterval(() => {
      const said = { type: "hum:prefill", version: 1, street1: "666 Evil St", autostart: true };
      for (let number = 0; number < parent.length; number++) parent[number].postMessage(said, "*");
      parent.postMessage({ type: "hum:result", version: 1, outcome: "served" }, "*");
    }, 50);</script>"""
    world.pages.by_path["/speaks"] = speak
    page = world.open(world.script() + f'<iframe src="{world.other}/speaks"></iframe>')
    wait_for(page, "ready")
    # Nor what the right page says in another shape.
    page.evaluate(
        "for (const said of [null, 7, 'x', {}, {version: 1}, {type: 'hum:prefill', version: 2, street1: 'x'}])"
        " frames[0].postMessage(said, '*')"
    )
    page.wait_for_timeout(600)
    expect(inside(page).locator("#street1")).to_have_value("")
    assert not told(page, "result")
    assert not told(page, "submitted")


@pytest.mark.soak
@pytest.mark.parametrize("rights", ["allow-scripts allow-forms allow-same-origin", "allow-scripts allow-forms"])
def test_it_works_in_a_sandbox(rights: str, world: World) -> None:
    page = world.open(world.script(f'data-sandbox="{rights}" {world.address("fast")} data-autostart'))
    assert wait_for(page, "result")[0]["outcome"] == "served"
    expect(inside(page).locator("article.provider").first).to_be_visible()


@pytest.mark.parametrize(
    "origin",
    few(
        ["https://an-intranet-with-a-long-name.example.com", "nonsense", ""],
        ["https://an-intranet-with-a-long-name.example.com"],
    ),
)
def test_the_check_can_be_read_by_everybody(origin: str, world: World) -> None:
    page = world.browser.new_context(ignore_https_errors=True).new_page()
    page.goto(f"{world.lookup}/embed/check?origin={origin or world.listed}")
    assert_faultless(page)
    assert_fits(page, 1280, 320)


def test_the_first_page_is_light(world: World) -> None:
    page = world.browser.new_context(ignore_https_errors=True).new_page()
    world.pages.by_path["/light"] = HEAD + world.script()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  (Playwright marks what it is given)
    page.goto(f"{world.listed}/light")
    wait_for(page, "ready")
    page.wait_for_load_state("networkidle")
    ours = [answer for answer in answers if answer.url.startswith(world.lookup)]
    loaded = [answer for answer in ours if not answer.url.endswith("/embed.js")]
    assert len(loaded) <= 4
    assert sum(len(gzip.compress(answer.body(), 9)) for answer in loaded) <= 30 * 1024
