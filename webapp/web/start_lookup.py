"""Starting a lookup for a person: to its page, or back to the form with what stood in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import make_response, request, url_for
from werkzeug.wrappers import Response

from webapp.addresses.address import Address
from webapp.addresses.obstacles import obstacle
from webapp.database import DatabaseUnavailable
from webapp.hum.errors import HumError, InvalidAddress
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.polling import MaybeStarted, Request, Started
from webapp.pages import error_messages
from webapp.pages.address_form.actions import act
from webapp.pages.error_messages import ErrorMessage
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.web import presenter
from webapp.web.address_page import count_request, filled_from, form_page, is_cost_confirmed, refused, whole_page
from webapp.web.context import current_viewer, services
from webapp.web.error_pages import log_refused_key
from webapp.web.forms import AddressForm, AgainForm
from webapp.web.own_lookups import find_own
from webapp.web.security import see_other

REPEAT_BOX = "start_again"
"""Name of the box that must be ticked to start a lookup again that Hum may have started already."""


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
        return services().lookups.start(asked)
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
        services().settings.campaign_id or None,
    )


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
