"""The address that browsers know the app by: the host that a request names, and the scheme, host and path prefix that a
proxy may have changed on its way.

Host names are read here because Werkzeug reads none with an underscore, which machines of an intranet, Windows and
compose files have.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Request
from werkzeug.exceptions import BadHost, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import MapAdapter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DEFAULT_PORTS = {"http": 80, "https": 443}

_HOST = re.compile(
    r"""
    (?P<name>
        (?=[^:]{1,253}(?::|$))
        [a-z0-9_-]{1,63} (?: \.[a-z0-9_-]{1,63} )* \.?  # a domain or an IPv4 address
    |
        \[ [a-f0-9]*:[a-f0-9.:]+ \]  # an IPv6 address
    )
    (?: :(?P<port>[1-9][0-9]{0,4}) )?
    """,
    flags=re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
_THIS_MACHINE = re.compile(r"localhost|.+\.localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]")


@dataclass(frozen=True, slots=True)
class Host:
    """A name in lower case, an IPv6 address in its brackets, and the port if one was named."""

    name: str
    port: int | None = None

    @property
    def is_this_machine(self) -> bool:
        """Browsers trust such a name without TLS."""
        return _THIS_MACHINE.fullmatch(self.name) is not None

    def as_text(self, scheme: str) -> str:
        """The host as a URL of this scheme holds it: without the port that the scheme has anyway."""
        if self.port in (None, DEFAULT_PORTS.get(scheme)):
            return self.name
        return f"{self.name}:{self.port}"


def read_host(text: str) -> Host | None:
    """The host in a text such as `name`, `name:8443` or `[::1]:8000`; None when it is none."""
    found = _HOST.fullmatch(text)
    if found is None:
        return None
    if found["port"] is None:
        return Host(found["name"].lower())
    port = int(found["port"])
    if port > 65535:
        return None
    return Host(found["name"].lower(), port)


def read_origin(text: str) -> Host | None:
    """The host of an http or https URL, its port always named; None for anything else, `null` among it."""
    try:
        url = urlsplit(text)
    except ValueError:
        return None
    host = read_host(url.netloc)
    if host is None or url.scheme not in DEFAULT_PORTS:
        return None
    return Host(host.name, host.port or DEFAULT_PORTS[url.scheme])


def requested_host(environ: Mapping[str, Any], trusted: Collection[str] | None) -> str:
    """The host that a WSGI request asks for, as its URLs hold it. `trusted` are names; `.name` stands for itself and
    all below it.

    A request without a Host header, which HTTP/1.0 allows, asks for the server's own address. Raises BadHost for what
    is no host name, and SecurityError for one that is not trusted.
    """
    host = read_host(environ.get("HTTP_HOST") or _own_address(environ))
    if host is None:
        raise BadHost
    if trusted is not None and not is_trusted(host.name, trusted):
        raise SecurityError
    return host.as_text(environ["wsgi.url_scheme"])


def is_trusted(name: str, trusted: Collection[str]) -> bool:
    """Whether a name in lower case is one of those trusted, whose ports do not count."""
    for each in trusted:
        known = _as_browsers_send(each.removeprefix("."))
        if name == known or (each.startswith(".") and name.endswith(f".{known}")):
            return True
    return False


def with_public_address(app: WSGIApplication, *, proxy_hops: int, https: bool, prefix: str) -> WSGIApplication:
    """The app, asked as browsers ask for it. `prefix` is the path it is served under, such as `/isp`, or an empty text.

    Of `proxy_hops` proxies the X-Forwarded-For, -Proto, -Host and -Prefix headers are believed.
    """
    placed: WSGIApplication = _Placed(app, https=https, prefix=prefix)
    if not proxy_hops:
        return placed
    return ProxyFix(placed, x_for=proxy_hops, x_proto=proxy_hops, x_host=proxy_hops, x_prefix=proxy_hops)


def _as_browsers_send(name: str) -> str:
    try:
        host = read_host(name.encode("idna").decode())
    except UnicodeError:
        return name
    if host is None:
        return name
    return host.name


def _own_address(environ: Mapping[str, Any]) -> str:
    name, port = str(environ.get("SERVER_NAME", "")), environ.get("SERVER_PORT")
    if ":" in name:
        name = f"[{name}]"
    if not port:
        return name
    return f"{name}:{port}"


class AnyHostFlask(Flask):
    """Flask for every host name that browsers know: its own reading knows none with an underscore."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """SecurityError for a host that is not trusted."""
        if request is None:
            return super().create_url_adapter(request)
        request.host = requested_host(request.environ, self.config["TRUSTED_HOSTS"])
        return self.url_map.bind_to_environ(request.environ, server_name=request.host, subdomain="")


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
        prefix = self._prefix
        if _PREFIX.fullmatch(forwarded):  # what is no plain path would become part of every link
            prefix = forwarded
        path = environ.get("PATH_INFO", "")
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        environ["SCRIPT_NAME"] = prefix
        return self._app(environ, start_response)
