"""The API console of a lookup: the page, the fragment that keeps it live, and the calls as a HAR file."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, request

from webapp.pages.console.har import har
from webapp.settings.values import SIMULATOR_URL
from webapp.web import presenter
from webapp.web.context import services
from webapp.web.own_calls import agent_url, base_url, calls_of
from webapp.web.own_lookups import own_lookup

views = Blueprint("console", __name__, url_prefix="/lookups/<lookup_id>")


@views.get("/console")
def page(lookup_id: str) -> str:
    """Everything asked so far; the fragment on it goes on asking, or a page refresh where there is no JavaScript."""
    lookup = own_lookup(lookup_id)
    if "refresh" in request.args:
        lookup = services().lookups.refresh(lookup)
    return render_template("console/page.html", view=calls_of(lookup))


@views.get("/console/live")
def live(lookup_id: str) -> str:
    """The upper part anew and the calls that this browser does not show yet; it carries its own next trigger until the
    end.
    """
    lookup = services().lookups.refresh(own_lookup(lookup_id))
    return render_template("console/live.html", view=calls_of(lookup, beside="beside" in request.args))


@views.get("/calls.har")
def archive(lookup_id: str) -> Response:
    """The calls as an HTTP Archive 1.2, secrets masked as on the page."""
    lookup = own_lookup(lookup_id)
    title = presenter.shown_lookup(lookup).address.one_line()
    calls = presenter.shown_calls(services().calls.of_lookup(lookup.id), lookup)
    document = har(title, lookup.created_at, calls, base_url(lookup, SIMULATOR_URL), agent_url(SIMULATOR_URL))
    text = json.dumps(document, ensure_ascii=False, indent=2)
    response = Response(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="lookup-{lookup.id[:8]}.har"'
    return response
