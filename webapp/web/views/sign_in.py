"""Signing in and out, where a person is signed in, and the lookups that a browser made before."""

from __future__ import annotations

import math

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.telemetry import log
from webapp.web import earlier_lookups
from webapp.web.context import services
from webapp.web.forms import FormToken, require_form_token
from webapp.web.provider_door import ProviderDoor, SignInFailed, TooManySignIns, local_page
from webapp.web.refused_requests import NotAMember
from webapp.web.security import see_other

views = Blueprint("sign_in", __name__)


def _door() -> ProviderDoor:
    """The provider's door; behind a proxy there is none here."""
    door = current_app.extensions["door"]
    if not isinstance(door, ProviderDoor):
        abort(404)
    return door


@views.errorhandler(TooManySignIns)
def too_many(refusal: TooManySignIns) -> tuple[str, int, dict[str, str]]:
    """To people, and to a provider that signs many out at once."""
    wait = max(1, math.ceil(refusal.wait))
    return render_template("errors/sign_in.html", why="too often", wait=wait), 429, {"Retry-After": str(wait)}


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
        return render_template("errors/sign_in.html", why="unreachable"), 503


@views.get("/sign-in/back")
def back() -> Response | tuple[str, int]:
    """The provider's answer."""
    try:
        person, next_page = _door().end()
    except SignInFailed as failure:
        log.warning("sign_in_failed", kind=str(failure))
        return render_template("errors/sign_in.html", why="refused"), 400
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


@views.post("/sign-in/provider-signs-out")
def out_at_provider() -> tuple[str, int]:
    """The provider's own message that it has signed a person out, or that the account is gone."""
    try:
        ended = _door().end_by_message(request.form.get("logout_token", ""))
    except SignInFailed as failure:
        log.warning("sign_out_message_refused", kind=str(failure))
        return "This message signs nobody out.\n", 400
    log.info("signed_out_by_provider", browsers=ended)
    return "", 200


@views.get("/sign-ins")
def mine() -> str:
    """Where this person is signed in."""
    return render_template(
        "sign_in/mine.html",
        sign_ins=services().sign_ins.of_person(g.person.viewer),
        this_one=_door().key,
        settings=services().settings,
        action=FormToken(),
    )


@views.post("/sign-ins/<key>/end")
def end_one(key: str) -> Response:
    """Signs one of the person's browsers out."""
    require_form_token()
    if not services().sign_ins.end_one(g.person.viewer, key):
        abort(404)
    return see_other(url_for("sign_in.mine"))


@views.post("/sign-ins/end-others")
def end_others() -> Response:
    """Signs the person out everywhere else."""
    require_form_token()
    services().sign_ins.end_others(g.person.viewer, _door().key)
    return see_other(url_for("sign_in.mine"))


@views.post("/sign-in/earlier")
def earlier() -> Response:
    """Adds this browser's lookups from before the sign-in, or leaves them."""
    require_form_token()
    if request.form.get("do") == "add":
        earlier_lookups.add_to(g.person)
        return see_other(url_for("history.page"))
    earlier_lookups.leave()
    return see_other(url_for("lookups.form"))
