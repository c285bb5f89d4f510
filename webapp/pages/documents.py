"""A lookup as the document that exports write: outcome in words, warnings, and the moment it holds for, in a time zone
people know.
"""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from webapp.pages.exports.document import Environment, ResultDocument
from webapp.pages.lookup_page import LookupPage

_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}")


def zone_named(name: str, default: ZoneInfo) -> ZoneInfo:
    """The time zone of an IANA name such as `America/Detroit`; the default for anything else."""
    if not _ZONE.fullmatch(name):
        return default
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return default


def result_document(page: LookupPage, zone: ZoneInfo, url: str | None = None) -> ResultDocument:
    """The stored result with the page's filters and order. Hum is not asked."""
    lookup, words = page.lookup, page.words
    as_of = datetime.fromtimestamp(lookup.answered_at or lookup.created_at, zone)
    return ResultDocument(
        typed=lookup.address,
        matched=lookup.matched_address,
        outcome=(lookup.outcome or lookup.state).value,
        outcome_words=f"{words.title}. {words.meaning}" if words else page.headline,
        as_of=as_of,
        time_zone=as_of.tzname() or zone.key,
        data_set=lookup.data_set,
        environment=Environment(lookup.environment),
        providers=page.result.shown,
        providers_left_out=page.listed.left_out,
        order_said=" ".join(filter(None, (page.result.order_said, page.result.hidden_said))),
        flags=page.difference.warnings,
        url=url,
    )


def session_facts(page: LookupPage) -> dict[str, str]:
    """What a report to Hum needs beyond the result: agent statuses, times and counts. No token."""
    lookup = page.lookup
    seconds = {
        "Address matched after": lookup.geocoded_at,
        "Providers after": lookup.providers_at,
        "Finished after": lookup.finished_at,
    }
    return {
        **({} if page.masked else {"Lookup id": lookup.id}),
        "Geocoding": lookup.geocoding.value if lookup.geocoding else "not reported",
        "Internet": lookup.internet.value if lookup.internet else "not reported",
        "Polls": str(lookup.polls),
        **{name: f"{moment - lookup.created_at:.1f} s" for name, moment in seconds.items() if moment is not None},
    }
