"""The viewer's own batches: found, made ready to draw, and made of a file or a pasted text. An unknown id and one of
another viewer are the same 404.
"""

from __future__ import annotations

from flask import abort, make_response, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from webapp.batches.batch import Batch, BatchRow
from webapp.batches.limits import MOST_BYTES, MOST_ROWS
from webapp.batches.pasted_sheet import read_pasted
from webapp.batches.sheet import Sheet, SheetRefused
from webapp.batches.uploads import TOO_BIG, read_file
from webapp.pages.batches.batch_page import SECONDS_BETWEEN_POLLS, SHOWN_VERDICTS, BatchPage
from webapp.pages.batches.batch_words import (
    DOWNLOADS,
    ROLE_CHOICES,
    STATE_TONES,
    STATE_WORDS,
    VERDICT_TONES,
    VERDICT_WORDS,
    outcome_tone,
    row_result,
)
from webapp.pages.error_messages import form_asked_too_often
from webapp.quotas.lookup_quota import QuotaExceeded
from webapp.web import presenter
from webapp.web.context import current_viewer, known_viewer, services
from webapp.web.forms import FormToken, as_pasted, require_form_token
from webapp.web.security import see_other

MOST_SENT = 2 * MOST_BYTES
"""Bytes of a request: a file a little too large gets its sentence, and no body is read that is far too large."""


def own_batch(batch_id: str) -> Batch:
    """The viewer's batch of this id, or 404."""
    batch = services().batches.find(batch_id, known_viewer())
    if batch is None:
        abort(404)
    return batch


def own_batch_for_action(batch_id: str) -> Batch:
    """The viewer's batch for a button that changes something: 404 as above, 403 without the form's token."""
    batch = own_batch(batch_id)
    require_form_token()
    return batch


def page_of_batch(batch: Batch) -> BatchPage:
    """The batch, ready to draw."""
    parts = services()
    return BatchPage(
        batch,
        parts.batches,
        now=parts.clock(),
        is_worker_alive=parts.heartbeats.is_worker_alive(),
        masked=presenter.active(),
    )


def list_page(refusal: str = "", pasted: str = "") -> str:
    """The viewer's batches, and the form that makes one; `refusal` says why the last sheet was not read, and `pasted`
    is the text that was sent.
    """
    current_viewer()
    return render_template(
        "batches/list.html",
        batches=services().batches.of_viewer(known_viewer()),
        words=STATE_WORDS,
        tones=STATE_TONES,
        refusal=refusal,
        pasted=pasted,
        masked=presenter.active(),
        most_rows=MOST_ROWS,
        most_megabytes=MOST_BYTES // 1024 // 1024,
        kept_days=services().settings.lookups_kept_days,
        has_sample=services().settings.demo,
        action=FormToken(),
    )


def batch_words() -> dict[str, object]:
    """How rows and columns are worded on every page of a batch."""
    return {
        "role_choices": ROLE_CHOICES,
        "verdict_words": VERDICT_WORDS,
        "verdict_tones": VERDICT_TONES,
        "row_result": row_result,
        "outcome_tone": outcome_tone,
        "poll_seconds": SECONDS_BETWEEN_POLLS,
        "downloads": DOWNLOADS,
    }


def make_batch() -> Response:
    """A draft of the sheet that was sent; the list again, with a sentence, where it cannot be read."""
    request.max_content_length = MOST_SENT
    request.max_form_memory_size = MOST_SENT
    try:
        require_form_token()
        services().form_requests.count(
            viewer=known_viewer(), address=request.remote_addr or "", characters=request.content_length or 0
        )
        batch = services().batches.create(current_viewer(), _sent_name(), _sent_sheet())
    except RequestEntityTooLarge:
        return make_response(list_page(TOO_BIG), 413)
    except SheetRefused as refusal:
        return make_response(list_page(str(refusal), _sent_text()), 422)
    except QuotaExceeded as refusal:
        error = form_asked_too_often(refusal)
        return make_response(list_page(error.one_line(), _sent_text()), 429, error.headers)
    return see_other(url_for("batches.page", batch_id=batch.id))


def _sent_name() -> str:
    sent = request.files.get("sheet")
    if sent is None:
        return ""
    return sent.filename or ""


def _sent_text() -> str:
    return as_pasted(request.form.get("paste", ""))


def _sent_sheet() -> Sheet:
    sent = request.files.get("sheet")
    if sent is None or not sent.filename:
        return read_pasted(_sent_text())
    return read_file(sent.stream.read(MOST_SENT))


def mended_row(batch: Batch, row: BatchRow) -> str:
    """A row in place of the form that mended it, and what has changed with it."""
    view = page_of_batch(batch)
    return render_template(
        "batches/row_done.html",
        view=view,
        row=view.masked_row(row),
        shown=request.args.get("show", view.usual_filter()),
        number=request.args.get("page", 1, type=int),
        swapped=True,
        confirms=confirms_cost(),
        action=FormToken(),
    )


def confirms_cost() -> bool:
    """Whether a box must be ticked before a batch costs money."""
    settings = services().settings
    return settings.confirm_live and settings.environment == "LIVE"


def draft_page(view: BatchPage, refusal: str = "") -> str:
    """The rows of a batch with their verdicts: those of the filter and page that the address names."""
    shown = request.args.get("show", "")
    if shown not in SHOWN_VERDICTS:
        shown = view.usual_filter()
    pages = view.pages(shown)
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "batches/draft.html",
        view=view,
        shown=shown,
        number=number,
        pages=pages,
        rows=view.rows(shown, number),
        refusal=refusal,
        swapped=False,
        swap_out_of_band=False,
        confirms=confirms_cost(),
        action=FormToken(),
    )
