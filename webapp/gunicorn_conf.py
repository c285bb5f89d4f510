"""How gunicorn serves the app, in a checkout and from a wheel: `gunicorn --config python:webapp.gunicorn_conf
"webapp:create_app()"`.

HOST stays on this machine unless it is set: a proxy belongs in front. A container sets HOST=0.0.0.0.
Workers do not share a preloaded app: every one opens its own database and upstream connections after the fork.
"""

from __future__ import annotations

# Before the standard library is patched, which would begin gevent's event loop in the master.
import json
import subprocess
import sys
from types import SimpleNamespace

# The master imports none of our other modules: its workers are copies of it, and a reload must run the new release.
_read = subprocess.run([sys.executable, "-m", "webapp.settings"], stdout=subprocess.PIPE, check=False)
if _read.returncode:
    # The message has been printed; the master ends here, before any worker could repeat it.
    raise SystemExit(_read.returncode)
chosen = SimpleNamespace(**json.loads(_read.stdout))

# Before anything else could keep an unpatched lock or socket: see docs/decisions/0013-gevent.md.
from gevent import monkey  # isort: split

monkey.patch_all()

import errno
import gc
import logging
import os
import resource
import socket
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import gevent
import usaddress  # noqa: F401 (its model is read once, before the fork, and its 6 MB are shared by the workers)
from gevent import GreenletExit


def with_port(host: str, port: int) -> str:
    """Host and port as addresses hold them: an IPv6 address stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


bind = with_port(chosen.host, chosen.port)
worker_class = "gevent"
workers = chosen.web_concurrency

timeout = 60  # silence of a worker's own heartbeat; a request's deadlines are the Hum client's
graceful_timeout = 30
worker_connections = max(
    2_000, 4 * chosen.hum_connections
)  # one for each open page; those beyond it would not even be accepted
keepalive = 75 if chosen.proxy_hops else 5  # a proxy reuses its few connections; browsers would hold theirs idle
max_requests = 500_000  # a leak in any library stays small; the jitter keeps workers from leaving together
max_requests_jitter = 50_000

# Nothing a client sends may set SCRIPT_NAME, PATH_INFO or the scheme: proxies are believed by PROXY_HOPS only, inside
# the app.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
control_socket_disable = True
# Heartbeats are file writes: on a slow disk they would block the very worker they speak for.
MEMORY = Path("/dev/shm")  # noqa: S108  (gunicorn's file there is private and has no name)
worker_tmp_dir = str(MEMORY) if MEMORY.is_dir() else None


def without_request_text(record: logging.LogRecord) -> bool:
    """Keeps what a request says out of gunicorn's error log, which only a worker writes of requests."""
    if not str(record.msg).startswith(("Invalid request from", "Error handling")):
        return True
    return bool(import_module("webapp.telemetry").without_request_text(record))


logging.getLogger("gunicorn.error").addFilter(without_request_text)

OWN_FILES = 256
"""What a process has open besides its connections to people and to Hum: database, log, libraries."""


def allow_open_files(wanted: int) -> None:
    """Raises this process's own limit of open files, every connection being one; many systems begin with 1,024 and
    allow far more.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


allow_open_files(worker_connections + chosen.hum_connections + OWN_FILES)


PORT_IS_FREED_WITHIN = 5.0
"""Seconds for which an earlier server may still hold the port."""


def on_starting(server: object) -> None:
    """Brings the database up to date once, before there are workers that would all try, in a process of its own."""
    check_address(chosen.host, chosen.port)
    migrate = os.posix_spawn(sys.executable, [sys.executable, "-m", "webapp.migrate"], os.environ)
    try:
        status = os.waitstatus_to_exitcode(os.waitpid(migrate, 0)[1])
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    if status:
        raise SystemExit(status)


def check_address(host: str, port: int) -> None:
    """Ends the program in one message when it cannot listen there; gunicorn would repeat its own for five seconds and
    name no setting.
    """
    if "LISTEN_PID" in os.environ or "GUNICORN_FD" in os.environ:
        return  # the socket was opened by who started us
    give_up_at = time.monotonic() + PORT_IS_FREED_WITHIN
    while True:
        try:
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() >= give_up_at:
                raise SystemExit(f"Cannot listen on {bind}: {error.strerror}. {_advice(error)}") from None
            time.sleep(0.5)
        else:
            return


def _advice(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "Stop the program that uses this port, or set PORT to another one."
    if error.errno == errno.EACCES:
        return (
            "Ports below 1024 need rights that this program should not have: set PORT to a higher one, with a "
            "proxy in front."
        )
    return (
        "Set HOST to an address of this machine: 127.0.0.1 for this machine only, 0.0.0.0 or :: for everyone who "
        "can reach it."
    )


PRELOAD_YIELD_SECONDS = 0.03
"""Seconds for which a worker that gets ready leaves its processor to those who ask."""

COLLECTED_AFTER = (2_000, 50, 100)
"""A collection stops every request of the worker: some 3 ms for what fifty of them left behind, 30 ms for ten times
that.

The second and third figure say how seldom it looks through what outlived it: the requests that wait for Hum, which are
no garbage.
"""


def post_worker_init(worker: object) -> None:
    """Serve at once, and get ready beside it.

    The app has read SCRIPT_NAME by now. gunicorn, too, would take it off the path of each request, and would answer
    every path without it, such as that of a health check or of a proxy that takes the prefix off itself, with an error
    and a traceback.
    """
    os.environ.pop("SCRIPT_NAME", None)
    gevent.spawn(get_ready)


def get_ready() -> None:
    """Reads the ZIP data before a request needs it, and keeps what is loaded by then out of every garbage collection.

    It takes a second: a worker that follows a killed one is not kept from serving by it, and gives way after
    each state. What a worker has loaded stays for its life: looking through it again and again would stop everything
    for tens of milliseconds.
    """
    # Not imported by this file, which is the master's.
    for _state in import_module("webapp.addresses.places").load():
        gevent.sleep(PRELOAD_YIELD_SECONDS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


BETWEEN_REQUESTS = 0.0005
"""Seconds for which a connection leaves the worker to others after each answer."""


def post_request(worker: object, req: object, environ: object, resp: object) -> None:
    """Let others go first: a connection whose next request has already arrived would never wait, and keep the worker
    for itself.

    With zero seconds others are let in only now and then: they waited for 47 answers of two such connections instead of
    for 4.
    """
    gevent.sleep(BETWEEN_REQUESTS)


def worker_int(worker: Any) -> None:
    """A Ctrl-C reaches a worker twice, from the terminal and from the master: the second ends here, or it would break
    into the leaving.
    """
    if getattr(worker, "told_to_leave", False):
        raise GreenletExit
    worker.told_to_leave = True


LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (read here, not bound)
"""What to open on this machine where HOST stands for all of its addresses, which no browser can open."""


def when_ready(server: object) -> None:
    """The one line a person at a terminal needs."""
    opened = with_port(LOOPBACK.get(chosen.host, chosen.host), chosen.port)
    elsewhere = ", and at every other address of this machine" if chosen.host in LOOPBACK else ""
    hint = "DEMO, no key needed: try 1001 Woodward Ave with ZIP 48226" if chosen.demo else chosen.environment
    print(f"Hum ISP Lookup is ready at http://{opened}/{elsewhere} ({hint})", flush=True)
