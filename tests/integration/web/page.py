"""An answer of the app as a browser reads it: sound HTML5, with questions a test asks of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from xml.etree.ElementTree import Element

from werkzeug.test import TestResponse

from tests.integration.web import quick_reading


class Page:
    """A page or a fragment. Elements and texts are found by what they are for the reader."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.data = response.get_data()
        self.html = self.data.decode(errors="replace")
        self.is_html = response.mimetype == "text/html"
        self.is_fragment = not self.html.lstrip().lower().startswith("<!doctype")

    @cached_property
    def root(self) -> Element:
        """The document, or the fragment in a nameless element; any parse error is an exception."""
        return quick_reading.read(self.html, is_fragment=self.is_fragment)

    @property
    def elements(self) -> Iterator[Element]:
        """Every element."""
        return self.root.iter()

    def find(self, id: str) -> Element | None:
        """The element with this id."""
        return next((element for element in self.elements if element.get("id") == id), None)

    def text_of(self, id: str) -> str:
        """What a reader gets of the element with this id, in single blanks; "" when there is none."""
        found = self.find(id)
        return "" if found is None else text_in(found)

    @property
    def text(self) -> str:
        """All words of the page."""
        return text_in(self.root)

    @property
    def title(self) -> str:
        """The tab's title; "" for a fragment that leaves it as it is. (Drawings have titles too, deeper down.)"""
        around = self.root if self.is_fragment else self.root.find("head")
        found = around.find("title") if around is not None else None
        return "" if found is None else text_in(found)

    @property
    def heading(self) -> str:
        """The text of the h1."""
        return next((text_in(element) for element in self.root.iter("h1")), "")

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers["Location"]

    @property
    def poller(self) -> Element | None:
        """The progress part if it will ask for the next fragment; None once it will not."""
        part = self.find("progress")
        if part is None:
            part = self.find("timing")
        return part if part is not None and part.get("data-hx-get") else None

    @property
    def poll_delay(self) -> float:
        """Seconds the poller waits before it asks."""
        assert self.poller is not None, "nothing on this page asks again"
        delay = re.search(r"load delay:([0-9]+)ms", self.poller.get("data-hx-trigger", ""))
        assert delay is not None, "the poller does not say when"
        return int(delay[1]) / 1000

    @property
    def steps(self) -> list[str]:
        """The words of the three steps, without their seconds."""
        return [text_in(element) for element in self.elements if element.get("class") == "step-text"]

    @property
    def provider_names(self) -> list[str]:
        """The providers listed, in order."""
        return [text_in(element) for element in self.root.iter("h3") if element.get("id", "").startswith("provider-")]

    @property
    def ways_on(self) -> list[str]:
        """What can be pressed next: the words of the buttons beside the progress and under the outcome, and of links
        that look like one.
        """
        parts = [part for part in self.elements if part.get("class") in {"controls", "next-step"}]
        inside = [element for part in parts for element in elements_in(part)]
        return [
            text_in(e) for e in inside if e.tag == "button" or (e.tag == "a" and "button" in e.get("class", "").split())
        ]

    def addresses_below(self, path: str) -> set[str]:
        """Where links and plain forms lead below a path: one address of each kind (one plan, one provider, each
        export).
        """
        links = [element.get("href", "") for element in self.root.iter("a")]
        forms = [form.get("action", "") for form in self.root.iter("form") if form.get("method") == "get"]
        forms += [button.get("formaction", "") for button in self.root.iter("button") if button.get("form") == "export"]
        below = [address for address in links + forms if address.startswith(f"{path}/")]
        return set({re.split(r"[/?]", address.removeprefix(f"{path}/"))[0]: address for address in below}.values())

    def form_with(self, button: str) -> Element:
        """The form whose button says this."""
        for form in self.root.iter("form"):
            if any(text_in(each) == button for each in form.iter("button")):
                return form
        raise AssertionError(f"no form has a button {button!r}: {self.text[:500]}")

    def values(self, form: Element) -> dict[str, str]:
        """What a browser would send for the form as it stands."""
        ticked = {"checkbox", "radio"}
        boxes = [box for box in form.iter("input") if box.get("type") not in ticked or box.get("checked") is not None]
        sent = {box.get("name", ""): box.get("value", "") for box in boxes}
        sent |= {box.get("name", ""): box.text or "" for box in form.iter("textarea")}
        for choice in form.iter("select"):
            chosen = [option for option in choice.iter("option") if option.get("selected") is not None]
            sent[choice.get("name", "")] = chosen[0].get("value", "") if chosen else ""
        return sent


def text_in(element: Element) -> str:
    """The words in an element, in single blanks."""
    return " ".join("".join(element.itertext()).split())


def elements_in(root: Element) -> Iterator[Element]:
    """The element and all below it."""
    return root.iter()
