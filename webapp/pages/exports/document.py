"""Everything an export shows of one lookup: frozen facts from the stored list, with the page's filters and order, and
the moment they hold for, in a time zone people know. Hum is not asked again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.addresses.address import Address
from webapp.pages.lookup_page import LookupPage
from webapp.pages.research_part import ResearchPart, WebRow
from webapp.plans.best_plans import BestPlan
from webapp.plans.provider_figures import ProviderFigures
from webapp.research.answers import WebProvider

_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}")


class Environment(StrEnum):
    """Where the answer came from. A demo must never pass for a real answer."""

    DEMO = "DEMO"
    SANDBOX = "SANDBOX"
    LIVE = "LIVE"
    CUSTOM = "CUSTOM"


@dataclass(frozen=True, slots=True)
class WebFindings:
    """What an agent of H Company read on the web. Nobody has verified it, and each export says so.

    `searched_at` knows its offset. `title` and `words` say what came of it. `rows` are the providers in words,
    `providers` the same as figures; `text` is an answer in free words.
    """

    searched_at: datetime
    time_zone: str
    title: str
    words: str
    rows: tuple[WebRow, ...]
    providers: tuple[WebProvider, ...]
    text: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class ResultDocument:
    """One lookup as exported.

    `outcome` is the key (`served`), `outcome_words` the sentence people read. `as_of` knows its offset; it is shown in
    that offset with `time_zone` (`EST`, `UTC`) after it. `flags` are warnings in words, such as a changed house number.
    Of the `providers_left_out`, `providers_over_limit` are past the limit and the others could not be read. `best`
    are the plans that people ask for first. `url` leads back to the lookup.
    """

    typed: Address
    matched: str | None
    outcome: str
    outcome_words: str
    as_of: datetime
    time_zone: str
    data_set: str | None
    environment: Environment
    providers: tuple[ProviderFigures, ...]
    providers_left_out: int = 0
    providers_over_limit: int = 0
    order_text: str = ""
    best: tuple[BestPlan, ...] = ()
    flags: tuple[str, ...] = ()
    url: str | None = None
    web: WebFindings | None = None

    @property
    def as_of_text(self) -> str:
        """The stamp that every export carries: `2026-11-22 09:30 EST, data set 25041808, SANDBOX`."""
        data_set = f"data set {self.data_set or 'not stated'}"
        return f"{self.as_of:%Y-%m-%d %H:%M} {self.time_zone}, {data_set}, {self.environment}"


def result_document(page: LookupPage, zone: ZoneInfo, url: str | None = None) -> ResultDocument:
    """The stored result with the page's filters and order."""
    lookup = page.lookup
    as_of = datetime.fromtimestamp(lookup.answered_at or lookup.created_at, zone)
    return ResultDocument(
        typed=lookup.address,
        matched=lookup.matched_address,
        outcome=(lookup.outcome or lookup.state).value,
        outcome_words=_outcome_words(page),
        as_of=as_of,
        time_zone=as_of.tzname() or zone.key,
        data_set=lookup.data_set,
        environment=Environment(lookup.environment),
        providers=page.result.shown,
        providers_left_out=page.listed.left_out,
        providers_over_limit=page.listed.over_limit,
        order_text=f"{page.result.order_text} {page.result.hidden_text}".strip(),
        best=page.best,
        flags=page.difference.warnings,
        url=url,
        web=_web_findings(page.research, zone),
    )


def _web_findings(part: ResearchPart | None, zone: ZoneInfo) -> WebFindings | None:
    if part is None or part.research is None or part.research.finished_at is None or not part.has_answer:
        return None
    words = part.words
    if words is None:
        return None
    searched_at = datetime.fromtimestamp(part.research.finished_at, zone)
    return WebFindings(
        searched_at=searched_at,
        time_zone=searched_at.tzname() or zone.key,
        title=words.title,
        words=words.meaning,
        rows=part.rows,
        providers=part.research.answer.providers,
        text=part.text,
        left_out=part.left_out,
    )


def _outcome_words(page: LookupPage) -> str:
    if page.words is None:
        return page.headline
    return f"{page.words.title}. {page.words.meaning}"


def zone_named(name: str, default: ZoneInfo) -> ZoneInfo:
    """The time zone of an IANA name such as `America/Detroit`; the default for anything else."""
    if not _ZONE.fullmatch(name):
        return default
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return default
