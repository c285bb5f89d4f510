"""The lookup in a frame of another site's page: the same pages under `/embed/s/<capability>/`. Their session is what
the address carries, because browsers keep cookies from frames. What a frame has no business with is not found.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from flask import Flask, Response, abort, request

from webapp.embedding.capability import Frame, VisitorTokens, anonymous_viewer
from webapp.embedding.look import THEMES, accent_rule, read_color
from webapp.embedding.origins import may_frame, read_origin
from webapp.services import Services
from webapp.web.context import FRAME, HOLDER, ROOT, frame_of_request, holder

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENTRY, WITHIN = "/embed", "/embed/s/"
MOST_FIELDS = 20
IS_NEW = "hum.frame_is_new"
"""Set in the WSGI environment of a request that opens a frame."""

ROUTES = frozenset(
    {
        "address_form.answer",
        "address_form.begin",
        "embedding.ended",
        "embedding.share",
        "lookups.again",
        "lookups.check_plans",
        "lookups.create",
        "lookups.form",
        "lookups.keep_checking",
        "lookups.page",
        "lookups.progress",
        "lookups.stop",
        "results.comparison",
        "results.export",
        "results.plan",
        "results.print_page",
        "results.provider",
        "results.row",
    }
)
"""What a frame may use."""

_HTMX_HEADERS = "HX-Request, HX-Current-URL, HX-Target, HX-Trigger, HX-Trigger-Name, HX-Boosted, HX-Prompt"


class Frames:
    """Takes the capability out of the path in front of the app."""

    def __init__(self, app: WSGIApplication, services: Services) -> None:
        self._app = app
        self._capabilities = services.frames
        self._settings = services.settings
        self._visitors: VisitorTokens | None = None
        if services.settings.embed_secret:
            self._visitors = VisitorTokens(services.settings.embed_secret, services.clock)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        path = environ.get("PATH_INFO", "")
        if path == ENTRY and environ["REQUEST_METHOD"] in {"GET", "HEAD"} and _opens_a_frame(environ):
            frame = self._new_frame(_query_of(environ))
            if frame is not None:
                _place(environ, self._capabilities.sign(frame), "/", frame)
                environ[IS_NEW] = True
                environ["QUERY_STRING"] = ""
        elif path.startswith(WITHIN):
            capability, _, rest = path.removeprefix(WITHIN).partition("/")
            frame = self._capabilities.read(capability)
            if frame is not None and may_frame(read_origin(frame.origin), self._settings.embed_origins):
                _place(environ, capability, f"/{rest}", frame)
            else:
                environ["PATH_INFO"] = "/embed/ended"
                environ[HOLDER] = self._capabilities.holder_of(capability)
        return self._app(environ, start_response)

    def _new_frame(self, query: Mapping[str, list[str]]) -> Frame | None:
        def first(name: str) -> str:
            return query.get(name, [""])[0]

        origin = read_origin(first("origin"))
        if not may_frame(origin, self._settings.embed_origins):
            return None
        viewer: str | None = anonymous_viewer()
        if self._visitors is not None:
            viewer = self._visitors.viewer(first("token"), str(origin))
        if viewer is None:
            return None
        frame = Frame(str(origin), viewer, accent=read_color(first("accent")))
        if first("theme") in THEMES:
            frame = replace(frame, theme=first("theme"))
        return frame


def _query_of(environ: WSGIEnvironment) -> Mapping[str, list[str]]:
    """What the query says; nothing where it says more than a frame's ever does."""
    try:
        return parse_qs(environ.get("QUERY_STRING", ""), max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


def _opens_a_frame(environ: WSGIEnvironment) -> bool:
    """Not a script that fetches a capability, and not a page by itself. Browsers of before 2023 do not say."""
    return environ.get("HTTP_SEC_FETCH_DEST", "iframe") in {"iframe", "frame"}


def _place(environ: WSGIEnvironment, capability: str, path: str, frame: Frame) -> None:
    root = environ.get("SCRIPT_NAME", "")
    environ[FRAME], environ[HOLDER], environ[ROOT] = frame, frame.origin, root
    environ["SCRIPT_NAME"] = f"{root}{WITHIN}{capability}"
    environ["PATH_INFO"] = path


def register(app: Flask, services: Services) -> None:
    """Lets frames in, and gives their answers the headers and templates the facts of a frame."""
    app.wsgi_app = Frames(app.wsgi_app, services)  # type: ignore[method-assign]

    @app.before_request
    def refuse_what_is_not_for_frames() -> None:
        if frame_of_request() is not None and request.endpoint not in ROUTES:
            abort(404)

    @app.after_request
    def allow_the_frame(response: Response) -> Response:
        origin, frame = holder(), frame_of_request()
        if origin is None:
            return response
        response.headers["Content-Security-Policy"] = policy(origin, frame.accent if frame else "")
        # The first page is only ever opened, never fetched: whoever could read it would have a capability.
        if request.headers.get("Origin") == "null" and IS_NEW not in request.environ:
            response.headers["Access-Control-Allow-Origin"] = "null"
            response.headers["Access-Control-Allow-Headers"] = _HTMX_HEADERS
            response.headers["Access-Control-Expose-Headers"] = "HX-Redirect, HX-Push-Url, HX-Reswap"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.vary.add("Origin")
        return response


def policy(origin: str, accent: str) -> str:
    """The content security policy of a page in a frame: its own site alone may hold it. An accent color is the one
    style that stands in the page, and is named by its hash.
    """
    style = "'self'"
    rule = accent_rule(accent)
    if rule:
        digest = base64.b64encode(hashlib.sha256(rule.encode()).digest()).decode()
        style += f" 'sha256-{digest}'"
    return (
        f"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data:; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {origin}"
    )
