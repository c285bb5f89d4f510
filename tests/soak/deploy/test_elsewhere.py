"""The app where a proxy puts it: under a path, under another name, on another port; and at an IPv6 address without any
proxy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserType, Page, Response, expect

from tools import proxied
from tools.proxied import START_SECONDS

PREFIX = "/isp"
PLAIN = {"HTTPS": "0", "TRUSTED_HOSTS": "", "WEB_CONCURRENCY": "1", "POLL_INTERVAL": "0.1"}


def documented_location(port: int) -> str:
    """The location of deploy/README.md, which hands on to the app at this port."""
    found = re.search(r"```nginx\n(location /isp/ .*?)```", (proxied.DEPLOY / "README.md").read_text(), re.DOTALL)
    assert found is not None
    return found[1].replace("127.0.0.1:8000", f"127.0.0.1:{port}")


@pytest.fixture(scope="module")
def named(programs: None, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """A browser that finds `intranet` and the deployed name on this machine."""
    rules = f"--host-resolver-rules=MAP intranet 127.0.0.1,MAP {proxied.NAME} 127.0.0.1"
    browser = browser_type.launch(**{**browser_type_launch_args, "args": [rules]})
    yield browser
    browser.close()


@contextmanager
def window(browser: Browser, answers: list[Response] | None = None, **options: Any) -> Iterator[Page]:
    """A page of a browser of its own, whose answers are listed."""
    context = browser.new_context(**options)
    context.set_default_timeout(START_SECONDS * 1000)
    if answers is not None:
        # Playwright takes no method of a list.
        context.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108
    yield context.new_page()
    context.close()


def look_up(page: Page, home: str) -> None:
    """From the scenario picker to the end of a lookup, in the demo's fast time."""
    page.goto(f"{home}/scenarios")
    page.get_by_label("Fast").check()
    expect(page.locator("#speed .hint")).to_contain_text("Five simulated seconds")
    page.goto(f"{home}/?scenario=fast")
    page.get_by_label("Street address").press_sequentially(" ")
    page.get_by_role("button", name="Look up").click()
    expect(page.locator("#progress")).to_contain_text("6 providers, ", timeout=START_SECONDS * 1000)


def use_everything(page: Page, home: str) -> None:
    """A lookup and whatever has an address of its own: filters, downloads, links to share, the address again, the way
    back.
    """
    look_up(page, home)
    lookup = page.url
    assert re.fullmatch(rf"{re.escape(home)}/lookups/[\w-]+", lookup)
    page.get_by_label("Satellite").check()
    expect(page).to_have_url(f"{lookup}?tech=satellite")
    page.reload()
    expect(page.get_by_role("heading", name="1 of 6 providers")).to_be_visible()
    with page.expect_download() as download:
        page.locator("#save-csv").evaluate("button => button.click()")
    assert download.value.suggested_filename == f"lookup-{lookup.rpartition('/')[2][:8]}.csv"
    assert f"Lookup: {lookup}" in page.evaluate(
        "(address) => fetch(address).then((answer) => answer.text())", f"{lookup}/report"
    )
    page.goto(f"{home}/presenter")
    page.goto(lookup)
    page.goto(f"{page.url.partition('?')[0]}/shares")
    page.get_by_role("button", name="Create a link").click()
    link = page.locator("input[readonly]").first.input_value()
    assert link.startswith(f"{home}/shared/")
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("902 Scenario Way")
    page.goto(f"{home}/?focus=street1")
    page.get_by_label("Street address").fill("902 Scenario Way")
    page.get_by_label("ZIP code").fill("48226")
    page.get_by_role("button", name="Look up").click()
    page.wait_for_url("**/lookups/*")
    page.go_back()
    expect(page.get_by_label("Street address")).to_have_value("902 Scenario Way")
    page.goto(f"{home}/lookups")
    page.get_by_role("button", name="Look up again").first.click()
    page.wait_for_url("**/lookups/*")
    page.goto(f"{home}/lookups")
    page.get_by_role("link", name="Delete all lookups").click()
    page.get_by_role("button", name=re.compile("Delete .* lookups")).click()
    expect(page).to_have_url(re.compile(rf"{re.escape(home)}/lookups\?deleted=\d+"))


def expect_all_below(prefix: str, answers: list[Response]) -> None:
    """All that the browser loaded lies below this path, has come, and was no page of an error."""
    assert answers
    for answer in answers:
        assert answer.status < 400, answer.url
        assert urlsplit(answer.url).path.startswith(f"{prefix}/"), answer.url


