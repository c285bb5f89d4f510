"""*Search the web*, for a lookup in which Hum found nothing: by click only, since the address leaves for H Company."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.lookups.lifecycle import Lookup
from webapp.pages.error_messages import too_many_searches
from webapp.pages.research_part import no_slot_text, other_environment_text
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.research.lifecycle import helps
from webapp.research.service import Researches
from webapp.research.store import NoSlot
from webapp.web.context import services
from webapp.web.forms import FormToken
from webapp.web.lookup_form import network
from webapp.web.own_lookups import carried_arguments, own_lookup, own_lookup_for_action, page_of
from webapp.web.own_research import keep_note
from webapp.web.security import see_other

views = Blueprint("research", __name__, url_prefix="/lookups/<lookup_id>/research")


@views.post("")
def start(lookup_id: str) -> Response:
    """*Search the web*. However often it is pressed, one search runs."""
    researches, lookup = _researches(), own_lookup_for_action(lookup_id)
    note = ""
    if helps(lookup):
        note = _begin(researches, lookup)
    return _done(lookup, note)


def _begin(researches: Researches, lookup: Lookup) -> str:
    """Begins the search; why it did not begin, or nothing."""
    if lookup.environment != services().settings.environment:
        return other_environment_text(lookup.environment)
    try:
        services().starts.count_call(viewer=lookup.viewer, network=network())
        researches.start(lookup)
    except QuotaExceeded as refusal:
        return too_many_searches(refusal).one_line()
    except NoSlot:
        return no_slot_text(researches.caps.concurrency)
    return ""


@views.get("")
def progress(lookup_id: str) -> Response:
    """The fragment that the page asks for every few seconds; it carries its own next trigger until the search ends."""
    lookup, before = own_lookup(lookup_id), _researches().find(lookup_id)
    after = _researches().refresh(lookup)
    has_ended = before is not None and before.active and after is not None and not after.active
    return _fragment(lookup, speaks=has_ended)


@views.post("/stop")
def stop(lookup_id: str) -> Response:
    """*Stop the web search*."""
    lookup = own_lookup_for_action(lookup_id)
    _researches().stop(lookup)
    return _done(lookup)


def _researches() -> Researches:
    """The searches; 404 where there are none."""
    found = services().researches
    if found is None:
        abort(404)
    return found


def _done(lookup: Lookup, note: str = "") -> Response:
    if request.headers.get("HX-Request"):
        return _fragment(lookup, note, speaks=True)
    if note:
        keep_note(lookup, note)
    return see_other(url_for("lookups.page", lookup_id=lookup.id, _anchor="research", **carried_arguments()))


def _fragment(lookup: Lookup, note: str = "", *, speaks: bool) -> Response:
    view = page_of(lookup, research_note=note)
    return make_response(render_template("research/progress.html", view=view, speaks=speaks, action=FormToken()))
