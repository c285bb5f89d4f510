"""`/status`, for the person who runs this installation: how Hum is doing, whether a worker is there, what failed
last, what is left of the rate limit.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from webapp.pages.console.meter import meter
from webapp.pages.status_page import StatusPage
from webapp.web.context import services

views = Blueprint("status", __name__)


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
    )
