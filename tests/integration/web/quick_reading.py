"""Reads the app's own pages several times faster than html5lib does, into the same elements.

It knows only what our templates write: every element is closed, every attribute is quoted. Where every element is
closed, what an HTML parser makes of one depends on the elements around it, the one before it, its attributes' names and
the references in its text. `read` lets a strict html5lib parse every page in which one of these is new, and
insists that it finds the same elements.
"""

from __future__ import annotations

import re
from html import unescape
from xml.etree.ElementTree import Element, SubElement

import html5lib

SVG = "http://www.w3.org/2000/svg"
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_SVG_ATTRIBUTES = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}
_TAG = re.compile(
    r"</(?P<ended>[a-zA-Z][a-zA-Z0-9]*)\s*>"
    r"""|<(?P<begun>[a-zA-Z][a-zA-Z0-9]*)(?P<attributes>(?:\s+[a-zA-Z][a-zA-Z:-]*(?:="[^"]*"|='[^']*')?)*)\s*(?P<closed>/?)>"""
    r"|<!--(?P<comment>.*?)-->"
    r"|<!(?P<declared>[a-zA-Z][^>]*)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([a-zA-Z][a-zA-Z:-]*)(?:="([^"]*)"|='([^']*)')?""")
_LOOKS_LIKE_A_TAG = re.compile(r"<[a-zA-Z/!?]")
# What a parser may complain about in a text or a value: references, and characters HTML does not allow.
_NOT_PLAIN = re.compile(
    r"&[^;\s]{0,32};?|<(?![a-zA-Z/!])|[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_proven: set[str] = set()


class MarkupError(Exception):
    """An element that is not closed, or that is closed without having been opened."""


class _Reader:
    def __init__(self) -> None:
        self.root = Element("")
        self.kinds: set[str] = set()
        self._open = [self.root]
        self._paths = [""]

    def read(self, html: str) -> None:
        """Puts the elements of the text into `root`, and into `kinds` what a parser might read in another way."""
        end = 0
        for tag in _TAG.finditer(html):
            if tag.start() > end:
                self._text(html[end : tag.start()])
            end = tag.end()
            if tag["begun"]:
                name = tag["begun"].lower()
                self._start(name, tag["attributes"], closed=bool(tag["closed"]) or name in VOID)
            elif tag["ended"]:
                self._end(tag["ended"].lower())
            elif tag["declared"]:
                self.kinds.add(f"{self._paths[-1]} <!{tag['declared']}>")
            else:
                self.kinds.add(f"{self._paths[-1]} comment {'--' in tag['comment']}")
        if end < len(html):
            self._text(html[end:])
        if len(self._open) != 1:
            raise MarkupError(f"{self._open[-1].tag} is not closed")

    def _text(self, text: str) -> None:
        """Puts text where ElementTree keeps it."""
        if _LOOKS_LIKE_A_TAG.search(text):
            raise MarkupError(f"{text!r} holds what may be a tag")
        if "&" in text:
            text = unescape(text)
        around = self._open[-1]
        if len(around):
            around[-1].tail = (around[-1].tail or "") + text
            return
        if around.tag in {"textarea", "pre"} and not around.text:
            text = text.removeprefix("\n")
        around.text = (around.text or "") + text

    def _start(self, tag: str, written: str, *, closed: bool) -> None:
        attributes = {}
        for name, quoted, single_quoted in _ATTRIBUTE.findall(written):
            value = quoted or single_quoted
            if name.lower() in attributes:
                raise MarkupError(f"<{tag}> has an attribute twice")
            attributes[name.lower()] = unescape(value) if "&" in value else value
        around = self._open[-1]
        before = around[-1].tag if len(around) else ""
        self.kinds.add(f"{self._paths[-1]} {before} {tag} {closed} {' '.join(attributes)}")
        path = f"{self._paths[-1]}/{tag}"
        if tag == "svg" or around.tag.startswith("{"):
            tag = f"{{{SVG}}}{tag}"
            attributes = {_SVG_ATTRIBUTES.get(name, name): value for name, value in attributes.items()}
        element = SubElement(around, tag, attributes)
        if not closed:
            self._open.append(element)
            self._paths.append(path)

    def _end(self, tag: str) -> None:
        ended = self._open.pop()
        self._paths.pop()
        if ended.tag.rpartition("}")[2] != tag:
            raise MarkupError(f"</{tag}> closes {ended.tag or 'nothing'}")


def read(html: str, *, is_fragment: bool) -> Element:
    """The document's `html` element, or the fragment's elements in a nameless one.

    Raises MarkupError, or html5lib's ParseError.
    """
    reader = _Reader()
    reader.read(html.replace("\r\n", "\n").replace("\r", "\n"))
    root = reader.root
    kinds = reader.kinds | set(_NOT_PLAIN.findall(html))
    kinds.add(f"fragment {is_fragment}")
    if not kinds <= _proven:
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
