"""Every failure in words for people: what happened, what is kept, what to do next. Error pages ask nothing of Hum or the database."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from flask import Flask, g, render_template, request
from werkzeug.exceptions import HTTPException

from webapp.database import Unavailable as DatabaseUnavailable
from webapp.hum.errors import Busy, HumError, NotAuthorized, RateLimited, Reason, Unavailable
from webapp.offers.figures import plural
from webapp.quotas.starts import TooMany
from webapp.telemetry import log, place_of
from webapp.web.request_log import FRAGMENTS

SWAPPED = (*FRAGMENTS, "lookups.keep_checking", "lookups.next_step")
"""What htmx puts in place of the progress part, errors too."""

REPEAT_BOX = "start_again"
"""Name of the box that must be ticked to start a lookup again that Hum may have started already."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a lookup could not be started, shown above the form that keeps what was typed. `repeat_box` asks for that box beside it."""

    title: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    repeat_box: bool = False


def trouble(error: HumError) -> Trouble:
    """A failed start of a lookup in words, with Retry-After where waiting helps."""
    if isinstance(error, RateLimited):
        wait = math.ceil(error.retry_after)
        return Trouble(
            "Hum is receiving too many requests from us",
            f"Nothing was started. What you typed is kept; try again in {plural(wait, 'second')}.",
            {"Retry-After": str(wait)},
        )
    if isinstance(error, NotAuthorized):
        log.error("hum_key_refused", operation=error.operation, status=error.status)
        return Trouble(
            "Hum does not accept this installation's key",
            "Nothing was started, and trying again will not help. What you typed is kept. Tell the person who runs this page "
            "that the Hum API key is refused.",
        )
    told = _not_answered(error) if isinstance(error, Unavailable) else None
    if told is not None:
        return told
    if error.status is not None:
        return Trouble(
            "Hum gave an answer that cannot be used",
            f"Nothing was started. What you typed is kept; try again in a moment. If it stays so, tell the person who runs this page "
            f"that Hum answers with HTTP {error.status}.",
            {"Retry-After": "10"},
        )
    return Trouble(
        "Hum cannot be reached right now",
        "Nothing was started. What you typed is kept; try again in a moment.",
        {"Retry-After": "10"},
    )


def _not_answered(error: Unavailable) -> Trouble | None:
    """What is known of an answer that did not come; None when there is nothing more to say."""
    if error.uncertain:
        return MAYBE_STARTED
    if isinstance(error, Busy):
        return Trouble(
            "Too many lookups are being started at this moment",
            "Nothing was started. What you typed is kept; press Look up again in a few seconds.",
            {"Retry-After": str(math.ceil(error.wait))},
        )
    if error.reason is Reason.DOWN:
        wait = max(1, math.ceil(error.wait))
        return Trouble(
            "Hum is not answering at the moment",
            f"Nothing was started, and nothing was waited for: Hum has stopped answering. What you typed is kept; try again in "
            f"{plural(wait, 'second')}. As soon as Hum answers again, lookups work again.",
            {"Retry-After": str(wait)},
        )
    return None


def too_many(refusal: TooMany, zone: str) -> Trouble:
    """More lookups than a minute or a day may hold: how long to wait. `zone` is the name of the one whose midnight ends the day."""
    seconds = max(1, math.ceil(refusal.wait))
    headers = {"Retry-After": str(seconds)}
    if refusal.per_day:
        wait = plural(math.ceil(seconds / 3600), "hour") if seconds > 3600 else plural(math.ceil(seconds / 60), "minute")
        return Trouble(
            "Today's lookups are used up",
            f"This page may begin {plural(refusal.per_day, 'lookup')} a day for everybody together, and that many have been begun. "
            f"Nothing was started. What you typed is kept; lookups can be begun again after midnight ({zone}), in {wait}. "
            "Earlier results are in Your lookups.",
            headers,
        )
    if refusal.per_minute:
        return Trouble(
            "Other lookups come first for a moment",
            f"Nothing was started. What you typed is kept; press Look up again in {plural(seconds, 'second')}. Hum allows us "
            f"{plural(refusal.per_minute, 'request')} a minute, and what is left of this minute is kept for lookups that are running and "
            "for other people.",
            headers,
        )
    return Trouble(
        "That was many lookups in one minute",
        f"Nothing was started. What you typed is kept; press Look up again in {plural(seconds, 'second')}. "
        "The limit keeps one browser or one network from using up everybody's lookups.",
        headers,
    )


