"""The app as it is deployed, on loopback ports: gunicorn behind nginx, both on the files of `deploy/`, behind TLS.

Only names, ports and paths of those files are replaced. The certificate is made for the occasion; whoever connects
trusts it and no other.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from tools import nginx
from webapp.simulator import SCENARIOS

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
SITE_FILE = DEPLOY / "nginx" / "hum-isp-lookup.conf"
NAME = "lookup.example.com"
START_SECONDS = 30
STOP_SECONDS = 15
# nginx would otherwise use the folders it was built with, which belong to the machine's own service.
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class NotStarted(Exception):
    """A program ended, or did not listen in time; the message is what it wrote."""


@dataclass(frozen=True)
class Site:
    """Where the running parts listen, and what proves that nginx is ours. `folder` holds configuration and logs."""

    folder: Path
    https: int
    http: int
    upstream: int
    certificate: Path

    def trust(self) -> ssl.SSLContext:
        """A context that believes this site's certificate only."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def browser(self) -> requests.Session:
        """A session for URLs of this site by its public name; nothing of the environment changes its way."""
        session = requests.Session()
        session.trust_env = False
        session.verify = str(self.certificate)
        session.mount(f"https://{NAME}", _ToLoopback(self.https))
        return session


class _ToLoopback(HTTPAdapter):
    """Connects to this machine under the public name, in TLS and in the Host header."""

    def __init__(self, port: int) -> None:
        self._port = port
        super().__init__()

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        host, tls = super().build_connection_pool_key_attributes(*args, **kwargs)
        return host | {"host": "127.0.0.1", "port": self._port}, tls | {
            "server_hostname": NAME,
            "assert_hostname": NAME,
        }

    def add_headers(self, request: requests.PreparedRequest, **kwargs: object) -> None:
        request.headers.setdefault("Host", NAME)


def look_up(browser: requests.Session, scenario: str) -> str:
    """Looks up a scenario's address in the demo's fast time and returns the URL of its page once nothing is awaited any
    more.
    """
    home = f"https://{NAME}"
    form = browser.get(f"{home}/scenarios", timeout=START_SECONDS)
    form.raise_for_status()
    token = hidden(form.text, "csrf_token")
    browser.post(f"{home}/speed", data={"csrf_token": token, "speed": "fast"}, timeout=START_SECONDS).raise_for_status()
    given = {**SCENARIOS[scenario].address, "csrf_token": token, "submit_key": hidden(form.text, "submit_key")}
    started = browser.post(f"{home}/lookups", data=given, timeout=START_SECONDS)
    started.raise_for_status()
    page = started.url.partition("?")[0]
    until = time.monotonic() + START_SECONDS
    while 'data-hx-trigger="load delay' in browser.get(f"{page}/progress", timeout=START_SECONDS).text:
        if time.monotonic() > until:
            raise NotStarted(f"the lookup of {scenario} did not end")
        time.sleep(0.1)
    return page


