"""Makes sure that an nginx is there for the tests of `deploy/`: `python -m tools.nginx` finds one or installs one.

Order: $NGINX, PATH, where Debian keeps it, then Debian's package (as root). Without any, those tests say that they were not run.
"""

from __future__ import annotations

import os
import shutil
import subprocess

PLACES = ("nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx")
PACKAGE = "nginx-light"


def find() -> str | None:
    """The path of the machine's nginx, or None. An $NGINX that names no program is an error: somebody meant it."""
    wanted = os.environ.get("NGINX")
    if wanted:
        chosen = shutil.which(wanted)
        if chosen is None:
            raise SystemExit(f"NGINX={wanted} is not a program.")
        return chosen
    return next((path for place in PLACES if (path := shutil.which(place))), None)


def install() -> None:
    """Debian's package, where we may; the service that it brings is not started."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", PACKAGE]):
        print("+ " + " ".join(command), flush=True)
        if subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode != 0:
            return


def main() -> None:
    """Print the nginx that the tests will use, installing it first if need be."""
    if find() is None:
        install()
    path = find()
    print(
        f"Proxy tests use {path}."
        if path
        else "No nginx could be found or installed: the tests of deploy/ will say that they were not run."
    )


if __name__ == "__main__":
    main()
