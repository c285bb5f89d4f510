"""The address inside a link to a map (Google, Apple, Bing, OpenStreetMap, Waze, geo:) or to a listing (Zillow, Realtor,
Redfin and others), read from the link's own text; nothing is fetched.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from webapp.addresses.usps import CODES_BY_STATE_SPELLING
from webapp.texts import has_letter

_LINK = re.compile(
    r"(?:https?://|geo:|\b(?:www\.)?(?:google\.com/maps|maps\.google\.com|maps\.apple\.com|bing\.com/maps))[^\s<>\"|]+",
    re.I,
)
_MAP_HOST = re.compile(r"(?:^|[./])(?:maps|waze|openstreetmap|mapquest|here)\b|/maps\b", re.I)
_SHORT_HOSTS = frozenset({"maps.app.goo.gl", "goo.gl", "g.co"})
_QUERY_KEYS = frozenset({"q", "query", "address", "daddr", "destination", "where1", "where", "rtp", "to", "near", "s"})
_COORDINATES = re.compile(r"-?[0-9.]+,\s*-?[0-9.]+")
_SLUG = re.compile(r"[0-9][0-9A-Za-z]{0,7}(?:[-_+][0-9A-Za-z.]+){2,14}")
_SLUG_STATE = re.compile(r"\b([A-Za-z]{2})(?:$| ([0-9]{5})\b.*| [Mm]?[0-9]{4,}\b.*)")
_SLUG_ZIP = re.compile(r"([0-9]{5})$")


def addresses_in_links(text: str) -> tuple[list[str], bool]:
    """The address texts of all links in a paste, and whether a shortened link is among them (those hold no address)."""
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
        else:
            found.extend(_texts_of_listing(parts.path))
    return found, short


def without_hyphens(text: str) -> str:
    """A text that is one address written with hyphens for blanks, as the path of a link has it, with blanks; any other
    text as it is.
    """
    if _SLUG.fullmatch(text.strip()):
        return _from_slug(text.strip(), "") or text
    return text


def _texts(path: str, query: str) -> list[str]:
    texts = [*_texts_of_query(query), *_texts_of_path(path)]
    return [text for text in texts if has_letter(text) and not _COORDINATES.fullmatch(text)]


def _texts_of_listing(path: str) -> list[str]:
    """The steps of a path that are an address: `/500-Griswold-St-Detroit-MI-48226/`,
    `/MI/Detroit/500-Griswold-St-48226/`.
    """
    steps = unquote_plus(path).split("/")
    for index, step in enumerate(steps):
        if not _SLUG.fullmatch(step):
            continue
        region = ""
        if index >= 2 and steps[index - 2].lower() in CODES_BY_STATE_SPELLING:
            region = f"{steps[index - 1].replace('-', ' ')}, {steps[index - 2]}"
        address = _from_slug(step, region)
        if address:
            return [address]
    return []


def _from_slug(slug: str, region: str) -> str | None:
    words = re.sub("[-_+]", " ", slug)
    if region:
        zip_code = _SLUG_ZIP.search(words)
        if zip_code is None:
            return f"{words}, {region}"
        return f"{words[: zip_code.start()]}, {region} {zip_code[1]}"
    match = _SLUG_STATE.search(words)
    if match is None or match[1].lower() not in CODES_BY_STATE_SPELLING:
        return None
    return " ".join(filter(None, (words[: match.start()].strip(), match[1].upper(), match[2])))


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
