"""`Dockerfile` and `compose.yaml`. No image can be pulled in a test, so the steps run in empty folders, under a user
without rights and with a program that cannot be changed, and what compose names is looked for.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from tests.packaging import fresh
from tools import proxied
from webapp.settings import Settings

IMAGE_PROGRAM, IMAGE_STATE = "/opt/hum-isp-lookup", "/var/lib/hum-isp-lookup"
COMPOSE: dict[str, Any] = yaml.safe_load((fresh.ROOT / "compose.yaml").read_text())
FOR_THE_HEALTH_CHECK = 60


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's, such as `("RUN", "pip install ...")`."""
    lines = (fresh.ROOT / "Dockerfile").read_text().splitlines()
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines) if name and name != "#"]


def stages() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What is done in the stage that builds, and what in the image."""
    build, image = [], []
    found = [number for number, (name, _) in enumerate(instructions()) if name == "FROM"]
    assert len(found) == 2
    build = instructions()[: found[1]]
    image = instructions()[found[1] :]
    return build, image


@dataclass(frozen=True, slots=True)
class Image:
    """What the build has left: the program, the image's variables and its command."""

    program: Path
    variables: dict[str, str]
    command: list[str]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="container-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def image(folder: Path) -> Image:
    """The steps of the Dockerfile in an empty folder that gets nothing but what COPY names and `.dockerignore` lets
    through.
    """
    build, final = stages()
    context, program = folder / "build", folder / "program"
    home = fresh.empty_home(folder)
    for name, rest in build:
        if name == "COPY":
            *sources, target = rest.split()
            copy(sources, context / target)
        elif name == "RUN":
            command = rest.replace(IMAGE_PROGRAM, str(program)).replace("python3 ", f"{fresh.PYTHON} ")
            fresh.run(shlex.split(command), home, context)
    shutil.rmtree(context)
    (environment,) = [rest for name, rest in final if name == "ENV"]
    here = environment.replace(IMAGE_PROGRAM, str(program)).replace(IMAGE_STATE, str(folder / "state"))
    (command,) = [rest for name, rest in final if name == "CMD"]
    return Image(program, dict(word.split("=", 1) for word in shlex.split(here)), json.loads(command))


def copy(sources: list[str], target: Path) -> None:
    allowed = re.findall(r"^!(.+)$", (fresh.ROOT / ".dockerignore").read_text(), re.MULTILINE)
    target.mkdir(parents=True, exist_ok=True)
    for source in sources:
        assert source in allowed, f"{source} is not in the build's context"
        found = fresh.ROOT / source
        if found.is_dir():
            shutil.copytree(found, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(found, target)


@pytest.mark.packaging
@pytest.mark.long
@pytest.mark.soak
def test_the_image_serves_a_lookup_and_runs_a_worker_without_rights(image: Image, folder: Path) -> None:
    state, port = folder / "state", proxied.free_port()
    state.mkdir(mode=0o700)
    subprocess.run(["chmod", "-R", "a-w", str(image.program)], check=True)
    settings = image.variables | {"PORT": str(port), "SECRET_KEY": "s" * 48}
    web, worker = image.command, COMPOSE["services"]["worker"]["command"]
    programs = []
    with (folder / "log").open("w") as log, requests.Session() as visitor:
        visitor.trust_env = False
        try:
            for command in (web, worker):
                programs.append(start([str(image.program / "bin" / command[0]), *command[1:]], settings, log))
                wait_for("ok" if command is web else "worker alive", port, visitor, folder / "log")
            page = fresh.look_up(visitor, f"http://127.0.0.1:{port}", demo=True)
        finally:
            for program in programs:
                program.terminate()
                program.wait(60)
            subprocess.run(["chmod", "-R", "u+w", str(image.program)], check=True)
    fresh.assert_lists_providers(page)
    assert [program.returncode for program in programs] == [0, 0]


def start(command: list[str], settings: dict[str, str], log: Any) -> subprocess.Popen[bytes]:
    """With nothing but the image's variables. Where the test is root, without what root may do beyond others: another
    user could not read the interpreter in its home.
    """
    rights: list[str] = []
    if os.geteuid() == 0:
        rights = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
    return subprocess.Popen(
        [*rights, *command], cwd="/", env=settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )


def wait_for(said: str, port: int, visitor: requests.Session, log: Path) -> None:
    until = time.monotonic() + FOR_THE_HEALTH_CHECK
    while time.monotonic() < until:
        try:
            if said in visitor.get(f"http://127.0.0.1:{port}/healthz", timeout=5).text:
                return
        except requests.RequestException:
            pass
        time.sleep(0.2)
    raise AssertionError(f"the health check does not say {said!r}:\n{log.read_text()[-2000:]}")


def test_the_image_is_run_without_rights() -> None:
    _, final = stages()
    (user,) = [rest for name, rest in final if name == "USER"]
    assert user.split(":")[0] not in {"0", "root"}
    for service in ("web", "worker"):
        described = COMPOSE["services"][service]
        assert described["read_only"] is True
        assert described["cap_drop"] == ["ALL"]
        assert described["image"] == "hum-isp-lookup", "one image for both"


def test_all_that_compose_names_is_there() -> None:
    services = COMPOSE["services"]
    assert set(services["web"]["environment"]) <= {name.upper() for name in Settings.model_fields}
    assert (fresh.ROOT / services["web"]["env_file"]).is_file()
    mounted = [volume.split(":")[0] for volume in services["nginx"]["volumes"]]
    assert [path for path in mounted if not (fresh.ROOT / path).is_file()] == ["./deploy/certificates"]
    (procfile,) = re.findall(r"^worker: (.*)$", (fresh.ROOT / "Procfile").read_text(), re.MULTILINE)
    assert shlex.join(services["worker"]["command"]) == procfile
    assert proxied.NAME in services["web"]["healthcheck"]["test"][-1]
    assert f"server 127.0.0.1:{services['web']['environment']['PORT']};" in proxied.SITE_FILE.read_text()
