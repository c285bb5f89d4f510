"""The answer to every error: a page, or a fragment where htmx asked for one. Neither needs Hum or the database."""

from __future__ import annotations

from flask import Flask, g, render_template, request
from werkzeug.exceptions import HTTPException

from webapp.database import DatabaseUnavailable
from webapp.hum.errors import HumError, NotAuthorized
from webapp.pages.error_messages import page_words
from webapp.telemetry import log, place_of
from webapp.web.context import FRAGMENTS
from webapp.web.refused_requests import Refused, log_refusal

SWAPPED = (*FRAGMENTS, "lookups.keep_checking", "lookups.next_step", "lookups.check_plans")
"""What htmx puts in place of the progress part, errors too."""


def log_refused_key(error: HumError) -> None:
    """Tells the operator of a key that Hum does not accept: people on the page cannot change it."""
    if isinstance(error, NotAuthorized):
        log.error("hum_key_refused", operation=error.operation, status=error.status)


def register(app: Flask) -> None:
    """Answers every error with a page, or, where htmx asked for a fragment, with one that ends the polling."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
        status = error.code or 500
        if status < 400:
            return error
        return _render(*page_words(status)), status

    @app.errorhandler(Refused)
    def refused(error: Refused) -> tuple[str, int]:
        log_refusal(type(error))
        return _render(error.title, error.text), 403

    def database_error(error: Exception) -> tuple[str, int, dict[str, str]]:
        log.error("database_unavailable", kind=type(error).__name__)
        headers = {"Retry-After": "5"}
        if "refresh" in request.args:
            # Without JavaScript the page asks by loading itself anew; this one takes its place and must go on asking.
            headers["Refresh"] = "5"
        return _render(*page_words(503)), 503, headers

    for kind in DatabaseUnavailable:
        app.register_error_handler(kind, database_error)

    @app.errorhandler(Exception)
    def our_fault(error: Exception) -> tuple[str, int]:
        # The text of an exception can hold what a person typed, so only its kind and place are logged.
        log.error("bug", kind=type(error).__name__, at=place_of(error))
        return _render(*page_words(500)), 500


def _render(title: str, text: str) -> str:
    template = "errors/page.html"
    if "HX-Request" in request.headers and request.endpoint in SWAPPED:
        template = "errors/fragment.html"
    return render_template(template, title=title, text=text, reference=g.get("request_id", ""))
