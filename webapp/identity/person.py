"""A person who is signed in, and what they may do."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from webapp.texts import one_line

MOST_CHARACTERS = 255
"""Of a subject, as OpenID Connect limits it, and of a name."""


class Role(StrEnum):
    """What a person may do. An operator may do all that a user may."""

    USER = "user"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in. Lookups, batches and links belong to `viewer`, which is the same wherever the person
    signs in; `subject` is who the sign-in says it is, for the audit log.
    """

    viewer: str
    subject: str
    name: str
    roles: frozenset[Role]

    @property
    def is_operator(self) -> bool:
        return Role.OPERATOR in self.roles


@dataclass(frozen=True, slots=True)
class RoleGroups:
    """Which groups of the sign-in have which role. Without groups for users, everybody who can sign in is one."""

    users: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()

    def roles_of(self, groups: Collection[str]) -> frozenset[Role]:
        """The roles of somebody in these groups; none for a person who may not use this site."""
        if self.operators.intersection(groups):
            return frozenset(Role)
        if not self.users or self.users.intersection(groups):
            return frozenset({Role.USER})
        return frozenset()


class NobodyNamed(Exception):
    """The sign-in names nobody, or in a way that could mean two persons."""


def person_of(authority: str, subject: str, name: str, groups: Collection[str], roles: RoleGroups) -> Person:
    """The person whom an authority (an issuer, or the proxy) calls `subject`. Raises NobodyNamed."""
    if not subject.strip() or len(subject) > MOST_CHARACTERS or not subject.isprintable():
        raise NobodyNamed
    shown = (one_line(name) or subject)[:MOST_CHARACTERS]
    return Person(viewer_of(authority, subject), subject, shown, roles.roles_of(groups))


def viewer_of(authority: str, subject: str) -> str:
    """Whom the lookups of a person belong to: 45 characters that tell nobody's name, and that no browser's random id
    can equal.
    """
    digest = hashlib.sha256(f"{authority}\0{subject}".encode()).digest()
    return "p-" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
