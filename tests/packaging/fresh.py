"""What a person starts with: an empty home, few variables, and a virtual environment that holds what the lock says and
nothing else.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import requests

from tools import proxied

ROOT = proxied.ROOT
# Of the tests' own environment nothing may be found, not even by name.
PYTHON = str(getattr(sys, "_base_executable", sys.executable))
INSTALL_SECONDS = 300
LOOKUP_SECONDS = 120

PASSED_ON = re.compile(
    r"PATH|PYTHON|TMPDIR|LANG|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS|PIP_\w+|npm_config_\w+"
    r"|(https?|no|all)_proxy|PYENV_ROOT",
    re.IGNORECASE,
)
"""Which tools there are, and how to reach the package registries from here: a mirror, a proxy, a private authority."""


def variables(home: Path, **more: str) -> dict[str, str]:
    """The environment of a person who has just logged in."""
    passed_on = {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)}
    folders = [folder for folder in passed_on["PATH"].split(os.pathsep) if Path(folder) != Path(sys.prefix, "bin")]
    return {**passed_on, "PATH": os.pathsep.join(folders), "HOME": str(home), **more}


def empty_home(folder: Path) -> Path:
    """A home in that folder with nothing in it."""
    home = folder / "home"
    home.mkdir(parents=True)
    return home


def run(command: list[str], home: Path, folder: Path) -> None:
    """A command that must succeed; what it wrote is the message when it does not."""
    ended = subprocess.run(
        command,
        cwd=folder,
        env=variables(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, f"{' '.join(command)}\n{ended.stdout}{ended.stderr}"


def clone(folder: Path) -> Path:
    """A clean clone of what is committed, under the changes to it that git knows of."""
    # The repository may belong to another user than the one who runs the tests.
    trusting = folder / "gitconfig"
    trusting.write_text("[safe]\n\tdirectory = *\n")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": str(trusting)}
    subprocess.run(["git", "clone", "--quiet", str(ROOT), "clone"], cwd=folder, env=environment, check=True)
    changes = subprocess.run(
        ["git", "-C", str(ROOT), "diff", "--binary", "HEAD"], env=environment, capture_output=True, check=True
    ).stdout
    if changes:
        subprocess.run(["git", "apply"], cwd=folder / "clone", env=environment, input=changes, check=True)
    return folder / "clone"


def look_up(browser: requests.Session, home: str, *, demo: bool) -> str:
    """Looks up the README's address through the page, as a browser without JavaScript does, and returns the page of the
    ended lookup.

    A site in demo mode is told to play its lookups fast.
    """
    form = browser.get(f"{home}/", timeout=proxied.START_SECONDS)
    form.raise_for_status()
    hidden = {name: proxied.hidden(form.text, name) for name in ("csrf_token", "submit_key")}
    if demo:
        fast = {"csrf_token": hidden["csrf_token"], "speed": "fast"}
        browser.post(f"{home}/speed", data=fast, timeout=proxied.START_SECONDS).raise_for_status()
    address = {"street1": "1001 Woodward Ave", "zip": "48226"}
    page = browser.post(f"{home}/lookups", data={**address, **hidden}, timeout=proxied.START_SECONDS)
    page.raise_for_status()
    here = page.url.partition("?")[0]
    until = time.monotonic() + LOOKUP_SECONDS
    while 'http-equiv="refresh"' in page.text:
        assert time.monotonic() < until, f"the lookup did not end:\n{page.text}"
        time.sleep(0.5)
        page = browser.get(f"{here}?refresh=1", timeout=proxied.START_SECONDS)
        page.raise_for_status()
    return page.text


def assert_lists_providers(page: str) -> None:
    """The lookup found providers and lists them."""
    assert re.search(r"<title>\d+ providers found", page), page
    assert '<article class="provider"' in page
