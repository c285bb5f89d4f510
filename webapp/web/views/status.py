"""`/status`, for the person who runs this installation: how Hum is doing, whether a worker is there, what failed
last, what is left of the rate limit.
"""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template, url_for
from werkzeug.wrappers import Response

from webapp.batches.batch import Batch
from webapp.pages.console.meter import meter
from webapp.pages.status_page import StatusPage
from webapp.web.context import services
from webapp.web.forms import FormToken, require_form_token
from webapp.web.security import see_other

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


@views.post("/status/batches/<batch_id>/delete")
def delete_batch(batch_id: str) -> Response:
    """Deletes anybody's batch. Only operators come here, and without a sign-in there are none."""
    batch = services().batches.anybodys(batch_id)
    if g.get("person") is None or batch is None:
        abort(404)
    require_form_token()
    services().batches.delete(batch)
    return see_other(url_for("status.page"))


def _everybodys_batches() -> tuple[int, list[Batch]] | None:
    """For an operator who is signed in: without a sign-in everybody sees this page."""
    if g.get("person") is None:
        return None
    return services().batches.everybodys(MOST_BATCHES)
