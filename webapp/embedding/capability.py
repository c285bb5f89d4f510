"""What a frame carries in its addresses in place of a cookie: whose lookups it sees, which site it is in, and until
when. Signed, so that nobody makes one; a copy of an address opens that frame's lookups and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from webapp.signatures import signer_on

LIFE = 12 * 3600.0
"""Seconds after which a frame must be loaded anew: a working day."""
LEEWAY = 60
"""Seconds that two machines' clocks may be apart."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame in a page of `origin`. `viewer` owns its lookups; `theme` and `accent` are how it looks."""

    origin: str
    viewer: str
    theme: str = "auto"
    accent: str = ""


class Capabilities:
    """Signs frames and reads them back. `secret` is for this purpose alone; `clock` gives epoch seconds."""

    def __init__(self, secret: bytes, clock: Callable[[], float]) -> None:
        self._secret = secret
        self._clock = clock
        self._serializer = URLSafeTimedSerializer(secret, salt="frame", signer=signer_on(clock))

    def sign(self, frame: Frame) -> str:
        """A text that fits into a path."""
        return str(self._serializer.dumps(asdict(frame)))

    def read(self, text: str) -> Frame | None:
        """The frame; None for a text that is not ours or too old."""
        found = self._signed(text)
        if found is None or self._clock() - found[1] > LIFE:
            return None
        return found[0]

    def holder_of(self, text: str) -> str | None:
        """The site that holds a frame of ours, also one that has ended; None for a text that is not ours."""
        found = self._signed(text)
        return None if found is None else found[0].origin

    def _signed(self, text: str) -> tuple[Frame, float] | None:
        try:
            values, signed_at = self._serializer.loads(text, return_timestamp=True)
            return Frame(**values), signed_at.timestamp()
        except (BadSignature, TypeError):
            return None

    def form_secret(self, frame: Frame) -> str:
        """What form tokens of this frame are made from, in place of a session's."""
        text = f"form\0{frame.origin}\0{frame.viewer}"
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def anonymous_viewer() -> str:
    """The viewer of a frame of nobody in particular: each load is another one."""
    return f"embed-{secrets.token_urlsafe(16)}"


class VisitorTokens:
    """Tokens by which an intranet names its visitors: HS256 with a secret that it shares with this site, with `sub`
    and `exp`. `clock` gives epoch seconds.
    """

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        self._key = OctKey.import_key(secret)
        self._clock = clock

    def viewer(self, token: str, origin: str) -> str | None:
        """Whose lookups the bearer's are: the same on each visit to this origin. None for a token that is not signed
        with the secret, names nobody, or has ended.
        """
        try:
            decoded = jwt.decode(token, self._key, algorithms=["HS256"])
            rules = jwt.JWTClaimsRegistry(
                now=lambda: int(self._clock()), leeway=LEEWAY, exp={"essential": True}, sub={"essential": True}
            )
            rules.validate(decoded.claims)
        except (JoseError, ValueError, TypeError):
            return None
        subject = decoded.claims.get("sub")
        if not isinstance(subject, str) or not subject:
            return None
        who = hashlib.sha256(f"{origin}\0{subject}".encode()).hexdigest()
        return f"embed:{who[:40]}"
