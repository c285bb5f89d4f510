"""The address form: drawn as a whole page, as the part its buttons swap or as the advice that changes while a person
types; and sent, which leads to the page of a lookup or back to the form with what stood in the way.

With `CONFIRM_LIVE` a box confirms the first lookup of a day that costs money; after midnight a browser is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import current_app, make_response, render_template, request, session, url_for
from werkzeug.wrappers import Response

from webapp.addresses.address import FIELDS, Address, obstacle
from webapp.database import DatabaseUnavailable
from webapp.hum.errors import HumError, InvalidAddress
from webapp.lookups.history import Entry, Search
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.polling import MaybeStarted, Request, Started
from webapp.pages import error_messages
from webapp.pages.address_form.actions import act
from webapp.pages.address_form.form_page import FormPage
from webapp.pages.error_messages import ErrorMessage, form_asked_too_often
from webapp.pages.progress import WORDS
from webapp.quotas.lookup_quota import QuotaExceeded, SiteQuota
from webapp.web import presenter
from webapp.web.context import current_viewer, frame_of_request, known_viewer, services
from webapp.web.error_pages import log_refused_key
from webapp.web.forms import AddressForm, AgainForm, is_submit_key
from webapp.web.own_lookups import find_own
from webapp.web.security import see_other

COST_BOX = "costs_money"
REPEAT_BOX = "start_again"
"""Name of the box that must be ticked to start a lookup again that Hum may have started already."""
LAST_LOOKUPS = 5
LONGEST_CAMPAIGN = 100

_CONFIRMED_ON = "confirmed_on"


def opened_page() -> str:
    """The form as a link opens it: filled from one of the viewer's lookups, from a demo scenario, or empty."""
    form = _opened_form()
    focus = request.args.get("focus")
    if focus not in FIELDS:
        focus = None
    named = ""
    if form.submit_key.data != request.args.get("sent"):
        # Without JavaScript the page moves there at once, so that Back finds the form by the lookup that it began.
        named = url_for("lookups.form", **form.url_arguments, scenario=_scenario(), focus=focus)
    return whole_page(form, focus=focus or "", named=named)


def whole_page(
    form: AddressForm,
    *,
    error: ErrorMessage | None = None,
    focus: str = "",
    is_read: bool = True,
    named: str = "",
) -> str:
    """The page of the form. `focus` is the id of the part to begin at, by itself the first one that is open; errors
    take the focus themselves.

    Without `is_read` the pasted text is shown, but not what it was read as. `named` is where a browser without
    JavaScript goes on.
    """
    view = form_page(form, error, is_read=is_read, focus_field=focus)
    if not focus:
        focus = "street1" if view.shows_fields else "paste"
    last_lookups, recent = _earlier()
    return render_template(
        "lookups/form.html",
        form=form,
        view=view,
        focus=focus,
        named=named,
        examples=services().examples(),
        recent=recent,
        last_lookups=last_lookups,
        words=WORDS,
    )


def swapped_part(form: AddressForm, view: FormPage, *, focus: str = "", news: str = "") -> str:
    """The form alone, to replace the one on the page, and what is to be said of it. Without `focus` the focus stays
    where it is.
    """
    return render_template("lookups/asking.html", form=form, view=view, focus=focus, news=news)


def advice_alone(form: AddressForm) -> str:
    """The advice beside the boxes, and its words for screen readers unless the page has said them already (`said`)."""
    view = form_page(form)
    is_news = view.advice.spoken != request.form.get("said")
    return render_template("lookups/advice.html", form=form, view=view, focus="", is_news=is_news)


def form_page(
    form: AddressForm, error: ErrorMessage | None = None, *, is_read: bool = True, focus_field: str = ""
) -> FormPage:
    """What is drawn of a form; `focus_field` counts only if it names a field."""
    if focus_field not in FIELDS:
        focus_field = ""
    return FormPage(
        form.form_state,
        form.faults,
        error,
        hum_is_down=services().hum.is_down,
        asks_cost=asks_cost(),
        is_read=is_read,
        focus_field=focus_field,
    )


def allow_a_long_paste() -> None:
    """A pasted text may be as long as a whole request; it is cut, and said to be, where it is read."""
    request.max_form_memory_size = current_app.config["MAX_CONTENT_LENGTH"]


def count_request(form: AddressForm) -> None:
    """Counts a request that may have a pasted text read; raises QuotaExceeded when there were too many."""
    longest = max(len(form.paste.data or ""), len(form.pasted.data or ""))
    services().form_requests.count(viewer=known_viewer(), address=request.remote_addr or "", characters=longest)


