"""The viewer's own lookups: found, made ready to draw, and where their pages and buttons lead. An unknown id and one of
another viewer are the same 404.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import abort, request, url_for

from webapp.lookups.lifecycle import Lookup, is_left
from webapp.pages.links import Links
from webapp.pages.lookup_page import LookupPage
from webapp.pages.tour import STOPS_BY_NUMBER, Stop
from webapp.web import presenter
from webapp.web.context import frame_of_request, known_viewer, services, state_maps
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


def page_of(
    lookup: Lookup,
    seen: str = "",
    check_text: str = "",
    *,
    for_paper: bool = False,
    opened: str = "",
    research_note: str = "",
) -> LookupPage:
    """The lookup with the filters, order and open rows of this request's query string; `check_text` is what came of
    *Check for more plans*; `for_paper`, `opened` and `research_note` as in `LookupPage`.
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
        links=own_links(lookup, carried_arguments()),
        for_paper=for_paper,
        opened=opened,
        by_hand=presenter.is_stepping(),
        speed_note=presenter.speed_note(lookup, moment),
        read_research=parts.researches.find if parts.researches else None,
        research_note=research_note,
        research_now=parts.clock(),
        give_way=parts.give_way,
    )


def own_page(lookup_id: str, *, for_paper: bool = False) -> LookupPage:
    """The viewer's lookup, ready to draw, or 404: as stored, but one that nobody has watched is brought up to date
    first, because nothing on these pages asks for it.
    """
    lookup = own_lookup(lookup_id)
    if lookup.being_asked and is_left(lookup.next_poll_at, services().clock()):
        lookup = presenter.refresh(lookup)
    return page_of(lookup, for_paper=for_paper)


def tour_stop() -> Stop | None:
    """The stop of the demo's tour that this request's address names."""
    number = request.args.get("tour", 0, type=int)
    if not number or not services().settings.demo:
        return None
    return STOPS_BY_NUMBER.get(number)


def tour_bar(lookup_id: str | None) -> dict[str, Any]:
    """What `demo/_stop.html` draws: the stop that this request's address names, None without one, and the lookup that
    it tells of, if it is the viewer's own.
    """
    stop = tour_stop()
    if stop is None:
        return {"stop": None}
    toured = find_own(lookup_id)
    return {
        "stop": stop,
        "toured": toured.id if toured else None,
        "speeds": presenter.SPEEDS,
        "speed": presenter.chosen_speed(),
    }


def carried_arguments() -> dict[str, Any]:
    """What stays in the address of a lookup's page when a button leads back to it: whether its calls are shown, and the
    tour's place.
    """
    carried: dict[str, Any] = {}
    if "calls" in request.args and frame_of_request() is None:
        carried["calls"] = 1
    here = tour_stop()
    if here is not None:
        carried["tour"] = here.number
    return carried


def with_query(url: str, query: Sequence[tuple[str, str]]) -> str:
    """The address with these pairs after those it has."""
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def own_links(lookup: Lookup, carried: Mapping[str, Any]) -> Links:
    """Where the pages and buttons of a viewer's lookup lead: in a frame to fewer places."""
    if frame_of_request() is not None:
        return FrameLinks(lookup.id, carried)
    return OwnerLinks(lookup.id, carried, batch_id=lookup.batch_id)


class FrameLinks(Links):
    """The result's pages and buttons, which are all that a frame in another site's page has. `carried` are query
    arguments that stay on the lookup's page, such as the stop of the tour.
    """

    read_only = False

    def __init__(self, lookup_id: str, carried: Mapping[str, Any] | None = None) -> None:
        self._id = lookup_id
        self._carried = carried or {}
        self.shows_calls = "calls" in self._carried

    def page(self) -> str:
        return url_for("lookups.page", lookup_id=self._id)

    def refreshed_page(self, query: Sequence[tuple[str, str]]) -> str:
        return with_query(url_for("lookups.page", lookup_id=self._id, refresh=1, **self._carried), query)

    def chosen_page(self, query: Sequence[tuple[str, str]]) -> str:
        return with_query(url_for("lookups.page", lookup_id=self._id, **self._carried), query)

    def row(self, key: str) -> str:
        return url_for("results.row", lookup_id=self._id, row_key=key)

    def print_page(self) -> str:
        return url_for("results.print_page", lookup_id=self._id)

    def progress(self, seen: str) -> str:
        return url_for("lookups.progress", lookup_id=self._id, seen=seen, **self._carried)

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

    def provider(self, number: int) -> str:
        return url_for("results.provider", lookup_id=self._id, number=number)

    def plan(self, key: str) -> str:
        return url_for("results.plan", lookup_id=self._id, key=key)

    def compare(self, keys: Sequence[str] = ()) -> str:
        return url_for("results.comparison", lookup_id=self._id, plan=list(keys))

    def export(self, kind: str) -> str:
        return url_for("results.export", lookup_id=self._id, kind=kind)


class OwnerLinks(FrameLinks):
    """Every page and button of one lookup; `batch_id` names the batch that it is a row of."""

    def __init__(
        self, lookup_id: str, carried: Mapping[str, Any] | None = None, *, batch_id: str | None = None
    ) -> None:
        super().__init__(lookup_id, carried)
        self._batch_id = batch_id

    def batch(self) -> str | None:
        if self._batch_id is None:
            return None
        return url_for("batches.page", batch_id=self._batch_id)

    def coverage(self) -> str:
        return url_for("coverage.page", lookup_id=self._id)

    def ask_coverage(self) -> str:
        return url_for("coverage.ask", lookup_id=self._id)

    def research(self) -> str:
        return url_for("research.start", lookup_id=self._id, **self._carried)

    def stop_research(self) -> str:
        return url_for("research.stop", lookup_id=self._id, **self._carried)

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

    def live_console(self, seen: int, *, beside: bool) -> str:
        return url_for("console.live", lookup_id=self._id, seen=seen, beside=1 if beside else None, **self._carried)

    def calls(self) -> str:
        return url_for("lookups.page", lookup_id=self._id, **{**self._carried, "calls": 1})

    def har(self) -> str:
        return url_for("console.archive", lookup_id=self._id)