def too_many_calls(refusal: TooMany) -> Trouble:
    """More single calls by hand than a minute may hold: how long to wait."""
    wait = max(1, math.ceil(refusal.wait))
    return Trouble(
        "That was many requests in one minute",
        f"Hum was not asked. Try again in {plural(wait, 'second')}. The limit keeps one browser or one network from using up everyone's "
        "requests.",
        {"Retry-After": str(wait)},
    )


MAYBE_STARTED = Trouble(
    "We do not know whether the lookup was started",
    "Hum took the request, but its answer did not arrive in time. What you typed is kept. If you start it again, Hum may count it as a "
    "second lookup: tick the box above the button, then press the button.",
    {"Retry-After": "10"},
    repeat_box=True,
)

HUM_IS_DOWN = Trouble(
    "Hum is not answering at the moment",
    "You can fill in the form and press Look up: as soon as Hum answers again, it works. What was looked up before is kept in "
    "Your lookups.",
)

NOT_SAVED = Trouble(
    "The lookup cannot be saved right now",
    "Our database does not answer. What you typed is kept; press Look up again in a moment. It will not be counted twice.",
    {"Retry-After": "5"},
)

LAST_RESORT = "Something went wrong on our side. Lookups that were started are kept. Go back and try again.\n"

PAGES: dict[int, tuple[str, str]] = {
    400: ("This request could not be read", "Go back, reload the page and try again. Nothing was sent to Hum."),
    403: (
        "This request did not come from this site",
        "Nothing was done. Open the page again and use its own buttons. If you block cookies for this site, allow them: they tie your "
        "lookups to your browser.",
    ),
    404: (
        "There is nothing here",
        "The address may be mistyped, or the lookup belongs to another browser or was deleted. Lookups are only visible in the browser "
        "that started them.",
    ),
    405: ("This page cannot be used that way", "Go to the start page and begin there."),
    413: ("That was too much at once", "An address is a few lines. Nothing was sent to Hum; go back and paste less."),
    429: ("Too many lookups at once", "Wait a minute, then try again. Nothing is lost."),
    500: (
        "Something went wrong on our side",
        "Lookups that were started are kept. Go back and try again. If it happens again, tell us the reference.",
    ),
    503: ("The database cannot be reached right now", "Nothing new was saved, and what was saved is kept. Try again in a moment."),
}


def register(app: Flask) -> None:
    """Answers every error with a page, or, where htmx asked for a fragment, with one that ends the polling."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
        status = error.code or 500
        return error if status < 400 else (_render(status), status)

    def database_error(error: Exception) -> tuple[str, int, dict[str, str]]:
        log.error("database_unavailable", kind=type(error).__name__)
        headers = {"Retry-After": "5"}
        if "refresh" in request.args:
            # Without JavaScript the page asks by loading itself anew; this one takes its place and must go on asking.
            headers["Refresh"] = "5"
        return _render(503), 503, headers

    for kind in DatabaseUnavailable:
        app.register_error_handler(kind, database_error)

    @app.errorhandler(Exception)
    def our_fault(error: Exception) -> tuple[str, int]:
        # The text of an exception can hold what a person typed, so only its kind and place are logged.
        log.error("bug", kind=type(error).__name__, at=place_of(error))
        return _render(500), 500


def _render(status: int) -> str:
    title, text = PAGES.get(status, PAGES[400 if status < 500 else 500])
    fragment = "HX-Request" in request.headers and request.endpoint in SWAPPED
    template = "errors/fragment.html" if fragment else "errors/page.html"
    return render_template(template, title=title, text=text, reference=g.get("request_id", ""))
