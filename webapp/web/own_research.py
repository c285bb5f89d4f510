"""The web search of one of the viewer's lookups, as a request sees it."""

from __future__ import annotations

from flask import session

from webapp.lookups.lifecycle import Lookup
from webapp.web.context import services

_NOTE = "research_note"


def refresh_research(lookup: Lookup) -> None:
    """Brings it up to date, for a page that has no script to ask."""
    researches = services().researches
    if researches is not None:
        researches.refresh(lookup)


def stop_before_deleting(viewer: str, lookup: Lookup | None = None) -> None:
    """Ends the web search of a lookup that is deleted next, or all of a viewer's: nobody could end them later."""
    researches = services().researches
    if researches is None:
        return
    if lookup is None:
        researches.stop_all_of(viewer)
    else:
        researches.stop(lookup)


def keep_note(lookup: Lookup, note: str) -> None:
    """Remembers why a click began no search, for the page that a browser without JavaScript is led to."""
    session[_NOTE] = [lookup.id, note]


def take_note(lookup: Lookup) -> str:
    """What was remembered of this lookup; it is shown once."""
    kept = session.get(_NOTE)
    if not isinstance(kept, list) or len(kept) != 2 or kept[0] != lookup.id:
        return ""
    del session[_NOTE]
    return str(kept[1])
