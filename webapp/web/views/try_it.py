"""`/try`: Hum's endpoints as forms, their answers shown raw. Session tokens stay here: a form names one of the
browser's own lookups.

A create is a lookup like any other, so that its session has a row to live in and a double click pays once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from flask import Blueprint, abort, render_template, request

from webapp.hum.client import HumClient
from webapp.hum.errors import HumError
from webapp.lookups.history import Search
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.polling import Request
from webapp.pages.error_messages import ErrorMessage, too_many_calls
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.upstream.call import Call
from webapp.web import presenter, speed
from webapp.web.address_page import ticks
from webapp.web.context import services
from webapp.web.forms import AddressForm, require_form_token
from webapp.web.refused_requests import SwitchedOff
from webapp.web.starting import NotStarted, begin, network
from webapp.web.viewer import current_viewer

views = Blueprint("try_it", __name__)


class Asked(Protocol):
    """What Hum said to a question, of whatever kind."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """The exchanges that it took."""


Shown = str | tuple[str, int] | tuple[str, int, dict[str, str]]

SESSION_CALLS: dict[str, Callable[..., Asked]] = {
    "status": HumClient.get_session,
    "internet": HumClient.get_internet,
    "close": HumClient.close_session,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One call as shown: texts ready to read."""

    call: Call
    request_headers: dict[str, str]
    request_body: str
    response_headers: dict[str, str]
    response_body: str


@views.get("/try")
def page() -> str:
    """The forms, or why there are none."""
    current_viewer()
    return _page(AddressForm(dict(services().example_address("fast"))))


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
    return _ask(form, operation, request.form.get("lookup", ""))


def allowed() -> bool:
    """The demo and the sandbox cost nothing; anything else only where `TRY_LIVE` says so."""
    settings = services().settings
    return settings.try_live or settings.environment in {"DEMO", "SANDBOX"}


def _create(form: AddressForm) -> Shown:
    if not form.validate():
        return _page(form), 422
    campaign_id = services().settings.campaign_id or None
    wanted = Request(form.address, current_viewer(), str(form.submit_key.data), campaign_id)
    try:
        answers = _answers(lambda: begin(wanted))
    except NotStarted as refusal:
        return _page(form, trouble=refusal.trouble), refusal.status, refusal.trouble.headers
    form.renew_submit_key()
    return _page(form, answers)


def _ask(form: AddressForm, operation: str, lookup_id: str) -> Shown:
    lookup = None
    if operation != "ping":
        lookup = services().lookups.find(lookup_id, current_viewer())
        if operation not in SESSION_CALLS or lookup is None or not _has_session(lookup):
            abort(404)
    try:
        services().starts.count_call(viewer=current_viewer(), network=network())
    except QuotaExceeded as refusal:
        trouble = too_many_calls(refusal)
        return _page(form, trouble=trouble), 429, trouble.headers
    hum = services().hum
    if lookup is None:
        return _page(form, _answers(hum.ping))
    token = str(lookup.token)
    headers = speed.call_headers(lookup, speed.moment_of(lookup))
    return _page(form, _answers(lambda: SESSION_CALLS[operation](hum, token, headers=headers)))


def _answers(ask: Callable[[], Asked]) -> list[Answer]:
    try:
        calls = ask().calls
    except HumError as refusal:
        # A refusal is an answer too.
        calls = refusal.calls
    return [_shown(each) for each in calls]


def _shown(call: Call) -> Answer:
    return Answer(
        call,
        presenter.shown_headers(call.request_headers),
        _pretty(presenter.shown_body(call.request_body or "")),
        presenter.shown_headers(call.response_headers),
        _pretty(presenter.shown_body(call.response_body)),
    )


def _pretty(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body


def _has_session(lookup: Lookup) -> bool:
    # A session of another environment means nothing here, and its token must not travel there.
    return lookup.token is not None and lookup.environment == services().settings.environment


def _page(form: AddressForm, answers: list[Answer] | None = None, *, trouble: ErrorMessage | None = None) -> str:
    listed = presenter.shown_page(services().history.page(current_viewer(), Search())) if allowed() else None
    return render_template(
        "operator/try.html",
        form=form,
        allowed=allowed(),
        lookups=()
        if listed is None
        else [entry for entry in listed.entries if entry.environment == services().settings.environment][:10],
        chosen=request.form.get("lookup", ""),
        answers=answers,
        trouble=trouble,
        ticks=ticks(trouble),
        operations=tuple(SESSION_CALLS),
    )
