"""The address that browsers know the app by, which a proxy may have changed on a request's way: client, scheme, host
and path prefix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")


def with_public_address(app: WSGIApplication, *, proxy_hops: int, https: bool, prefix: str) -> WSGIApplication:
    """The app, asked as browsers ask for it. `prefix` is the path it is served under, such as `/isp`, or an empty text.

    Of `proxy_hops` proxies the X-Forwarded-For, -Proto, -Host and -Prefix headers are believed.
    """
    placed: WSGIApplication = _Placed(app, https=https, prefix=prefix)
    if not proxy_hops:
        return placed
    return ProxyFix(placed, x_for=proxy_hops, x_proto=proxy_hops, x_host=proxy_hops, x_prefix=proxy_hops)


class _Placed:
    """Keeps the prefix out of the path that is routed, and in SCRIPT_NAME, from which links, redirects and cookies take
    it.

    A proxy may leave the prefix in the path or take it off; both are understood.
    """

    def __init__(self, app: WSGIApplication, *, https: bool, prefix: str) -> None:
        self._app = app
        self._https = https
        self._prefix = prefix

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        if self._https:
            environ["wsgi.url_scheme"] = "https"
        forwarded = environ.get("SCRIPT_NAME", "").rstrip("/")
        # What is no plain path would become part of every link.
        prefix = forwarded if _PREFIX.fullmatch(forwarded) else self._prefix
        path = environ.get("PATH_INFO", "")
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        environ["SCRIPT_NAME"] = prefix
        return self._app(environ, start_response)