def refused(form: AddressForm, refusal: QuotaExceeded) -> Response:
    """The form as it came, with nothing read in it. A hint is left out: the page keeps the one it shows, and asks again
    by itself.
    """
    error = form_asked_too_often(refusal)
    if not request.headers.get("HX-Request"):
        return make_response(whole_page(form, error=error, is_read=False), 429, error.headers)
    if not request.form.get("do"):
        return make_response("", 429, error.headers | {"HX-Reswap": "none"})
    view = form_page(form, error, is_read=False)
    return make_response(swapped_part(form, view, news=error.title), 429, error.headers)


def asks_cost() -> bool:
    """Whether a lookup must be confirmed first."""
    settings = services().settings
    return settings.confirm_live and settings.environment == "LIVE" and session.get(_CONFIRMED_ON) != _today()


def is_cost_confirmed() -> bool:
    """Whether a lookup may be started: nothing is asked, or this request's form has the box ticked, which holds for the
    day.
    """
    if not asks_cost():
        return True
    if not request.form.get(COST_BOX):
        return False
    session[_CONFIRMED_ON] = _today()
    return True


def filled_from(earlier: Lookup) -> Mapping[str, str | None]:
    """What the form shows of an earlier lookup, which the next one replaces."""
    return {**presenter.shown_lookup(earlier).address.as_dict(), "replaces": earlier.id}


def _opened_form() -> AddressForm:
    """The form filled from the lookup that a form of this submit key began (`?sent=<key>`), from the lookup of an id
    (`?from=<id>`) or from a demo scenario (`?scenario=<key>`). With `?after=<id>` it is empty, and the lookup that it
    starts replaces that one.
    """
    sent = request.args.get("sent", "")
    begun = _begun_by(sent)
    if begun is not None:
        return AddressForm(filled_from(begun))
    given: Mapping[str, str | None] = services().example_address(request.args.get("scenario", ""))
    earlier = find_own(request.args.get("from"))
    if earlier is not None:
        given = filled_from(earlier)
    before = find_own(request.args.get("after"))
    if before is not None:
        given = {**given, "replaces": before.id}
    return AddressForm({**given, "submit_key": sent})


def _scenario() -> str | None:
    """The demo scenario that this request names, if there is one of that name."""
    key = request.args.get("scenario", "")
    if not services().example_address(key):
        return None
    return key


def _begun_by(submit_key: str) -> Lookup | None:
    if not is_submit_key(submit_key):
        return None
    try:
        return services().lookups.find_begun_by(known_viewer(), submit_key)
    except DatabaseUnavailable:
        # The form can be filled in without the database; the same key cannot begin the same lookup twice.
        return None


def _today() -> str:
    return datetime.fromtimestamp(services().clock(), services().settings.time_zone).date().isoformat()


def _earlier() -> tuple[Sequence[Entry], Sequence[Address]]:
    """The viewer's last lookups and the addresses to offer while a person types. They only save a way and typing: the
    form can be filled in without the database, which is not asked twice when it does not answer.
    """
    viewer = known_viewer()
    if not viewer:
        return (), ()
    try:
        newest = presenter.shown_page(services().history.page(viewer, Search()))
        addresses = services().history.recent_addresses(viewer)
    except DatabaseUnavailable:
        return (), ()
    if presenter.active():
        addresses = ()
    return newest.entries[:LAST_LOOKUPS], addresses


# What a sent form starts.


class NotStarted(Exception):
    """A lookup was not started, and Hum was not asked. `error` says why, `status` is the answer's."""

    def __init__(self, status: int, error: ErrorMessage) -> None:
        super().__init__(error.title)
        self.status = status
        self.error = error


def start_from_form(form: AddressForm) -> Response:
    """Starts the lookup that a sent form asks for. A text that was not read yet is read first, and sent only when there
    is no doubt about it; otherwise the form asks.
    """
    if form.paste.data:
        try:
            count_request(form)
        except QuotaExceeded as refusal:
            return refused(form, refusal)
    if form.street1.data is None and form.form_state.is_unread and form.is_of_this_browser():
        form.put(act(form.form_state, "split"))
        if not form_page(form).advice.clear:
            return make_response(whole_page(form, focus="reading"))
    try:
        return _start_typed(form)
    except DatabaseUnavailable:
        return _not_saved(form)


