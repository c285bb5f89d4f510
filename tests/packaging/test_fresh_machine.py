"""What the README and `deploy/README.md` tell a person to type starts on a machine that has nothing of ours.

Each test downloads all packages into an environment of its own, so they belong to `make soak`.
"""

from __future__ import annotations

import configparser
import fcntl
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from tests.packaging import fresh
from tools import proxied, pythons

# Packages and browser files are downloaded first.
DEMO_SECONDS = 300
KEY = "a-key-for-the-simulator"
PROGRAM = "/opt/hum-isp-lookup"
"""Where `deploy/` has the program."""

pytestmark = [pytest.mark.packaging, pytest.mark.long, pytest.mark.soak]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean clone of this repository; its absence is reported as "not run", or as a failure where REQUIRE_GIT=1
    insists.
    """
    if shutil.which("git") is None or not (fresh.ROOT / ".git").exists():
        if os.environ.get("REQUIRE_GIT") == "1":
            pytest.fail("REQUIRE_GIT=1, but there is no git, or this folder is no clone")
        pytest.skip("there is no git on this machine, or this folder is no clone")
    return fresh.clone(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def visitor() -> Iterator[requests.Session]:
    """Nothing of the environment changes its way."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


def test_make_demo_in_a_clean_clone_looks_an_address_up(clone: Path, visitor: requests.Session, tmp_path: Path) -> None:
    port = proxied.free_port()
    variables = fresh.variables(fresh.empty_home(tmp_path), PORT=str(port))
    with proxied.run(["make", "demo"], tmp_path / "log", variables, port, folder=clone, seconds=DEMO_SECONDS):
        page = fresh.look_up(visitor, f"http://127.0.0.1:{port}", demo=True)
    fresh.assert_lists_providers(page)


