"""A person out of the claims of a token. The signature is checked by then; what the claims hold is hostile all the
same.
"""

from __future__ import annotations

from collections.abc import Mapping

from webapp.identity.person import NobodyNamed, Person, RoleGroups, person_of

NAMES = ("name", "preferred_username", "email")
MOST_GROUPS = 1_000


def person_from(claims: Mapping[str, object], authority: str, groups_claim: str, roles: RoleGroups) -> Person:
    """The person of a token. `groups_claim` may be a path such as `realm_access.roles`. Raises NobodyNamed."""
    subject = claims.get("sub")
    if not isinstance(subject, str):
        raise NobodyNamed
    return person_of(authority, subject, _name(claims), _groups(claims, groups_claim), roles)


def _name(claims: Mapping[str, object]) -> str:
    for claim in NAMES:
        name = claims.get(claim)
        if isinstance(name, str) and name.strip():
            return name
    return ""


def _groups(claims: Mapping[str, object], path: str) -> list[str]:
    """The groups at a path, one name or a list of names; none for anything else."""
    found: object = claims.get(path)
    if found is None:
        found = claims
        for step in path.split("."):
            if not isinstance(found, Mapping):
                return []
            found = found.get(step)
    if isinstance(found, str):
        return [found]
    if not isinstance(found, list):
        return []
    return [group for group in found[:MOST_GROUPS] if isinstance(group, str)]
