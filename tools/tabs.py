"""Counts Hum's calls for one lookup watched by 1 and by 10 tabs, in real time: `python -m tools.tabs`."""

from __future__ import annotations

import re
import tempfile
import threading
import time
from collections import Counter

import requests
from werkzeug.serving import make_server

from tools.screenshots import Quiet
from webapp import create_app
from webapp.services import build_services
from webapp.settings import load
from webapp.upstream.call import Call

FIELD = r'name="{}"[^>]*value="([^"]+)"'
DELAY = re.compile(r"load delay:([0-9]+)ms")


def watch(url: str, cookies: dict[str, str]) -> None:
    """One tab: asks again after the delay that each fragment names, until one names none."""
    fragment = f"{url}/progress"
    while True:
        answer = requests.get(fragment, cookies=cookies, timeout=20)
        found = DELAY.search(answer.text)
        if found is None:
            return
        time.sleep(int(found[1]) / 1000)


def calls_with(tabs: int) -> Counter[str]:
    """Hum's calls by operation for one lookup of the normal scenario in so many tabs."""
    counted: Counter[str] = Counter()

    def count(call: Call) -> None:
        counted[call.operation] += 1

    with tempfile.TemporaryDirectory() as state:
        services = build_services(load({"STATE_DIR": state, "LOG_LEVEL": "error"}), observers=(count,))
        server = make_server("127.0.0.1", 0, create_app(services=services), threaded=True, request_handler=Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser, home = requests.Session(), f"http://127.0.0.1:{server.server_port}"
        page = browser.get(f"{home}/?scenario=normal", timeout=20).text
        form = {name: re.findall(FIELD.format(name), page)[0] for name in ("csrf_token", "submit_key")}
        started = browser.post(
            f"{home}/lookups", data=form | {"street1": "1001 Woodward Ave", "zip": "48226"}, timeout=30
        )
        watchers = [threading.Thread(target=watch, args=(started.url, browser.cookies.get_dict())) for _ in range(tabs)]
        for watcher in watchers:
            watcher.start()
        for watcher in watchers:
            watcher.join()
        server.shutdown()
    return counted


if __name__ == "__main__":
    for tabs in (1, 10):
        print(f"{tabs} tabs: {dict(sorted(calls_with(tabs).items()))}")
