"""One row of a batch that is not started yet: a small form to mend it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.batches.batch import Batch, BatchRow
from webapp.web import presenter
from webapp.web.context import services
from webapp.web.forms import AddressForm
from webapp.web.own_batches import batch_words, mended_row, own_batch, page_of_batch
from webapp.web.security import see_other

views = Blueprint("batch_rows", __name__, url_prefix="/batches/<batch_id>/rows/<int:number>")
views.context_processor(batch_words)


@views.get("")
def edit(batch_id: str, number: int) -> str:
    """The form, filled with what was read."""
    batch, row = _own_row(batch_id, number)
    shown = page_of_batch(batch).masked_row(row)
    return _drawn(batch, shown, AddressForm(shown.address.as_dict()))


@views.post("")
def save(batch_id: str, number: int) -> Response:
    """Takes the address if it is legal; what is only unusual about it is no longer asked."""
    batch, row = _own_row(batch_id, number)
    form = AddressForm()
    if form.validate() and presenter.is_masked(form.address):
        form.add_fault("street1", presenter.TYPE_AGAIN)
    if form.faults:
        return make_response(_drawn(batch, page_of_batch(batch).masked_row(row), form), 422)
    services().batches.mend(row, form.address)
    if request.headers.get("HX-Request"):
        return make_response(mended_row(*_own_row(batch_id, number)))
    return see_other(url_for("batches.page", batch_id=batch.id, **_place(), _anchor="rows"))


def _own_row(batch_id: str, number: int) -> tuple[Batch, BatchRow]:
    batch = own_batch(batch_id)
    row = services().batches.row(batch, number)
    if row is None:
        abort(404)
    return batch, row


def _drawn(batch: Batch, row: BatchRow, form: AddressForm) -> str:
    in_place = bool(request.headers.get("HX-Request"))
    facts = {"batch": batch, "row": row, "form": form, "place": _place(), "in_place": in_place}
    if in_place:
        return render_template("batches/_row_form.html", **facts)
    return render_template("batches/row.html", **facts, name=page_of_batch(batch).name)


def _place() -> dict[str, Any]:
    """Where in the preview the form was opened, to lead back there."""
    return {name: request.args[name] for name in ("show", "page") if name in request.args}
