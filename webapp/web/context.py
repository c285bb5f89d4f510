"""What every request has: the services of this application, its viewer, the frame that it comes from, the facts on
every page, and an id that its log line and error pages show. Paths are logged by route, never with what was typed.

A viewer is a random id in a signed cookie. A lookup belongs to its viewer; another viewer gets 404.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

import structlog
from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp.embedding.capability import Capabilities, Frame
from webapp.embedding.look import accent_rule
from webapp.pages.frame_result import frame_result
from webapp.pages.maps import StateMap
from webapp.services import Services
from webapp.signatures import signer_on
from webapp.telemetry import log
from webapp.web.forms import FormToken

FRAGMENTS = ("lookups.progress", "console.live", "batches.progress", "research.progress")
OFTEN = (*FRAGMENTS, "metrics.page")

FRAME, ROOT, HOLDER = "hum.frame", "hum.root", "hum.holder"
"""Where `webapp.web.frames` puts the frame, the path of the whole site, and the site that holds the frame, which is
there also of one that has ended.
"""

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def services() -> Services:
    """The services this application was built with."""
    return cast(Services, current_app.extensions["services"])


def state_maps() -> Mapping[str, StateMap]:
    """How places are found on the pictures of the states."""
    return cast("Mapping[str, StateMap]", current_app.extensions["state_maps"])


def frame_of_request() -> Frame | None:
    """The frame of another site's page that this request comes from."""
    return cast("Frame | None", request.environ.get(FRAME))


def holder() -> str | None:
    """The site that may hold the answer in a frame, also where that only says that the frame has ended."""
    return cast("str | None", request.environ.get(HOLDER))


def site_root() -> str:
    """The path that the whole site is served under, also within a frame: static files are the same for all."""
    return str(request.environ.get(ROOT, request.script_root))


def page_facts() -> dict[str, Any]:
    """What the layout of every page shows."""
    frame = frame_of_request()
    return {
        "frame": frame,
        "accent": accent_rule(frame.accent) if frame else "",
        "banner_token": FormToken(),
        # A browser that was given no cookie yet gets none for a box it may never use.
        "offers_lookup": bool(known_viewer()),
        "person": g.get("person"),
    }


def register(app: Flask) -> None:
    """Gives templates their facts, binds the request id to every log line of the request and logs its end."""
    app.context_processor(page_facts)
    app.jinja_env.globals["frame_result"] = frame_result

    @app.before_request
    def begin() -> None:
        g.request_id = request.headers.get("X-Request-Id", "")
        if not _REQUEST_ID.fullmatch(g.request_id):
            g.request_id = secrets.token_hex(6)
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
            seconds = time.perf_counter() - g.began
            log.log(
                _level(response),
                "request",
                method=request.method,
                route=request.url_rule and str(request.url_rule),
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
            _count(response, seconds)
        return response


def _count(response: Response, seconds: float) -> None:
    metrics = services().metrics
    if metrics is None:
        return
    metrics.counters.count_request(request.endpoint or "none", response.status_code, seconds)
    if services().hum.is_down:
        metrics.counters.note_hum_down(services().clock())


def _level(response: Response) -> int:
    # A watched page asks every few seconds; a line for each would bury all others, and Hum's calls have their own.
    if request.endpoint in OFTEN and response.status_code == 200:
        return logging.DEBUG
    return logging.INFO


# Who is looking.


def cookie_config(*, secure: bool) -> dict[str, Any]:
    """Flask's session cookie settings: host-only, HttpOnly, Lax, and Secure where TLS ends in front of us."""
    return {
        "SESSION_COOKIE_NAME": "viewer",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=180),
        # Polls would otherwise send the cookie again every two seconds.
        "SESSION_REFRESH_EACH_REQUEST": False,
    }


class FrameSession(SecureCookieSession):
    """The session of a frame. Browsers keep cookies from frames: what one would hold is in the address."""


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own sessions, which end with their lifetime and may begin in the future: a signature of ours made on a
    machine whose clock is ahead is as good as any.
    """

    def __init__(self, clock: Callable[[], float], frames: Capabilities) -> None:
        self._clock = clock
        self._frames = frames
        self._signer = signer_on(clock)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask's serializer on our clock."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = self._signer
        return serializer

    def get_cookie_name(self, app: Flask) -> str:
        """`viewer`, with the prefix that makes a browser insist on a Secure cookie; `__Host-` is only for cookies
        of the path `/`.
        """
        name = super().get_cookie_name(app)
        if not self.get_cookie_secure(app):
            return name
        if request.script_root:
            return f"__Secure-{name}"
        return f"__Host-{name}"

    def get_cookie_path(self, app: Flask) -> str:
        """The path that the app is served under: another app on the same host, perhaps a second one of ours, has its
        own cookies.
        """
        return request.script_root or "/"

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the request's cookie; an empty one for a cookie that is missing, altered or too old."""
        frame = frame_of_request()
        if frame is not None:
            return FrameSession({"viewer": frame.viewer, "csrf_token": self._frames.form_secret(frame)})
        serializer = self.get_signing_serializer(app)
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if serializer is None:
            return None
        try:
            values, signed_at = serializer.loads(cookie, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        if self._clock() - signed_at.timestamp() > app.permanent_session_lifetime.total_seconds():
            return self.session_class()
        return self.session_class(values)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Sets the cookie where something has changed; never in a frame."""
        if not isinstance(session, FrameSession):
            super().save_session(app, session, response)


def current_viewer() -> str:
    """Whose lookups these are: the person's who is signed in, else this browser's; on its first visit it gets a new
    id.
    """
    if g.get("person") is not None:
        return str(g.person.viewer)
    if "viewer" not in session:
        session.permanent = True
        session["viewer"] = secrets.token_urlsafe(16)
    return str(session["viewer"])


def known_viewer() -> str:
    """This browser's id, or an empty text (which owns nothing) for a first visit: reading a page sets no
    cookie.
    """
    if "person" in g:
        return g.person.viewer if g.person else ""
    return str(session.get("viewer", ""))
