"""The viewer's own lookups: found, made ready to draw, and where their pages and buttons lead. An unknown id and one of
another viewer are the same 404.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, request, url_for

from webapp.lookups.lifecycle import Lookup, is_left
from webapp.pages.links import Links
from webapp.pages.lookup_page import LookupPage
from webapp.pages.tour import STOPS_BY_NUMBER, Stop
from webapp.web import presenter
from webapp.web.context import known_viewer, services, state_maps
from webapp.web.forms import require_form_token


def find_own(lookup_id: str | None) -> Lookup | None:
    """The viewer's lookup of this id, if there is one. Without an id the database is not asked."""
    if not lookup_id:
        return None
    return services().lookups.find(lookup_id, known_viewer())


def own_lookup(lookup_id: str) -> Lookup:
    """The viewer's lookup of this id, or 404."""
    lookup = find_own(lookup_id)
    if lookup is None:
        abort(404)
    return lookup


def own_lookup_for_action(lookup_id: str) -> Lookup:
    """The viewer's lookup for a button that changes something: 404 as above, 403 without the form's token."""
    lookup = own_lookup(lookup_id)
    require_form_token()
    return lookup


def page_of(lookup: Lookup, seen: str = "", check_text: str = "") -> LookupPage:
    """The lookup with the filters and order of this request's query string; `check_text` is what came of *Check for
    more plans*.
    """
    moment = presenter.moment_of(lookup)
    parts = services()
    return LookupPage(
        lookup,
        parts.lookups.providers,
        now=moment,
        maps=state_maps(),
        seen=seen,
        check_text=check_text,
        query=request.args,
        masked=presenter.active(),
        links=OwnerLinks(lookup.id, tour_arguments()),
        by_hand=presenter.is_stepping(),
        speed_note=presenter.speed_note(lookup, moment),
        give_way=parts.give_way,
    )


def own_page(lookup_id: str) -> LookupPage:
    """The viewer's lookup, ready to draw, or 404: as stored, but one that nobody has watched is brought up to date
    first, because nothing on these pages asks for it.
    """
    lookup = own_lookup(lookup_id)
    if lookup.being_asked and is_left(lookup.next_poll_at, services().clock()):
        lookup = presenter.refresh(lookup)
    return page_of(lookup)


def tour_stop() -> Stop | None:
    """The stop of the demo's tour that this request's address names."""
    number = request.args.get("tour", 0, type=int)
    if not number or not services().settings.demo:
        return None
    return STOPS_BY_NUMBER.get(number)


def tour_arguments() -> dict[str, Any]:
    """The tour's place in a page's address, to be handed on by what leads back to that page."""
    here = tour_stop()
    if here is None:
        return {}
    return {"tour": here.number}


class OwnerLinks(Links):
    """Every page and button of one lookup. `carried` are query arguments that stay on the lookup's page, such as the
    stop of the tour.
    """

    def __init__(self, lookup_id: str, carried: Mapping[str, Any] | None = None) -> None:
        self._id = lookup_id
        self._carried = carried or {}

    def page(self) -> str:
        return url_for("lookups.page", lookup_id=self._id)

    def refreshed_page(self) -> str:
        return url_for("lookups.page", lookup_id=self._id, refresh=1, **self._carried)

    def progress(self, seen: str) -> str:
        return url_for("lookups.progress", lookup_id=self._id, seen=seen)

    def stop(self) -> str:
        return url_for("lookups.stop", lookup_id=self._id)

    def keep_checking(self, seen: str) -> str:
        return url_for("lookups.keep_checking", lookup_id=self._id, seen=seen, **self._carried)

    def check_plans(self, seen: str) -> str:
        return url_for("lookups.check_plans", lookup_id=self._id, seen=seen, **self._carried)

    def next_step(self, seen: str) -> str:
        return url_for("lookups.next_step", lookup_id=self._id, seen=seen, **self._carried)

    def again(self) -> str:
        return url_for("lookups.again", lookup_id=self._id)

    def edit(self, focus: str = "") -> str:
        arguments: dict[str, Any] = {"from": self._id, "focus": focus or None}
        return url_for("lookups.form", **arguments)

    def look_up(self) -> str:
        return url_for("lookups.create")

    def new_lookup(self) -> str:
        return url_for("lookups.form", after=self._id)

    def coverage(self) -> str:
        return url_for("coverage.page", lookup_id=self._id)

    def ask_coverage(self) -> str:
        return url_for("coverage.ask", lookup_id=self._id)

    def provider(self, number: int) -> str:
        return url_for("results.provider", lookup_id=self._id, number=number)

    def plan(self, key: str) -> str:
        return url_for("results.plan", lookup_id=self._id, key=key)

    def compare(self, keys: Sequence[str] = ()) -> str:
        return url_for("results.comparison", lookup_id=self._id, plan=list(keys))

    def export(self, kind: str) -> str:
        return url_for("results.export", lookup_id=self._id, kind=kind)

    def report(self) -> str:
        return url_for("results.report", lookup_id=self._id)

    def shares(self) -> str:
        return url_for("shares.page", lookup_id=self._id)

    def create_share(self) -> str:
        return url_for("shares.create", lookup_id=self._id)

    def revoke_share(self, share_id: str) -> str:
        return url_for("shares.revoke", lookup_id=self._id, share_id=share_id)

    def console(self, row: str = "") -> str:
        return url_for("console.page", lookup_id=self._id, _anchor=row or None)

    def refreshed_console(self) -> str:
        return url_for("console.page", lookup_id=self._id, refresh=1)

    def live_console(self, seen: int) -> str:
        return url_for("console.live", lookup_id=self._id, seen=seen)

    def har(self) -> str:
        return url_for("console.archive", lookup_id=self._id)
