"""Readers of single values: each takes the text of a variable and returns what it means.

Each raises ValueError with the end of a sentence that begins with the variable's name ("must be 1 or 0"). What such a
sentence quotes is decided here, too: `reads(..., quoted=False)` keeps a secret out of it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import PlainValidator

from webapp.database.urls import check_url, sqlite_path, unusable_file
from webapp.embedding.origins import Pattern
from webapp.hum.operations import check_base_url

SANDBOX_URL = "https://api-sandbox.letshum.com"
PRODUCTION_URL = "https://api.letshum.com"
SIMULATOR_URL = "http://simulator.localhost"
AGENT_URLS = {"eu": "https://agp.eu.hcompany.ai", "us": "https://agp.hcompany.ai"}
SHORTEST_SECRET = 32

_HOST_NAME = re.compile(
    r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*"
)


def reads(read: Callable[[str], Any], *, quoted: bool = True) -> PlainValidator:
    """Makes a reader the only validator of a field, so that every fault is in its words and none in pydantic's.

    The fault ends with the text that was given, unless `quoted` is false: it may hold a secret.
    """

    def validate(text: str) -> Any:
        try:
            # No setting needs control characters or bytes that are not UTF-8, and each would fail somewhere later.
            if not text.isprintable():
                raise ValueError(
                    "holds characters that cannot be read, such as a line break or bytes that are not UTF-8"
                )
            return read(text)
        except ValueError as error:
            given = f" (it is {text!r})" if quoted else ""
            raise ValueError(f"{error}{given}") from None

    return PlainValidator(validate)


def choice(*allowed: str) -> Callable[[str], str]:
    """One of these words, in upper or lower case."""

    def read(text: str) -> str:
        if text.lower() not in allowed:
            raise ValueError(f"must be one of: {', '.join(allowed)}")
        return text.lower()

    return read


AUTO = "auto"


def whole_number_or_auto(low: int, high: int) -> Callable[[str], int | None]:
    """A whole number between the two, both included, or None for `auto`."""
    number = whole_number(low, high)

    def read(text: str) -> int | None:
        if text.lower() == AUTO:
            return None
        try:
            return number(text)
        except ValueError as error:
            raise ValueError(f"{error}, or {AUTO}") from None

    return read


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A whole number between the two, both included."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def seconds(low: float, high: float) -> Callable[[str], float]:
    """Seconds between the two, both included."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not low <= value <= high:
            raise ValueError(f"must be seconds from {low:g} to {high:g}")
        return value

    return read


def text_of_at_most(characters: int) -> Callable[[str], str]:
    """Any text up to this length."""

    def read(text: str) -> str:
        if len(text) > characters:
            raise ValueError(f"must have at most {characters} characters")
        return text

    return read


def switch(text: str) -> bool:
    """1 or 0, and the words that mean the same."""
    if text.lower() not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ValueError("must be 1 or 0")
    return text.lower() in {"1", "true", "yes", "on"}


def time_zone(text: str) -> ZoneInfo:
    """A zone of the IANA database."""
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, LookupError):
        raise ValueError("must be an IANA time zone such as America/Detroit") from None


def folder(text: str) -> Path:
    """A path, with `~` as the home folder."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError("names a home folder that is not known; write the whole path") from None


def path_prefix(text: str) -> str:
    """A path that begins with a slash and ends without one; "" for no path."""
    path = text.strip("/")
    if not path:
        return ""
    if not all(re.fullmatch(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*", part) for part in path.split("/")):
        raise ValueError("must be a path such as /isp: letters, digits and -._~ between single slashes")
    return f"/{path}"


def agents(text: str) -> tuple[str, ...]:
    """Names of Hum's agents, with blanks or commas between them."""
    names = _words(text)
    if not set(names) <= {"geocode", "internet"}:
        raise ValueError("may name geocode and internet only")
    return names


def listening_address(text: str) -> str:
    """An IP address without brackets, or a host name."""
    address = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        if not _HOST_NAME.fullmatch(text) or text.replace(".", "").isdigit():
            raise ValueError(
                "must be an address of this machine such as 127.0.0.1, 0.0.0.0 or ::, without a scheme; the port is "
                "PORT"
            ) from None
        return text


def embed_origins(text: str) -> tuple[Pattern, ...]:
    """Sites that may frame the lookup."""
    return tuple(Pattern.read(word) for word in _words(text))


def trusted_hosts(text: str) -> tuple[str, ...]:
    """Host names as werkzeug compares them with the `Host` header: lower case and ASCII, without scheme, port and path.

    A leading dot stands for every subdomain.
    """
    return tuple(_trusted_host(word) for word in _words(text))


