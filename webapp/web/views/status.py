"""`/status`, for the person who runs this installation: how Hum is doing, whether a worker is there, what failed
last, what is left of the rate limit.
"""

from __future__ import annotations

from flask import Blueprint, g, render_template

from webapp.batches.batch import Batch
from webapp.pages.console.meter import meter
from webapp.pages.status_page import StatusPage
from webapp.web.context import services
from webapp.web.forms import FormToken

views = Blueprint("status", __name__)

MOST_BATCHES = 50


@views.get("/status")
def page() -> str:
    """The page. However often it is opened, Hum is asked once a minute."""
    health, now = services().health.now(), services().clock()
    return render_template(
        "operator/status.html",
        view=StatusPage(health, now, services().heartbeats.is_worker_alive()),
        meter=meter(services().limiter, services().calls.newest_headers(), now),
        begun_today=services().starts.begun_today(),
        settings=services().settings,
        batches=_everybodys_batches(),
        action=FormToken(),
    )


def _everybodys_batches() -> tuple[int, list[Batch]] | None:
    """For an operator who is signed in: without a sign-in everybody sees this page."""
    if g.get("person") is None:
        return None
    return services().batches.everybodys(MOST_BATCHES)
