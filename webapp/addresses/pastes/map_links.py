"""The address inside a map link (Google, Apple, Bing, OpenStreetMap, Waze, geo:), read from the link's own text;
nothing is fetched.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from webapp.texts import has_letter

_LINK = re.compile(
    r"(?:https?://|geo:|\b(?:www\.)?(?:google\.com/maps|maps\.google\.com|maps\.apple\.com|bing\.com/maps))[^\s<>\"|]+",
    re.I,
)
_MAP_HOST = re.compile(r"(?:^|[./])(?:maps|waze|openstreetmap|mapquest|here)\b|/maps\b", re.I)
_SHORT_HOSTS = frozenset({"maps.app.goo.gl", "goo.gl", "g.co"})
_QUERY_KEYS = frozenset({"q", "query", "address", "daddr", "destination", "where1", "where", "rtp", "to", "near", "s"})
_COORDINATES = re.compile(r"-?[0-9.]+,\s*-?[0-9.]+")


def addresses_in_links(text: str) -> tuple[list[str], bool]:
    """The address texts of all map links in a paste, and whether a shortened link is among them (those hold no
    address).
    """
    found: list[str] = []
    short = False
    for link in _LINK.findall(text):
        address = link
        if ":" not in link[:6]:
            address = f"https://{link}"
        try:
            parts = urlsplit(address)
            host = (parts.hostname or "").lower()
        except ValueError:
            continue
        short = short or host in _SHORT_HOSTS
        if parts.scheme.lower() == "geo" or _MAP_HOST.search(host + parts.path):
            found.extend(_texts(parts.path, parts.query))
    return found, short


def _texts(path: str, query: str) -> list[str]:
    texts = [*_texts_of_query(query), *_texts_of_path(path)]
    return [text for text in texts if has_letter(text) and not _COORDINATES.fullmatch(text)]


def _texts_of_query(query: str) -> list[str]:
    try:
        pairs = parse_qsl(query, max_num_fields=50)
    except ValueError:
        return []
    return [value for key, value in pairs if key.lower() in _QUERY_KEYS]


def _texts_of_path(path: str) -> list[str]:
    texts = []
    steps = path.split("/")
    for word in ("place", "search", "dir"):
        if word not in steps:
            continue
        for step in steps[steps.index(word) + 1 :]:
            if step and not step.startswith(("@", "data=")):
                texts.append(unquote_plus(step))
    return texts
