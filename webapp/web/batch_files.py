"""The files of a batch: its sheet with the answers of its lookups, as they are stored now."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from flask import Response, abort, stream_with_context, url_for

from webapp.batches.batch import Batch, BatchRow
from webapp.pages.batches.answer_files import csv_pieces, xlsx_pieces
from webapp.pages.batches.answers import Answers
from webapp.pages.exports.document import ResultDocument, result_document
from webapp.pages.lookup_page import LookupPage
from webapp.research.lifecycle import Research
from webapp.web import presenter
from webapp.web.context import known_viewer, services

_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WRITERS = {"csv": csv_pieces, "xlsx": xlsx_pieces}


def batch_file(batch: Batch, kind: str, *, per_plan: bool) -> Response:
    """The file to save; 404 for a kind that there is none of."""
    if kind not in _MEDIA_TYPES:
        abort(404)
    # Research is by click only, so most batches have none, and their rows need not be asked about it.
    researches = services().researches
    reader = None
    if researches is not None and researches.any_in_batch(batch.id):
        reader = researches.find
    answers = Answers(
        batch,
        services().batches,
        partial(_document_of, read_research=reader),
        services().give_way,
        per_plan=per_plan,
        masked=presenter.active(),
        with_web=reader is not None,
    )
    body = _WRITERS[kind](answers.lines(), keeps_empty_rows=not per_plan)
    response = Response(stream_with_context(body), content_type=_MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(batch)}.{kind}"'
    return response


def _document_of(row: BatchRow, *, read_research: Callable[[str], Research | None] | None) -> ResultDocument | None:
    """The stored result of a row's lookup; None where it has none, or it is no longer kept."""
    parts = services()
    if row.lookup_id is None:
        return None
    lookup = parts.lookups.find(row.lookup_id, known_viewer())
    if lookup is None:
        return None
    page = LookupPage(
        lookup,
        parts.lookups.providers,
        now=parts.clock(),
        maps={},
        masked=presenter.active(),
        read_research=read_research,
        give_way=parts.give_way,
    )
    url = url_for("lookups.page", lookup_id=lookup.id, _external=True)
    return result_document(page, parts.settings.time_zone, url)


def _file_name(batch: Batch) -> str:
    """The name of the sheet that came, in the letters that every system takes, with what the file adds."""
    stem = batch.name
    if presenter.active():
        stem = ""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", stem.rpartition(".")[0] or stem).strip("-").lower()[:40]
    return f"{plain or 'addresses'}-answers"
