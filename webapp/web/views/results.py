"""What one does with a result: all plans of a provider, one plan, plans side by side, exports, a report. All from the
stored snapshot.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, render_template, request, url_for

from webapp.pages.exports.csv_rows import csv_bytes
from webapp.pages.exports.document import ResultDocument, result_document, zone_named
from webapp.pages.exports.json_document import json_text
from webapp.pages.exports.problem_report import (
    FCC_CHALLENGE_HELP_URL,
    FCC_CHALLENGE_URL,
    problem_report,
    session_facts,
)
from webapp.pages.exports.text import markdown, plain_text
from webapp.pages.lookup_page import LookupPage
from webapp.plans.chosen_plans import choose
from webapp.plans.costs import costs
from webapp.plans.label import label_card
from webapp.plans.side_by_side import compare
from webapp.web.context import services
from webapp.web.lookup_pages import own_page

views = Blueprint("results", __name__, url_prefix="/lookups/<lookup_id>")

EXPORTS: dict[str, tuple[str, Callable[[ResultDocument], str | bytes], bool]] = {
    "txt": ("text/plain", plain_text, False),
    "md": ("text/markdown", markdown, False),
    "csv": ("text/csv", csv_bytes, True),
    "json": ("application/json", json_text, True),
}
"""Kind -> media type, writer, whether the browser shall save it rather than show it."""


@views.get("/providers/<int:number>")
def provider(lookup_id: str, number: int) -> str:
    """One provider with all its plans; `number` is its place in Hum's order."""
    page = own_page(lookup_id)
    if not 1 <= number <= len(page.providers):
        abort(404)
    return render_template("results/provider.html", view=page, row=page.row(number))


@views.get("/plans/<key>")
def plan(lookup_id: str, key: str) -> str:
    """One plan: the label-shaped card, and what it costs over 12 and 24 months with the working shown."""
    page = own_page(lookup_id)
    ref = next((ref for ref in page.refs if ref.key == key), None)
    if ref is None:
        abort(404)
    return render_template(
        "results/plan.html", view=page, ref=ref, card=label_card(ref.provider, ref.plan), costs=costs(ref.plan)
    )


@views.get("/compare")
def comparison(lookup_id: str) -> str:
    """Two to four plans side by side, chosen by `?plan=<key>`."""
    page = own_page(lookup_id)
    choice = choose(request.args.getlist("plan"), page.providers)
    rows = compare(choice.refs) if choice.comparable else ()
    return render_template("results/compare.html", view=page, choice=choice, rows=rows)


@views.get("/export.<kind>")
def export(lookup_id: str, kind: str) -> Response:
    """The result as text, Markdown, CSV or JSON, with the page's filters and order; `?tz=` names the reader's time
    zone.
    """
    if kind not in EXPORTS:
        abort(404)
    page = own_page(lookup_id)
    media_type, write, attached = EXPORTS[kind]
    response = Response(write(_document(page)), content_type=f"{media_type}; charset=utf-8")
    name = "lookup" if page.masked else f"lookup-{page.lookup.id[:8]}"
    response.headers["Content-Disposition"] = f'{"attachment" if attached else "inline"}; filename="{name}.{kind}"'
    return response


@views.get("/report")
def report(lookup_id: str) -> str:
    """*This is wrong*: a report to copy, and the way to the FCC's challenge."""
    page = own_page(lookup_id)
    text = problem_report(_document(page), session_facts(page))
    return render_template(
        "results/report.html",
        view=page,
        report=text,
        challenge=FCC_CHALLENGE_URL,
        challenge_help=FCC_CHALLENGE_HELP_URL,
    )


def _document(page: LookupPage) -> ResultDocument:
    zone = zone_named(request.args.get("tz", ""), services().settings.time_zone)
    return result_document(
        page, zone, None if page.masked else url_for("lookups.page", lookup_id=page.lookup.id, _external=True)
    )
