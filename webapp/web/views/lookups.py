"""The form and the lookup: `/`, `POST /lookups`, `/lookups/<id>`, its progress fragment, and the buttons on it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.addresses.address import FIELDS
from webapp.database import DatabaseUnavailable
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.polling import Request
from webapp.pages.address_form.actions import act
from webapp.plans.selection import Selection
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.web import presenter, speed, tour
from webapp.web.address_page import allow_a_long_paste, count_request, refused, whole_page
from webapp.web.context import services
from webapp.web.forms import AddressForm, AgainForm, FormToken, is_submit_key, new_submit_key, require_form_token
from webapp.web.lookup_pages import own_lookup, page_of
from webapp.web.security import see_other
from webapp.web.starting import Answer, network, not_saved, start
from webapp.web.viewer import current_viewer, known_viewer

views = Blueprint("lookups", __name__)


@views.get("/")
def form() -> str:
    """The address form, filled from one of the viewer's lookups or a demo scenario (`?scenario=<key>`).

    The lookup is named by its id (`?from=<id>`) or by the submit key of the form that began it (`?sent=<key>`): where
    Back leads.
    """
    current_viewer()
    given: dict[str, str | None] = {}
    earlier = _known(request.args.get("from")) or _begun_by(request.args.get("sent", ""))
    if earlier is not None:
        given = _given(earlier)
    elif services().settings.demo:
        given = dict(services().example_address(request.args.get("scenario", "")))
    focus = request.args.get("focus")
    return whole_page(AddressForm(given), focus=focus if focus in FIELDS else "street1")


@views.post("/lookups")
def create() -> Answer:
    """Starts a lookup and sends the browser to it; any refusal shows the form again with everything typed."""
    allow_a_long_paste()
    form = AddressForm()
    if form.paste.data:
        try:
            count_request(form)
        except QuotaExceeded as refusal:
            return refused(form, refusal)
    if form.street1.data is None and form.sheet.is_unread and form.is_of_this_browser():
        # Nothing is sent unseen: the text goes into the boxes first, as the Split button does it.
        form.put(act(form.sheet, "split"))
        return make_response(whole_page(form, focus="reading"))
    try:
        return _create(form)
    except DatabaseUnavailable:
        return not_saved(form)


def _create(form: AddressForm) -> Answer:
    replaced = _known(form.replaces.data)
    address = form.address if replaced is None else presenter.as_kept(form.address, replaced)
    if not form.validate():
        return whole_page(form), 422
    if presenter.is_masked(address):
        form.add_fault("street1", presenter.TYPE_AGAIN)
        return whole_page(form), 422
    campaign_id = services().settings.campaign_id or None
    return start(form, Request(address, current_viewer(), str(form.submit_key.data), campaign_id), replaces=replaced)


@views.get("/lookups/<lookup_id>")
def page(lookup_id: str) -> Response:
    """The lookup as stored; the fragment on it does the asking, or a page refresh where there is no JavaScript."""
    lookup = own_lookup(lookup_id)
    if "refresh" in request.args:
        lookup = speed.refresh(lookup)
    view = page_of(lookup)
    stop = tour.stop(request.args.get("tour", 0, type=int)) if services().settings.demo else None
    response = make_response(
        render_template("lookups/page.html", view=view, action=FormToken(), again_key=new_submit_key(), stop=stop)
    )
    if request.headers.get("HX-Request"):
        # The filter form sends its empty boxes too; the address that is kept and shared shall not.
        response.headers["HX-Push-Url"] = url_for("lookups.page", lookup_id=lookup.id) + _query(view.selection)
    return response


@views.get("/lookups/<lookup_id>/progress")
def progress(lookup_id: str) -> Response:
    """The fragment that the page asks for every few seconds; it carries its own next trigger until the lookup has
    ended.
    """
    return _fragment(speed.refresh(own_lookup(lookup_id)))


@views.post("/lookups/<lookup_id>/next")
def next_step(lookup_id: str) -> Response:
    """*Next*, in a browser that moves the simulated clock by hand: one step, and what it changed."""
    return _moved(speed.next_step(_own_for_action(lookup_id)))


@views.post("/lookups/<lookup_id>/stop")
def stop(lookup_id: str) -> Response:
    """*Stop*."""
    lookup = _own_for_action(lookup_id)
    services().lookups.stop(lookup, now=speed.moment_of(lookup))
    return see_other(url_for("lookups.page", lookup_id=lookup_id))


@views.post("/lookups/<lookup_id>/keep-checking")
def keep_checking(lookup_id: str) -> Response:
    """*Keep checking*: another 30 seconds of the same session."""
    lookup = _own_for_action(lookup_id)
    try:
        return _moved(services().lookups.resume(lookup, network(), now=speed.moment_of(lookup)))
    except QuotaExceeded:
        abort(429)


@views.post("/lookups/<lookup_id>/again")
def again(lookup_id: str) -> Answer:
    """*Look up again*, with or without the unit: a new lookup; the old one stays as it is, a running one is stopped."""
    earlier = _own_for_action(lookup_id)
    address, dropped = earlier.address, earlier.dropped_unit
    if request.form.get("unit") == "drop":
        address, dropped = replace(address, street2=None), address.street2
    wanted = Request(address, earlier.viewer, AgainForm().key, earlier.campaign_id, dropped)
    return start(AddressForm(_given(replace(earlier, address=address))), wanted, replaces=earlier)


def _moved(lookup: Lookup) -> Response:
    """The answer to a button that moves the lookup on."""
    if request.headers.get("HX-Request"):
        return _fragment(lookup)
    return see_other(url_for("lookups.page", lookup_id=lookup.id, **tour.arguments()))


def _fragment(lookup: Lookup) -> Response:
    view = page_of(lookup, seen=request.args.get("seen", ""))
    return make_response(
        render_template("lookups/progress.html", view=view, action=FormToken(), again_key=new_submit_key())
    )


def _given(earlier: Lookup) -> dict[str, str | None]:
    """What the form shows of an earlier lookup; the form then replaces it."""
    return {**presenter.shown_lookup(earlier).address.as_dict(), "replaces": earlier.id}


def _query(selection: Selection) -> str:
    pairs = selection.to_query()
    return f"?{urlencode(pairs)}" if pairs else ""


def _known(lookup_id: str | None) -> Lookup | None:
    # Most forms come from no earlier lookup, and those can be shown and filled in without the database.
    return services().lookups.find(lookup_id, known_viewer()) if lookup_id else None


def _begun_by(submit_key: str) -> Lookup | None:
    return services().lookups.find_begun_by(known_viewer(), submit_key) if is_submit_key(submit_key) else None


def _own_for_action(lookup_id: str) -> Lookup:
    lookup = own_lookup(lookup_id)
    require_form_token()
    return lookup
