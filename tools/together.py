"""Runs the web server and a worker for one terminal: one Ctrl-C ends both. `make demo` and `make run` start it.

A shell would do with `&` and `wait`, but starts background programs deaf to Ctrl-C and has no sure way to end them when
the server ends by itself. A platform or systemd runs the two lines of the Procfile as programs of their own instead.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

WEB = ["-m", "gunicorn", "--config", "python:webapp.gunicorn_conf", "--log-level", "warning", "webapp:create_app()"]
WORKER = ["-m", "webapp.worker"]
PROVIDER_PORT = "8910"
PROVIDER_SETTINGS = {
    "AUTH": "oidc",
    "OIDC_ISSUER": f"http://127.0.0.1:{PROVIDER_PORT}",
    "OIDC_CLIENT_ID": "demo",
    "OIDC_CLIENT_SECRET": "for-this-machine-only",
    "AUTH_OPERATOR_GROUPS": "isp-operators",
}
"""What a demo with a sign-in is told."""
ENDS_WITHIN = 40
"""Seconds for a worker to end its calls to Hum."""


def run(web: Sequence[str], worker: Sequence[str]) -> int:
    """Runs two programs, given by the arguments of this Python, until the web server has ended; its exit status.

    Pages need no worker: one that ends by itself has said why, and the server goes on.
    """
    # The terminal tells all three of a Ctrl-C; a `kill` of this one program is handed on.
    serving = subprocess.Popen([sys.executable, *web])
    working = subprocess.Popen([sys.executable, *worker])

    def hand_on(wish: int, _frame: object) -> None:
        serving.send_signal(wish)
        working.send_signal(wish)

    for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(wish, hand_on)
    try:
        return serving.wait()
    finally:
        working.terminate()
        try:
            working.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            working.kill()


@contextmanager
def provider() -> Iterator[None]:
    """Where a demo is to have a sign-in and no provider is named: one beside it, which believes whatever one types."""
    if os.environ.get("AUTH") != "oidc" or os.environ.get("OIDC_ISSUER") or os.environ.get("HUM_API_KEY"):
        yield
        return
    os.environ |= PROVIDER_SETTINGS
    # A Ctrl-C ends the server first, and then this one. It would complain of what its own libraries do.
    command = [sys.executable, "-m", "tools.demo_provider", PROVIDER_PORT]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield
    finally:
        running.terminate()
        running.wait()


if __name__ == "__main__":
    with provider():
        status = run(WEB, WORKER)
    raise SystemExit(status)
