"""*Your lookups*: the viewer's own lookups, searched and filtered by the query string, deleted one by one or all at
once.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.pages.history_query import CHOICES, HistoryQuery
from webapp.pages.progress import WORDS, unfinished_text
from webapp.web import presenter
from webapp.web.context import known_viewer, services
from webapp.web.forms import FormToken, require_form_token
from webapp.web.own_lookups import own_lookup_for_action
from webapp.web.own_research import stop_before_deleting
from webapp.web.security import see_other

views = Blueprint("history", __name__)


@views.get("/lookups")
def page() -> str:
    """A page of the list."""
    query = HistoryQuery.parse(request.args)
    found = services().history.page(known_viewer(), query.search, before=query.before, after=query.after)
    return render_template(
        "history/page.html",
        query=query,
        found=presenter.shown_page(found),
        choices=CHOICES,
        words=WORDS,
        unfinished_text=unfinished_text,
        now=services().clock(),
        deleted=request.args.get("deleted", 0, type=int),
        kept_days=services().settings.lookups_kept_days,
        action=FormToken(),
    )


@views.post("/lookups/<lookup_id>/delete")
def delete(lookup_id: str) -> Response:
    """*Delete*: back to the same place in the list."""
    lookup = own_lookup_for_action(lookup_id)
    stop_before_deleting(lookup.viewer, lookup)
    services().history.delete(lookup)
    return see_other(url_for("history.page", **HistoryQuery.parse(request.form).place, deleted="1"))


@views.get("/lookups/clear")
def confirm_clear() -> str:
    """Says how many lookups *Delete all* would delete, and asks."""
    return render_template("history/clear.html", count=services().history.count(known_viewer()), action=FormToken())


@views.post("/lookups/clear")
def clear() -> Response:
    """*Delete all*."""
    require_form_token()
    history, viewer = services().history, known_viewer()
    count = history.count(viewer)
    stop_before_deleting(viewer)
    history.clear(viewer)
    return see_other(url_for("history.page", deleted=count))
