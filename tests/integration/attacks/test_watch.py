"""That the attacks are attacks: every payload breaks into a page without defense, and the watched browser sees it."""

from __future__ import annotations

from collections.abc import Callable

import jinja2
import pytest
from markupsafe import escape
from playwright.sync_api import BrowserContext
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from tests.integration.attacks.hostile import Attacked, as_response
from tests.integration.attacks.payloads import EVERY, LINKS, MARKUP, TEMPLATES
from tests.integration.attacks.watch import Watch
from tests.integration.web.site import serve

pytestmark = pytest.mark.browser

PLACES = {
    "text": "<p>{}</p>",
    "double quotes": '<p title="{}">x</p>',
    "single quotes": "<p title='{}'>x</p>",
    "no quotes": "<p title={}>x</p>",
    "title": "<title>{}</title>",
    "text area": "<textarea>{}</textarea>",
    "script": '<script src="/static/x.js">{}</script>',
    "comment": "<!-- {} -->",
    "address": '<a href="{}">x</a>',
}
SUM = str(7331 * 7)


def test_every_payload_would_be_caught_where_nothing_is_escaped(
    attacked: Attacked, new_context: Callable[..., BrowserContext]
) -> None:
    with serve(as_response("<!doctype html><title>x</title>")) as url:
        page = Watch(attacked.site, url, new_context).window()
        page.goto("/")
        caught: dict[str, list[str]] = page.evaluate(
            """([places, texts]) => Object.fromEntries(Object.entries(places).map(
              ([name, place]) => [name, texts.filter((text) => intrudersIn(place.replace("{}", () => text)).length)]))""",
            [PLACES, [*MARKUP, *LINKS, *map(escape, MARKUP)]],
        )
    somewhere = {text for texts in caught.values() for text in texts}
    assert not [text for text in (*MARKUP, *LINKS) if text not in somewhere]
    # Escaped they are harmless wherever a template of ours puts a text, which is never without quotes and never into an address.
    safe = [caught[place] for place in PLACES if place not in {"no quotes", "address"}]
    assert not [
        text for text in map(str, map(escape, MARKUP)) if text not in MARKUP and any(text in texts for texts in safe)
    ]
    # Where a text is taken for a template, it is arithmetic at least.
    assert all(SUM in jinja2.Environment(autoescape=True).from_string(text).render(config={}) for text in TEMPLATES[:4])
    assert len(EVERY) == len(set(EVERY)) > 150


def test_the_watch_sees_a_page_that_is_broken_into(
    attacked: Attacked, new_context: Callable[..., BrowserContext]
) -> None:
    broken = {
        "a dialog: 1": ("<script>alert(1)</script>", {}),
        "a script of an attacker ran": ("<p><svg onload=hit()>", {}),
        "refused by CSP: script-src": ("<p><svg onload=hit()>", {"Content-Security-Policy": "script-src 'self'"}),
        "the attribute x-injected": ("<p title=x x-injected>", {}),
        "request to another host: http://evil.localhost:1/i.png": ("<img src=http://evil.localhost:1/i.png>", {}),
    }
    pages = [as_response(f"<!doctype html><title>x</title>{html}", **headers) for html, headers in broken.values()]
    with serve(DispatcherMiddleware(as_response(""), {f"/{number}": app for number, app in enumerate(pages)})) as url:
        watch = Watch(attacked.site, url, new_context)
        page = watch.window()
        for number, complaint in enumerate(broken):
            watch.complaints.clear()
            watch.visit(page, f"/{number}")
            assert [text for text in watch.unexpected() if complaint in text], complaint
