"""Host names as requests name them: in the Host header, and in the Origin and Referer of what a browser sends.

Werkzeug reads no name with an underscore, which machines of an intranet, Windows and compose files have.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from werkzeug.exceptions import BadHost, SecurityError

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
        return self.name if self.port in (None, DEFAULT_PORTS.get(scheme)) else f"{self.name}:{self.port}"


def read_host(text: str) -> Host | None:
    """The host in a text such as `name`, `name:8443` or `[::1]:8000`; None when it is none."""
    found = _HOST.fullmatch(text)
    if found is None:
        return None
    port = int(found["port"]) if found["port"] else None
    return None if port is not None and port > 65535 else Host(found["name"].lower(), port)


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


def _as_browsers_send(name: str) -> str:
    try:
        host = read_host(name.encode("idna").decode())
    except UnicodeError:
        return name
    return host.name if host else name


def _own_address(environ: Mapping[str, Any]) -> str:
    name, port = environ.get("SERVER_NAME", ""), environ.get("SERVER_PORT")
    if ":" in name:
        name = f"[{name}]"
    return f"{name}:{port}" if port else name
