"""The viewer's own lookup, found and made ready to draw. Unknown and foreign ids are the same 404."""

from __future__ import annotations

from flask import abort, request

from webapp.lookups.lifecycle import Lookup
from webapp.pages.lookup_page import LookupPage
from webapp.plans.selection import Selection
from webapp.web import presenter, speed, tour
from webapp.web.context import services, state_maps
from webapp.web.forms import require_form_token
from webapp.web.links import OwnerLinks
from webapp.web.viewer import known_viewer


def own_lookup(lookup_id: str) -> Lookup:
    """The viewer's lookup of this id, or 404."""
    lookup = services().lookups.find(lookup_id, known_viewer())
    if lookup is None:
        abort(404)
    return lookup


def own_lookup_for_action(lookup_id: str) -> Lookup:
    """The viewer's lookup for a button that changes something: 404 as above, 403 without the form's token."""
    lookup = own_lookup(lookup_id)
    require_form_token()
    return lookup


def page_of(lookup: Lookup, seen: str = "") -> LookupPage:
    """The lookup with the filters and order of this request's query string."""
    selection = Selection.parse(request.args)
    moment = speed.moment_of(lookup)
    return LookupPage(
        lookup,
        services().lookups.providers,
        now=moment,
        maps=state_maps(),
        seen=seen,
        selection=selection,
        masked=presenter.active(),
        links=OwnerLinks(lookup.id, tour.arguments()),
        by_hand=speed.is_stepping(),
        speed_note=speed.note(lookup, moment),
        give_way=services().give_way,
    )


def own_page(lookup_id: str) -> LookupPage:
    """The viewer's lookup as stored, ready to draw, or 404."""
    return page_of(own_lookup(lookup_id))
