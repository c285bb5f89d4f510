"""The plainest program that does the yardstick's job: each fragment asks Hum once and draws a few lines. See `yardstick`."""

from __future__ import annotations

import os

import requests
from flask import Flask, render_template
from jinja2 import DictLoader
from requests.adapters import HTTPAdapter

FRAGMENT = """<section id="progress" data-hx-get="/lookups/{{ token }}/progress" data-hx-trigger="load delay:2000ms">
<h2>{{ answer.request_status }}</h2><ol>{% for step in ("Address", "Providers", "Plans") %}<li>{{ step }}</li>{% endfor %}</ol></section>"""

app = Flask(__name__)
app.jinja_loader = DictLoader({"fragment.html": FRAGMENT})
http = requests.Session()
http.trust_env = False
http.mount("http://", HTTPAdapter(pool_maxsize=256))


@app.get("/healthz")
def health() -> str:
    """That it runs."""
    return "ok"


@app.get("/lookups/<token>/progress")
def progress(token: str) -> str:
    """One fragment."""
    answer = http.get(f"{os.environ['HUM_API_URL']}/sessions/{token}", timeout=10)
    return render_template("fragment.html", token=token, answer=answer.json())
