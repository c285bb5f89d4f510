"""Reads the app's own pages several times faster than html5lib does, into the same elements.

It knows only what our templates write: every element is closed, every attribute is quoted. Where every element is
closed, what an HTML parser makes of one depends on the elements around it, the one before it, its attributes' names and
the references in its text. `read` lets a strict html5lib parse every page in which one of these is new, and
insists that it finds the same elements.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

import html5lib

SVG = "http://www.w3.org/2000/svg"
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_SVG_ATTRIBUTES = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}
_PLAIN_TAG = re.compile(
    r"</[a-zA-Z][a-zA-Z0-9]*\s*>"
    r"""|<[a-zA-Z][a-zA-Z0-9]*(?:\s+[a-zA-Z][a-zA-Z:-]*(?:="[^"]*"|='[^']*')?)*\s*/?>"""
)
# What a parser may complain about in a text or a value: references, and characters HTML does not allow.
_NOT_PLAIN = re.compile(
    r"&[^;\s]{0,32};?|<(?![a-zA-Z/!])|[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_proven: set[str] = set()


class MarkupError(Exception):
    """An element that is not closed, or that is closed without having been opened."""


class _Reader(HTMLParser):
    def __init__(self, root: Element) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [root]
        self.paths = [""]
        self.kinds: set[str] = set()
        self.tags = 0
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=tag in VOID)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=True)

    def handle_endtag(self, tag: str) -> None:
        self.end_text()
        self.tags += 1
        ended = self.open.pop()
        self.paths.pop()
        if ended.tag.rpartition("}")[2] != tag:
            raise MarkupError(f"</{tag}> closes {ended.tag}")

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_comment(self, data: str) -> None:
        self.kinds.add(f"{self.paths[-1]} comment {'--' in data}")

    def handle_decl(self, decl: str) -> None:
        self.kinds.add(f"{self.paths[-1]} <!{decl}>")

    def handle_pi(self, data: str) -> None:
        raise MarkupError(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        raise MarkupError(f"<![{data}]>")

    def end_text(self) -> None:
        """Puts the text read since the last tag where ElementTree keeps it."""
        if not self._text:
            return
        text = "".join(self._text)
        self._text.clear()
        around = self.open[-1]
        if len(around):
            around[-1].tail = (around[-1].tail or "") + text
            return
        if around.tag in {"textarea", "pre"}:
            text = text.removeprefix("\n")
        around.text = text

    def _start(self, tag: str, attrs: list[tuple[str, str | None]], *, closed: bool) -> None:
        self.end_text()
        attributes = {name: value or "" for name, value in attrs}
        if len(attributes) < len(attrs):
            raise MarkupError(f"<{tag}> has an attribute twice")
        around = self.open[-1]
        before = around[-1].tag if len(around) else ""
        self.tags += 1
        self.kinds.add(f"{self.paths[-1]} {before} {tag} {closed} {' '.join(attributes)}")
        path = f"{self.paths[-1]}/{tag}"
        if tag == "svg" or around.tag.startswith("{"):
            tag = f"{{{SVG}}}{tag}"
            attributes = {_SVG_ATTRIBUTES.get(name, name): value for name, value in attributes.items()}
        element = SubElement(around, tag, attributes)
        if not closed:
            self.open.append(element)
            self.paths.append(path)


def read(html: str, *, is_fragment: bool) -> Element:
    """The document's `html` element, or the fragment's elements in a nameless one.

    Raises MarkupError, or html5lib's ParseError.
    """
    root = Element("")
    reader = _Reader(root)
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    reader.end_text()
    if len(reader.open) != 1:
        raise MarkupError(f"{reader.open[-1].tag} is not closed")
    kinds = reader.kinds | set(_NOT_PLAIN.findall(html))
    kinds.add(f"fragment {is_fragment}")
    if len(_PLAIN_TAG.findall(html)) != reader.tags or not kinds <= _proven:
        _assert_sound(html, root, is_fragment=is_fragment)
        _proven.update(kinds)
    return root if is_fragment else root[0]


def _assert_sound(html: str, root: Element, *, is_fragment: bool) -> None:
    """A strict html5lib finds no fault in the page, and the same elements in it."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    strict = parser.parseFragment(html, container="body") if is_fragment else parser.parse(html)
    for ours, theirs in zip(_told(root if is_fragment else root[0]), _told(strict), strict=True):
        assert ours == theirs, "read in another way than html5lib does"


def _told(root: Element) -> list[tuple[object, ...]]:
    """Each element below with its attributes and its words; blanks between elements are the parsers' own affair."""
    elements = [element for element in root.iter() if not callable(element.tag)][1:]
    return [
        (element.tag, element.attrib, (element.text or "").split(), (element.tail or "").split())
        for element in elements
    ]
