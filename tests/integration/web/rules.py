"""What holds for every answer of the app, whatever the test is about: headers, sound HTML, nothing inline, htmx by its
rules.
"""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element

from tests.integration.web.page import Page, text_in

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
REQUESTS = tuple(f"data-hx-{method}" for method in ("get", "post", "put", "patch", "delete"))
BOXES = ("input", "select", "textarea")
POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


def check(page: Page) -> None:
    """Every rule that fits the kind of answer."""
    check_headers(page)
    if page.status in range(300, 400) or not page.html or not page.is_html:
        return
    check_markup(page)
    check_nothing_inline(page)
    check_htmx(page)
    if not page.is_fragment:
        check_document(page)


def check_headers(page: Page) -> None:
    """No cache keeps a page, none confuses it with its fragment, and the browser is told to run nothing foreign."""
    policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert policy == CSP
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == ("no-referrer" if "X-Robots-Tag" in page.headers else "same-origin")
    assert {"HX-Request", "Cookie"} <= {name.strip() for name in page.headers["Vary"].split(",")}
    assert "Access-Control-Allow-Origin" not in page.headers


def check_document(page: Page) -> None:
    """One heading, and a title that says the same or that something is wrong."""
    headings = [text_in(element) for element in page.root.iter("h1")]
    assert len(headings) == 1, headings
    told = page.title.replace(",", "")
    assert headings[0].replace(",", "") in told or told.startswith("Error:"), (headings, page.title)
    assert page.root.get("lang") == "en"
    assert len(list(page.root.iter("main"))) == 1


def check_markup(page: Page) -> None:
    """Ids are unique and everything that points at one meets it; every form can be sent; every box has a label."""
    ids = Counter(element.get("id") for element in page.elements if element.get("id"))
    assert not [name for name, times in ids.items() if times > 1], "an id stands twice"
    for element in page.elements:
        for pointer in POINTERS:
            for target in element.get(pointer, "").split():
                assert target in ids, f"{pointer}={target!r} points at nothing"
        # A fragment may point at what is on its page.
        if element.tag == "a" and element.get("href", "").startswith("#") and not page.is_fragment:
            assert element.get("href", "")[1:] in ids, f"the link {element.get('href')!r} leads nowhere"
    labels = list(page.root.iter("label"))
    labeled = {label.get("for") for label in labels} | {inside.get("id") for label in labels for inside in label.iter()}
    for box in (element for element in page.elements if element.tag in BOXES and element.get("type") != "hidden"):
        assert box.get("aria-label") or (box.get("id") and box.get("id") in labeled), f"{box.attrib} has no label"
    for form in page.root.iter("form"):
        assert form.get("action", "").startswith("/"), "a form without an action"
        assert form.get("method", "") in {"get", "post"}
        assert form.get("method") == "get" or page.values(form).get("csrf_token"), "a form without a token"


def check_nothing_inline(page: Page) -> None:
    """No script or style but our files with their checksum, no foreign resource, no link but to the web and the
    telephone.
    """
    for element in page.elements:
        # html5lib names what is in a drawing with its namespace: {http://www.w3.org/2000/svg}use.
        tag = element.tag.rpartition("}")[2]
        assert tag not in {"style", "base", "object", "embed", "foreignObject", "animate", "set"}, f"a {tag}"
        inline = [name for name in element.attrib if name == "style" or re.match(r"on|srcdoc|hx-", name)]
        assert not inline, f"{tag} has {inline}"
        if element.get("rel") == "icon":
            assert element.get("href", "").startswith("data:image/svg+xml,"), "a page's icon is part of it"
        elif tag in {"script", "link", "img", "iframe", "source", "audio", "video", "use", "image"}:
            # Below a path prefix or not; no host name is made of such letters.
            assert re.match(r"(/[a-z-]+)*/static/", element.get("src") or element.get("href") or ""), (
                f"{tag} loads from elsewhere"
            )
        if element.tag == "script":
            assert not text_in(element), "a script in the page"
        if element.tag == "script" or element.get("rel") == "stylesheet":
            assert element.get("integrity", "").startswith("sha384-")
        if element.tag == "a":
            _check_link(element)


def _check_link(link: Element) -> None:
    address = link.get("href", "")
    assert re.match(r"[/#]|https?://|tel:", address), f"a link to {address!r}"
    if address.startswith("http"):
        assert {"noopener", "noreferrer"} <= set(link.get("rel", "").split())


def check_htmx(page: Page) -> None:
    """Markup that runs alike in htmx 2 and 4: each requesting element says target and swap itself, and runs no code."""
    for element in page.elements:
        names = [name for name in element.attrib if name.startswith("data-hx-")]
        assert not [name for name in names if name.startswith(("data-hx-on", "data-hx-vals", "data-hx-headers"))]
        if any(name in REQUESTS for name in names):
            assert element.get("data-hx-target", "").startswith("#")
            assert element.get("data-hx-swap")
            assert element.get("data-hx-sync")
        assert "[" not in element.get("data-hx-trigger", ""), "a filter needs eval"
    titles = [element for element in page.elements if element.tag.endswith("title")]
    if page.is_fragment and any(title in list(page.root) for title in titles):
        assert titles[0] in list(page.root), "htmx takes the first title, and that is a drawing's"
