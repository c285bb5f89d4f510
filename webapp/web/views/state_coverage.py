"""*Who serves the state?*: for a lookup that found no provider. Reading shows what is kept; only the button asks Hum,
since that is a call.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from webapp.hum.errors import HumError
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.state_coverage import state_name, state_of
from webapp.pages.error_messages import ErrorMessage, failed_coverage, too_many_calls
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.web import presenter
from webapp.web.context import services
from webapp.web.error_pages import log_refused_key
from webapp.web.forms import FormToken
from webapp.web.lookup_form import network
from webapp.web.own_lookups import OwnerLinks, own_lookup, own_lookup_for_action
from webapp.web.security import see_other

views = Blueprint("coverage", __name__)


@views.get("/lookups/<lookup_id>/coverage")
def page(lookup_id: str) -> str:
    """The providers of the lookup's state as far as they are kept, or the button that asks."""
    return _page(own_lookup(lookup_id))


@views.post("/lookups/<lookup_id>/coverage")
def ask(lookup_id: str) -> Response | tuple[str, int, dict[str, str]]:
    """Asks Hum unless a list of today is kept."""
    lookup = own_lookup_for_action(lookup_id)
    try:
        _fetch(lookup)
    except QuotaExceeded as refusal:
        error = too_many_calls(refusal)
        return _page(lookup, error), 429, error.headers
    except HumError as failure:
        log_refused_key(failure)
        error = failed_coverage(failure)
        return _page(lookup, error), 503, error.headers
    return see_other(OwnerLinks(lookup_id).coverage())


def _fetch(lookup: Lookup) -> None:
    state = state_of(lookup.address)
    if state is None or services().coverage.find(state) is not None:
        return
    services().starts.count_call(viewer=lookup.viewer, network=network())
    services().coverage.ask(state)


def _page(lookup: Lookup, error: ErrorMessage | None = None) -> str:
    place = coverage = listed = None
    state = state_of(lookup.address)
    if state is not None:
        place, coverage = state_name(state), services().coverage.find(state)
    if coverage is not None:
        listed = presenter.shown_providers(coverage.providers)
    return render_template(
        "coverage/page.html",
        lookup=presenter.shown_lookup(lookup),
        links=OwnerLinks(lookup.id),
        place=place,
        coverage=coverage,
        listed=listed,
        error=error,
        action=FormToken(),
    )
