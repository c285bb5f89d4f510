"""People at their browsers while workers die under them: they press again, and their pages ask again."""

from __future__ import annotations

import html
import itertools
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests

HTMX = {"HX-Request": "true", "HX-Target": "progress"}
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
BROKEN_BEHIND_THE_PROXY = 502
PAUSE = 0.2
"""Seconds before one tries again: less than a page's own ten, so that a test is over sooner."""
_POLLER = re.compile(r'data-hx-get="([^"]+)"\s+data-hx-trigger="load delay:([0-9]+)ms, every 10s')


@dataclass
class Notes:
    """What people saw.

    `accepted` are streets by the path of their lookup, `ended` its last page; `lost` are streets of forms whose answer
    never came, which were then sent again. `statuses` counts every answer, `broken` every missing one, `told` the
    headings of those that were no help.
    """

    accepted: dict[str, str] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    kept_checking: int = 0


class Person:
    """One browser, and what it was shown. `open_browser` opens one that can reach the URL."""

    def __init__(self, url: str, open_browser: Callable[[], requests.Session] = requests.Session) -> None:
        self.notes = Notes()
        self._browser = open_browser()
        self._url = url

    def begin(self, street: str) -> str:
        """Fills in the form and presses *Look up* until that leads somewhere, which is the lookup's path.

        A form whose answer never came is sent again as it was; one that came back with a message is sent as it came
        back.
        """
        contents = _hidden(self.ask("GET", "/").text) | {"street1": street, "zip": "48226"}
        while True:
            answer = self._once("POST", "/lookups", SAME_SITE, contents)
            if answer is not None and answer.status_code == 303:
                path = answer.headers["Location"]
                self.notes.accepted[path] = street
                return path
            if answer is None:
                self.notes.lost.add(street)
            else:
                assert answer.status_code == 503, answer.text
                contents |= _hidden(answer.text)
            time.sleep(PAUSE)

    def watch(self, path: str) -> None:
        """Looks at the lookup until its page asks for nothing more, and keeps checking when it is offered."""
        page = self.ask("GET", path).text
        while True:
            poller = _POLLER.search(page)
            if poller is not None:
                time.sleep(int(poller[2]) / 1000)
                page = self.ask("GET", html.unescape(poller[1]), HTMX).text
            elif f"{path}/keep-checking" in page:
                self.notes.kept_checking += 1
                self.ask("POST", f"{path}/keep-checking", SAME_SITE, _hidden(page))
                page = self.ask("GET", path).text
            else:
                self.notes.ended[path] = page
                return

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, data: Mapping[str, str] | None = None
    ) -> requests.Response:
        """The first usable answer, however often one must ask."""
        while True:
            answer = self._once(method, path, headers, data)
            if answer is not None and answer.status_code < 400:
                return answer
            assert answer is None or answer.status_code == 503, f"{method} {path}: {answer.status_code}"
            time.sleep(PAUSE)

    def go_to(self, url: str) -> None:
        """The site has moved to another port of the same host, so that its cookies are sent there, too."""
        self._url = url

    def leave(self) -> None:
        self._browser.close()

    def _once(
        self, method: str, path: str, headers: Mapping[str, str] | None, data: Mapping[str, str] | None
    ) -> requests.Response | None:
        """The answer, or None when the connection broke before it."""
        try:
            answer = self._browser.request(
                method, self._url + path, headers=headers, data=data, allow_redirects=False, timeout=(5, 40)
            )
        except requests.RequestException:
            self.notes.broken += 1
            return None
        self.notes.statuses[answer.status_code] += 1
        if answer.status_code == BROKEN_BEHIND_THE_PROXY:
            self.notes.broken += 1
            return None
        if answer.status_code >= 400:
            self.notes.told[_heading(answer.text)] += 1
        return answer


class Crowd:
    """`size` threads, each of which is one person after another who looks up a new address, until it is told to go
    home.
    """

    def __init__(self, url: str, size: int, open_browser: Callable[[], requests.Session] = requests.Session) -> None:
        self.notes = Notes()
        self._open_browser = open_browser
        self._going_home = threading.Event()
        self._faults: list[BaseException] = []
        self._url = url
        self._numbers = itertools.count(1000)
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._live, daemon=True) for _ in range(size)]

    def come(self) -> None:
        for thread in self._threads:
            thread.start()

    def go_home(self, patience: float) -> None:
        """Nobody begins anything new; returns when everybody has seen the end of what they began."""
        self._going_home.set()
        deadline = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0))
        if self._faults:
            raise self._faults[0]
        assert not any(thread.is_alive() for thread in self._threads), "somebody still waits for an end"

    def _live(self) -> None:
        while not self._going_home.is_set():
            with self._lock:
                street = f"{next(self._numbers)} Main St"
            person = Person(self._url, self._open_browser)
            try:
                person.watch(person.begin(street))
            except BaseException as fault:
                self._faults.append(fault)
                self._going_home.set()
            finally:
                person.leave()
                with self._lock:
                    self._add(person.notes)

    def _add(self, one: Notes) -> None:
        everybody = self.notes
        everybody.accepted |= one.accepted
        everybody.ended |= one.ended
        everybody.lost |= one.lost
        everybody.statuses += one.statuses
        everybody.told += one.told
        everybody.broken += one.broken
        everybody.kept_checking += one.kept_checking


def _heading(page: str) -> str:
    """What a page says has happened: above the form, or as its title."""
    found = re.search(r"<h2>(.+?)</h2>", page, re.DOTALL) or re.search(r"<title>(.+?)</title>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split()) if found else page[:100]


def _hidden(page: str) -> dict[str, str]:
    """The hidden boxes of the page's forms; all forms of a page carry the same values."""
    found = {}
    for box in re.findall(r'<input\b[^>]*type="hidden"[^>]*>', page):
        attributes = dict(re.findall(r'(name|value)="([^"]*)"', box))
        found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    return found
