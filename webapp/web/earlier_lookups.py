"""Lookups and batches that a browser made before its person signed in: offered to be added, once."""

from __future__ import annotations

from flask import session

from webapp.identity.person import Person
from webapp.web.context import services

_VIEWER = "earlier_viewer"


def begin_session(person: Person) -> None:
    """A new session for a person who has just signed in. Nothing of the one before it stays, so that nobody who has
    set it up for them shares it, but the id that earlier lookups belong to.
    """
    earlier = str(session.get("viewer") or session.get(_VIEWER) or "")
    session.clear()
    session.permanent = True
    if earlier and earlier != person.viewer and _has_any(earlier):
        session[_VIEWER] = earlier


def offered() -> bool:
    """Whether there are some, and the person has not decided yet."""
    return _VIEWER in session


def add_to(person: Person) -> None:
    """Gives the person this browser's earlier lookups."""
    earlier = str(session.get(_VIEWER, ""))
    services().history.hand_over(earlier, person.viewer)
    services().batches.hand_over(earlier, person.viewer)
    leave()


def leave() -> None:
    """Asks no more."""
    session.pop(_VIEWER, None)


def _has_any(viewer: str) -> bool:
    parts = services()
    return bool(parts.history.count(viewer) or parts.batches.of_viewer(viewer))
