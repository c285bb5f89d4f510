"""Errors in words: what happened, what is kept, what to do next."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from webapp.hum.errors import Busy, Cause, HumError, NotAuthorized, RateLimited, Unavailable
from webapp.plans.figures import plural
from webapp.quotas.lookup_quota import QuotaExceeded


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """Why a lookup could not be started, shown above the form that keeps what was typed. `repeat_box` asks for that box
    beside it.
    """

    title: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    repeat_box: bool = False

    def one_line(self) -> str:
        """Title and text for a place where there is no box for an error."""
        return f"{self.title}. {self.text}"


def failed_start(error: HumError) -> ErrorMessage:
    """A failed start of a lookup in words, with Retry-After where waiting helps."""
    if isinstance(error, RateLimited):
        wait = math.ceil(error.retry_after)
        return ErrorMessage(
            "Hum is receiving too many requests from us",
            f"Nothing was started. What you typed is kept; try again in {plural(wait, 'second')}.",
            {"Retry-After": str(wait)},
        )
    if isinstance(error, NotAuthorized):
        return ErrorMessage(
            "Hum does not accept this installation's key",
            "Nothing was started, and trying again will not help. What you typed is kept. Tell the person who runs "
            "this page that the Hum API key is refused.",
        )
    if isinstance(error, Unavailable):
        message = _unavailable(error)
        if message is not None:
            return message
    if error.status is not None:
        return ErrorMessage(
            "Hum gave an answer that cannot be used",
            "Nothing was started. What you typed is kept; try again in a moment. If it stays so, tell the person who "
            f"runs this page that Hum answers with HTTP {error.status}.",
            {"Retry-After": "10"},
        )
    return ErrorMessage(
        "Hum cannot be reached right now",
        "Nothing was started. What you typed is kept; try again in a moment.",
        {"Retry-After": "10"},
    )


def _unavailable(error: Unavailable) -> ErrorMessage | None:
    """What is known of an answer that did not come; None when there is nothing more to say."""
    if error.uncertain:
        return MAYBE_STARTED
    if isinstance(error, Busy):
        return ErrorMessage(
            "Too many lookups are being started at this moment",
            "Nothing was started. What you typed is kept; press Look up again in a few seconds.",
            {"Retry-After": str(math.ceil(error.wait))},
        )
    if error.reason is Cause.DOWN:
        wait = max(1, math.ceil(error.wait))
        return ErrorMessage(
            "Hum is not responding",
            "Nothing was started, because Hum has stopped responding. What you typed is kept; try again in "
            f"{plural(wait, 'second')}. Lookups work again as soon as Hum responds.",
            {"Retry-After": str(wait)},
        )
    return None


def quota_exceeded(refusal: QuotaExceeded, zone: str) -> ErrorMessage:
    """More lookups than are allowed in a minute or a day: how long to wait. `zone` names the time zone whose midnight
    ends the day.
    """
    seconds = max(1, math.ceil(refusal.wait))
    headers = {"Retry-After": str(seconds)}
    if refusal.per_day:
        if seconds > 3600:
            wait = plural(math.ceil(seconds / 3600), "hour")
        else:
            wait = plural(math.ceil(seconds / 60), "minute")
        return ErrorMessage(
            "Today's lookups are used up",
            f"This page may begin {plural(refusal.per_day, 'lookup')} a day for everyone together, and that many "
            "have been begun. Nothing was started. What you typed is kept; lookups can be begun again after midnight "
            f"({zone}), in {wait}. Earlier results are in Your lookups.",
            headers,
        )
    if refusal.per_minute:
        return ErrorMessage(
            "Other lookups come first for a moment",
            f"Nothing was started. What you typed is kept; press Look up again in {plural(seconds, 'second')}. Hum "
            f"allows us {plural(refusal.per_minute, 'request')} a minute, and what is left of this minute is kept "
            "for lookups that are running and for other people.",
            headers,
        )
    return ErrorMessage(
        "Too many lookups in the last minute",
        f"Nothing was started. What you typed is kept; press Look up again in {plural(seconds, 'second')}. "
        "The limit keeps one browser or one network from using up everyone's lookups.",
        headers,
    )


def too_many_calls(refusal: QuotaExceeded) -> ErrorMessage:
    """More calls by hand than are allowed in a minute: how long to wait."""
    wait = max(1, math.ceil(refusal.wait))
    return ErrorMessage(
        "Too many requests in the last minute",
        f"Hum was not asked. Try again in {plural(wait, 'second')}. The limit keeps one browser or one network from "
        "using up everyone's requests.",
        {"Retry-After": str(wait)},
    )


def too_many_searches(refusal: QuotaExceeded) -> ErrorMessage:
    """More searches of the web than one browser or network may begin in a minute: how long to wait."""
    wait = max(1, math.ceil(refusal.wait))
    return ErrorMessage(
        "Too many requests in the last minute",
        f"Nothing was sent to H Company. Try again in {plural(wait, 'second')}.",
        {"Retry-After": str(wait)},
    )


MAYBE_STARTED = ErrorMessage(
    "We do not know whether the lookup was started",
    "Hum took the request, but its answer did not arrive in time. What you typed is kept. If you start it again, Hum "
    "may count it as a second lookup: tick the box above the button, then press the button.",
    {"Retry-After": "10"},
    repeat_box=True,
)


def form_asked_too_often(refusal: QuotaExceeded) -> ErrorMessage:
    """The address form has asked more often than a person can."""
    seconds = max(1, math.ceil(refusal.wait))
    return ErrorMessage(
        "Too many requests in the last few seconds",
        f"Nothing was read. What you typed is kept; try again in {plural(seconds, 'second')}. "
        "The limit keeps one browser or one network from slowing the page down for everyone else.",
        {"Retry-After": str(seconds)},
    )


HUM_IS_DOWN = ErrorMessage(
    "Hum is not responding",
    "You can fill in the form and press Look up: it works as soon as Hum responds again. Earlier lookups are kept in "
    "Your lookups.",
)

NOT_SAVED = ErrorMessage(
    "The lookup cannot be saved right now",
    "Our database is not responding. What you typed is kept; press Look up again in a moment. It will not be counted "
    "twice.",
    {"Retry-After": "5"},
)

LAST_RESORT = "Something went wrong on our side. Lookups that were started are kept. Go back and try again.\n"

_PAGES: dict[int, tuple[str, str]] = {
    400: ("This request could not be read", "Go back, reload the page and try again. Nothing was sent to Hum."),
    404: (
        "There is nothing here",
        "The address may be mistyped, or the lookup belongs to another browser or was deleted. Lookups are only "
        "visible in the browser that started them.",
    ),
    405: ("This page cannot be used that way", "Go to the start page and begin there."),
    413: ("That was too much at once", "An address is a few lines. Nothing was sent to Hum; go back and paste less."),
    429: ("Too many lookups at once", "Wait a minute, then try again. Nothing is lost."),
    500: (
        "Something went wrong on our side",
        "Lookups that were started are kept. Go back and try again. If it happens again, tell us the reference.",
    ),
    503: (
        "The database cannot be reached right now",
        "Nothing new was saved, and what was saved is kept. Try again in a moment.",
    ),
}


def page_words(status: int) -> tuple[str, str]:
    """Title and text of the error page of an HTTP status."""
    if status in _PAGES:
        return _PAGES[status]
    if status < 500:
        return _PAGES[400]
    return _PAGES[500]


NOT_CONFIRMED = ErrorMessage(
    "This lookup costs money",
    "It goes to the live Hum API. Nothing was started and what you typed is kept: tick the box above the button and "
    "press the button. You will be asked again tomorrow.",
)


def failed_coverage(error: HumError) -> ErrorMessage:
    """A failed call for the providers of a state: like a failed start, except that nothing was typed."""
    message = failed_start(error)
    if isinstance(error, NotAuthorized):
        text = (
            "Nothing was fetched, and trying again will not help. Tell the person who runs this page that the Hum "
            "API key is refused."
        )
    else:
        text = (
            "Nothing was fetched, and your lookup is kept as it is. Try again in "
            f"{message.headers['Retry-After']} seconds."
        )
    return replace(message, text=text)
