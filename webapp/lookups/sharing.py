"""Giving a lookup away as a link, and opening such a link. The link holds its id and a signature, so it cannot be
guessed or altered.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from itsdangerous import BadData, URLSafeSerializer

from webapp.database import writing
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.polling import LookupService
from webapp.lookups.schema import share_table

DAYS = (1, 7, 30)
"""How long a link can be made to live."""
USUAL_DAYS = 7
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Share:
    """One link. `id` is 128 random bits, `viewer` the owner of link and lookup; times are epoch seconds."""

    id: str
    lookup_id: str
    viewer: str
    created_at: float
    expires_at: float
    revoked_at: float | None = None

    def is_valid(self, now: float) -> bool:
        """Opens the lookup now: neither revoked nor past its end."""
        return self.revoked_at is None and now < self.expires_at


class ShareStore:
    """Reads and writes share links. Every write is one short transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, share: Share) -> None:
        """Stores a new link."""
        with writing(self._engine) as connection:
            connection.execute(sa.insert(share_table).values(asdict(share)))

    def get(self, share_id: str) -> Share | None:
        """The link of this id, whatever has become of it."""
        found = self._read(share_table.c.id == share_id)
        return found[0] if found else None

    def of_lookup(self, lookup_id: str, viewer: str) -> list[Share]:
        """The viewer's links to a lookup, newest first."""
        return self._read(share_table.c.lookup_id == lookup_id, share_table.c.viewer == viewer)

    def revoke(self, share_id: str, lookup_id: str, viewer: str, now: float) -> bool:
        """Ends a link at `now`; False when the viewer has no such link to this lookup. A second time changes
        nothing.
        """
        if "\0" in share_id:  # names nothing, and PostgreSQL refuses to look for it
            return False
        own = (share_table.c.id == share_id, share_table.c.lookup_id == lookup_id, share_table.c.viewer == viewer)
        first = sa.func.coalesce(share_table.c.revoked_at, now)
        with writing(self._engine) as connection:
            return bool(connection.execute(sa.update(share_table).where(*own).values(revoked_at=first)).rowcount)

    def _read(self, *conditions: sa.ColumnElement[bool]) -> list[Share]:
        statement = (
            sa.select(share_table).where(*conditions).order_by(share_table.c.created_at.desc(), share_table.c.id)
        )
        with self._engine.connect() as connection:
            return [Share(**row) for row in connection.execute(statement).mappings()]


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
