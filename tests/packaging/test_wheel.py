"""The wheel serves the whole page from anywhere: installed into a fresh environment, started by the Procfile in an empty folder."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ["wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([sys.executable, "-m", "pip", *build], check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with the wheel; the packages it needs are lent by the one the tests run in."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    python = folder / "bin" / "python"
    install = ["install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    script = folder / "bin" / "gunicorn"
    script.write_text(f"#!{python}\nfrom gunicorn.app.wsgiapp import run\nrun()\n")
    script.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def site(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running app: the Procfile's own command, in an empty folder, on its defaults but for the port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (command,) = re.findall(r"^web: (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    variables = {"PATH": f"{environment / 'bin'}{os.pathsep}{os.defpath}", "PORT": str(port), "WEB_CONCURRENCY": "1"}
    empty = tmp_path_factory.mktemp("empty")
    with subprocess.Popen(f"exec {command}", shell=True, cwd=empty, env=variables, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            assert f"http://127.0.0.1:{port}/" in line, "the server ended without saying that it is ready"
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.send_signal(signal.SIGTERM)


def get(url: str) -> tuple[int, str]:
    """Status and text of a page."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read().decode()


def test_templates_and_static_files_are_in_the_wheel(wheel: Path) -> None:
    wanted = {f"webapp/{path.relative_to(ROOT)}" for name in ("templates", "static") for path in (ROOT / name).rglob("*") if path.is_file()}
    assert "webapp/static/vendor/htmx.min.js" in wanted
    assert wanted <= set(ZipFile(wheel).namelist())


def test_data_files_of_the_package_are_in_the_wheel(wheel: Path) -> None:
    package = ROOT / "webapp"
    wanted = {str(path.relative_to(ROOT)) for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert wanted <= set(ZipFile(wheel).namelist())


def test_the_wheel_brings_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"webapp"}


def test_the_page_comes_from_the_installed_package_with_all_it_asks_for(site: str) -> None:
    status, page = get(site)
    assert status == 200
    assert "Street address" in page
    styles = re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"', page)
    scripts = re.findall(r'<script[^>]*src="([^"]+)"', page)
    assert styles
    for address in (*styles, *scripts):
        assert get(urljoin(site, address))[0] == 200


def test_htmx_is_served_from_the_wheel(site: str) -> None:
    (prefix,) = set(re.findall(r'href="(/static/[0-9a-f]+/)', get(site)[1]))
    status, script = get(urljoin(site, prefix + "vendor/htmx.min.js"))
    assert status == 200
    assert "htmx" in script