def _trusted_host(word: str) -> str:
    if word == "*":
        raise ValueError("must be left empty to answer to any name; * is none")
    name = re.sub(r"^https?://", "", word.lower()).partition("/")[0]
    if name.startswith("[") or name.count(":") > 1:
        raise ValueError("cannot hold IPv6 addresses: use a name, or leave it empty to answer to any")
    name = name.partition(":")[0].removesuffix(".")
    if name.startswith("*."):
        raise ValueError(f"must name a domain with all its subdomains with a leading dot: {name[1:]}")
    bare = name.removeprefix(".")
    try:
        ascii_name = bare.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_name = ""
    if not _HOST_NAME.fullmatch(ascii_name):
        raise ValueError("must hold host names such as lookup.example.com, with blanks or commas between them")
    return f".{ascii_name}" if name.startswith(".") else ascii_name


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


Network = ipaddress.IPv4Network | ipaddress.IPv6Network
UNIX_SOCKET = "unix"


def proxy_addresses(text: str) -> tuple[Network | str, ...]:
    """Addresses and networks of proxies; `unix` stands for whoever comes through a Unix socket."""
    found: list[Network | str] = []
    for word in _words(text):
        if word == UNIX_SOCKET:
            found.append(word)
            continue
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError:
            raise ValueError("must hold addresses such as 10.0.0.5, networks such as 10.0.0.0/24, or unix") from None
    return tuple(found)


def header_name(text: str) -> str:
    """The name of a request header. With an underscore gunicorn would drop it: nobody could tell it from a hyphen."""
    if not re.fullmatch(r"[A-Za-z0-9-]*", text):
        raise ValueError("must be the name of a header: letters, digits and hyphens")
    return text


def group_names(text: str) -> frozenset[str]:
    """Names of groups with commas between them; they may hold blanks."""
    return frozenset(name.strip() for name in text.split(",") if name.strip())


def https_url(text: str) -> str:
    """An https URL, or an http URL of this machine, without its last slash; "" for none."""
    if not text:
        return ""
    try:
        return check_base_url(text)
    except ValueError:
        raise ValueError(
            "must be an https URL, or an http URL of this machine, without user, query or fragment"
        ) from None


def page_address(text: str) -> str:
    """A path of this host or an https URL; "" for none."""
    if text and not re.fullmatch(r"(https:/)?/[^/\\\s][^\\\s]*", text):
        raise ValueError("must be a path such as /oauth2/sign_out, or an https URL")
    return text


def database_url(text: str) -> str:
    """A SQLAlchemy URL whose file, if it names one, can be used; "" for none."""
    if not text:
        return ""
    url = check_url(text)
    file = sqlite_path(url)
    fault = None if file is None else unusable_file(file)
    if fault is not None:
        raise ValueError(f"must name a file in a folder that exists and can be written to: {fault}")
    return url


def hum_url(text: str) -> str:
    """The base URL of a Hum API."""
    try:
        return check_base_url({"sandbox": SANDBOX_URL, "production": PRODUCTION_URL}.get(text.lower(), text))
    except ValueError:
        # The client's own words name its base URL, not the variable.
        raise ValueError(
            "must be sandbox, production, an https URL or an http URL of this machine, without user, query or fragment"
        ) from None


def agent_url(text: str) -> str:
    """The base URL of H Company's agent API."""
    try:
        return check_base_url(AGENT_URLS.get(text.lower(), text))
    except ValueError:
        raise ValueError(
            "must be eu, us, an https URL or an http URL of this machine, without user, query or fragment"
        ) from None


def agent_name(text: str) -> str:
    """The name of an agent in H's catalog."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}", text):
        raise ValueError("must be the name of an agent such as h/web-surfer-flash")
    return text


def dollars(low: float, high: float) -> Callable[[str], float]:
    """US dollars between the two, both included."""

    def read(text: str) -> float:
        if not re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,4})?", text) or not low <= float(text) <= high:
            raise ValueError(f"must be US dollars from {low:g} to {high:g}")
        return float(text)

    return read


def api_key(text: str) -> str:
    """A key as a vendor hands them out; "" for none."""
    if not text.isascii() or not text.isprintable() or re.search(r"""[\s"']""", text):
        raise ValueError("holds characters that no key has")
    return text_of_at_most(500)(text)


def secret(text: str) -> str:
    """A secret long enough that it cannot be guessed; "" for none."""
    if text and len(text) < SHORTEST_SECRET:
        raise ValueError(
            f"must have at least {SHORTEST_SECRET} characters; `python -c 'import secrets; "
            "print(secrets.token_urlsafe(48))'` makes one"
        )
    return text
