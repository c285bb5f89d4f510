"""`/healthz` for load balancers: whether the process can save in its database. Its second line, for whoever watches the
installation, says whether a worker is there.
"""

from __future__ import annotations

from flask import Blueprint

from webapp.web.context import services

views = Blueprint("health", __name__)

WORKER = {True: "worker alive", False: "no worker", None: "worker unknown"}
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@views.get("/healthz")
def healthz() -> tuple[str, int, dict[str, str]]:
    """200 `ok`, or 503 `degraded` when the database does not answer or nothing can be saved in it; within 2 seconds
    either way. Want of a worker is no reason to send people elsewhere: nothing that they watch depends on it.
    """
    found = services().availability.now()
    if not found.saves:
        return "degraded\n", 503, TEXT
    return f"ok\n{WORKER[found.has_worker]}\n", 200, TEXT
