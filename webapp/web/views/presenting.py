"""`/presenter`: the switch that hides house numbers, units, phones and tokens in this browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from webapp.web import presenter
from webapp.web.context import services
from webapp.web.forms import FormToken, require_form_token
from webapp.web.security import may_be_ours, see_other

views = Blueprint("presenting", __name__)


@views.get("/presenter")
def page() -> str:
    """What the switch does, and the switch."""
    return render_template("demo/presenter.html", action=FormToken())


@views.post("/presenter")
def switch() -> Response:
    """On or off, and back to where the button was pressed."""
    require_form_token()
    presenter.switch(on=request.form.get("on") == "1")
    return see_other(_page_before())


def _page_before() -> str:
    """The page of this site that the button stood on, if it can be read again; else the switch's own page."""
    try:
        before = urlsplit(request.referrer or "")
        if not before.path.startswith(f"{request.script_root}/"):
            return url_for("presenting.page")
        current_app.url_map.bind(request.host).match(before.path.removeprefix(request.script_root), method="GET")
    except (HTTPException, ValueError):  # ValueError: the header is no address at all
        return url_for("presenting.page")
    if not may_be_ours(before.geturl(), https=services().settings.https):
        return url_for("presenting.page")
    # A path that a route of ours matches begins with one slash and so cannot name another host.
    return f"{before.path}?{before.query}".removesuffix("?")
