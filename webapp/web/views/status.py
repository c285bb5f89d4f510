"""`/status`, for the person who runs this installation: how Hum is doing, whether a worker is there, what failed
last, what is left of the rate limit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import Blueprint, abort, g, render_template

from webapp.batches.batch import Batch
from webapp.identity.store import SignedIn
from webapp.pages.console.meter import meter
from webapp.pages.status_page import StatusPage
from webapp.services import Traces
from webapp.tracing.client import TraceError
from webapp.tracing.trace import session_id_of
from webapp.web.context import known_viewer, services
from webapp.web.forms import FormToken

views = Blueprint("status", __name__)

MOST_BATCHES, MOST_PEOPLE = 50, 100


@views.get("/status")
def page() -> str:
    """The page. However often it is opened, Hum is asked once a minute."""
    return render_template(
        "operator/status.html",
        view=_view(),
        meter=meter(services().limiter, services().calls.newest_headers(), services().clock()),
        begun_today=services().starts.begun_today(),
        settings=services().settings,
        batches=_everybodys_batches(),
        people=_people(),
        action=FormToken(),
    )


def _view() -> StatusPage:
    parts = services()
    traces = None if parts.traces is None else parts.traces.store.summary()
    return StatusPage(parts.health.now(), parts.clock(), parts.heartbeats.is_worker_alive(), traces)


@views.get("/status/trace")
def trace() -> str:
    """In a demo, the trace of the viewer's newest lookup, as the simulator of HoneyHive holds it."""
    traces = services().traces
    if traces is None or not services().settings.traces_are_simulated:
        abort(404)
    lookup_id = traces.store.newest_sent_of(known_viewer())
    return render_template("operator/trace.html", text=_trace_text(traces, lookup_id))


def _trace_text(traces: Traces, lookup_id: str | None) -> str | None:
    """The trace as JSON; None where there is none."""
    if lookup_id is None:
        return None
    try:
        return json.dumps(traces.client.read_session(session_id_of(lookup_id)), indent=2, ensure_ascii=False)
    except TraceError:
        return None


def _everybodys_batches() -> tuple[int, list[Batch]] | None:
    """For an operator who is signed in: without a sign-in everybody sees this page."""
    if g.get("person") is None:
        return None
    return services().batches.everybodys(MOST_BATCHES)


def _people() -> tuple[int, Sequence[SignedIn]] | None:
    """Who is signed in, where they sign in here."""
    if services().settings.auth != "oidc":
        return None
    return services().sign_ins.people(MOST_PEOPLE)
