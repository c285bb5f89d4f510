"""`/try`: Hum's endpoints as forms, their answers shown raw. Session tokens stay here: a form names one of the
browser's own lookups.

A create is a lookup like any other, so that its session has a row to live in and a double click pays once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from flask import Blueprint, abort, render_template, request

from webapp.hum.client import HumClient
from webapp.hum.errors import HumError
from webapp.lookups.history import Entry, Search
from webapp.lookups.lifecycle import Lookup
from webapp.pages.error_messages import ErrorMessage, too_many_calls
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.upstream.call import Call
from webapp.web import presenter
from webapp.web.context import current_viewer, services
from webapp.web.forms import AddressForm, FormToken, require_form_token
from webapp.web.lookup_form import NotStarted, asks_cost, begin, network, request_of
from webapp.web.own_lookups import own_lookup, tour_bar
from webapp.web.refused_requests import SwitchedOff

views = Blueprint("try_it", __name__)

MOST_LOOKUPS = 10
"""Lookups whose sessions can be asked about."""


class HasCalls(Protocol):
    """What Hum said to a question, of whatever kind."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """The exchanges that it took."""


Shown = str | tuple[str, int] | tuple[str, int, dict[str, str]]

SESSION_CALLS: dict[str, Callable[..., HasCalls]] = {
    "status": HumClient.get_session,
    "internet": HumClient.get_internet,
    "close": HumClient.close_session,
}


@views.get("/try")
def page() -> str:
    """The forms, or why there are none."""
    current_viewer()
    return _page(AddressForm(services().example_address("fast")))


@views.post("/try")
def call() -> Shown:
    """Makes one call and shows what was sent and what came back."""
    if not allowed():
        raise SwitchedOff
    form = AddressForm()
    operation = request.form.get("operation", "")
    if operation == "create":
        return _create(form)
    require_form_token()
    if operation == "ping":
        return _ask(form, services().hum.ping)
    if operation not in SESSION_CALLS:
        abort(404)
    return _ask_about(form, operation, own_lookup(request.form.get("lookup", "")))


def allowed() -> bool:
    """The demo and the sandbox cost nothing; anything else only where `TRY_LIVE` says so."""
    settings = services().settings
    return settings.try_live or settings.environment in {"DEMO", "SANDBOX"}


def _create(form: AddressForm) -> Shown:
    if not form.validate():
        return _page(form), 422
    try:
        calls = _calls_of(lambda: begin(request_of(form)))
    except NotStarted as refusal:
        return _page(form, error=refusal.error), refusal.status, refusal.error.headers
    form.renew_submit_key()
    return _page(form, calls)


def _ask_about(form: AddressForm, operation: str, lookup: Lookup) -> Shown:
    if lookup.token is None or lookup.environment != services().settings.environment:
        # A session of another environment means nothing here, and its token must not travel there.
        abort(404)
    token = lookup.token
    headers = presenter.call_headers(lookup, presenter.moment_of(lookup))
    return _ask(form, lambda: SESSION_CALLS[operation](services().hum, token, headers=headers))


def _ask(form: AddressForm, ask: Callable[[], HasCalls]) -> Shown:
    try:
        services().starts.count_call(viewer=current_viewer(), network=network())
    except QuotaExceeded as refusal:
        error = too_many_calls(refusal)
        return _page(form, error=error), 429, error.headers
    return _page(form, _calls_of(ask))


def _calls_of(ask: Callable[[], HasCalls]) -> list[Call]:
    try:
        calls = ask().calls
    except HumError as refusal:
        # A refusal is an answer too.
        calls = refusal.calls
    return list(map(presenter.shown_call, calls))


def _page(form: AddressForm, calls: Sequence[Call] | None = None, *, error: ErrorMessage | None = None) -> str:
    return render_template(
        "operator/try.html",
        form=form,
        allowed=allowed(),
        lookups=_lookups(),
        chosen=request.values.get("lookup", ""),
        calls=calls,
        error=error,
        asks_cost=asks_cost(),
        asks_repeat=error is not None and error.repeat_box,
        action=FormToken(),
        **tour_bar(request.values.get("lookup")),
    )


def _lookups() -> list[Entry]:
    """The newest lookups whose sessions mean something here."""
    if not allowed():
        return []
    found = presenter.shown_page(services().history.page(current_viewer(), Search()))
    here = [entry for entry in found.entries if entry.environment == services().settings.environment]
    return here[:MOST_LOOKUPS]
