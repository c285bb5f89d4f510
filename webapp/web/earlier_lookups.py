"""Lookups that a browser made before its person signed in: offered to be added, once."""

from __future__ import annotations

from flask import session

from webapp.identity.person import Person
from webapp.web.context import services

_VIEWER, _COUNT = "earlier_viewer", "earlier_count"


def begin_session(person: Person) -> None:
    """A new session for a person who has just signed in. Nothing of the one before it stays, so that nobody who has
    set it up for them shares it, but the id that earlier lookups belong to.
    """
    earlier = str(session.get("viewer") or session.get(_VIEWER) or "")
    session.clear()
    session.permanent = True
    count = services().history.count(earlier) if earlier and earlier != person.viewer else 0
    if count:
        session[_VIEWER], session[_COUNT] = earlier, count


def offered() -> int:
    """How many lookups may be added; 0 when there are none, or the person has decided."""
    return int(session.get(_COUNT, 0))


def add_to(person: Person) -> None:
    """Gives the person this browser's earlier lookups."""
    services().history.hand_over(str(session.get(_VIEWER, "")), person.viewer)
    leave()


def leave() -> None:
    """Asks no more."""
    session.pop(_VIEWER, None)
    session.pop(_COUNT, None)
