"""`/batches`: the viewer's batches, a new one of a sheet, the page of one before and while it runs, and its files."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.batches.columns import ColumnRole
from webapp.batches.preparing import Batches
from webapp.pages.batches.batch_page import SECONDS_BETWEEN_NEWS
from webapp.pages.batches.sample import sample_csv
from webapp.web.batch_files import batch_file
from webapp.web.context import services
from webapp.web.forms import FormToken
from webapp.web.lookup_form import COST_BOX
from webapp.web.own_batches import (
    batch_words,
    confirms_cost,
    draft_page,
    list_page,
    make_batch,
    own_batch,
    own_batch_for_action,
    page_of_batch,
)
from webapp.web.security import see_other

views = Blueprint("batches", __name__)
views.context_processor(batch_words)

ACTIONS = {"pause": Batches.pause, "go-on": Batches.go_on, "cancel": Batches.cancel, "retry": Batches.retry}
"""What the buttons of a batch do, by the last part of their address."""
NOT_CONFIRMED = "These lookups cost money. Nothing was started: tick the box above the button, then press it again."


@views.get("/batches")
def index() -> str:
    """The viewer's batches, and the form that makes one."""
    return list_page()


@views.post("/batches")
def create() -> Response:
    """A batch of a file or a pasted text. Nothing of it is sent before it is started."""
    return make_batch()


@views.get("/batches/sample.csv")
def sample() -> Response:
    """A sheet to try batches with: public buildings, some of them wrong on purpose."""
    response = make_response(sample_csv())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="public-buildings.csv"'
    return response


@views.get("/batches/<batch_id>")
def page(batch_id: str) -> str:
    """The batch: its rows before it is started, then how it goes."""
    view = page_of_batch(own_batch(batch_id))
    if view.is_draft:
        return draft_page(view)
    return render_template("batches/page.html", view=view, action=FormToken())


@views.get("/batches/<batch_id>/progress")
def progress(batch_id: str) -> str:
    """The fragment that the page of a running batch asks for every few seconds."""
    view = page_of_batch(own_batch(batch_id))
    said = request.args.get("said", 0.0, type=float)
    tells = view.now - said >= SECONDS_BETWEEN_NEWS or not view.asks_itself
    return render_template(
        "batches/progress.html", view=view, said=view.now if tells else said, tells=tells, action=FormToken()
    )


@views.post("/batches/<batch_id>/columns")
def columns(batch_id: str) -> Response:
    """Reads the rows anew, by what a person says that the columns hold."""
    batch = own_batch_for_action(batch_id)
    roles = [request.form.get(f"column-{place}", role) for place, role in enumerate(batch.roles)]
    if not set(roles) <= set(ColumnRole):
        abort(400)
    services().batches.set_roles(batch, roles)
    return see_other(url_for("batches.page", batch_id=batch.id, columns=1))


@views.post("/batches/<batch_id>/start")
def start(batch_id: str) -> Response:
    """*Look up*: the only press that costs anything."""
    batch = own_batch_for_action(batch_id)
    if confirms_cost() and not request.form.get(COST_BOX):
        return make_response(draft_page(page_of_batch(batch), NOT_CONFIRMED), 422)
    services().batches.start(batch)
    return see_other(url_for("batches.page", batch_id=batch.id))


@views.post("/batches/<batch_id>/do/<action>")
def act(batch_id: str, action: str) -> Response:
    """*Pause*, *Go on*, *Cancel* and *Retry*."""
    batch = own_batch_for_action(batch_id)
    if action not in ACTIONS:
        abort(404)
    ACTIONS[action](services().batches, batch)
    return see_other(url_for("batches.page", batch_id=batch.id))


@views.get("/batches/<batch_id>/delete")
def confirm_delete(batch_id: str) -> str:
    """Says what would be deleted, and asks."""
    return render_template("batches/delete.html", view=page_of_batch(own_batch(batch_id)), action=FormToken())


@views.post("/batches/<batch_id>/delete")
def delete(batch_id: str) -> Response:
    """*Delete*."""
    services().batches.delete(own_batch_for_action(batch_id))
    return see_other(url_for("batches.index", deleted=1))


@views.get("/batches/<batch_id>/export.<kind>")
def export(batch_id: str, kind: str) -> Response:
    """The sheet as it came, with the answers beside it: `csv` or `xlsx`, one row an address or (`?per=plan`) a plan."""
    return batch_file(own_batch(batch_id), kind, per_plan=request.args.get("per") == "plan")
