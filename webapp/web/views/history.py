"""*Your lookups*: the viewer's own lookups, searched and filtered by the query string, deleted one by one or all at
once.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.addresses.address import clean_text
from webapp.lookups.history import Cursor, Search, cursor
from webapp.lookups.lifecycle import Outcome
from webapp.lookups.store import LONGEST_QUERY
from webapp.pages.progress import WORDS
from webapp.web import presenter
from webapp.web.context import services
from webapp.web.forms import FormToken, require_form_token
from webapp.web.lookup_pages import own_lookup_for_action
from webapp.web.security import see_other
from webapp.web.viewer import known_viewer

views = Blueprint("history", __name__)

UNFINISHED = "unfinished"
CHOICES = (
    ("", "Any outcome"),
    *((outcome.value, WORDS[outcome].title) for outcome in Outcome),
    (UNFINISHED, "Not finished"),
)


@dataclass(frozen=True, slots=True)
class Query:
    """What the query string asks for; whatever cannot be read is as if it were not there."""

    q: str
    outcome: str
    before: Cursor | None
    after: Cursor | None

    @property
    def search(self) -> Search:
        """The words and the outcome."""
        wanted = Outcome(self.outcome) if self.outcome and self.outcome != UNFINISHED else None
        return Search(self.q, wanted, unfinished=self.outcome == UNFINISHED)

    @property
    def arguments(self) -> dict[str, Any]:
        """Search and filter as a query string holds them."""
        return {name: value for name, value in (("q", self.q), ("outcome", self.outcome)) if value}

    @property
    def place(self) -> dict[str, Any]:
        """The same with the place in the list."""
        places = {name: str(value) for name, value in (("before", self.before), ("after", self.after)) if value}
        return self.arguments | places


def _query(given: Mapping[str, str]) -> Query:
    outcome = given.get("outcome", "")
    return Query(
        q=clean_text(given.get("q", "")[:LONGEST_QUERY]) or "",
        outcome=outcome if outcome in dict(CHOICES) else "",
        before=cursor(given.get("before", "")),
        after=cursor(given.get("after", "")),
    )


@views.get("/lookups")
def page() -> str:
    """A page of the list."""
    query = _query(request.args)
    found = services().history.page(known_viewer(), query.search, before=query.before, after=query.after)
    return render_template(
        "history/page.html",
        query=query,
        found=presenter.shown_page(found),
        choices=CHOICES,
        words=WORDS,
        deleted=request.args.get("deleted", 0, type=int),
        kept_days=services().settings.lookups_kept_days,
        # A form makes a token and so a cookie, which a list without buttons does not need.
        action=FormToken() if found.entries else None,
        # One submit key for each button: the same key in two rows would make the second click find the first one's
        # lookup.
        keys={entry.id: secrets.token_urlsafe(18) for entry in found.entries},
    )


@views.post("/lookups/<lookup_id>/delete")
def delete(lookup_id: str) -> Response:
    """*Delete*: back to the same place in the list."""
    services().history.delete(own_lookup_for_action(lookup_id))
    return see_other(url_for("history.page", **_query(request.form).place, deleted=1))


@views.get("/lookups/clear")
def confirm_clear() -> str:
    """Says how many lookups *Delete all* would delete, and asks."""
    count = services().history.count(known_viewer())
    return render_template("history/clear.html", count=count, action=FormToken() if count else None)


@views.post("/lookups/clear")
def clear() -> Response:
    """*Delete all*."""
    require_form_token()
    history, viewer = services().history, known_viewer()
    count = history.count(viewer)
    history.clear(viewer)
    return see_other(url_for("history.page", deleted=count))
