"""The files that a result can be taken away as. A new one is one line in the table below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.pages.exports.csv_rows import csv_bytes
from webapp.pages.exports.document import ResultDocument
from webapp.pages.exports.json_document import json_text
from webapp.pages.exports.outline import markdown, plain_text


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A media type and what writes it. `disposition` says whether the browser saves the file or shows it."""

    media_type: str
    write: Callable[[ResultDocument], str | bytes]
    disposition: str


EXPORTS = {
    "txt": ExportFormat("text/plain", plain_text, "inline"),
    "md": ExportFormat("text/markdown", markdown, "inline"),
    "csv": ExportFormat("text/csv", csv_bytes, "attachment"),
    "json": ExportFormat("application/json", json_text, "attachment"),
}
"""By the ending of the file's name."""
