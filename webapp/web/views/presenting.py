"""`/presenter`: the switch that hides house numbers, units, phones and tokens in this browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from webapp.web import presenter
from webapp.web.forms import ActionForm, FormToken
from webapp.web.security import see_other

views = Blueprint("presenting", __name__)


@views.get("/presenter")
def page() -> str:
    """What the switch does, and the switch."""
    return render_template("demo/presenter.html", action=FormToken())


@views.post("/presenter")
def switch() -> Response:
    """On or off, and back to where the button was pressed."""
    if not ActionForm().validate_on_submit():
        abort(403)
    presenter.switch(on=request.form.get("on") == "1")
    return see_other(_page_before())


def _page_before() -> str:
    """The page of this site that the button stood on, if it can be read again; else the switch's own page."""
    try:
        before = urlsplit(request.referrer or "")
        current_app.url_map.bind(request.host).match(before.path, method="GET")
    except (HTTPException, ValueError):  # ValueError: the header is no address at all
        return url_for("presenting.page")
    if before.netloc != request.host:
        return url_for("presenting.page")
    # A path that a route of ours matches begins with one slash and so cannot name another host.
    return before.path + (f"?{before.query}" if before.query else "")
