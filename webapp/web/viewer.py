"""Who is looking: a random id in a signed cookie. A lookup belongs to its viewer; another viewer gets 404."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask, Request, session
from flask import request as flask_request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer


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


class _Signer(TimestampSigner):
    """Signs with the time of a given clock, which is that of the database where several machines share one."""

    def __init__(self, *keys: Any, clock: Callable[[], float], **options: Any) -> None:
        super().__init__(*keys, **options)
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock())


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own sessions, which end with their lifetime and may begin in the future: a signature of ours made on a
    machine whose clock is ahead is as good as any.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask's serializer on our clock."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = partial(_Signer, clock=self._clock)  # type: ignore[assignment]
        return serializer

    def get_cookie_name(self, app: Flask) -> str:
        """`viewer`, with the prefix that makes a browser insist on a Secure cookie; `__Host-` is only for cookies
        of the path `/`.
        """
        name = super().get_cookie_name(app)
        if not self.get_cookie_secure(app):
            return name
        if flask_request.script_root:
            return f"__Secure-{name}"
        return f"__Host-{name}"

    def get_cookie_path(self, app: Flask) -> str:
        """The path that the app is served under: another app on the same host, perhaps a second one of ours, has its
        own cookies.
        """
        return flask_request.script_root or "/"

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the request's cookie; an empty one for a cookie that is missing, altered or too old."""
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


def current_viewer() -> str:
    """This browser's id; a new one is made on the first visit."""
    if "viewer" not in session:
        session.permanent = True
        session["viewer"] = secrets.token_urlsafe(16)
    return str(session["viewer"])


def known_viewer() -> str:
    """This browser's id, or an empty text (which owns nothing) for a first visit: reading a page sets no
    cookie.
    """
    return str(session.get("viewer", ""))