def steps_of_the_deployment() -> list[str]:
    """The commands under "Once" in `deploy/README.md` that install the program: all of the first block but those for
    the machine.
    """
    text = (proxied.DEPLOY / "README.md").read_text()
    block = re.search(r"^## Once\n.*?^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert block is not None
    lines = block[1].splitlines()
    of_the_machine = [line for line in lines if line.startswith(("apt-get ", "adduser "))]
    steps = [line for line in lines if line not in of_the_machine]
    assert len(of_the_machine) == 2
    assert len(steps) == 3
    return steps


def started_by_the_unit(name: str) -> list[str]:
    """The words of the command that systemd starts."""
    unit = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",), strict=False)
    unit.read_string((proxied.DEPLOY / "systemd" / name).read_text())
    return shlex.split(unit["Service"]["ExecStart"])


@pytest.fixture(scope="module")
def program(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that those steps install into, on a machine with an empty home: the locked packages and the wheel of
    the clone.

    Two tests of two test processes may ask for it: the second waits for the first instead of doing the same work beside
    it.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / "installed", shared / "installed.done"
    with (shared / "installed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            # Half an installation is left where another process failed: its own report says how.
            shutil.rmtree(folder, ignore_errors=True)
            home = fresh.empty_home(folder)
            for step in steps_of_the_deployment():
                command = step.replace(PROGRAM, str(folder / "program"))
                command = command.replace("python3 ", f"{shlex.quote(fresh.PYTHON)} ")
                fresh.run(shlex.split(command), home, clone)
            done.touch()
    return folder / "program"


def test_the_steps_of_the_deployment_serve_a_lookup_behind_nginx(programs: None, program: Path, tmp_path: Path) -> None:
    hum, port = proxied.free_port(), proxied.free_port()
    simulator = [
        f"{program}/bin/python",
        "-m",
        "webapp.simulator",
        "--port",
        str(hum),
        "--api-key",
        KEY,
        "--speed",
        "10",
    ]
    units = "hum-isp-lookup.service", "hum-isp-lookup-worker.service"
    app, worker = ([word.replace(PROGRAM, str(program)) for word in started_by_the_unit(name)] for name in units)
    settings = {
        **proxied.shipped_environment(),
        "HUM_API_URL": f"http://127.0.0.1:{hum}",
        "HUM_API_KEY": KEY,
        "SECRET_KEY": "s" * 48,
        "STATE_DIR": str(tmp_path / "state"),
        "PORT": str(port),
        # The unit's user has no home at all, and systemd starts programs in the root of the file system.
        "HOME": "/nonexistent",
        "PATH": os.defpath,
    }
    with (
        proxied.run(simulator, tmp_path / "simulator.log", {"PATH": os.defpath}, hum, folder=tmp_path),
        proxied.run(app, tmp_path / "app.log", settings, port, folder=Path("/")),
        proxied.proxy(tmp_path, port) as site,
        site.browser() as visitor,
    ):
        page = fresh.look_up(visitor, f"https://{proxied.NAME}", demo=False)
        assert worker_is_alive(worker, settings, visitor, f"https://{proxied.NAME}", tmp_path)
    fresh.assert_lists_providers(page)


def worker_is_alive(
    command: list[str], settings: dict[str, str], visitor: requests.Session, home: str, folder: Path, cwd: str = "/"
) -> bool:
    """Whether a worker starts beside the app, and the health check says so."""
    told = folder / "worker.log"
    with told.open("w") as log:
        worker = subprocess.Popen(command, cwd=cwd, env=settings, stdout=log, stderr=log)
    try:
        until = time.monotonic() + proxied.START_SECONDS
        while time.monotonic() < until and worker.poll() is None:
            if "worker_started" in told.read_text():
                return "worker alive" in visitor.get(f"{home}/healthz").text
            time.sleep(0.2)
    finally:
        worker.terminate()
        worker.wait(60)
    return False


def procfile(process: str = "web") -> str:
    """The command of one of the Procfile's processes."""
    (command,) = re.findall(rf"^{process}: (.*)$", (fresh.ROOT / "Procfile").read_text(), re.MULTILINE)
    return str(command)


@contextmanager
def served_by_the_procfile(program: Path, folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of the app, started in an empty folder with nothing set but the port, and its environment."""
    empty = folder / "empty"
    empty.mkdir()
    port = proxied.free_port()
    settings = {
        "PATH": f"{program / 'bin'}{os.pathsep}{os.defpath}",
        "HOME": str(fresh.empty_home(folder)),
        "PORT": str(port),
    }
    with proxied.run(["sh", "-c", f"exec {procfile()}"], folder / "log", settings, port, folder=empty):
        # Not the address that the app listens at by default: a platform's router comes from another machine.
        yield f"http://127.0.0.2:{port}", settings


OTHER_PYTHONS = {version: path for version, path in pythons.others().items() if path}
"""`make test` says which are not on this machine."""
ON_CI = pytest.mark.skipif("CI" not in os.environ, reason="other Pythons are tried where CI is set: each costs 17 s")


@pytest.mark.parametrize("version", ["this", *(pytest.param(version, marks=ON_CI) for version in OTHER_PYTHONS)])
def test_the_procfile_serves_a_lookup_and_starts_a_worker_where_only_the_port_is_set(
    version: str, request: pytest.FixtureRequest, visitor: requests.Session, tmp_path: Path
) -> None:
    if version == "this":
        program = request.getfixturevalue("program")
    else:
        program = tmp_path / "program"
        install(request.getfixturevalue("wheel"), OTHER_PYTHONS[version], program)
    with served_by_the_procfile(program, tmp_path) as (home, settings):
        assert_the_form_has_all_it_asks_for(visitor, home)
        fresh.assert_lists_providers(fresh.look_up(visitor, home, demo=True))
        worker = ["sh", "-c", f"exec {procfile('worker')}"]
        assert worker_is_alive(worker, settings, visitor, home, tmp_path, cwd=str(tmp_path / "empty"))


def install(wheel: Path, python: str, program: Path) -> None:
    """The locked packages and the wheel, in a virtual environment of that Python."""
    folder = program.parent
    home = fresh.empty_home(folder / "installing")
    pip = [str(program / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    fresh.run([python, "-m", "venv", str(program)], home, folder)
    fresh.run([*pip, "--require-hashes", "--requirement", str(fresh.ROOT / "requirements" / "app.txt")], home, folder)
    fresh.run([*pip, "--no-deps", str(wheel)], home, folder)


def assert_the_form_has_all_it_asks_for(visitor: requests.Session, home: str) -> None:
    """Style sheets and scripts come from the installed package, like the page."""
    page = visitor.get(home, timeout=proxied.START_SECONDS).text
    assert "Street address" in page
    styles = re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"', page)
    scripts = re.findall(r'<script[^>]*src="([^"]+)"', page)
    assert styles
    assert any(script.endswith("/vendor/htmx.min.js") for script in scripts)
    for address in (*styles, *scripts):
        assert visitor.get(urljoin(home, address), timeout=proxied.START_SECONDS).status_code == 200


@pytest.mark.parametrize(
    ("given", "heard"), [(None, "0.0.0.0"), ("", "0.0.0.0"), ("127.0.0.1", "127.0.0.1"), ("::", "::")]
)
@pytest.mark.parametrize("before", ["", "exec "])
def test_a_host_of_the_environment_wins_over_the_procfiles(
    before: str, given: str | None, heard: str, tmp_path: Path
) -> None:
    """Some platforms put `exec` before the command. A program in gunicorn's place says what it was told."""
    gunicorn = tmp_path / "gunicorn"
    gunicorn.write_text('#!/bin/sh\necho "$HOST"\n')
    gunicorn.chmod(0o755)
    environment = {"PATH": f"{tmp_path}{os.pathsep}{os.defpath}", **({} if given is None else {"HOST": given})}
    said = subprocess.check_output(["sh", "-c", before + procfile()], env=environment, text=True)
    assert said.strip() == heard
