"""`/embed/check`, which says whether a site may frame the lookup; the script that does; and what is shown instead of a
frame that may not be, or has ended.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, g, render_template, request, url_for

from webapp.embedding.origins import may_frame, read_origin
from webapp.lookups.sharing import USUAL_DAYS
from webapp.web.context import frame_of_request, services, site_root
from webapp.web.own_lookups import own_lookup_for_action

views = Blueprint("embedding", __name__)

ENDED = "This form has ended"
LOAD_AGAIN = "It was open for more than twelve hours, or its address is incomplete. Load the page around it again."
SCRIPT_KEPT = 300
"""Seconds for which browsers keep the script, which has one address for all releases."""


@views.get("/embed")
def refused() -> tuple[str, int]:
    """Not within a frame, or not in one that may be."""
    return render_template("embed/refused.html", origin=request.args.get("origin", "")[:200]), 403


@views.get("/embed/ended")
def ended() -> tuple[str, int]:
    """The frame's time is over, or its address was never one."""
    if "HX-Request" in request.headers:
        # It takes the place of the progress part, as every error does.
        return render_template(
            "errors/fragment.html", title=ENDED, text=LOAD_AGAIN, reference=g.get("request_id", "")
        ), 404
    return render_template("embed/ended.html", title=ENDED, text=LOAD_AGAIN), 404


@views.get("/embed/check")
def check() -> str:
    """Whether a site may frame the lookup, and the line to add."""
    asked = request.args.get("origin", "").strip()[:300]
    origin = read_origin(asked)
    return render_template(
        "embed/check.html",
        asked=asked,
        origin=origin,
        allowed=may_frame(origin, services().settings.embed_origins),
        any_allowed=bool(services().settings.embed_origins),
        needs_token=bool(services().settings.embed_secret),
        script=url_for("embedding.script", _external=True),
    )


@views.post("/embed/share/<lookup_id>")
def share(lookup_id: str) -> dict[str, str]:
    """A link to a result, for the page around a frame that asks for one."""
    if frame_of_request() is None:
        abort(404)
    made = services().sharing.share(own_lookup_for_action(lookup_id), USUAL_DAYS)
    # Not an address within the frame, which ends with it.
    return {"url": f"{request.host_url.rstrip('/')}{site_root()}/shared/{services().sharing.token(made)}"}


@views.get("/embed.js")
def script() -> Response:
    """The one line that an intranet's page holds leads here."""
    response = Response(current_app.extensions["embed_script"], content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={SCRIPT_KEPT}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
