"""The plain program of `plain_app` written with FastAPI and httpx: the same paths, pages and calls to Hum, on one event
loop a process.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from jinja2 import DictLoader, Environment

from tools.bench.plain_pages import PAGES

templates = Environment(loader=DictLoader(PAGES), autoescape=True)
limits = httpx.Limits(max_connections=2_000, max_keepalive_connections=2_000)
http = httpx.AsyncClient(timeout=10, limits=limits, trust_env=False)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Closes the connections to Hum at the end."""
    yield
    await http.aclose()


app = FastAPI(lifespan=lifespan)


@app.get("/healthz", response_class=PlainTextResponse)
async def health() -> str:
    """That it runs."""
    return "ok"


@app.get("/", response_class=HTMLResponse)
async def form() -> str:
    """Five fields."""
    return _drawn("form.html")


@app.post("/lookups")
async def begin(request: Request) -> RedirectResponse:
    """Creates a session."""
    fields = dict(await request.form())
    answer = (await http.post(f"{os.environ['HUM_API_URL']}/sessions", json=fields)).json()
    return RedirectResponse(f"/lookups/{answer['meta']['session_token']}", 303)


@app.get("/lookups/{token}", response_class=HTMLResponse)
async def page(token: str) -> str:
    """A page that asks for its first fragment."""
    return _drawn("page.html", token=token)


@app.get("/lookups/{token}/next/progress", response_class=HTMLResponse)
async def next_progress(token: str) -> str:
    """The status; once the search is over, the list instead."""
    answer = (await http.get(_url(token))).json()["meta"]
    if answer["agent_status"]["internet"] != "matched":
        return _drawn("status.html", token=token, status=answer)
    services = (await http.get(f"{_url(token)}/services/internet")).json()["data"]
    return _drawn("list.html", providers=services["internet"])


@app.get("/lookups/{token}/progress", response_class=HTMLResponse)
async def progress(token: str) -> str:
    """One fragment."""
    return _drawn("fragment.html", token=token, answer=(await http.get(_url(token))).json())


def _url(token: str) -> str:
    return f"{os.environ['HUM_API_URL']}/sessions/{token}"


def _drawn(name: str, **values: Any) -> str:
    return templates.get_template(name).render(values)
