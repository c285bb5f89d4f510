"""Response headers for every route, and the refusal of cross-site writes.

The rule, and why it may trust what it trusts, is in docs/decisions/0005-csrf-by-headers-and-token.md. The form's token
(Flask-WTF) is asked for in every case.
"""

from __future__ import annotations

from flask import Flask, Response, abort, redirect, request
from werkzeug.exceptions import BadHost, SecurityError
from werkzeug.wrappers import Response as WerkzeugResponse

from webapp.telemetry import log
from webapp.web.context import frame_of_request, holder
from webapp.web.public_address import DEFAULT_PORTS, read_host, read_origin
from webapp.web.refused_requests import FromAnotherName, FromAnotherSite

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", ""})
"""What a form of a page can be sent as; without a body nothing is said."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

NO_NAME = (
    "The name in the address bar cannot be the name of a site. Check it for a doubled dot or a part that is too long.\n"
)
NOT_OUR_NAME = (
    "This site does not answer to the name in the address bar. Whoever runs it can add the name to TRUSTED_HOSTS.\n"
)


FILE_SECURITY_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""A file that is opened by itself may load nothing at all."""


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
    """The headers of static files. What only means something for a document is left out: four files load with the first
    page.
    """
    headers = {
        "Content-Security-Policy": FILE_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if https:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


def register(app: Flask, *, https: bool) -> None:
    """Adds the cross-site check before, and the headers after, every request. Call it before any route is
    added.
    """
    fixed = {**page_headers(https=https), "Cache-Control": "no-store"}
    # A doubled slash would be answered by a redirect to whatever host the request names; ours lead to paths only.
    app.url_map.merge_slashes = False

    @app.before_request
    def refuse_names_that_are_not_ours() -> None:
        # Before anything else is refused: a page of words needs links, and there are none without a host.
        if isinstance(request.routing_exception, BadHost | SecurityError):
            raise request.routing_exception

    @app.before_request
    def refuse_cross_site_writes() -> None:
        if request.method not in SAFE_METHODS:
            _refuse_other_sites(https=https)

    @app.before_request
    def refuse_what_no_form_sends() -> None:
        # Flask-WTF would take JSON for a form, and its values of other kinds for texts.
        if request.method not in SAFE_METHODS and request.mimetype not in FORM_TYPES:
            abort(415)

    @app.errorhandler(BadHost)
    @app.errorhandler(SecurityError)
    def refuse_host(error: BadHost | SecurityError) -> tuple[str, int, dict[str, str]]:
        # Nothing can be drawn here: without a host that counts there is no address for the links of a page.
        text = NO_NAME if isinstance(error, BadHost) else NOT_OUR_NAME
        return text, 400, {"Content-Type": "text/plain; charset=utf-8"}

    @app.after_request
    def add_headers(response: Response) -> Response | WerkzeugResponse:
        if request.headers.get("HX-Request") == "true" and 300 <= response.status_code < 400:
            response = _redirect_by_htmx(response)
        # Pages hold addresses or a form token; the same URL differs for htmx. Static files never come through here.
        given = {name.lower() for name, _ in response.headers} | _left_out()
        response.headers.extend((name, value) for name, value in fixed.items() if name.lower() not in given)
        response.vary.update(("HX-Request", "Cookie"))
        return response


def _left_out() -> set[str]:
    """A frame's policy names the one site that may hold it; this older header knows no such thing."""
    return {"x-frame-options"} if holder() is not None else set()


def _refuse_other_sites(*, https: bool) -> None:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if origin == "null" and frame_of_request() is not None:
        # A frame without an origin of its own, whose browser takes our own address for another site. There the
        # capability, which no other site knows, and the form's token decide.
        return
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise FromAnotherSite
    elif origin is not None and not may_be_ours(origin, https=https):
        # The page cannot say more without repeating what it was sent; whoever looks for the proxy at fault finds both
        # names here.
        log.warning("write_from_another_name", origin=origin[:200], host=request.host)
        raise FromAnotherName


def may_be_ours(origin: str, *, https: bool) -> bool:
    """Whether a page of this site can have sent this Origin (or Referer) to the host that the request asks for.

    `https` says that TLS ends in front of the app. There, and on this machine, browsers send Sec-Fetch-Site too, so
    that one which does not gets no benefit of doubt. Elsewhere the Origin may be withheld (`null`), and the port may be
    one that a proxy has left out.
    """
    ours = read_host(request.host)
    if ours is None:
        return False
    says_its_site = https or request.is_secure or ours.is_this_machine
    if origin == "null":
        return not says_its_site
    theirs = read_origin(origin)
    if theirs is None or theirs.name != ours.name:
        return False
    if ours.port is None:
        return not says_its_site or theirs.port in DEFAULT_PORTS.values()
    return theirs.port == ours.port


def _redirect_by_htmx(response: Response) -> Response:
    """htmx would follow a 303 inside its request and swap a page into a page; this header makes the browser go there
    itself.
    """
    answer = Response(status=200)
    answer.headers["HX-Redirect"] = response.headers["Location"]
    for cookie in response.headers.getlist("Set-Cookie"):
        answer.headers.add("Set-Cookie", cookie)
    return answer


def see_other(location: str) -> WerkzeugResponse:
    """The answer to a successful POST: go and read the result, so that a reload repeats nothing."""
    return redirect(location, code=303)
