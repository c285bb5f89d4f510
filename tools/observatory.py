"""Scores every route behind TLS with the MDN HTTP Observatory: `make observatory`. Ends with status 1 where one has
less than it can have.

Of 140 points 5 are for a cookie that is set well and 5 for scripts with a checksum; an answer without the one or the
other has no way to get them.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import requests

from tools import proxied, qa
from webapp import create_app
from webapp.pages.exports.formats import EXPORTS
from webapp.settings import load

HOME = f"https://{proxied.NAME}"
FULL = 140
NO_COOKIE = "cookies-not-found"
NO_SCRIPT = {"sri-not-implemented-but-no-scripts-loaded", "sri-not-implemented-response-not-html"}
ACCEPT = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FOR_OTHER_SITES = "/embed.js"
"""The one file that pages of other sites load: it has no points for keeping itself to its own."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOO_MUCH = "a" * 70_000


def main() -> None:
    """Prints a table with a row for each page."""
    try:
        qa.install()
        print("| Status | Score | Grade | Page | Missing |\n|---|---|---|---|---|", flush=True)
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            with proxied.site(Path(one), LOG_LEVEL="error") as site:
                complete = [report(line) for line in scan(site, [*routes(site.browser()), *refusals()])]
            with proxied.proxy(Path(other), proxied.free_port()) as site:
                complete += [report(line) for line in scan(site, [page("502, gunicorn away", "/")])]
    except (qa.QaError, proxied.NotStarted) as error:
        raise SystemExit(str(error)) from error
    print(f"{sum(complete)} of {len(complete)} pages have all the points they can have.")
    raise SystemExit(0 if all(complete) else 1)


def scan(site: proxied.Site, pages: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The Observatory's word on each page. Its process trusts the site's certificate as it would a public one."""
    task = {"https": site.https, "http": site.http, "pages": pages}
    return qa.run("observatory.mjs", task, NODE_EXTRA_CA_CERTS=str(site.certificate))


def report(line: dict[str, Any]) -> bool:
    """Prints a row of the table, and says whether the page has all the points it can have."""
    reachable = within_reach(line["found"])
    if line["name"].strip() == FOR_OTHER_SITES:
        reachable -= 10
    complete = line["score"] >= reachable and not line["failed"]
    said = "" if complete else f"of {reachable}: {', '.join(line['failed']) or 'points missing'}"
    print(f"| {line['status']} | {line['score']} | {line['grade']} | {line['name'].rstrip()} | {said} |", flush=True)
    return complete


def within_reach(found: dict[str, str]) -> int:
    """The points that an answer of this kind can have."""
    without = (found["cookies"] == NO_COOKIE) + (found["subresource-integrity"] in NO_SCRIPT)
    return FULL - 5 * without


def page(name: str, path: str, *, method: str = "get", body: str | None = None, **headers: str) -> dict[str, Any]:
    """One page to scan; underscores in the names of `headers` stand for dashes."""
    given = {header.replace("_", "-"): value for header, value in headers.items()}
    return {
        "name": name,
        "url": HOME + path,
        "method": method,
        "body": body,
        "headers": ACCEPT | (FORM if body else {}) | given,
    }


def routes(browser: requests.Session) -> list[dict[str, Any]]:
    """Every rule of the app that answers a GET, once for each thing it can stand for, and the static files of a
    result.
    """
    lookup = proxied.look_up(browser, "normal").rpartition("/")[2]
    html = browser.get(f"{HOME}/lookups/{lookup}").text
    made = batch(browser)
    examples = {
        "lookup_id": [lookup],
        "batch_id": [made],
        "row_key": re.findall(rf"/lookups/{lookup}/rows/([\w.-]+)", html)[:1],
        "number": ["1"],
        "key": re.findall(rf"/lookups/{lookup}/plans/([\w.-]+)", html)[:1],
        "kind": sorted(EXPORTS),
        "token": [share(browser, lookup), "no-share"],
    }
    own = {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)}
    pages = [
        page(f"{rule} {said}", path, **(own if lookup in path or made in path else {}))
        for rule in rules()
        for path, said in filled(rule, examples)
    ]
    files = sorted(set(re.findall(r'"(/static/[^"#]+)', html)))
    return pages + [page(path, path) for path in files]


def filled(rule: str, examples: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """The rule with each combination of examples in its places, and those that are words to read."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", rule)
    for values in product(*(examples[name] for name in names)):
        path = rule
        for name, value in zip(names, values, strict=True):
            path = re.sub(rf"<(?:\w+:)?{name}>", value, path)
        yield path, " ".join(value for value in values if len(value) < 10)


def rules() -> list[str]:
    """The app's own list of what it answers to a GET."""
    with tempfile.TemporaryDirectory() as state:
        app = create_app(load({"STATE_DIR": state, "LOG_LEVEL": "error"}))
        found = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
        app.extensions["services"].engine.dispose()
    return sorted(found)


def share(browser: requests.Session, lookup: str) -> str:
    """The token of a new share link."""
    links = f"{HOME}/lookups/{lookup}/shares"
    token = proxied.hidden(browser.get(links).text, "csrf_token")
    made = re.search(r"/shared/([\w.-]+)", browser.post(links, data={"csrf_token": token, "days": "7"}).text)
    if made is None:
        raise proxied.NotStarted("no share link was made")
    return made[1]


def batch(browser: requests.Session) -> str:
    """The id of a new batch."""
    token = proxied.hidden(browser.get(f"{HOME}/batches").text, "csrf_token")
    pasted = "1001 Woodward Ave, Detroit, MI 48226\n5201 Woodward Ave, Detroit, MI 48202"
    # As a browser sends a form with a file that was not chosen.
    sent = browser.post(f"{HOME}/batches", data={"csrf_token": token, "paste": pasted}, files={"sheet": ("", b"")})
    return sent.url.rpartition("/")[2]


def refusals() -> list[dict[str, Any]]:
    """The answers to what cannot be done, by the app and by nginx."""
    return [
        page("403, form of another site", "/lookups", method="post", body="a=b", Sec_Fetch_Site="cross-site"),
        page("404", "/nothing"),
        page("404, another browser's lookup", "/lookups/AAAAAAAAAAAAAAAAAAAAAA"),
        page("404, static file", "/static/000000000000/app.css"),
        page("405", "/speed"),
        page("413", "/lookups", method="post", body=TOO_MUCH),
        page("422, form of an older session", "/lookups", method="post", body="street1=1+Main+St&zip=48226"),
    ]


if __name__ == "__main__":
    main()
