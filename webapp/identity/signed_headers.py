"""Tokens with which a proxy proves the headers it sets, and a provider its messages: signed, for this site, and not
expired. Without them a person is believed by the proxy's address alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import ClaimsOption

from webapp.identity.person import NobodyNamed
from webapp.upstream.transport import Limits, TransportFault, exchange, open_http

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Only ones with a public key: with a shared one whoever checks could also sign."""
LEEWAY = 60
"""Seconds that two machines' clocks may be apart."""
KEYS_GOOD_FOR, KEYS_AGAIN_AFTER, KEYS_AFTER_FAILURE = 3_600.0, 30.0, 2.0
"""Seconds: how long keys are used, and how soon they are fetched again: when a token names one that is not there, and
when they could not be had.
"""
# Providers put headers of their own into tokens.
_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
KEY_LIMITS = Limits(connect=3, read=5, total=8, max_bytes=512 * 1024)


class SignedTokens:
    """Checks tokens with the keys that lie at a URL. Threads may share it."""

    def __init__(self, keys_url: str, audience: str, *, clock: Callable[[], float]) -> None:
        self._keys_url = keys_url
        self._audience = audience
        self._http = open_http()
        self._clock = clock
        self._keys: KeySet | None = None
        self._fetched_at = 0.0
        self._failed_at = -math.inf

    def claims(self, token: str, **more: ClaimsOption) -> Mapping[str, Any]:
        """The claims of a token that is signed, for us, and valid now; `more` is asked of other claims, or less of
        these. Raises NobodyNamed for any other, also when the keys cannot be had.
        """
        wanted: dict[str, ClaimsOption] = {
            "aud": {"essential": True, "value": self._audience},
            "exp": {"essential": True},
            "sub": {"essential": True},
            **more,
        }
        try:
            decoded = self._decoded(token)
            jwt.JWTClaimsRegistry(now=lambda: int(self._clock()), leeway=LEEWAY, **wanted).validate(decoded.claims)
        except (JoseError, ValueError, TypeError, TransportFault):
            # A TypeError is joserfc's answer to a `crit` that is no list.
            raise NobodyNamed from None
        return decoded.claims

    def _decoded(self, token: str) -> jwt.Token:
        now = self._clock()
        keys = self._keys
        if keys is None or now - self._fetched_at > KEYS_GOOD_FOR:
            keys = self._fetch(now)
        try:
            return jwt.decode(token, keys, registry=_REGISTRY)
        except JoseError:
            # Perhaps the key is newer than ours; whoever sends rubbish must not make us fetch each time.
            if now - self._fetched_at < KEYS_AGAIN_AFTER:
                raise
        return jwt.decode(token, self._fetch(now), registry=_REGISTRY)

    def _fetch(self, now: float) -> KeySet:
        if now - self._failed_at < KEYS_AFTER_FAILURE:
            raise ValueError("no keys a moment ago")
        try:
            answer = exchange(self._http, "GET", self._keys_url, {"Accept": "application/json"}, None, KEY_LIMITS)
            if answer.status != 200:
                raise ValueError("no keys")
            keys = KeySet.import_key_set(json.loads(answer.body))
        except (JoseError, ValueError, TransportFault):
            self._failed_at = now
            raise
        self._keys, self._fetched_at = keys, now
        return keys
