"""Finds the Pythons besides this one on which the start tests run: `python -m tools.pythons` says which there are.

Order: a `python3.X` on PATH, pyenv's versions, then what uv knows. `--install` asks uv, where it is there, to bring the
missing ones.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSIONS = ("3.12", "3.13")
"""Newer than the locked one, and promised by `requires-python`."""
DOWNLOAD_SECONDS = 300


def find(version: str) -> str | None:
    """The path of an interpreter of this version ("3.12") that can make virtual environments, or None."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [
        shutil.which(f"python{version}"),
        *map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"))),
    ]
    found = next((path for path in candidates if path and _is_usable(path, version)), None)
    return found or _known_to_uv(version)


def _is_usable(path: str, version: str) -> bool:
    """A shim of pyenv is a program even where the version behind it is not chosen; Debian may lack what makes
    environments.
    """
    program = "import ensurepip, sys, venv; print(f'{sys.version_info[0]}.{sys.version_info[1]}')"
    ended = subprocess.run([path, "-I", "-c", program], capture_output=True, text=True, check=False)
    return ended.returncode == 0 and ended.stdout.strip() == version


def _known_to_uv(version: str) -> str | None:
    uv = shutil.which("uv")
    if uv is None:
        return None
    ended = subprocess.run([uv, "python", "find", "--no-project", version], capture_output=True, text=True, check=False)
    path = ended.stdout.strip()
    return path if ended.returncode == 0 and _is_usable(path, version) else None


def install(versions: list[str]) -> None:
    """Ask uv to bring these; without uv, or where nothing can be downloaded, they stay missing."""
    uv = shutil.which("uv")
    if uv is None or not versions:
        return
    command = [uv, "python", "install", *versions]
    print("+ " + " ".join(command), flush=True)
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, timeout=DOWNLOAD_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        print(f"uv did not end within {DOWNLOAD_SECONDS} s.")


def others() -> dict[str, str | None]:
    """Version -> path, or None where it is not on this machine; without the version that this program runs on."""
    own = _version(sys.version_info)
    return {version: find(version) for version in VERSIONS if version != own}


def _version(info: tuple[int | str, ...]) -> str:
    return f"{info[0]}.{info[1]}"


def main() -> None:
    """Print in one line which versions the start tests run on, and which are not there."""
    if "--install" in sys.argv[1:]:
        install([version for version, path in others().items() if path is None])
    found = others()
    tested = [_version(sys.version_info), *(version for version, path in found.items() if path)]
    missing = [version for version, path in found.items() if path is None]
    line = f"Start tests run on Python {', '.join(tested)}"
    print(f"{line}; not on this machine: {', '.join(missing)}." if missing else f"{line}.")


if __name__ == "__main__":
    main()
