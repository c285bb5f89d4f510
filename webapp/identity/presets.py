"""The headers in which proxies name the person who is signed in. Sources: each proxy's own documentation; see
docs/sign-in.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdentityHeaders:
    """Names of request headers; "" for one that a proxy does not send. `signed` holds a token that proves the rest."""

    user: str
    name: str = ""
    groups: str = ""
    signed: str = ""

    def names(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.user, self.name, self.groups, self.signed)))


PRESETS: Mapping[str, IdentityHeaders] = {
    "nginx": IdentityHeaders("X-Auth-Request-User", "X-Auth-Request-Preferred-Username", "X-Auth-Request-Groups"),
    "oauth2-proxy": IdentityHeaders("X-Forwarded-User", "X-Forwarded-Preferred-Username", "X-Forwarded-Groups"),
    "authelia": IdentityHeaders("Remote-User", "Remote-Name", "Remote-Groups"),
    "cloudflare-access": IdentityHeaders("Cf-Access-Authenticated-User-Email", signed="Cf-Access-Jwt-Assertion"),
    "google-iap": IdentityHeaders("X-Goog-Authenticated-User-Email", signed="X-Goog-IAP-JWT-Assertion"),
    "entra-application-proxy": IdentityHeaders("X-Entra-User", "X-Entra-Name", "X-Entra-Groups"),
}
"""By the word in AUTH_PRESET. Entra's application proxy sends what its administrator names there."""
