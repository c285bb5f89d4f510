"""What the wheel holds: the program with its data, the pages and all that they ask for, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.packaging.fresh import ROOT

pytestmark = pytest.mark.packaging


def test_templates_and_static_files_are_in_the_wheel(wheel: Path) -> None:
    wanted = {
        f"webapp/{path.relative_to(ROOT)}"
        for name in ("templates", "static")
        for path in (ROOT / name).rglob("*")
        if path.is_file()
    }
    assert "webapp/static/vendor/htmx.min.js" in wanted
    assert wanted <= set(ZipFile(wheel).namelist())


def test_data_files_of_the_package_are_in_the_wheel(wheel: Path) -> None:
    package = ROOT / "webapp"
    wanted = {
        str(path.relative_to(ROOT)) for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= set(ZipFile(wheel).namelist())


def test_the_wheel_brings_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"webapp"}


@pytest.mark.soak
def test_the_worker_of_the_wheel_starts_and_ends(wheel: Path, tmp_path: Path) -> None:
    """Out of the wheel alone, in a folder with nothing else in it."""
    ZipFile(wheel).extractall(tmp_path / "wheel")
    state, log = tmp_path / "state", tmp_path / "log"
    settings = {"PATH": os.defpath, "PYTHONPATH": str(tmp_path / "wheel"), "STATE_DIR": str(state)}
    with log.open("w") as output:
        command = [sys.executable, "-P", "-m", "webapp.worker"]
        worker = subprocess.Popen(command, cwd=tmp_path, env=settings, stdout=output, stderr=output)
    until = time.monotonic() + 60
    while "worker_started" not in log.read_text() and worker.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    worker.terminate()
    assert worker.wait(60) == 0, log.read_text()
    assert "worker_stopped" in log.read_text()
    assert (state / "worker.sqlite3").is_file()
