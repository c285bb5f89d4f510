"""`/healthz` for load balancers: says whether the process can save in its database, and nothing more."""

from __future__ import annotations

from flask import Blueprint

from webapp.web.context import services

views = Blueprint("health", __name__)

TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@views.get("/healthz")
def healthz() -> tuple[str, int, dict[str, str]]:
    """200 `ok`, or 503 `degraded` when the database does not answer or nothing can be saved in it; within 2 seconds
    either way.
    """
    if services().availability.now():
        return "ok\n", 200, TEXT
    return "degraded\n", 503, TEXT
