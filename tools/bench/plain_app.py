"""The plainest programs that do the yardstick's job: each fragment asks Hum once and draws a few lines. See `yardstick`."""

from __future__ import annotations

import os

import requests
from flask import Flask, render_template
from jinja2 import DictLoader
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

FRAGMENT = """<section id="progress" data-hx-get="/lookups/{{ token }}/progress" data-hx-trigger="load delay:2000ms">
<h2>{{ answer.request_status }}</h2><ol>{% for step in ("Address", "Providers", "Plans") %}<li>{{ step }}</li>{% endfor %}</ol></section>"""

app = Flask(__name__)
app.jinja_loader = DictLoader({"fragment.html": FRAGMENT})
http = requests.Session()
http.trust_env = False
adapter = HTTPAdapter(pool_maxsize=2_000)
http.mount("http://", adapter)


@app.get("/healthz")
def health() -> str:
    """That it runs."""
    return "ok"


@app.get("/lookups/<token>/progress")
def progress(token: str) -> str:
    """One fragment."""
    return _drawn(token, http.get(_url(token), timeout=10))


@app.get("/bare/<token>/progress")
def bare_progress(token: str) -> str:
    """The same with the least of `requests` that there is: its adapter alone, without preparing, cookies, redirects and hooks."""
    request = requests.PreparedRequest()
    request.method, request.url, request.headers = "GET", _url(token), CaseInsensitiveDict()
    return _drawn(token, adapter.send(request, timeout=10))


def _url(token: str) -> str:
    return f"{os.environ['HUM_API_URL']}/sessions/{token}"


def _drawn(token: str, answer: requests.Response) -> str:
    return render_template("fragment.html", token=token, answer=answer.json())
