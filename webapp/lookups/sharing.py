"""Giving a lookup away as a link, and opening such a link. The link holds its id and a signature: nobody can guess or
alter one.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from webapp.lookups.lifecycle import Lookup
from webapp.lookups.polling import LookupService
from webapp.lookups.share_store import ShareStore
from webapp.lookups.shares import DAY, DAYS, Share

LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Shared:
    """What a valid link opens."""

    share: Share
    lookup: Lookup


class Sharing:
    """The use cases of share links. `secret` signs them: with another secret every link given out is void."""

    def __init__(
        self, store: ShareStore, lookups: LookupService, *, secret: bytes, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._lookups = lookups
        self._clock = clock
        self._tokens = URLSafeSerializer(
            secret, salt="share", signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        )

    def share(self, lookup: Lookup, days: int) -> Share:
        """Makes a link to the lookup that lives for `days` (one of `DAYS`)."""
        if days not in DAYS:
            raise ValueError(f"A link lives for one of {DAYS} days, not {days}.")
        now = self._clock()
        share = Share(secrets.token_urlsafe(16), lookup.id, lookup.viewer, created_at=now, expires_at=now + days * DAY)
        self._store.add(share)
        return share

    def links(self, lookup: Lookup) -> list[Share]:
        """All links to the lookup, newest first, ended ones too."""
        return self._store.of_lookup(lookup.id, lookup.viewer)

    def revoke(self, lookup: Lookup, share_id: str) -> bool:
        """Ends a link for good; False when the lookup has no such link."""
        return self._store.revoke(share_id, lookup.id, lookup.viewer, self._clock())

    def token(self, share: Share) -> str:
        """What stands in the link's address."""
        return str(self._tokens.dumps(share.id))

    def open(self, token: str) -> Shared | None:
        """The lookup behind a link, as stored; None for a wrong, revoked or expired link and for a deleted lookup
        alike.
        """
        share = self._find(token)
        if share is None or not share.is_valid(self._clock()):
            return None
        lookup = self._lookups.find(share.lookup_id, share.viewer)
        return None if lookup is None else Shared(share, lookup)

    def _find(self, token: str) -> Share | None:
        if len(token) > LONGEST_TOKEN:
            return None
        try:
            share_id = self._tokens.loads(token)
        except BadData:
            return None
        return self._store.get(str(share_id))
