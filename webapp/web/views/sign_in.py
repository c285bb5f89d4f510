"""Signing in and out, and the lookups that a browser made before."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.telemetry import log
from webapp.web import earlier_lookups
from webapp.web.forms import require_form_token
from webapp.web.provider_door import ProviderDoor, SignInFailed, local_page
from webapp.web.refused_requests import NotAMember
from webapp.web.security import see_other

views = Blueprint("sign_in", __name__)


def _door() -> ProviderDoor:
    """The provider's door; behind a proxy there is none here."""
    door = current_app.extensions["door"]
    if not isinstance(door, ProviderDoor):
        abort(404)
    return door


@views.get("/sign-in")
def begin() -> Response | tuple[str, int]:
    """To the provider, and from there back to `next`."""
    next_page = local_page(request.args.get("next", ""))
    if g.person is not None:
        return redirect(next_page)
    try:
        return _door().begin(next_page)
    except SignInFailed as failure:
        log.error("sign_in_unreachable", kind=str(failure))
        return render_template("errors/sign_in.html", reached=False), 503


@views.get("/sign-in/back")
def back() -> Response | tuple[str, int]:
    """The provider's answer."""
    try:
        person, next_page = _door().end()
    except SignInFailed as failure:
        log.warning("sign_in_failed", kind=str(failure))
        return render_template("errors/sign_in.html", reached=True), 400
    g.person = person
    if not person.roles:
        raise NotAMember
    return redirect(next_page)


@views.post("/sign-out")
def out() -> Response:
    """Ends the sign-in here, and leads to where the provider's own can be ended. Only a proxy can sign out whom it has
    signed in, so that behind one the menu has its link instead.
    """
    require_form_token()
    elsewhere = _door().sign_out()
    response = make_response(render_template("errors/goodbye.html", elsewhere=elsewhere, person=None))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@views.post("/sign-in/earlier")
def earlier() -> Response:
    """Adds this browser's lookups from before the sign-in, or leaves them."""
    require_form_token()
    if request.form.get("do") == "add":
        earlier_lookups.add_to(g.person)
        return see_other(url_for("history.page"))
    earlier_lookups.leave()
    return see_other(url_for("lookups.form"))
