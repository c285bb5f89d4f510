"""What gunicorn's workers have and tests have not: gevent's sockets, locks and sleep, and room for many connections."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

PATCHED = "from gevent import monkey; monkey.patch_all(); import sys, pytest; sys.exit(pytest.main(sys.argv[1:]))"
QUIETLY = ("-q", "-p", "no:cacheprovider", "-W", "ignore::gevent.monkey.MonkeyPatchWarning")


@pytest.mark.long
def test_calls_of_hum_and_waits_for_the_database_hold_with_gevent_as_well() -> None:
    command = [
        sys.executable,
        "-c",
        PATCHED,
        *QUIETLY,
        "tests/integration/hum/test_transport.py",
        "tests/integration/storage/test_waits.py",
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout[-3000:]
    assert " passed" in run.stdout


LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
from webapp import gunicorn_conf
connections = gunicorn_conf.worker_connections + gunicorn_conf.chosen.hum_connections
print(*resource.getrlimit(resource.RLIMIT_NOFILE), connections)
"""


def test_a_worker_may_have_as_many_files_open_as_connections(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "STATE_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", LIMITED],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    soft, hard, connections = map(int, run.stdout.split())
    assert soft > connections or soft == hard