def start_again(earlier: Lookup) -> Response:
    """Starts a new lookup of the same address, without its unit if the button says so; a running one is stopped."""
    address, dropped = earlier.address, earlier.dropped_unit
    if request.form.get("unit") == "drop":
        address, dropped = replace(address, street2=None), address.street2
    form = AddressForm(filled_from(replace(earlier, address=address)))
    wanted = Request(address, earlier.viewer, AgainForm().key, earlier.campaign_id, dropped)
    return start(form, wanted, replaces=earlier)


def start(form: AddressForm, wanted: Request, *, replaces: Lookup | None = None, **arguments: Any) -> Response:
    """Starts what is wanted and sends the browser to it; `arguments` go into that page's address. A refusal shows the
    form again.

    The lookup that the new one replaces is stopped once the new one has been started.
    """
    try:
        lookup = begin(wanted).lookup
    except NotStarted as refusal:
        return _form_again(form, refusal.error, refusal.status)
    except InvalidAddress as refusal:
        form.renew_submit_key()
        form.add_refusal(refusal.field_errors, refusal.base_errors)
        return make_response(whole_page(form), 422)
    except HumError as error:
        log_refused_key(error)
        form.renew_submit_key()
        return _form_again(form, error_messages.failed_start(error), 503)
    except DatabaseUnavailable:
        return _not_saved(form)
    if replaces is not None and replaces.id != lookup.id:
        services().lookups.stop(replaces, now=presenter.moment_of(replaces))
    return see_other(url_for("lookups.page", lookup_id=lookup.id, **arguments))


def begin(wanted: Request) -> Started:
    """Starts what is wanted; every page that starts lookups comes through here.

    Raises NotStarted when a confirmation is missing or a limit is reached, and HumError when Hum refuses.
    """
    if not is_cost_confirmed():
        raise NotStarted(422, error_messages.NOT_CONFIRMED)
    asked = replace(
        wanted, headers=presenter.chosen_speed().start_headers, network=network(), repeat=REPEAT_BOX in request.form
    )
    try:
        return services().lookups.start(asked, quota=_quota_of_frame())
    except MaybeStarted:
        raise NotStarted(422, error_messages.MAYBE_STARTED) from None
    except QuotaExceeded as refusal:
        error = error_messages.quota_exceeded(refusal, services().settings.time_zone.key)
        raise NotStarted(429, error) from None


def request_of(form: AddressForm) -> Request:
    """The lookup that a form asks for, started by this browser."""
    return Request(
        form.address,
        current_viewer(),
        str(form.submit_key.data),
        _campaign(),
    )


def _campaign() -> str | None:
    """The campaign that a lookup is sent with: the one that a frame's page names, or this site's own."""
    given = request.form.get("campaign_id", "").strip()
    if given and given.isprintable() and len(given) <= LONGEST_CAMPAIGN and frame_of_request() is not None:
        return given
    return services().settings.campaign_id or None


def _quota_of_frame() -> SiteQuota | None:
    frame = frame_of_request()
    return None if frame is None else SiteQuota(services().starts, frame.origin)


def network() -> str:
    """The network address that this request comes from."""
    return request.remote_addr or ""


def _start_typed(form: AddressForm) -> Response:
    replaced = find_own(form.replaces.data)
    if not form.validate():
        return make_response(whole_page(form), 422)
    wanted = request_of(form)
    if replaced is not None:
        wanted = replace(wanted, address=presenter.as_kept(form.address, replaced))
    if presenter.is_masked(wanted.address):
        form.add_fault("street1", presenter.TYPE_AGAIN)
        return make_response(whole_page(form), 422)
    if _is_unsaid(wanted.address):
        return make_response(whole_page(form, focus="assist"))
    return start(form, wanted, replaces=replaced)


def _is_unsaid(address: Address) -> bool:
    """Whether something is in the way of finding the address that the page has not said yet. Without JavaScript nothing
    is said while a person types, so the first press says it and the second one sends.
    """
    in_the_way = obstacle(address)
    return in_the_way is not None and in_the_way.text not in request.form.get("said", "")


def _not_saved(form: AddressForm) -> Response:
    """The form again, because the database is not available.

    The submit key stays: should the lookup have been stored after all, the next press finds it instead of paying twice.
    """
    return _form_again(form, error_messages.NOT_SAVED, 503)


def _form_again(form: AddressForm, error: ErrorMessage, status: int) -> Response:
    return make_response(whole_page(form, error=error), status, error.headers)
