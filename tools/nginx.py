"""Finds the nginx for the tests of `deploy/`: `python -m tools.nginx` says which. Without one, those tests say that
they were not run.

Order: $NGINX, PATH, where Debian keeps it. With `--install`, Debian's package follows (as root).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PLACES = ("nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx")
PACKAGES = ("nginx-light", "openssl")


def find() -> str | None:
    """The path of the machine's nginx, or None. An $NGINX that names no program is an error, because it was set on
    purpose.
    """
    wanted = os.environ.get("NGINX")
    if wanted:
        chosen = shutil.which(wanted)
        if chosen is None:
            raise SystemExit(f"NGINX={wanted} is not a program.")
        return chosen
    return next((path for place in PLACES if (path := shutil.which(place))), None)


def install() -> None:
    """Debian's packages, where we may; the service that nginx's brings is not started."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES]):
        print("+ " + " ".join(command), flush=True)
        if subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode != 0:
            return


def missing() -> list[str]:
    """The programs that the tests of `deploy/` need and that are not on this machine."""
    return [name for name, path in (("nginx", find()), ("openssl", shutil.which("openssl"))) if path is None]


def advice() -> str:
    """The one command that brings them, or what to do where that command is not known."""
    if shutil.which("apt-get") is None:
        return f"Install {' and '.join(missing())}."
    return f"Type this, then run make again: {'' if os.geteuid() == 0 else 'sudo '}apt-get install {' '.join(PACKAGES)}"


def main() -> None:
    """Print the nginx that the tests will use."""
    if missing() and "--install" in sys.argv[1:]:
        install()
    if missing():
        absent = f"There is no {' and no '.join(missing())} on this machine"
        print(f"{absent}: the tests of deploy/ will say that they were not run. {advice()}")
    else:
        print(f"Proxy tests use {find()}.")


if __name__ == "__main__":
    main()
