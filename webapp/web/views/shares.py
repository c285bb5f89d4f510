"""Share links: the owner's page of a lookup's links, and what such a link opens for anybody who has it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from webapp.lookups.sharing import DAYS, USUAL_DAYS
from webapp.pages.links import Links
from webapp.pages.lookup_page import LookupPage
from webapp.pages.progress import WORDS
from webapp.web import presenter
from webapp.web.context import services, state_maps
from webapp.web.forms import FormToken
from webapp.web.lookup_pages import own_lookup, own_lookup_for_action
from webapp.web.security import see_other

views = Blueprint("shares", __name__)


@views.get("/lookups/<lookup_id>/shares")
def page(lookup_id: str) -> str:
    """The links to a lookup: make one, copy one, revoke one."""
    lookup, sharing = own_lookup(lookup_id), services().sharing
    links, now = sharing.links(lookup), services().clock()
    # The host comes from this request, whose own sender is the only reader of this page.
    urls = {share.id: url_for("shares.shared", token=sharing.token(share), _external=True) for share in links}
    return render_template(
        "shared/links.html",
        lookup=presenter.shown_lookup(lookup),
        active=[share for share in links if share.is_valid(now)],
        ended=[share for share in links if not share.is_valid(now)],
        urls=urls,
        days=DAYS,
        usual_days=USUAL_DAYS,
        action=FormToken(),
    )


@views.post("/lookups/<lookup_id>/shares")
def create(lookup_id: str) -> Redirect:
    """*Create a link*."""
    lookup = own_lookup_for_action(lookup_id)
    days = request.form.get("days", USUAL_DAYS, type=int)
    services().sharing.share(lookup, days if days in DAYS else USUAL_DAYS)
    return see_other(url_for("shares.page", lookup_id=lookup_id))


@views.post("/lookups/<lookup_id>/shares/<share_id>/revoke")
def revoke(lookup_id: str, share_id: str) -> Redirect:
    """*Revoke*."""
    if not services().sharing.revoke(own_lookup_for_action(lookup_id), share_id):
        abort(404)
    return see_other(url_for("shares.page", lookup_id=lookup_id))


@views.get("/shared/<token>")
def shared(token: str) -> Response:
    """The lookup as stored, to be looked at only. Nothing tells a wrong link from one that has ended."""
    opened = services().sharing.open(token)
    if opened is None:
        return _for_strangers(render_template("shared/gone.html"), 404)
    now = services().clock()
    view = LookupPage(
        opened.lookup,
        services().lookups.providers,
        now=now,
        maps=state_maps(),
        links=Links(),
        masked=presenter.active(),
        give_way=services().give_way,
    )
    words = WORDS[opened.lookup.outcome] if opened.lookup.outcome else None
    return _for_strangers(render_template("shared/page.html", view=view, words=words, share=opened.share), 200)


def _for_strangers(html: str, status: int) -> Response:
    """Keeps the link's address out of search engines and of the sites that the page links to."""
    response = make_response(html, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
