"""What only operators may do, who exist only where people sign in."""

from __future__ import annotations

from flask import Blueprint, abort, url_for
from werkzeug.wrappers import Response

from webapp.web.context import services
from webapp.web.forms import require_form_token
from webapp.web.security import see_other

views = Blueprint("operators", __name__)


@views.post("/status/batches/<batch_id>/delete")
def delete_batch(batch_id: str) -> Response:
    """Deletes anybody's batch, without having seen it."""
    batch = services().batches.anybodys(batch_id)
    if batch is None:
        abort(404)
    require_form_token()
    services().batches.delete(batch)
    return see_other(url_for("status.page"))


@views.post("/status/people/<viewer>/sign-out")
def sign_out(viewer: str) -> Response:
    """Signs a person out of every browser; one who has left since the page was drawn is signed out already."""
    require_form_token()
    services().sign_ins.end_all_of(viewer)
    return see_other(url_for("status.page"))


@views.post("/status/people/sign-out")
def sign_out_everybody() -> Response:
    """Signs everybody out, the operator as well."""
    require_form_token()
    services().sign_ins.end_everybodys()
    return see_other(url_for("status.page"))
