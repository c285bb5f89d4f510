"""Makes sure that a Chromium is there for the browser tests: `python -m tools.browser` finds one or installs one.

Order: $CHROMIUM, the usual names on PATH, Playwright's own download, Debian's packages (as root), and last a new Playwright download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The shell is the same engine without a desktop browser around it: each window costs about half as much.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium-headless-shell", "chromium")


def find() -> str | None:
    """The path of a browser of the machine, or None. A $CHROMIUM that names no program is an error: somebody meant it."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        chosen = shutil.which(wanted)
        if chosen is None:
            raise SystemExit(f"CHROMIUM={wanted} is not a program.")
        return chosen
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def downloaded() -> str | None:
    """The path of the browser that Playwright downloaded earlier, or None. It needs no telling: Playwright looks there by itself."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (the app's own environment has no Playwright)

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> bool:
    """Try Debian's package where that is allowed, then Playwright's download; True when one of the two ended well."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        get = ["apt-get", "install", "-y", "--no-install-recommends"]
        # Older releases have no package of the shell alone.
        if _succeeds(["apt-get", "update"], environment) and any(
            _succeeds([*get, package], environment) and find() for package in PACKAGES
        ):
            return True
    return _succeeds([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _succeeds(command: list[str], environment: dict[str, str]) -> bool:
    print("+ " + " ".join(command), flush=True)
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


def main() -> None:
    """Print the browser that the tests will use, installing it first if need be."""
    path = find() or downloaded()
    if path is None:
        if not install():
            raise SystemExit("No Chromium could be found or installed: install one and put it on PATH, or set CHROMIUM to its path.")
        path = find() or downloaded()
    print(f"Browser tests use {path}.")


if __name__ == "__main__":
    main()
