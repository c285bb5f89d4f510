"""What an agent answers, hostile until read: a text, an object, a text that holds JSON, or anything else. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from webapp.hum.readers import HIGHEST_MBPS, items, link, mapping, number
from webapp.research.task import MOST_PROVIDERS
from webapp.texts import clean
from webapp.upstream.vendor_http import json_of

LONGEST_TEXT = 2_000
"""Characters of a free text that are kept."""
LONGEST_NAME, LONGEST_TECHNOLOGY = 100, 40
LONGEST_ANSWER = 200_000
"""Characters of a text in which JSON is looked for."""
HIGHEST_DOLLARS = 10_000.0

_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL | re.IGNORECASE)
_CONFIDENCES = frozenset({"low", "medium", "high"})


class AnswerShape(StrEnum):
    """What came: `list` can be shown as rows, `text` as a text, `unusable` not at all, `none` is no answer."""

    LIST = "list"
    TEXT = "text"
    UNUSABLE = "unusable"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class WebProvider:
    """A provider that a page names. Speeds in Mbps, the price in cents a month; None is not known.

    `url` is the provider's page, `source_url` the page on which it was read; both http or https. `confidence` is low,
    medium or high, in the agent's own opinion.
    """

    name: str
    technology: str | None = None
    download_mbps: float | None = None
    upload_mbps: float | None = None
    price_cents: int | None = None
    url: str | None = None
    source_url: str | None = None
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """An answer as it may be shown. `left_out` counts entries that could not be read or were past the limit of 15."""

    shape: AnswerShape
    providers: tuple[WebProvider, ...] = ()
    text: str = ""
    left_out: int = 0

    def as_json(self) -> str:
        """The answer as it is stored."""
        return json.dumps(asdict(self), ensure_ascii=True)


NO_ANSWER = WebAnswer(AnswerShape.NONE)


def read_answer(value: object) -> WebAnswer:
    """The answer in a member `answer`, whatever its type."""
    if value is None:
        return NO_ANSWER
    if isinstance(value, str):
        return _read_text(value)
    return _read_object(value)


def stored_answer(text: str | None) -> WebAnswer:
    """The answer again that `as_json` has written."""
    if text is None:
        return NO_ANSWER
    kept: dict[str, Any] = json.loads(text)
    providers = tuple(WebProvider(**each) for each in kept["providers"])
    return WebAnswer(AnswerShape(kept["shape"]), providers, kept["text"], kept["left_out"])


def _read_text(text: str) -> WebAnswer:
    if not text.strip():
        return NO_ANSWER
    for piece in _pieces(text[:LONGEST_ANSWER]):
        try:
            value = json_of(piece.encode("utf-8", "replace"))
        except ValueError:
            continue
        if isinstance(value, dict | list):
            return _read_object(value)
    return WebAnswer(AnswerShape.TEXT, text=clean(text, LONGEST_TEXT))


def _pieces(text: str) -> list[str]:
    """Where JSON may stand in a text: all of it, or a fenced block."""
    return [text.strip(), *_FENCED.findall(text)]


def _read_object(value: object) -> WebAnswer:
    # A bare list is what some models make of a schema with one member.
    listed = value if isinstance(value, list) else mapping(value).get("providers")
    if not isinstance(listed, list):
        return WebAnswer(AnswerShape.UNUSABLE)
    found: list[WebProvider] = []
    for entry in items(listed):
        provider = _provider(mapping(entry))
        if provider is not None and provider not in found:
            found.append(provider)
    if listed and not found:
        return WebAnswer(AnswerShape.UNUSABLE, left_out=len(listed))
    shown = tuple(found[:MOST_PROVIDERS])
    return WebAnswer(AnswerShape.LIST, shown, left_out=len(listed) - len(shown))


def _provider(entry: Mapping[str, object]) -> WebProvider | None:
    name = clean(entry.get("name"), LONGEST_NAME)
    if not name:
        return None
    confidence = clean(entry.get("confidence")).lower()
    return WebProvider(
        name=name,
        technology=clean(entry.get("technology"), LONGEST_TECHNOLOGY) or None,
        download_mbps=_within(entry.get("max_download_mbps"), HIGHEST_MBPS),
        upload_mbps=_within(entry.get("max_upload_mbps"), HIGHEST_MBPS),
        price_cents=_cents(entry.get("min_price_usd")),
        url=link(entry.get("url")),
        source_url=link(entry.get("source_url")),
        confidence=confidence if confidence in _CONFIDENCES else None,
    )


def _cents(value: object) -> int | None:
    dollars = _within(value, HIGHEST_DOLLARS)
    if dollars is None:
        return None
    return round(dollars * 100)


def _within(value: object, highest: float) -> float | None:
    """A number above 0 that can be: 0 is what models write for what they do not know."""
    found = number(_number_in(value))
    if found is None or not 0 < found <= highest:
        return None
    return found


def _number_in(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,7}(?:\.[0-9]{1,4})?", value.strip()):
        return float(value)
    return value
