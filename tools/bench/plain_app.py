"""The plainest programs that do the yardstick's job: each fragment asks Hum once and draws a few lines. See `yardstick`.

The plain one also takes a whole lookup, with the calls that Hum's documents name one by one: create, the status until
the search is over, the list.
"""

from __future__ import annotations

import os

import requests
from flask import Flask, redirect, render_template, request
from jinja2 import DictLoader
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from werkzeug import Response

from tools.bench.plain_pages import PAGES

app = Flask(__name__)
app.jinja_loader = DictLoader(PAGES)
http = requests.Session()
http.trust_env = False
adapter = HTTPAdapter(pool_maxsize=2_000)
http.mount("http://", adapter)


@app.get("/healthz")
def health() -> str:
    """That it runs."""
    return "ok"


@app.get("/")
def form() -> str:
    """Five fields."""
    return render_template("form.html")


@app.post("/lookups")
def begin() -> Response:
    """Creates a session."""
    answer = http.post(f"{os.environ['HUM_API_URL']}/sessions", json=dict(request.form), timeout=10).json()
    return redirect(f"/lookups/{answer['meta']['session_token']}", 303)


@app.get("/lookups/<token>")
def page(token: str) -> str:
    """A page that asks for its first fragment."""
    return render_template("page.html", token=token)


@app.get("/lookups/<token>/next/progress")
def next_progress(token: str) -> str:
    """The status; once the search is over, the list instead."""
    answer = http.get(_url(token), timeout=10).json()["meta"]
    if answer["agent_status"]["internet"] != "matched":
        return render_template("status.html", token=token, status=answer)
    services = http.get(f"{_url(token)}/services/internet", timeout=10).json()["data"]
    return render_template("list.html", providers=services["internet"])


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
