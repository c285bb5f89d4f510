"""Which browser the tests drive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import browser


def program(folder: Path, name: str) -> str:
    """An executable file of that name."""
    path = folder / name
    path.touch(mode=0o755)
    return str(path)


def test_the_one_named_by_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "chromium")
    chosen = program(tmp_path, "my-browser")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROMIUM", chosen)
    assert browser.find() == chosen


def test_a_name_that_is_no_program_is_said_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nothing"))
    with pytest.raises(SystemExit, match="nothing is not a program"):
        browser.find()


def test_the_lightest_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.find() is None
    for name in ("google-chrome", "chromium", "chromium-headless-shell"):
        path = program(tmp_path, name)
        assert browser.find() == path
