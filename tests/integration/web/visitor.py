"""A person's browser: keeps its cookie, presses buttons, asks for fragments as htmx does. Every answer it gets is
checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask

from tests.integration.web import rules
from tests.integration.web.clock import Clock
from tests.integration.web.page import Page

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
MOST_POLLS = 150


class Visitor:
    """One browser with a cookie jar of its own; waiting turns the clock."""

    def __init__(
        self, app: Flask, clock: Clock, headers: Mapping[str, str], base_url: str = "http://localhost"
    ) -> None:
        self._client = app.test_client()
        self._base_url = base_url
        self._clock = clock
        self._headers = headers

    def get(self, path: str, **headers: str) -> Page:
        return self._ask("GET", path, headers, None)

    def post(self, path: str, data: Mapping[str, Any], **headers: str) -> Page:
        """A POST as a page of this site would send it, unless `headers` say otherwise."""
        return self._ask("POST", path, {**SAME_SITE, **headers}, data)

    def post_body(self, path: str, body: bytes, content_type: str) -> Page:
        """A POST of these bytes."""
        return self._ask("POST", path, {**SAME_SITE, "Content-Type": content_type}, body)

    def post_without_metadata(self, path: str, data: Mapping[str, str], **headers: str) -> Page:
        """A POST of a browser too old to say which site it comes from, but for what `headers` say."""
        return self._ask("POST", path, headers, data)

    def ask(self, method: str, path: str, **headers: str) -> Page:
        """A request by any method."""
        return self._ask(method, path, headers, None)

    def press(self, page: Page, button: str, **typed: str) -> Page:
        """Presses a button of the page after typing into the boxes of its form."""
        form = page.form_with(button)
        return self._ask("POST", form.get("action", ""), SAME_SITE, page.values(form) | typed)

    def press_through_htmx(self, page: Page, button: str) -> Page:
        """Presses a button whose form htmx sends."""
        form = page.form_with(button)
        return self._ask("POST", form.get("action", ""), {**SAME_SITE, "HX-Request": "true"}, page.values(form))

    def follow(self, page: Page) -> Page:
        """Goes where a redirect after a POST leads."""
        assert page.status == 303, f"no redirect but {page.status}: {page.text[:300]}"
        return self.get(page.location)

    def look_up(self, scenario: str = "", **typed: str) -> Page:
        """Fills in the form, from a scenario's link or by hand, sends it and arrives at the lookup."""
        form = self.get(f"/?scenario={scenario}" if scenario else "/")
        return self.follow(self.press(form, "Look up", **typed))

    def poll(self, page: Page) -> Page:
        """What htmx does when the poller's time has come: asks for the next fragment."""
        assert page.poller is not None, "nothing on this page asks again"
        return self.get(page.poller.get("data-hx-get", ""), **{"HX-Request": "true", "HX-Target": "progress"})

    def watch(self, page: Page) -> Iterator[Page]:
        """Every fragment until nothing asks any more, each after the delay that the one before it chose."""
        for _ in range(MOST_POLLS):
            if page.poller is None:
                return
            self._clock.advance(page.poll_delay)
            page = self.poll(page)
            yield page
        raise AssertionError(f"still polling after {MOST_POLLS} fragments")

    def last(self, page: Page) -> Page:
        """The lookup's page when nothing asks any more, loaded anew."""
        path = page.poller.get("data-hx-get", "").split("/progress")[0] if page.poller is not None else ""
        for _ in self.watch(page):
            pass
        return self.get(path) if path else page

    def _ask(self, method: str, path: str, headers: Mapping[str, str], data: Mapping[str, Any] | bytes | None) -> Page:
        response = self._client.open(
            path, base_url=self._base_url, method=method, headers={**self._headers, **headers}, data=data
        )
        page = Page(response)
        rules.check(page)
        return page
