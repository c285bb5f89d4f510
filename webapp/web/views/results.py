"""What can be done with a result: all plans of a provider, one plan, plans side by side, exports, a report. All of it
comes from the stored snapshot.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request, url_for

from webapp.pages.exports.document import ResultDocument, result_document, zone_named
from webapp.pages.exports.formats import EXPORTS
from webapp.pages.exports.problem_report import (
    FCC_CHALLENGE_HELP_URL,
    FCC_CHALLENGE_URL,
    problem_report,
    session_facts,
)
from webapp.pages.lookup_page import LookupPage
from webapp.plans.chosen_plans import choose
from webapp.plans.costs import costs
from webapp.plans.label import label_card
from webapp.plans.side_by_side import compare
from webapp.web.context import services
from webapp.web.own_lookups import own_lookup, own_page, page_of

views = Blueprint("results", __name__, url_prefix="/lookups/<lookup_id>")


@views.get("/providers/<int:number>")
def provider(lookup_id: str, number: int) -> str:
    """One provider with all its plans; `number` is its place in Hum's order."""
    page = own_page(lookup_id)
    if not 1 <= number <= len(page.providers):
        abort(404)
    return render_template("results/provider.html", view=page, row=page.all_plans(number))


@views.get("/rows/<row_key>")
def row(lookup_id: str, row_key: str) -> str:
    """What one row of the list has no room for, with the page's filters and order."""
    page = page_of(own_lookup(lookup_id), opened=row_key)
    if page.opened_row is None:
        abort(404)
    return render_template("lookups/opened.html", view=page)


@views.get("/print")
def print_page(lookup_id: str) -> str:
    """The result for paper: every provider with every plan, with the page's filters and order."""
    return render_template("results/print.html", view=own_page(lookup_id, for_paper=True))


@views.get("/plans/<key>")
def plan(lookup_id: str, key: str) -> str:
    """One plan: the label-shaped card, and what it costs over 12 and 24 months with the working shown."""
    page = own_page(lookup_id)
    ref = page.plan(key)
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
    return render_template("results/compare.html", view=page, choice=choice, compare=compare)


@views.get("/export.<kind>")
def export(lookup_id: str, kind: str) -> Response:
    """The result as text, Markdown, CSV or JSON, with the page's filters and order; `?tz=` names the reader's time
    zone.
    """
    if kind not in EXPORTS:
        abort(404)
    page, written_as = own_page(lookup_id), EXPORTS[kind]
    response = Response(written_as.write(_document(page)), content_type=f"{written_as.media_type}; charset=utf-8")
    name = f"{page.file_name}.{kind}"
    response.headers["Content-Disposition"] = f'{written_as.disposition}; filename="{name}"'
    return response


@views.get("/report")
def report(lookup_id: str) -> str:
    """*This is wrong*: a report to copy, and the way to the FCC's challenge."""
    page = own_page(lookup_id)
    return render_template(
        "results/report.html",
        view=page,
        report=problem_report(_document(page), session_facts(page)),
        challenge=FCC_CHALLENGE_URL,
        challenge_help=FCC_CHALLENGE_HELP_URL,
    )


def _document(page: LookupPage) -> ResultDocument:
    url = None
    if not page.masked:
        url = url_for("lookups.page", lookup_id=page.lookup.id, _external=True)
    return result_document(page, zone_named(request.args.get("tz", ""), services().settings.time_zone), url)
