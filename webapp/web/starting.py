"""Starting a lookup for a person: to its page, or back to the form with what stood in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from webapp.database import DatabaseUnavailable
from webapp.hum.errors import HumError, InvalidAddress
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.polling import MaybeStarted, Request, Started
from webapp.pages import error_messages
from webapp.pages.error_messages import ErrorMessage
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.web import live, speed
from webapp.web.address_page import whole_page
from webapp.web.context import services
from webapp.web.error_pages import log_refused_key
from webapp.web.forms import AddressForm
from webapp.web.security import see_other

REPEAT_BOX = "start_again"
"""Name of the box that must be ticked to start a lookup again that Hum may have started already."""

Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]


class NotStarted(Exception):
    """A lookup was not started, and Hum was not asked. `trouble` says why, `status` is the answer's."""

    def __init__(self, status: int, trouble: ErrorMessage) -> None:
        super().__init__(trouble.title)
        self.status = status
        self.trouble = trouble


def begin(wanted: Request) -> Started:
    """Starts what is wanted; every page that starts lookups comes through here.

    Raises NotStarted when a confirmation is missing or a limit is reached, and HumError when Hum refuses.
    """
    if not live.confirmed():
        raise NotStarted(422, error_messages.NOT_CONFIRMED)
    asked = replace(wanted, headers=speed.chosen().start_headers, network=network(), repeat=REPEAT_BOX in request.form)
    try:
        return services().lookups.start(asked)
    except MaybeStarted:
        raise NotStarted(422, error_messages.MAYBE_STARTED) from None
    except QuotaExceeded as refusal:
        raise NotStarted(429, quota_exceeded(refusal)) from None


def start(form: AddressForm, wanted: Request, *, replaces: Lookup | None = None, **arguments: Any) -> Answer:
    """Starts what is wanted and sends the browser to it; `arguments` go into that page's address. A refusal shows the
    form again.

    The lookup that the new one replaces is stopped once the new one has been started.
    """
    try:
        lookup = begin(wanted).lookup
    except NotStarted as refusal:
        return whole_page(form, trouble=refusal.trouble), refusal.status, refusal.trouble.headers
    except InvalidAddress as refusal:
        form.renew_submit_key()
        form.add_refusal(refusal.field_errors, refusal.base_errors)
        return whole_page(form), 422
    except HumError as error:
        log_refused_key(error)
        form.renew_submit_key()
        trouble = error_messages.failed_start(error)
        return whole_page(form, trouble=trouble), 503, trouble.headers
    except DatabaseUnavailable:
        return not_saved(form)
    if replaces is not None and replaces.id != lookup.id:
        services().lookups.stop(replaces, now=speed.moment_of(replaces))
    return see_other(url_for("lookups.page", lookup_id=lookup.id, **arguments))


def network() -> str:
    """The network address that this request comes from."""
    return request.remote_addr or ""


def quota_exceeded(refusal: QuotaExceeded) -> ErrorMessage:
    """A reached limit in words."""
    return error_messages.quota_exceeded(refusal, services().settings.time_zone.key)


def not_saved(form: AddressForm) -> Answer:
    """The form again, because the database does not answer.

    The submit key stays: should the lookup have been stored after all, the next press finds it instead of paying twice.
    """
    return whole_page(form, trouble=error_messages.NOT_SAVED), 503, error_messages.NOT_SAVED.headers
