"""A copyable report for "This is wrong": what was asked, what came back, and where to challenge the public map. Plain
text.
"""

from __future__ import annotations

from collections.abc import Mapping

from webapp.pages.exports.document import ResultDocument
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
    plans = sum(len(provider.plans) for provider in document.providers)
    lines = [
        "Something in this lookup is wrong",
        f"What is wrong: {what_is_wrong.strip() or '(please describe it here)'}",
        "",
        f"Typed address: {document.typed.one_line()}",
        f"Matched address: {document.matched or 'none'}",
        *(f"Attention: {flag}" for flag in document.flags),
        f"Outcome: {document.outcome_words}",
        f"As of: {document.as_of_text}",
        f"Shown: {plural(len(document.providers), 'provider')}, {plural(plans, 'plan')}",
        *(f"- {provider.name}" for provider in document.providers),
        *([f"Lookup: {document.url}"] if document.url else []),
        "",
        *(f"{name}: {value}" for name, value in facts.items()),
        "",
        f"To challenge the public coverage map: {FCC_CHALLENGE_URL}",
        f"How to do it: {FCC_CHALLENGE_HELP_URL}",
    ]
    return "\n".join(lines) + "\n"
