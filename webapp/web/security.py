"""Response headers for every route, and the refusal of cross-site writes.

A write is cross-site when Sec-Fetch-Site says so or, in browsers without it, when Origin is not our own host.
The form's token (Flask-WTF) is the second belt.
"""

from __future__ import annotations

from flask import Flask, Response, abort, redirect, request
from werkzeug.exceptions import BadHost, SecurityError
from werkzeug.wrappers import Response as WerkzeugResponse

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", ""})
"""What a form of a page can be sent as; without a body nothing is said."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

NO_NAME = "The name in the address bar cannot be the name of a site. Check it for a doubled dot or a part that is too long.\n"
NOT_OUR_NAME = "This site does not answer to the name in the address bar. Whoever runs it can add the name to TRUSTED_HOSTS.\n"


FILE_SECURITY_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""A file that somebody opens by itself may load nothing at all."""


def page_headers(*, https: bool) -> dict[str, str]:
    """The headers that every response carries, errors included."""
    return {
        **file_headers(https=https),
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }


def file_headers(*, https: bool) -> dict[str, str]:
    """The headers of static files. What only means something for a document is left out: four files load with the first page."""
    fixed = {
        "Content-Security-Policy": FILE_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return fixed | ({"Strict-Transport-Security": "max-age=63072000; includeSubDomains"} if https else {})


def register(app: Flask, *, https: bool) -> None:
    """Adds the cross-site check before, and the headers after, every request. To be called before any route is added."""
    fixed = {**page_headers(https=https), "Cache-Control": "no-store"}
    # A doubled slash would be answered by a redirect to whatever host the request names; ours lead to paths only.
    app.url_map.merge_slashes = False

    _refuse_impossible_hosts(app)

    @app.before_request
    def refuse_cross_site_writes() -> None:
        if request.method not in SAFE_METHODS and _is_cross_site():
            abort(403)

    @app.before_request
    def refuse_what_no_form_sends() -> None:
        # Flask-WTF would take JSON for a form, and its values of other kinds for texts.
        if request.method not in SAFE_METHODS and request.mimetype not in FORM_TYPES:
            abort(415)

    @app.errorhandler(SecurityError)
    def refuse_host(error: SecurityError) -> tuple[str, int, dict[str, str]]:
        # Nothing can be drawn here: without a host that counts there is no address for the links of a page.
        return NOT_OUR_NAME, 400, {"Content-Type": "text/plain; charset=utf-8"}

    @app.after_request
    def add_headers(response: Response) -> Response | WerkzeugResponse:
        if request.headers.get("HX-Request") == "true" and 300 <= response.status_code < 400:
            response = _redirect_by_htmx(response)
        # Pages hold addresses or a form token; the same URL differs for htmx. Static files never come through here.
        given = {name.lower() for name, _ in response.headers}
        response.headers.extend((name, value) for name, value in fixed.items() if name.lower() not in given)
        response.vary.update(("HX-Request", "Cookie"))
        return response


def _refuse_impossible_hosts(app: Flask) -> None:
    @app.before_request
    def refuse() -> None:
        # Before anything else is checked: without a host no page can be drawn, so no other refusal could be shown either.
        if isinstance(request.routing_exception, BadHost | SecurityError):
            raise request.routing_exception

    @app.errorhandler(BadHost)
    def say_why(error: BadHost) -> tuple[str, int, dict[str, str]]:
        return NO_NAME, 400, {"Content-Type": "text/plain; charset=utf-8"}


def _is_cross_site() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host


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
