"""Where calls go: Hum's operations, and the check of a base URL."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from webapp.upstream.call import Operation

CREATE = Operation("create", "POST", "/sessions")
STATUS = Operation("status", "GET", "/sessions/{token}")
INTERNET = Operation("internet", "GET", "/sessions/{token}/services/internet")
CLOSE = Operation("close", "DELETE", "/sessions/{token}")
PING = Operation("ping", "GET", "/ping")
COVERAGE = Operation("coverage", "GET", "/coverage")

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)
_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*")


def check_base_url(text: str) -> str:
    """The base URL without a final slash; ValueError says in plain words what is wrong with it.

    Allowed: https, or http where nothing leaves the machine (loopback, `simulator.localhost`). Not allowed: user names,
    a query, a fragment, since they would change where the key goes.
    """
    if not text.isascii() or not text.isprintable() or re.search(r"[\s\\]", text):
        raise ValueError("The Hum URL must not contain blanks, backslashes, control characters or non-ASCII letters.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError("The Hum URL cannot be read: check its host and port.") from None
    if "@" in parts.netloc:
        raise ValueError("The Hum URL must not contain a user name or password.")
    if "?" in text or "#" in text:
        raise ValueError("The Hum URL must not contain a query (?) or a fragment (#).")
    host = parts.hostname or ""
    if (
        not _HOST.fullmatch(parts.netloc.removesuffix(f":{port}") if port is not None else parts.netloc)
        or ".." in host
        or port == 0
    ):
        raise ValueError("The Hum URL needs a host, like https://api.letshum.com.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _stays_here(host)):
        raise ValueError("The Hum URL must begin with https:// (http:// is only for this machine).")
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path):
        raise ValueError("The path of the Hum URL may contain only letters, digits and . _ ~ - between single slashes.")
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def _stays_here(host: str) -> bool:
    if host in {"localhost", "simulator.localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
