"""`python -m webapp.worker`: the program beside the web server, with the same settings. As many as one likes."""

from __future__ import annotations

import signal
import sys
import threading

stopped = threading.Event()


def stop(*_: object) -> None:
    """Ctrl-C, or the supervisor's wish. Before there is anything to end in order, it ends at once."""
    if stopped.is_set():
        return
    stopped.set()
    if not is_loaded:
        raise SystemExit(0)


# Before the imports, which take two seconds: a Ctrl-C among them would leave a traceback.
is_loaded = False
for wish in (signal.SIGINT, signal.SIGTERM):
    signal.signal(wish, stop)

from webapp.database.readiness import DatabaseUnusable  # noqa: E402
from webapp.settings import SettingsError, load  # noqa: E402
from webapp.worker.engine import EngineUnusable  # noqa: E402
from webapp.worker.program import run  # noqa: E402

is_loaded = True


def say(text: str) -> None:
    """A line for the person who starts the worker."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        run(load(), stopped, say)
    except (SettingsError, DatabaseUnusable, EngineUnusable) as error:
        raise SystemExit(str(error)) from None
