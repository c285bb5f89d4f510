"""How gunicorn serves the app, in a checkout and from a wheel: `gunicorn --config python:webapp.gunicorn_conf "webapp:create_app()"`.

HOST stays on this machine unless it is set: slow clients starve threads, so a buffering proxy belongs in front. A container sets
HOST=0.0.0.0.
Workers do not share a preloaded app: every one opens its own database and upstream connections after the fork.
"""

from __future__ import annotations

import gc
from pathlib import Path

from webapp import places, settings
from webapp.database import bring_up_to_date, open_engine

try:
    chosen = settings.load()
except settings.SettingsError as error:
    # The message is the whole story; the master ends here, before any worker could repeat it.
    raise SystemExit(str(error)) from None

bind = f"{f'[{chosen.host}]' if ':' in chosen.host else chosen.host}:{chosen.port}"
worker_class = "gthread"
workers = chosen.web_concurrency
threads = chosen.threads

timeout = 60  # silence of a worker's own heartbeat; a request's deadlines are the Hum client's
graceful_timeout = 30
worker_connections = max(2_000, 4 * chosen.threads)  # one for each open page; those beyond it would not even be accepted
keepalive = 75 if chosen.proxy_hops else 5  # a proxy reuses its few connections; browsers would hold threads' sockets idle
max_requests = 20_000  # a leak in any library stays small; the jitter keeps workers from leaving together
max_requests_jitter = 2_000

# Nothing a client sends may set SCRIPT_NAME, PATH_INFO or the scheme: proxies are believed by PROXY_HOPS only, inside the app.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
control_socket_disable = True
# Heartbeats are file writes: on a slow disk they would block the very worker they speak for.
MEMORY = Path("/dev/shm")  # noqa: S108  (gunicorn's file there is private and has no name)
worker_tmp_dir = str(MEMORY) if MEMORY.is_dir() else None


def on_starting(server: object) -> None:
    """Bring the database up to date once, before there are workers that would all try, and close it again: no connection is inherited."""
    engine = open_engine(chosen.database_url)
    try:
        bring_up_to_date(engine)
    finally:
        engine.dispose()


def post_worker_init(worker: object) -> None:
    """Read the ZIP data before the first request would have to wait for it, and keep what is there now out of every garbage collection.

    What a worker has loaded stays for its life: looking through it again and again would stop all threads for tens of milliseconds.
    """
    places.load()
    gc.collect()
    gc.freeze()


def when_ready(server: object) -> None:
    """The one line a person at a terminal needs."""
    hint = "DEMO, no key needed: try 1001 Woodward Ave with ZIP 48226" if chosen.demo else chosen.environment
    print(f"Hum ISP Lookup is ready at http://{bind}/ ({hint})", flush=True)