def hidden(html: str, name: str) -> str:
    """The value of a form's hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', html)
    if found is None:
        raise NotStarted(f"the page has no {name}")
    return found[1]


@contextmanager
def site(folder: Path, **environment: str) -> Iterator[Site]:
    """Both programs, running in the demo. `environment` is laid over that of `deploy/hum-isp-lookup.env`."""
    port = free_port()
    with gunicorn(folder, port, environment), proxy(folder, port) as running:
        yield running


def shipped_environment() -> dict[str, str]:
    """The settings of `deploy/hum-isp-lookup.env`."""
    lines = (DEPLOY / "hum-isp-lookup.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@contextmanager
def gunicorn(folder: Path, port: int, environment: Mapping[str, str]) -> Iterator[None]:
    """The app as the Procfile starts it, without a key: on its simulator."""
    demo = {"APP_ENV": "development", "HUM_API_KEY": "", "STATE_DIR": str(folder / "state"), "PORT": str(port)}
    settings = {"PATH": os.environ["PATH"], **shipped_environment(), **demo, **environment}
    command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.gunicorn_conf", "webapp:create_app()"]
    with run(command, folder / "gunicorn.log", settings, port):
        yield


@contextmanager
def proxy(folder: Path, upstream: int, changes: Mapping[str, str] | None = None) -> Iterator[Site]:
    """nginx on the shipped configuration, in front of whatever listens at the port `upstream`; `changes` are texts to
    replace.
    """
    program = nginx.find()
    if program is None:
        raise NotStarted("there is no nginx: install it, or set NGINX to its path")
    running = Site(folder, free_port(), free_port(), upstream, make_certificate(folder))
    main_file = configure(running, changes or {})
    # Until nginx has read its configuration it writes to the place it was built with; -e names another.
    command = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(main_file), "-g", "daemon off;"]
    with run(command, folder / "nginx.log", dict(os.environ), running.https):
        yield running


@contextmanager
def plain_proxy(folder: Path, locations: str) -> Iterator[int]:
    """nginx over plain http with nothing but these locations; the port it listens at."""
    program = nginx.find()
    if program is None:
        raise NotStarted("there is no nginx: install it, or set NGINX to its path")
    port = free_port()
    folder.mkdir(exist_ok=True)
    path = folder / "nginx.conf"
    server = f"server {{\n    listen 127.0.0.1:{port};\n{locations}\n}}"
    path.write_text(
        f"pid {folder}/nginx.pid;\nevents {{}}\nhttp "
        f"{{\n    access_log off;\n    {_temporary_paths(folder)}\n{server}\n}}\n"
    )
    command = [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(path), "-g", "daemon off;"]
    with run(command, folder / "nginx.log", dict(os.environ), port):
        yield port


def _temporary_paths(folder: Path) -> str:
    return "\n    ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)


def configure(running: Site, changes: Mapping[str, str]) -> Path:
    """The shipped configuration with names, ports and paths of this run, in its folder; returns the main file."""
    folder = running.folder
    site_file = _replaced(
        _replaced(SITE_FILE.read_text(), changes),
        {
            "listen 80": f"listen 127.0.0.1:{running.http}",
            "listen [::]:80": f"listen 127.0.0.2:{running.http}",
            "listen 443": f"listen 127.0.0.1:{running.https}",
            "listen [::]:443": f"listen 127.0.0.2:{running.https}",
            "127.0.0.1:8000": f"127.0.0.1:{running.upstream}",
            "/etc/ssl/lookup.example.com": str(folder),
            "/var/log/nginx": str(folder),
        },
    )
    (folder / "site.conf").write_text(site_file)
    main = _replaced(
        (DEPLOY / "nginx" / "nginx.conf").read_text(),
        {
            "user www-data;": f"user {pwd.getpwuid(os.geteuid()).pw_name};" if os.geteuid() == 0 else "",
            "/run/nginx.pid": f"{folder}/nginx.pid",
            "/var/log/nginx": str(folder),
            "include /etc/nginx/conf.d/*.conf;": f"{_temporary_paths(folder)}\n    include {folder}/site.conf;",
        },
    )
    path = folder / "nginx.conf"
    path.write_text(main)
    return path


def _replaced(text: str, places: Mapping[str, str]) -> str:
    for place, here in places.items():
        if place not in text:
            raise NotStarted(f"the shipped configuration has no {place!r} any more")
        text = text.replace(place, here)
    return text


def make_certificate(folder: Path) -> Path:
    """A certificate for NAME, signed by itself, under the names that the shipped configuration gives it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise NotStarted("there is no openssl to make a certificate with")
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    kind = ["-days", "2", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    name = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    made = [openssl, "req", "-x509", *kind, *name, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    return certificate


_given_out: set[int] = set()


def free_port() -> int:
    """A free loopback port, never the same one twice: an earlier caller may not have opened its port yet."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = int(probe.getsockname()[1])
        if port not in _given_out:
            _given_out.add(port)
            return port


@contextmanager
def run(
    command: list[str],
    log: Path,
    environment: dict[str, str],
    port: int,
    *,
    folder: Path = ROOT,
    seconds: float = START_SECONDS,
) -> Iterator[None]:
    """The program, from when it listens at the port; its output goes to the file. `seconds` is how long that may
    take.
    """
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + seconds
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise NotStarted(f"{Path(command[0]).name} does not listen:\n{log.read_text()[-2000:]}")
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # With all that it started, such as the server that make runs.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
