"""docs/traces.md shows a trace as it is sent today."""

from __future__ import annotations

from tools import traces_docs


def test_the_page_is_current() -> None:
    text = traces_docs.PAGE.read_text(encoding="utf-8")
    assert traces_docs.render(text) == text, "run `python -m tools.traces_docs`"
