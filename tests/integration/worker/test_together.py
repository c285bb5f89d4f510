"""One Ctrl-C ends both programs of a terminal, and the server's end ends the worker."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.paths import ROOT

UNTIL_TOLD = """
import pathlib, signal, sys
file = pathlib.Path(sys.argv[1])
signal.signal(int(sys.argv[2]), lambda *_: (file.write_text("told"), sys.exit(7)))
file.write_text("ready")
signal.pause()
"""
RUN = "import sys; from tools.together import run; sys.exit(run({web!r}, {worker!r}))"
PATIENCE = 30


def wait_for(path: Path, text: str) -> None:
    until = time.monotonic() + PATIENCE
    while not (path.exists() and path.read_text() == text):
        assert time.monotonic() < until, f"{path.name} is not {text}"
        time.sleep(0.02)


def ended(programs: dict[str, list[str]]) -> int:
    """The exit status of both when nobody tells them to end."""
    both = [sys.executable, "-c", RUN.format(**programs)]
    return subprocess.run(both, cwd=ROOT, timeout=PATIENCE, check=False).returncode


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_both_are_told_and_the_status_is_the_servers(wish: signal.Signals, tmp_path: Path) -> None:
    web, worker = tmp_path / "web", tmp_path / "worker"
    programs = {
        "web": ["-c", UNTIL_TOLD, str(web), str(int(wish))],
        "worker": ["-c", UNTIL_TOLD, str(worker), str(int(wish))],
    }
    both = subprocess.Popen([sys.executable, "-c", RUN.format(**programs)], cwd=ROOT)
    wait_for(web, "ready")
    wait_for(worker, "ready")
    both.send_signal(wish)
    assert both.wait(PATIENCE) == 7
    assert (web.read_text(), worker.read_text()) == ("told", "told")


def test_a_server_that_ends_takes_the_worker_along_and_not_the_other_way_round(tmp_path: Path) -> None:
    worker = tmp_path / "worker"
    waits = f"import pathlib, time\nwhile not pathlib.Path({str(worker)!r}).exists(): time.sleep(0.02)"
    programs = {"web": ["-c", waits], "worker": ["-c", UNTIL_TOLD, str(worker), str(int(signal.SIGTERM))]}
    assert ended(programs) == 0
    wait_for(worker, "told")
    programs = {"web": ["-c", "import time; time.sleep(0.3)"], "worker": ["-c", "raise SystemExit(1)"]}
    assert ended(programs) == 0
