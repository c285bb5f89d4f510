"""*Who serves the state?*: for a lookup that found nobody. Reading shows what is kept; only the button asks Hum, since that is a call."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from webapp.hum.errors import HumError, NotAuthorized
from webapp.lookups.coverage import state_name, state_of
from webapp.lookups.lifecycle import Lookup
from webapp.quotas.starts import TooMany
from webapp.web import errors, presenter
from webapp.web.context import services
from webapp.web.forms import FormToken
from webapp.web.lookup_pages import own_lookup, own_lookup_for_action
from webapp.web.security import see_other
from webapp.web.starting import network

views = Blueprint("coverage", __name__)


@views.get("/lookups/<lookup_id>/coverage")
def page(lookup_id: str) -> str:
    """The providers of the lookup's state as far as they are kept, or the button that asks."""
    return _page(own_lookup(lookup_id))


@views.post("/lookups/<lookup_id>/coverage")
def ask(lookup_id: str) -> Response | tuple[str, int, dict[str, str]]:
    """Asks Hum unless a list of today is kept."""
    lookup = own_lookup_for_action(lookup_id)
    state = state_of(lookup.address)
    if state is not None:
        try:
            if services().coverage.find(state) is None:
                services().starts.count_call(viewer=lookup.viewer, network=network())
                services().coverage.ask(state)
        except TooMany as refusal:
            trouble = errors.too_many_calls(refusal)
            return _page(lookup, trouble), 429, trouble.headers
        except HumError as error:
            trouble = _trouble(error)
            return _page(lookup, trouble), 503, trouble.headers
    return see_other(url_for("coverage.page", lookup_id=lookup_id))


def _page(lookup: Lookup, trouble: errors.Trouble | None = None) -> str:
    state = state_of(lookup.address)
    coverage = None if state is None else services().coverage.find(state)
    return render_template(
        "coverage/page.html",
        lookup=presenter.shown_lookup(lookup),
        place=None if state is None else state_name(state),
        coverage=coverage,
        listed=presenter.shown_providers(coverage.providers) if coverage else None,
        trouble=trouble,
        action=FormToken(),
    )


def _trouble(error: HumError) -> errors.Trouble:
    """A failed call in the words of a failed start, except for what is kept: here nothing was typed."""
    plain = errors.trouble(error)
    if isinstance(error, NotAuthorized):
        text = "Nothing was fetched, and trying again will not help. Tell the person who runs this page that the Hum API key is refused."
    else:
        text = f"Nothing was fetched, and your lookup is kept as it is. Try again in {plain.headers['Retry-After']} seconds."
    return replace(plain, text=text)