@pytest.mark.browser
@pytest.mark.parametrize(("told_by", "stripped"), [("proxy", True), ("setting", False)])
def test_under_a_path_of_another_site(tmp_path: Path, named: Browser, told_by: str, stripped: bool) -> None:
    port = proxied.free_port()
    location = documented_location(port)
    environment = PLAIN | {"PROXY_HOPS": "1"}
    if told_by == "setting":
        location = location.replace(f"proxy_set_header X-Forwarded-Prefix {PREFIX};", "")
        environment |= {"SCRIPT_NAME": PREFIX}
    if stripped:
        location = location.replace(f"127.0.0.1:{port};", f"127.0.0.1:{port}/;")
    answers: list[Response] = []
    with (
        proxied.gunicorn(tmp_path, port, environment),
        proxied.plain_proxy(tmp_path / "nginx", location) as nginx,
        window(named, answers) as page,
    ):
        use_everything(page, f"http://intranet:{nginx}{PREFIX}")
        expect_all_below(PREFIX, answers)
        assert {urlsplit(answer.url).path.rpartition("/")[2] for answer in answers} >= {
            "app.css",
            "app.js",
            "htmx.min.js",
            "progress",
        }
        assert [(cookie["name"], cookie["path"]) for cookie in page.context.cookies()] == [("viewer", PREFIX)]
    assert "Traceback" not in (tmp_path / "gunicorn.log").read_text()


@pytest.mark.browser
def test_the_whole_configuration_under_a_path(tmp_path: Path, named: Browser) -> None:
    changes = {"location / {": f"location {PREFIX}/ {{", r"href=\"/\"": rf"href=\"{PREFIX}/\""}
    port = proxied.free_port()
    answers: list[Response] = []
    with (
        proxied.gunicorn(tmp_path, port, {"WEB_CONCURRENCY": "1", "SCRIPT_NAME": PREFIX}),
        proxied.proxy(tmp_path, port, changes) as running,
        window(named, answers, ignore_https_errors=True) as page,
    ):
        home = f"https://{proxied.NAME}:{running.https}{PREFIX}"
        look_up(page, home)
        expect_all_below(PREFIX, answers)
        (cookie,) = page.context.cookies()
        assert (cookie["name"], cookie["path"], cookie["secure"], cookie["httpOnly"]) == (
            "__Secure-viewer",
            PREFIX,
            True,
            True,
        )
        # Closed at the end: a connection that is kept open would hold up the end of the server.
        with running.browser() as browser:
            form = browser.get(f"https://{proxied.NAME}{PREFIX}/", timeout=START_SECONDS).text
            for name in ("app.css", "htmx.min.js"):
                (path,) = re.findall(rf'"({PREFIX}/static/[^"]+{re.escape(name)})"', form)
                answer = browser.get(
                    f"https://{proxied.NAME}{path}", headers={"Sec-Fetch-Site": "cross-site"}, timeout=START_SECONDS
                )
                assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, "gzip")
            too_large = browser.post(
                f"https://{proxied.NAME}{PREFIX}/lookups", data={"paste": "x" * 70_000}, timeout=START_SECONDS
            )
            assert too_large.status_code == 413
            assert f'<a href="{PREFIX}/">' in too_large.text
            # A check past nginx knows nothing of the path.
            assert (
                browser.get(
                    f"http://127.0.0.1:{port}/healthz", headers={"Host": proxied.NAME}, timeout=START_SECONDS
                ).status_code
                == 200
            )


@pytest.mark.browser
@pytest.mark.parametrize(
    ("hops", "proxies"),
    [
        ("0", {"Host $http_host": True, "Host $host": True, "Host $proxy_host": False}),
        ("1", {"X-Forwarded-Host $http_host": True}),
    ],
)
def test_proxies_that_change_the_host_over_plain_http(
    tmp_path: Path, named: Browser, hops: str, proxies: dict[str, bool]
) -> None:
    """`proxies` is what each hands on -> whether buttons work behind it."""
    port = proxied.free_port()
    with proxied.gunicorn(tmp_path, port, PLAIN | {"PROXY_HOPS": hops}):
        for number, (hands_on, works) in enumerate(proxies.items()):
            location = f"location / {{ proxy_pass http://127.0.0.1:{port}; proxy_set_header {hands_on}; }}"
            with proxied.plain_proxy(tmp_path / f"nginx-{number}", location) as nginx, window(named) as page:
                home = f"http://intranet:{nginx}"
                if works:
                    look_up(page, home)
                else:
                    is_refused(page, home)
                    assert f'"origin": "{home}", "host": "127.0.0.1:{port}"' in (tmp_path / "gunicorn.log").read_text()


def is_refused(page: Page, home: str) -> None:
    """A button leads to a page that says what to change in the proxy."""
    page.goto(f"{home}/?scenario=fast")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This request did not come from this site")
    expect(page.get_by_role("main")).to_contain_text("In nginx: proxy_set_header Host $http_host;")
    expect(page.get_by_role("main")).not_to_contain_text("cookie")


@pytest.mark.browser
def test_an_ipv6_address_in_the_address_bar(tmp_path: Path, named: Browser) -> None:
    port = proxied.free_port()
    answers: list[Response] = []
    # All addresses of the machine, of which the harness waits for the one of IPv4.
    with proxied.gunicorn(tmp_path, port, PLAIN | {"PROXY_HOPS": "0", "HOST": "::"}), window(named, answers) as page:
        use_everything(page, f"http://[::1]:{port}")
        expect_all_below("", answers)
