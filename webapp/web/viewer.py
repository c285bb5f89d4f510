"""Who is looking: a random id in a signed cookie. A lookup belongs to its viewer; another viewer gets 404."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, Request, session
from flask import request as flask_request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

MOST_KNOWN = 10_000
"""Cookies whose signature a process remembers to be good."""


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


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own sessions, where the polls of a page, which all bring the same cookie, have its signature checked once."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Any]] = {}

    def get_cookie_name(self, app: Flask) -> str:
        """`viewer`, with the prefix by which a browser holds on to what Secure promises; `__Host-` is only for cookies of the path `/`."""
        name = super().get_cookie_name(app)
        if not self.get_cookie_secure(app):
            return name
        return f"__Secure-{name}" if flask_request.script_root else f"__Host-{name}"

    def get_cookie_path(self, app: Flask) -> str:
        """The path that the app is served under: another app of the same host, a second one of ours perhaps, has its own cookies."""
        return flask_request.script_root or "/"

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the request's cookie, a copy of its own for each request: what is in it are texts and switches."""
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        if cookie in self._known:
            return self.session_class(self._known[cookie])
        opened = super().open_session(app, request)
        if opened:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[cookie] = dict(opened)
        return opened


def current_viewer() -> str:
    """This browser's id; a new one is made on the first visit."""
    if "viewer" not in session:
        session.permanent = True
        session["viewer"] = secrets.token_urlsafe(16)
    return str(session["viewer"])


def known_viewer() -> str:
    """This browser's id, or an empty text (which owns nothing) for one that was never here: reading a page sets no cookie."""
    return str(session.get("viewer", ""))
