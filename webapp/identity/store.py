"""Who is signed in, and until when. A sign-in is a row, so that signing out ends it also for whoever has a copy of the
cookie.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.database import writing
from webapp.identity.person import Person, Role
from webapp.identity.schema import sign_in_table

SEEN_EACH = 60.0
"""Seconds after which it is written again that somebody was here: not for every poll."""

_columns = sign_in_table.c


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Seconds: how long a sign-in lasts at most, and how long without a request."""

    longest: float
    idle: float


class SignIns:
    """Begins, finds and ends sign-ins."""

    def __init__(self, engine: sa.Engine, lifetime: Lifetime, *, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._lifetime = lifetime
        self._clock = clock

    def begin(self, person: Person, id_token: str) -> str:
        """Signs a person in; returns what the browser's cookie is to hold, new each time."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with writing(self._engine) as connection:
            connection.execute(sa.delete(sign_in_table).where(self._has_ended(now)))
            connection.execute(
                sa.insert(sign_in_table).values(
                    id=_digest(token),
                    viewer=person.viewer,
                    subject=person.subject,
                    name=person.name,
                    roles=" ".join(sorted(person.roles)),
                    id_token=id_token,
                    began_at=now,
                    seen_at=now,
                    ends_at=now + self._lifetime.longest,
                )
            )
        return token

    def find(self, token: str) -> Person | None:
        """Who is signed in with a cookie's value; None when nobody is, or no longer."""
        now = self._clock()
        wanted = sa.select(sign_in_table).where(_columns.id == _digest(token), sa.not_(self._has_ended(now)))
        with self._engine.connect() as connection:
            row = connection.execute(wanted).mappings().first()
        if row is None:
            return None
        if row["seen_at"] + SEEN_EACH <= now:
            self._note_seen(row["id"], now)
        roles = frozenset(Role(role) for role in row["roles"].split())
        return Person(row["viewer"], row["subject"], row["name"], roles)

    def end(self, token: str) -> str | None:
        """Signs out; the provider's token, by which it knows the sign-in, if there was one."""
        own = _columns.id == _digest(token)
        with writing(self._engine) as connection:
            id_token = connection.execute(sa.select(_columns.id_token).where(own)).scalar()
            connection.execute(sa.delete(sign_in_table).where(own))
        return id_token

    def _note_seen(self, id: str, now: float) -> None:
        with writing(self._engine) as connection:
            connection.execute(sa.update(sign_in_table).where(_columns.id == id).values(seen_at=now))

    def _has_ended(self, now: float) -> sa.ColumnElement[bool]:
        return sa.or_(_columns.ends_at <= now, _columns.seen_at <= now - self._lifetime.idle)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
