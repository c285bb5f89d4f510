"""How gunicorn serves the app, in a checkout and from a wheel: `gunicorn --config python:webapp.gunicorn_conf "webapp:create_app()"`.

HOST stays on this machine unless it is set: a proxy belongs in front. A container sets HOST=0.0.0.0.
Workers do not share a preloaded app: every one opens its own database and upstream connections after the fork.
"""

from __future__ import annotations

# First of all, before anything else could keep an unpatched lock or socket: see docs/decisions/0013-gevent.md.
from gevent import monkey  # isort: split

monkey.patch_all()

import gc
import logging
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import gevent
from gevent import GreenletExit

from webapp import settings
from webapp.database import bring_up_to_date, open_engine, set_aside_if_damaged
from webapp.telemetry import without_request_text

try:
    chosen = settings.load()
except settings.SettingsError as error:
    # The message is the whole story; the master ends here, before any worker could repeat it.
    raise SystemExit(str(error)) from None

bind = f"{f'[{chosen.host}]' if ':' in chosen.host else chosen.host}:{chosen.port}"
worker_class = "gevent"
workers = chosen.web_concurrency

timeout = 60  # silence of a worker's own heartbeat; a request's deadlines are the Hum client's
graceful_timeout = 30
worker_connections = max(2_000, 4 * chosen.hum_connections)  # one for each open page; those beyond it would not even be accepted
keepalive = 75 if chosen.proxy_hops else 5  # a proxy reuses its few connections; browsers would hold theirs idle
max_requests = 500_000  # a leak in any library stays small; the jitter keeps workers from leaving together
max_requests_jitter = 50_000

# Nothing a client sends may set SCRIPT_NAME, PATH_INFO or the scheme: proxies are believed by PROXY_HOPS only, inside the app.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
control_socket_disable = True
# Heartbeats are file writes: on a slow disk they would block the very worker they speak for.
MEMORY = Path("/dev/shm")  # noqa: S108  (gunicorn's file there is private and has no name)
worker_tmp_dir = str(MEMORY) if MEMORY.is_dir() else None

logging.getLogger("gunicorn.error").addFilter(without_request_text)

OWN_FILES = 256
"""What a process has open besides its connections to people and to Hum: database, log, libraries."""


def allow_open_files(wanted: int) -> None:
    """Raises this process's own limit of open files, every connection being one; many systems begin with 1,024 and allow far more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


allow_open_files(worker_connections + chosen.hum_connections + OWN_FILES)


DAMAGED = """The database file is damaged. It is kept beside its place as {0}, and an empty one is begun.
Put a backup in its place while the app is stopped, or try what `sqlite3 {0} .recover` can save."""


def on_starting(server: object) -> None:
    """Bring the database up to date once, before there are workers that would all try, and close it again: no connection is inherited."""
    aside = set_aside_if_damaged(chosen.database_url, time.time())
    if aside is not None:
        print(DAMAGED.format(aside.name), file=sys.stderr, flush=True)
    engine = open_engine(chosen.database_url)
    try:
        bring_up_to_date(engine)
    finally:
        engine.dispose()


def post_fork(server: object, worker: object) -> None:
    """Forget our own code, so that a worker reads what is on the disk now: the master holds that of the release it began with.

    Else a reload after a new release would start workers with some modules of each. Libraries stay the master's: see deploy/README.md.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] == "webapp"]:
        del sys.modules[name]


GIVES_WAY_FOR = 0.03
"""Seconds for which a worker that gets ready leaves its processor to those who ask."""

COLLECTED_AFTER = (2_000, 50, 100)
"""A collection stops every request of the worker: some 3 ms for what fifty of them left behind, 30 ms for ten times that.

The second and third figure say how seldom it looks through what outlived it: the requests that wait for Hum, which are no garbage.
"""


def post_worker_init(worker: object) -> None:
    """Serve at once, and get ready beside it."""
    gevent.spawn(get_ready)


def get_ready() -> None:
    """Read the ZIP data before somebody would have to wait for it, and keep what is there then out of every garbage collection.

    It takes a second in all: a worker that follows a killed one is not kept from serving by it, and gives way after each state.
    What a worker has loaded stays for its life: looking through it again and again would stop everything for tens of milliseconds.
    """
    # Not imported by this file, which is the master's.
    for _state in import_module("webapp.places").load():
        gevent.sleep(GIVES_WAY_FOR)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


BETWEEN_REQUESTS = 0.0005
"""Seconds for which a connection leaves the worker to others after each answer."""


def post_request(worker: object, req: object, environ: object, resp: object) -> None:
    """Let others go first: a connection whose next request has already arrived would never wait, and keep the worker for itself.

    With zero seconds others are let in only now and then: they waited for 47 answers of two such connections instead of for 4.
    """
    gevent.sleep(BETWEEN_REQUESTS)


def worker_int(worker: Any) -> None:
    """A Ctrl-C reaches a worker twice, from the terminal and from the master: the second ends here, or it would break into the leaving."""
    if getattr(worker, "told_to_leave", False):
        raise GreenletExit
    worker.told_to_leave = True


def when_ready(server: object) -> None:
    """The one line a person at a terminal needs."""
    hint = "DEMO, no key needed: try 1001 Woodward Ave with ZIP 48226" if chosen.demo else chosen.environment
    print(f"Hum ISP Lookup is ready at http://{bind}/ ({hint})", flush=True)
