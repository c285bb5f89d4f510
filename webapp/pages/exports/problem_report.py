"""A copyable report for "This is wrong": what was asked, what came back, and where to challenge the public map. Plain
text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from webapp.pages.exports.document import ResultDocument
from webapp.pages.lookup_page import LookupPage
from webapp.pages.progress import is_timed
from webapp.plans.figures import plural

FCC_CHALLENGE_URL = "https://broadbandmap.fcc.gov/home"
"""The National Broadband Map: search the address there, then use its availability challenge."""

FCC_CHALLENGE_HELP_URL = (
    "https://help.bdc.fcc.gov/hc/en-us/articles/10476040597787-How-to-Submit-an-Availability-Challenge"
)
"""The FCC's own steps for a challenge."""


def problem_report(document: ResultDocument, facts: Mapping[str, str], *, what_is_wrong: str = "") -> str:
    """The report. `facts` are printable session facts by name (status of an agent, request times); it must hold no
    token.
    """
    lines = _lines(document, facts, what_is_wrong.strip() or "(please describe it here)")
    return "\n".join(lines) + "\n"


def _lines(document: ResultDocument, facts: Mapping[str, str], what_is_wrong: str) -> Iterator[str]:
    yield "Something in this lookup is wrong"
    yield f"What is wrong: {what_is_wrong}"
    yield ""
    yield f"Typed address: {document.typed.one_line()}"
    yield f"Matched address: {document.matched or 'none'}"
    for flag in document.flags:
        yield f"Attention: {flag}"
    yield f"Outcome: {document.outcome_words}"
    yield f"As of: {document.as_of_text}"
    yield _shown(document)
    for figures in document.providers:
        yield f"- {figures.provider.name}"
    if document.url:
        yield f"Lookup: {document.url}"
    yield ""
    for name, value in facts.items():
        yield f"{name}: {value}"
    yield ""
    yield f"To challenge the public coverage map: {FCC_CHALLENGE_URL}"
    yield f"How to do it: {FCC_CHALLENGE_HELP_URL}"


def _shown(document: ResultDocument) -> str:
    plans = 0
    for figures in document.providers:
        plans += len(figures.plans)
    return f"Shown: {plural(len(document.providers), 'provider')}, {plural(plans, 'plan')}"


def session_facts(page: LookupPage) -> dict[str, str]:
    """What a report to Hum needs beyond the result: agent statuses, times and counts. No token."""
    lookup = page.lookup
    facts = {}
    if not page.masked:
        facts["Lookup id"] = lookup.id
    facts["Geocoding"] = lookup.geocoding or "not reported"
    facts["Internet"] = lookup.internet or "not reported"
    facts["Polls"] = str(lookup.polls)
    moments = {
        "Address decided after": lookup.geocoded_at,
        "Providers after": lookup.providers_at,
        "Finished after": lookup.finished_at,
    }
    for name, moment in moments.items():
        if moment is not None and is_timed(lookup, moment):
            facts[name] = f"{moment - lookup.created_at:.1f} s"
    return facts
