"""Every environment variable the program reads, with its type, default and reason; all faults are reported at once.

`load()` is the only reader of the environment. The README's table is generated from `VARIABLES`.
"""

from __future__ import annotations

import fcntl
import hashlib
import ipaddress
import json
import os
import re
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from webapp.database.urls import check_url, sqlite_path, sqlite_url, unusable_file, unusable_folder
from webapp.hum.endpoints import check_base_url

SANDBOX_URL = "https://api-sandbox.letshum.com"
PRODUCTION_URL = "https://api.letshum.com"
SIMULATOR_URL = "http://simulator.localhost"
DATABASE_FILE, SECRET_FILE = "lookups.sqlite3", "secret_key"
SHORTEST_SECRET = 32

_HOST_NAME = re.compile(
    r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*"
)


class SettingsError(Exception):
    """The environment cannot be used; the message lists every fault on a line of its own."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: how it is read, what it means and why one would set it."""

    name: str
    default: str
    read: Callable[[str], Any]
    meaning: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What the program runs with. Fields carry the variables' names in lower case; secrets are kept out of `repr`."""

    app_env: str
    host: str
    port: int
    hum_api_key: str = field(repr=False)
    hum_api_url: str
    hum_sync: tuple[str, ...]
    campaign_id: str
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    state_dir: Path
    https: bool
    proxy_hops: int
    trusted_hosts: tuple[str, ...]
    script_name: str
    web_concurrency: int
    database_connections: int
    hum_connections: int
    log_level: str
    poll_interval: float
    lookups_per_minute: int
    lookups_per_minute_address: int
    lookups_per_day: int
    lookups_kept_days: int
    calls_kept_days: int
    confirm_live: bool
    try_live: bool
    time_zone: ZoneInfo

    @property
    def demo(self) -> bool:
        """No key: the simulator answers, nothing leaves the machine."""
        return not self.hum_api_key

    @property
    def environment(self) -> str:
        """What the badge says: DEMO, SANDBOX, LIVE or, for any other Hum address, CUSTOM."""
        if self.demo:
            return "DEMO"
        return {SANDBOX_URL: "SANDBOX", PRODUCTION_URL: "LIVE"}.get(self.hum_api_url, "CUSTOM")

    @property
    def upstream_url(self) -> str:
        """Where Hum is reached: the simulator's name in demo mode, else the configured address."""
        return SIMULATOR_URL if self.demo else self.hum_api_url

    def derived_secret(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose, so that one leaked use of the secret opens no other."""
        return hashlib.sha256(f"{purpose}\0{self.secret_key}".encode()).digest()


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in allowed:
            raise ValueError(f"must be one of: {', '.join(allowed)}")
        return text.lower()

    return read


def _integer(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def _seconds(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not low <= value <= high:
            raise ValueError(f"must be seconds from {low:g} to {high:g}")
        return value

    return read


def _time_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, LookupError):
        raise ValueError("must be an IANA time zone such as America/Detroit") from None


def _switch(text: str) -> bool:
    if text.lower() not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ValueError("must be 1 or 0")
    return text.lower() in {"1", "true", "yes", "on"}


def _path_prefix(text: str) -> str:
    path = text.strip("/")
    if not path:
        return ""
    if not all(re.fullmatch(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*", part) for part in path.split("/")):
        raise ValueError("must be a path such as /isp: letters, digits and -._~ between single slashes")
    return f"/{path}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace(",", " ").split() if word)


def _listening_address(text: str) -> str:
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


def _trusted_hosts(text: str) -> tuple[str, ...]:
    return tuple(_trusted_host(word) for word in _words(text))


def _trusted_host(word: str) -> str:
    """A name as werkzeug compares it with the `Host` header: lower case and ASCII, without scheme, port and path.

    A leading dot stands for every subdomain.
    """
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


def _folder(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError("names a home folder that is not known; write the whole path") from None


def _database_url(text: str) -> str:
    return check_url(text) if text else ""


def _campaign(text: str) -> str:
    if len(text) > 100:
        raise ValueError("must have at most 100 characters")
    return text


def _agents(text: str) -> tuple[str, ...]:
    words = _words(text)
    if not set(words) <= {"geocode", "internet"}:
        raise ValueError("may name geocode and internet only")
    return words


def _hum_url(text: str) -> str:
    try:
        return check_base_url({"sandbox": SANDBOX_URL, "production": PRODUCTION_URL}.get(text.lower(), text))
    except ValueError:
        # The client's own words name its base URL, not the variable.
        raise ValueError(
            "must be sandbox, production, an https URL or an http URL of this machine, without user, query or fragment"
        ) from None


def _api_key(text: str) -> str:
    if not text.isascii() or not text.isprintable() or re.search(r"""[\s"']""", text):
        raise ValueError("holds characters that no key has")
    if len(text) > 500:
        raise ValueError("must have at most 500 characters")
    return text


def _secret(text: str) -> str:
    if text and len(text) < SHORTEST_SECRET:
        raise ValueError(
            f"must have at least {SHORTEST_SECRET} characters; `python -c 'import secrets; "
            "print(secrets.token_urlsafe(48))'` makes one"
        )
    return text


VARIABLES: tuple[Variable, ...] = (
    Variable(
        "APP_ENV",
        "development",
        _choice("development", "production"),
        "`production` refuses to start without key and secret",
    ),
    Variable("HOST", "127.0.0.1", _listening_address, "address to listen on; only this machine by default"),
    Variable("PORT", "8000", _integer(1, 65535), "port to listen on"),
    Variable(
        "HUM_API_KEY",
        "",
        _api_key,
        "Hum API token; without it the app runs on its simulator and says DEMO",
        secret=True,
    ),
    Variable(
        "HUM_API_URL",
        "sandbox",
        _hum_url,
        "`sandbox`, `production`, or another https or loopback URL that speaks the Hum API",
        secret=True,
    ),
    Variable(
        "HUM_SYNC",
        "",
        _agents,
        "agents Hum runs inside the first request (`geocode internet`); old keys only, off by default",
    ),
    Variable(
        "CAMPAIGN_ID", "", _campaign, "sent to Hum with each lookup, to tell sources apart; at most 100 characters"
    ),
    Variable(
        "DATABASE_URL",
        "",
        _database_url,
        "SQLAlchemy URL of SQLite or PostgreSQL; default is a SQLite file in `STATE_DIR`",
        secret=True,
    ),
    Variable("SECRET_KEY", "", _secret, "signs cookies; default is a random one kept in `STATE_DIR`", secret=True),
    Variable("STATE_DIR", "var", _folder, "folder for the SQLite file and the generated secret"),
    Variable("HTTPS", "0", _switch, "1 when TLS ends in front of the app: cookies become Secure, HSTS is sent"),
    Variable(
        "PROXY_HOPS",
        "0",
        _integer(0, 5),
        "how many reverse proxies in front set X-Forwarded-*; 0 ignores those headers",
    ),
    Variable(
        "TRUSTED_HOSTS",
        "",
        _trusted_hosts,
        "host names the app answers to; `.example.com` means all names below it, empty means any",
    ),
    Variable(
        "SCRIPT_NAME",
        "",
        _path_prefix,
        "path that the app is served under, such as `/isp`; empty when it has a host name to itself",
    ),
    Variable("WEB_CONCURRENCY", "2", _integer(1, 64), "worker processes"),
    Variable(
        "DATABASE_CONNECTIONS",
        "16",
        _integer(1, 1_000),
        "database connections a worker keeps open; at busy moments it opens as many again",
    ),
    Variable(
        "HUM_CONNECTIONS",
        "500",
        _integer(1, 10_000),
        "calls a worker may have at Hum at once: watched lookups x Hum's latency / poll interval",
    ),
    Variable(
        "LOG_LEVEL",
        "info",
        _choice("debug", "info", "warning", "error"),
        "how much is logged; never streets, keys or tokens",
    ),
    Variable("TIME_ZONE", "UTC", _time_zone, "IANA name of the zone for times in exports and pages without JavaScript"),
    Variable(
        "POLL_INTERVAL",
        "2",
        _seconds(0.05, 10),
        "seconds between the first status polls of a lookup; Hum asks for 2 to 3",
    ),
    Variable(
        "LOOKUPS_PER_MINUTE",
        "20",
        _integer(0, 100_000),
        "lookups that one browser may begin in a minute; 0 for any number",
    ),
    Variable(
        "LOOKUPS_PER_MINUTE_ADDRESS",
        "120",
        _integer(0, 100_000),
        "lookups that one network address may begin in a minute, a whole office perhaps; 0 for any number",
    ),
    Variable(
        "LOOKUPS_PER_DAY",
        "0",
        _integer(0, 10_000_000),
        "lookups that all together may begin in a day of TIME_ZONE; 0 for any number",
    ),
    Variable(
        "LOOKUPS_KEPT_DAYS",
        "30",
        _integer(1, 3650),
        "days for which lookups are kept; `flask --app webapp prune` deletes the older ones",
    ),
    Variable(
        "CALLS_KEPT_DAYS",
        "7",
        _integer(0, 365),
        "days for which the API console keeps what was asked of Hum; 0 records nothing",
    ),
    Variable(
        "CONFIRM_LIVE",
        "0",
        _switch,
        "1 asks in each browser before the first lookup of a day that goes to the live Hum API",
    ),
    Variable(
        "TRY_LIVE", "0", _switch, "1 opens *Try the API* beyond demo and sandbox; its calls cost what lookups cost"
    ),
)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads and checks the whole environment.

    Raises SettingsError naming every fault at once. Makes `STATE_DIR` and a random secret there when none is given.
    """
    source = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    found: list[str] = []
    for variable in VARIABLES:
        text = _given(source, variable.name) or variable.default
        try:
            values[variable.name.lower()] = variable.read(_readable(text))
        except ValueError as error:
            shown = "" if variable.secret else f" (it is {text!r})"
            found.append(f"{variable.name} {error}{shown}")
    found.extend(_missing_in_production(source, values))
    found.extend(_unusable_places(values))
    if found:
        raise _refusal(found)
    return Settings(**_with_defaults(values))


def _refusal(faults: list[str]) -> SettingsError:
    return SettingsError("The settings cannot be used:\n" + "\n".join(f"  - {fault}" for fault in faults))


def _given(source: Mapping[str, str], name: str) -> str:
    """What a variable was set to. Quotes around it are taken off: a shell does that, Docker's env files do not."""
    text = source.get(name, "").strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    return text


def _readable(text: str) -> str:
    """No setting needs control characters or bytes that are not UTF-8, and each would fail somewhere later."""
    if not text.isprintable():
        raise ValueError("holds characters that cannot be read, such as a line break or bytes that are not UTF-8")
    return text


def _missing_in_production(source: Mapping[str, str], values: Mapping[str, Any]) -> list[str]:
    if values.get("app_env") != "production":
        return []
    return [
        f"{name} is required with APP_ENV=production"
        for name in ("HUM_API_KEY", "SECRET_KEY")
        if not _given(source, name)
    ]


def _unusable_places(values: Mapping[str, Any]) -> list[str]:
    """What keeps files from where they belong. `STATE_DIR` only matters where something is to be written there."""
    found = []
    folder: Path | None = values.get("state_dir")
    database: str | None = values.get("database_url")
    needs_secret = values.get("secret_key") == "" and folder is not None and not _has_secret(folder)
    if folder is not None and (database == "" or needs_secret):
        wrong = unusable_folder(folder.absolute())
        if wrong is None and database == "":
            wrong = unusable_file(folder.absolute() / DATABASE_FILE) if folder.is_dir() else None
        if wrong is not None:
            found.append(f"STATE_DIR must be a folder that can be written to: {wrong}")
    file = sqlite_path(database) if database else None
    wrong = unusable_file(file) if file is not None else None
    if wrong is not None:
        found.append(f"DATABASE_URL must name a file in a folder that exists and can be written to: {wrong}")
    return found


def _with_defaults(values: dict[str, Any]) -> dict[str, Any]:
    folder: Path = values["state_dir"]
    try:
        if not values["database_url"]:
            folder.mkdir(parents=True, exist_ok=True)
            values["database_url"] = sqlite_url(folder.resolve() / DATABASE_FILE)
        if not values["secret_key"]:
            values["secret_key"] = _kept_secret(folder)
    except OSError as error:
        raise _refusal(
            [
                f"STATE_DIR cannot be used: {error.filename or folder}: {error.strerror or 'refused'}. "
                "Choose another folder, or set both DATABASE_URL and SECRET_KEY"
            ]
        ) from None
    return values


def _kept_secret(folder: Path) -> str:
    """One random secret for all workers of this folder; the first process to come writes it, the others wait for it and
    read it.

    The lock is the operating system's, which ends it with its process: no file is left that would have to be cleared
    away. A text too short for a secret is what a process that was killed has left; nobody has used it.
    """
    path = folder / SECRET_FILE
    if not _has_secret(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not _is_secret(file.read()):
                file.seek(0)
                file.truncate()
                file.write(secrets.token_urlsafe(48).encode())
                file.flush()
                os.fsync(file.fileno())
    return _locked_text(path).decode().strip()


def _has_secret(folder: Path) -> bool:
    try:
        return _is_secret(_locked_text(folder / SECRET_FILE))
    except OSError:
        return False


def _locked_text(path: Path) -> bytes:
    """What the file holds once nobody writes in it."""
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return file.read()


def _is_secret(found: bytes) -> bool:
    text = found.strip()
    return len(text) >= SHORTEST_SECRET and text.isascii() and text.decode("ascii").isprintable()


def markdown_table() -> str:
    """The README's table of settings, one row a variable."""
    rows = [f"| `{v.name}` | {f'`{v.default}`' if v.default else 'none'} | {v.meaning} |" for v in VARIABLES]
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows])


if __name__ == "__main__":
    # What the server's master needs, which imports nothing of ours: see `webapp.gunicorn_conf`.
    try:
        settings = load()
    except SettingsError as error:
        raise SystemExit(str(error)) from None
    needed = ("host", "port", "web_concurrency", "hum_connections", "proxy_hops", "demo", "environment")
    sys.stdout.write(json.dumps({name: getattr(settings, name) for name in needed}))
