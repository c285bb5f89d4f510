"""Starting a lookup for a person: to its page, or back to the form with what stood in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from webapp.database import Unavailable as DatabaseUnavailable
from webapp.hum.errors import HumError, InvalidAddress
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.service import Request
from webapp.quotas.starts import TooMany
from webapp.web import errors, live, speed
from webapp.web.address_page import whole_page
from webapp.web.context import services
from webapp.web.forms import AddressForm
from webapp.web.security import see_other

Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]


def start(form: AddressForm, wanted: Request, **arguments: Any) -> Answer:
    """Starts what is wanted and sends the browser to it; `arguments` go into that page's address. A refusal shows the form again."""
    if not live.confirmed():
        return whole_page(form, trouble=live.NOT_CONFIRMED), 422
    try:
        lookup = _started(wanted)
    except InvalidAddress as refusal:
        form.renew_submit_key()
        form.add_refusal(refusal.field_errors, refusal.base_errors)
        return whole_page(form), 422
    except TooMany as refusal:
        trouble = errors.too_many(refusal, services().settings.time_zone.key)
        return whole_page(form, trouble=trouble), 429, trouble.headers
    except HumError as error:
        form.renew_submit_key()
        trouble = errors.trouble(error)
        return whole_page(form, trouble=trouble), 503, trouble.headers
    except DatabaseUnavailable:
        return not_saved(form)
    return see_other(url_for("lookups.page", lookup_id=lookup.id, **arguments))


def _started(wanted: Request) -> Lookup:
    earlier = services().lookups.find_submitted(wanted.viewer, wanted.submit_key)
    if earlier is not None:
        # A second click starts nothing, so it must not be refused either.
        return earlier
    services().starts.count(viewer=wanted.viewer, address=request.remote_addr or "")
    return services().lookups.start(replace(wanted, speed=speed.chosen().factor))


def not_saved(form: AddressForm) -> Answer:
    """The form again, because the database does not answer.

    The submit key stays: should the lookup have been stored after all, the next press finds it instead of paying twice.
    """
    return whole_page(form, trouble=errors.NOT_SAVED), 503, errors.NOT_SAVED.headers
