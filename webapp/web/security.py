"""Response headers for every route, and the refusal of cross-site writes.

A write is cross-site when Sec-Fetch-Site says so or, in browsers without it, when Origin is not our own host.
The form's token (Flask-WTF) is the second belt.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def headers(*, https: bool) -> dict[str, str]:
    """The headers that every response carries, static files and errors included."""
    fixed = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
    return fixed | ({"Strict-Transport-Security": "max-age=63072000; includeSubDomains"} if https else {})


def register(app: Flask, *, https: bool) -> None:
    """Adds the cross-site check before, and the headers after, every request."""
    fixed = headers(https=https)

    @app.before_request
    def refuse_cross_site_writes() -> None:
        if request.method not in SAFE_METHODS and _is_cross_site():
            abort(403)

    @app.after_request
    def add_headers(response: Response) -> Response | WerkzeugResponse:
        if request.headers.get("HX-Request") == "true" and 300 <= response.status_code < 400:
            response = _redirect_by_htmx(response)
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        # Pages hold addresses or a form token; the same URL differs for htmx. Static files never come through here.
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.update(("HX-Request", "Cookie"))
        return response


def _is_cross_site() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _redirect_by_htmx(response: Response) -> Response:
    """htmx would follow a 303 inside its request and swap a page into a page; this header makes the browser go there itself."""
    answer = Response(status=200)
    answer.headers["HX-Redirect"] = response.headers["Location"]
    for cookie in response.headers.getlist("Set-Cookie"):
        answer.headers.add("Set-Cookie", cookie)
    return answer


def see_other(location: str) -> WerkzeugResponse:
    """The answer to a successful POST: go and read the result, so that a reload repeats nothing."""
    return redirect(location, code=303)
