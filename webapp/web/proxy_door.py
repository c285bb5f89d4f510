"""AUTH=proxy: a proxy in front signs people in and names them in request headers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask import render_template, request, session

from webapp.identity.claims import person_from
from webapp.identity.person import NobodyNamed, Person, RoleGroups, person_of
from webapp.identity.presets import IdentityHeaders
from webapp.identity.signed_headers import SignedTokens
from webapp.services import Services
from webapp.settings.values import UNIX_SOCKET, Network
from webapp.telemetry import log
from webapp.web.earlier_lookups import begin_session

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AUTHORITY = "proxy"
_BETWEEN_GROUPS = re.compile(r"[,;|]")


class OnlyFromProxies:
    """Takes the headers that name a person out of every request that does not come straight from the proxy."""

    def __init__(self, app: WSGIApplication, headers: IdentityHeaders, addresses: Collection[Network | str]) -> None:
        self._app = app
        self._keys = [_key(name) for name in headers.names()]
        self._addresses = addresses

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        if not is_among(str(environ.get("REMOTE_ADDR", "")), self._addresses):
            for key in self._keys:
                environ.pop(key, None)
        return self._app(environ, start_response)


def is_among(address: str, known: Collection[Network | str]) -> bool:
    """Whether a peer's address is one of those known; a Unix socket has none."""
    if not address:
        return UNIX_SOCKET in known
    try:
        peer = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(peer, "ipv4_mapped", None)
    return any(not isinstance(network, str) and (mapped or peer) in network for network in known)


class ProxyDoor:
    """Reads what `OnlyFromProxies` has let through."""

    def __init__(self, services: Services) -> None:
        settings = services.settings
        self._headers = settings.identity_headers
        self._roles = RoleGroups(settings.auth_user_groups, settings.auth_operator_groups)
        self._groups_claim = settings.auth_groups_claim
        self._tokens: SignedTokens | None = None
        if settings.auth_jwt_keys:
            self._tokens = SignedTokens(settings.auth_jwt_keys, settings.auth_jwt_audience, clock=services.clock)

    def person(self) -> Person | None:
        """Whom the headers name; None when they name nobody, or two."""
        try:
            person = self._named()
        except NobodyNamed:
            return None
        if session.get("person") != person.viewer:
            begin_session(person)
            session["person"] = person.viewer
        return person

    def ask_in(self) -> tuple[str, int]:
        """Only the proxy can sign anybody in."""
        log.warning("nobody_named_by_proxy")
        return render_template("errors/nobody_named.html"), 401

    def _named(self) -> Person:
        if self._tokens is not None and self._headers.signed:
            claims = self._tokens.claims(self._value(self._headers.signed))
            return person_from(claims, str(claims.get("iss", AUTHORITY)), self._groups_claim, self._roles)
        groups = [group.strip() for group in _BETWEEN_GROUPS.split(self._value(self._headers.groups))]
        user = self._value(self._headers.user)
        if "," in user:
            # Two headers of one name arrive joined by a comma: a proxy that adds its own to the sender's.
            raise NobodyNamed
        return person_of(AUTHORITY, user, self._value(self._headers.name), groups, self._roles)

    def _value(self, name: str) -> str:
        """A header as UTF-8, in which proxies send names; WSGI hands on bytes as Latin-1."""
        value = request.environ.get(_key(name), "") if name else ""
        return str(value).encode("latin-1", "replace").decode("utf-8", "replace")


def _key(header: str) -> str:
    return "HTTP_" + header.upper().replace("-", "_")
