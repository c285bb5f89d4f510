"""Share links: the owner's page of a lookup's links, and what such a link opens for anyone who has it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from webapp.lookups.lifecycle import Lookup
from webapp.lookups.sharing import DAYS, USUAL_DAYS, Share, Shared
from webapp.pages.links import Links
from webapp.pages.lookup_page import LookupPage
from webapp.web import presenter
from webapp.web.context import services, state_maps
from webapp.web.forms import FormToken
from webapp.web.own_lookups import OwnerLinks, own_lookup, own_lookup_for_action, with_query
from webapp.web.security import see_other

views = Blueprint("shares", __name__)


@views.get("/lookups/<lookup_id>/shares")
def page(lookup_id: str) -> str:
    """The links to a lookup: make one, copy one, revoke one."""
    lookup, now = own_lookup(lookup_id), services().clock()
    shares = services().sharing.links(lookup)
    return render_template(
        "shared/links.html",
        lookup=presenter.shown_lookup(lookup),
        links=OwnerLinks(lookup.id),
        active=[share for share in shares if share.is_valid(now)],
        ended=[share for share in shares if not share.is_valid(now)],
        url_of=_url_of,
        days=DAYS,
        usual_days=USUAL_DAYS,
        action=FormToken(),
    )


@views.post("/lookups/<lookup_id>/shares")
def create(lookup_id: str) -> Redirect:
    """*Create a link*."""
    lookup = own_lookup_for_action(lookup_id)
    days = request.form.get("days", USUAL_DAYS, type=int)
    if days not in DAYS:
        days = USUAL_DAYS
    services().sharing.share(lookup, days)
    return see_other(OwnerLinks(lookup_id).shares())


@views.post("/lookups/<lookup_id>/shares/<share_id>/revoke")
def revoke(lookup_id: str, share_id: str) -> Redirect:
    """*Revoke*."""
    if not services().sharing.revoke(own_lookup_for_action(lookup_id), share_id):
        abort(404)
    return see_other(OwnerLinks(lookup_id).shares())


@views.get("/shared/<token>")
def shared(token: str) -> Response:
    """The lookup as stored, to be looked at only. Nothing tells a wrong link from one that has ended."""
    opened = services().sharing.open(token)
    if opened is None:
        return _for_strangers(render_template("shared/gone.html"), 404)
    return _for_strangers(_shared_page("shared/page.html", opened, token), 200)


@views.get("/shared/<token>/print")
def print_page(token: str) -> Response:
    """The same for paper, with every plan."""
    opened = services().sharing.open(token)
    if opened is None:
        return _for_strangers(render_template("shared/gone.html"), 404)
    return _for_strangers(_shared_page("shared/print.html", opened, token, for_paper=True), 200)


def _shared_page(template: str, opened: Shared, token: str, *, for_paper: bool = False) -> str:
    view = _view(opened.lookup, token, for_paper=for_paper)
    return render_template(template, view=view, share=opened.share)


class SharedLinks(Links):
    """What a share link leads to: its own page, read only."""

    def __init__(self, token: str) -> None:
        self._token = token

    def chosen_page(self, query: Sequence[tuple[str, str]]) -> str:
        return with_query(url_for("shares.shared", token=self._token), query)

    def print_page(self) -> str:
        return url_for("shares.print_page", token=self._token)


def _view(lookup: Lookup, token: str, *, for_paper: bool) -> LookupPage:
    parts = services()
    return LookupPage(
        lookup,
        parts.lookups.providers,
        now=parts.clock(),
        maps=state_maps(),
        query={"open": request.args.getlist("open")},
        links=SharedLinks(token),
        for_paper=for_paper,
        masked=presenter.active(),
        read_research=parts.researches.find if parts.researches else None,
        give_way=parts.give_way,
    )


def _url_of(share: Share) -> str:
    """The link itself. Its host comes from this request, whose own sender is the only reader of the page."""
    return url_for("shares.shared", token=services().sharing.token(share), _external=True)


def _for_strangers(html: str, status: int) -> Response:
    """Keeps the link's address out of search engines and of the sites that the page links to."""
    response = make_response(html, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
