"""Who is signed in, and until when. A sign-in is a row, so that signing out ends it also for whoever has a copy of the
cookie.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.database import writing
from webapp.identity.person import Person, Role
from webapp.identity.schema import sign_in_table

SEEN_EACH = 60.0
"""Seconds after which it is written again that somebody was here: not for every poll."""

_columns = sign_in_table.c
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Seconds: how long a sign-in lasts at most, and how long without a request."""

    longest: float
    idle: float


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser of a person. `key` names it on pages, and lets nobody in; the moments are in epoch seconds, and
    `seen_at` is right to a minute.
    """

    key: str
    began_at: float
    seen_at: float
    ends_at: float
    browser: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who is signed in, in so many browsers."""

    viewer: str
    subject: str
    name: str
    browsers: int
    seen_at: float


class SignIns:
    """Begins, finds, lists and ends sign-ins."""

    def __init__(self, engine: sa.Engine, lifetime: Lifetime, *, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._lifetime = lifetime
        self._clock = clock

    def begin(self, person: Person, id_token: str, browser: str) -> str:
        """Signs a person in; returns what the browser's cookie is to hold, new each time. `browser` is its name."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with writing(self._engine) as connection:
            connection.execute(sa.delete(sign_in_table).where(self._has_ended(now)))
            connection.execute(
                sa.insert(sign_in_table).values(
                    id=key_of(token),
                    viewer=person.viewer,
                    subject=person.subject,
                    name=person.name,
                    roles=" ".join(sorted(person.roles)),
                    id_token=id_token,
                    began_at=now,
                    seen_at=now,
                    ends_at=now + self._lifetime.longest,
                    browser=browser,
                )
            )
        return token

    def find(self, token: str) -> Person | None:
        """Who is signed in with a cookie's value; None when nobody is, or no longer."""
        now = self._clock()
        wanted = sa.select(sign_in_table).where(_columns.id == key_of(token), sa.not_(self._has_ended(now)))
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
        own = _columns.id == key_of(token)
        with writing(self._engine) as connection:
            id_token = connection.execute(sa.select(_columns.id_token).where(own)).scalar()
            connection.execute(sa.delete(sign_in_table).where(own))
        return id_token

    def of_person(self, viewer: str) -> Sequence[SignIn]:
        """Where a person is signed in now, the newest first."""
        wanted = (
            sa.select(_columns.id, _columns.began_at, _columns.seen_at, _columns.ends_at, _columns.browser)
            .where(_columns.viewer == viewer, sa.not_(self._has_ended(self._clock())))
            .order_by(_columns.began_at.desc())
        )
        with self._engine.connect() as connection:
            return [SignIn(*row) for row in connection.execute(wanted)]

    def people(self, most: int) -> tuple[int, Sequence[SignedIn]]:
        """How many people are signed in now, and who of them were here last."""
        seen_at = sa.func.max(_columns.seen_at)
        subject, name = sa.func.min(_columns.subject), sa.func.min(_columns.name)
        people = (
            sa.select(_columns.viewer, subject, name, sa.func.count(), seen_at)
            .where(sa.not_(self._has_ended(self._clock())))
            .group_by(_columns.viewer)
            .order_by(seen_at.desc())
        )
        with self._engine.connect() as connection:
            number = connection.execute(sa.select(sa.func.count()).select_from(people.subquery())).scalar()
            return number or 0, [SignedIn(*row) for row in connection.execute(people.limit(most))]

    def end_one(self, viewer: str, key: str) -> bool:
        """Ends one of a person's sign-ins; False when it has ended already or is not theirs."""
        return is_key(key) and self._end(_columns.viewer == viewer, _columns.id == key) > 0

    def end_others(self, viewer: str, key: str) -> int:
        """Ends a person's sign-ins but this one; how many there were."""
        return self._end(_columns.viewer == viewer, _columns.id != key)

    def end_all_of(self, viewer: str, *, begun_until: float | None = None) -> int:
        """Ends the sign-ins of a person, or those that began until a moment (epoch seconds); of how many browsers."""
        if not viewer.isascii() or not viewer.isprintable():
            return 0
        begun = [] if begun_until is None else [_columns.began_at <= begun_until]
        return self._end(_columns.viewer == viewer, *begun)

    def end_all_of_subject(self, subject: str) -> int:
        """The same by what the provider calls the person (the claim `sub`)."""
        return self._end(_columns.subject == subject)

    def end_everybodys(self) -> int:
        """Signs everybody out; of how many browsers."""
        return self._end()

    def _end(self, *which: sa.ColumnElement[bool]) -> int:
        with writing(self._engine) as connection:
            # What has ended by itself counts for nothing.
            connection.execute(sa.delete(sign_in_table).where(self._has_ended(self._clock())))
            return connection.execute(sa.delete(sign_in_table).where(*which)).rowcount

    def _note_seen(self, id: str, now: float) -> None:
        with writing(self._engine) as connection:
            connection.execute(sa.update(sign_in_table).where(_columns.id == id).values(seen_at=now))

    def _has_ended(self, now: float) -> sa.ColumnElement[bool]:
        return sa.or_(_columns.ends_at <= now, _columns.seen_at <= now - self._lifetime.idle)


def is_key(text: str) -> bool:
    """Whether a text of an address can name a sign-in; the database is not asked for any other."""
    return _KEY.fullmatch(text) is not None


def key_of(token: str) -> str:
    """What a sign-in is stored under: with it nobody can sign in."""
    return hashlib.sha256(token.encode()).hexdigest()
