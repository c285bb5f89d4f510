"""Makes sure that a Chromium is there for the browser tests: `python -m tools.browser` finds one or lets Playwright
download its own.

Order: $CHROMIUM, the usual names on PATH, Playwright's earlier download, a new one. Nothing of the machine is changed
by that: what Playwright downloads lies in its own cache. `--install` also tries Debian's packages (as root), before the
download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# The shell is the same engine without a desktop browser around it: each window costs about half as much.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium-headless-shell", "chromium")


def find() -> str | None:
    """The path of a browser of the machine, or None. A $CHROMIUM that names no program is an error, because
    it was set on purpose.
    """
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        chosen = shutil.which(wanted)
        if chosen is None:
            raise SystemExit(f"CHROMIUM={wanted} is not a program.")
        return chosen
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def downloaded() -> str | None:
    """The path of the browser that Playwright downloaded earlier, or None. It needs no telling: Playwright looks there
    by itself.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (the app's own environment has no Playwright)

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if starts(path) else None


def starts(path: str) -> bool:
    """Whether it is a program for which the machine has the libraries."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def download() -> None:
    """Let Playwright download its own browser into its cache."""
    _succeeds([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def install() -> None:
    """Debian's package, where we may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    if _succeeds(["apt-get", "update"], environment):
        for package in PACKAGES:
            # Older releases have no package of the shell alone.
            if _succeeds(["apt-get", "install", "-y", "--no-install-recommends", package], environment) and find():
                return


def _succeeds(command: list[str], environment: dict[str, str]) -> bool:
    print("+ " + " ".join(command), flush=True)
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


def advice() -> str:
    """The one command that brings a Chromium, or what to do where that command is not known."""
    if shutil.which("apt-get") is None:
        return "Install Chromium or Google Chrome and put it on PATH, or set CHROMIUM to its path."
    return f"Type this, then run make again: {'' if os.geteuid() == 0 else 'sudo '}apt-get install {PACKAGES[-1]}"


def main() -> None:
    """Print the browser that the tests will use."""
    path = find() or downloaded()
    if path is None and "--install" in sys.argv[1:]:
        install()
        path = find()
    if path is None:
        download()
        path = downloaded()
    if path is None:
        raise SystemExit(
            f"There is no Chromium on this machine, and Playwright could not download one that starts.\n{advice()}"
        )
    print(f"Browser tests use {path}.")


if __name__ == "__main__":
    main()
