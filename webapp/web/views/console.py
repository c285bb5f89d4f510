"""The API console of a lookup: the page, the fragment that keeps it live, and the calls as a HAR file."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, request

from webapp.lookups.lifecycle import Lookup
from webapp.pages.console.har import har
from webapp.pages.console.meter import meter
from webapp.pages.console.page import ConsolePage
from webapp.settings.values import PRODUCTION_URL, SANDBOX_URL, SIMULATOR_URL
from webapp.web import presenter
from webapp.web.context import services
from webapp.web.own_lookups import OwnerLinks, own_lookup

views = Blueprint("console", __name__, url_prefix="/lookups/<lookup_id>")

URLS = {"SANDBOX": SANDBOX_URL, "LIVE": PRODUCTION_URL}
LOCAL_SIMULATOR = "http://127.0.0.1:8900"
"""In demo mode the simulator answers inside this program; a command in a shell needs one that listens."""


@views.get("/console")
def page(lookup_id: str) -> str:
    """Everything asked so far; the fragment on it goes on asking, or a page refresh where there is no JavaScript."""
    lookup = own_lookup(lookup_id)
    if "refresh" in request.args:
        lookup = services().lookups.refresh(lookup)
    return render_template("console/page.html", view=_console(lookup))


@views.get("/console/live")
def live(lookup_id: str) -> str:
    """The upper part anew and the calls that this browser does not show yet; it carries its own next trigger until the
    end.
    """
    lookup = services().lookups.refresh(own_lookup(lookup_id))
    return render_template("console/live.html", view=_console(lookup, seen=request.args.get("seen", 0, type=int)))


@views.get("/calls.har")
def archive(lookup_id: str) -> Response:
    """The calls as an HTTP Archive 1.2, secrets masked as on the page."""
    lookup = own_lookup(lookup_id)
    title = presenter.shown_lookup(lookup).address.one_line()
    calls = presenter.shown_calls(services().calls.of_lookup(lookup.id), lookup)
    document = har(title, lookup.created_at, calls, _base_url(lookup, SIMULATOR_URL))
    text = json.dumps(document, ensure_ascii=False, indent=2)
    response = Response(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="lookup-{lookup.id[:8]}.har"'
    return response


def _console(lookup: Lookup, seen: int = 0) -> ConsolePage:
    now = services().clock()
    return ConsolePage(
        presenter.shown_lookup(lookup),
        presenter.shown_calls(services().calls.of_lookup(lookup.id), lookup),
        meter(services().limiter, services().calls.newest_headers(), now),
        links=OwnerLinks(lookup.id),
        schedule=services().lookups.poll_schedule,
        now=now,
        base_url=_base_url(lookup, LOCAL_SIMULATOR),
        kept_days=services().settings.calls_kept_days,
        seen=seen,
    )


def _base_url(lookup: Lookup, simulator: str) -> str:
    """Where this lookup's Hum is: a lookup keeps its environment when the installation moves to another."""
    if lookup.environment == "DEMO":
        return simulator
    return URLS.get(lookup.environment, services().settings.upstream_url)
