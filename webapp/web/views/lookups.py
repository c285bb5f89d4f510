"""The form and the lookup: `/`, `POST /lookups`, `/lookups/<id>`, its progress fragment, and the buttons on it."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request, session, url_for
from werkzeug.wrappers import Response

from webapp.lookups.lifecycle import Lookup
from webapp.pages.error_messages import too_many_calls
from webapp.pages.lookup_page import LookupPage
from webapp.pages.progress import check_text
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.web import presenter
from webapp.web.context import current_viewer, services
from webapp.web.forms import AddressForm, FormToken
from webapp.web.lookup_form import allow_a_long_paste, network, opened_page, start_again, start_from_form
from webapp.web.own_calls import calls_of
from webapp.web.own_lookups import carried_arguments, own_lookup, own_lookup_for_action, page_of, tour_bar
from webapp.web.own_research import refresh_research, take_note
from webapp.web.security import see_other

views = Blueprint("lookups", __name__)

_CHECKED = "plans_checked"


@views.get("/")
def form() -> str:
    """The address form, filled from one of the viewer's lookups or a demo scenario."""
    current_viewer()
    return opened_page()


@views.post("/lookups")
def create() -> Response:
    """Starts a lookup and sends the browser to it; any refusal shows the form again with everything typed."""
    allow_a_long_paste()
    return start_from_form(AddressForm())


@views.get("/lookups/<lookup_id>")
def page(lookup_id: str) -> Response:
    """The lookup as stored; the fragment on it does the asking, or a page refresh where there is no JavaScript. Filters
    get the list alone.
    """
    lookup = own_lookup(lookup_id)
    if "refresh" in request.args:
        lookup = presenter.refresh(lookup)
        refresh_research(lookup)
    view = page_of(lookup, check_text=_take_check_text(lookup), research_note=take_note(lookup))
    if "HX-Request" not in request.headers or "HX-History-Restore-Request" in request.headers:
        return make_response(_whole_page(view, lookup))
    return _list_alone(view)


def _list_alone(view: LookupPage) -> Response:
    """The answer to the filter form, which sends its empty boxes too; they are left out of the address that is kept and
    shared.
    """
    response = make_response(render_template("lookups/_listed.html", view=view))
    response.headers["HX-Push-Url"] = view.links.chosen_page(view.selection.to_query()) or ""
    return response


@views.get("/lookups/<lookup_id>/progress")
def progress(lookup_id: str) -> str:
    """The fragment that the page asks for every few seconds; it carries its own next trigger until the lookup has
    ended.
    """
    return _fragment(presenter.refresh(own_lookup(lookup_id)))


@views.post("/lookups/<lookup_id>/next")
def next_step(lookup_id: str) -> Response:
    """*Next*, in a browser that moves the simulated clock by hand: one step, and what it changed."""
    return _moved(presenter.next_step(own_lookup_for_action(lookup_id)))


@views.post("/lookups/<lookup_id>/stop")
def stop(lookup_id: str) -> Response:
    """*Stop*."""
    lookup = own_lookup_for_action(lookup_id)
    services().lookups.stop(lookup, now=presenter.moment_of(lookup))
    return see_other(url_for("lookups.page", lookup_id=lookup_id))


@views.post("/lookups/<lookup_id>/keep-checking")
def keep_checking(lookup_id: str) -> Response:
    """*Keep checking*: another 30 seconds of the same session."""
    lookup = own_lookup_for_action(lookup_id)
    try:
        return _moved(services().lookups.resume(lookup, network(), now=presenter.moment_of(lookup)))
    except QuotaExceeded:
        abort(429)


@views.post("/lookups/<lookup_id>/check-plans")
def check_plans(lookup_id: str) -> Response:
    """*Check for more plans*: Hum is asked once for the list of a finished lookup."""
    lookup = own_lookup_for_action(lookup_id)
    headers = presenter.call_headers(lookup, services().clock())
    try:
        check = services().lookups.check_plans(lookup, network(), headers=headers)
    except QuotaExceeded as refusal:
        return _checked(lookup, too_many_calls(refusal).one_line())
    return _checked(check.lookup, check_text(check))


@views.post("/lookups/<lookup_id>/again")
def again(lookup_id: str) -> Response:
    """*Look up again*, with or without the unit: a new lookup; the old one stays as it is, a running one is stopped."""
    return start_again(own_lookup_for_action(lookup_id))


def _checked(lookup: Lookup, text: str) -> Response:
    if request.headers.get("HX-Request"):
        return make_response(_fragment(lookup, text))
    session[_CHECKED] = [lookup.id, text]
    return see_other(url_for("lookups.page", lookup_id=lookup.id, **carried_arguments()))


def _take_check_text(lookup: Lookup) -> str:
    """What came of *Check for more plans* where there is no script, shown once."""
    kept = session.get(_CHECKED)
    if not isinstance(kept, list) or len(kept) != 2 or kept[0] != lookup.id:
        return ""
    del session[_CHECKED]
    return str(kept[1])


def _whole_page(view: LookupPage, lookup: Lookup) -> str:
    console = None
    if view.links.shows_calls:
        console = calls_of(lookup, beside=True)
    return render_template("lookups/page.html", view=view, console=console, action=FormToken(), **tour_bar(lookup.id))


def _moved(lookup: Lookup) -> Response:
    """The answer to a button that moves the lookup on."""
    if request.headers.get("HX-Request"):
        return make_response(_fragment(lookup))
    return see_other(url_for("lookups.page", lookup_id=lookup.id, **carried_arguments()))


def _fragment(lookup: Lookup, check_text: str = "") -> str:
    view = page_of(lookup, seen=request.args.get("seen", ""), check_text=check_text)
    return render_template("lookups/progress.html", view=view, action=FormToken())
