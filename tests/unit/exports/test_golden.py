"""Each export of one lookup, character for character; a change here is a change that people and programs will see.

`make golden` writes the files anew; read what it changed before you commit it.
"""

from pathlib import Path

import pytest

from tests.unit.exports.lookup import LOOKUP
from webapp.pages.exports.csv_rows import csv_bytes
from webapp.pages.exports.json_document import json_text
from webapp.pages.exports.outline import markdown, plain_text
from webapp.pages.exports.problem_report import problem_report

GOLDEN = Path(__file__).parent / "golden"
EXPORTS = {
    "lookup.txt": plain_text(LOOKUP).encode(),
    "lookup.md": markdown(LOOKUP).encode(),
    "lookup.csv": csv_bytes(LOOKUP),
    "lookup.json": json_text(LOOKUP).encode(),
    "problem.txt": problem_report(LOOKUP, {"Address status": "matched", "Providers status": "matched"}).encode(),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_what_was_agreed(name: str) -> None:
    assert EXPORTS[name] == (GOLDEN / name).read_bytes()


if __name__ == "__main__":
    for name, content in EXPORTS.items():
        (GOLDEN / name).write_bytes(content)
