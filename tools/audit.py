"""Checks pinned dependencies for known vulnerabilities: `make audit`. pip-audit asks PyPI, npm its registry; both need
the way there.

Ends with status 1 when there are vulnerabilities, and also when a lock could not be checked: that is not good news.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import venv
from dataclasses import dataclass, field
from pathlib import Path

from tools import assets

ROOT = assets.ROOT
REQUIREMENTS = ROOT / "requirements"
TOOL = ROOT / ".tools" / "audit"
STAMP = TOOL / ".made-from"
NPM_FOLDERS = (ROOT, ROOT / "qa")
SECONDS = 300


@dataclass(frozen=True)
class Finding:
    """What was found out of one lock: holes in words, and why part of it or all is not known."""

    lock: str
    packages: int
    holes: list[str] = field(default_factory=list)
    unknown: str = ""


def main() -> None:
    """Prints a paragraph for each lock."""
    install()
    findings = [of_requirements(path) for path in sorted(REQUIREMENTS.glob("*.txt"))]
    findings += [of_npm(folder) for folder in NPM_FOLDERS]
    for finding in findings:
        result = finding.unknown or (f"{len(finding.holes)} known holes" if finding.holes else "no known hole")
        print(f"{finding.lock}: {finding.packages} packages, {result}")
        for hole in finding.holes:
            print(f"  {hole}")
    raise SystemExit(1 if any(finding.holes or finding.unknown for finding in findings) else 0)


def install() -> None:
    """pip-audit from `requirements/audit.txt`, in an environment of its own."""
    locked = REQUIREMENTS / "audit.txt"
    digest = hashlib.sha256(locked.read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == digest:
        return
    print("Installing pip-audit ...", flush=True)
    venv.create(TOOL, clear=True, with_pip=True)
    pip = [
        str(TOOL / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
    ]
    if subprocess.run([*pip, "--requirement", str(locked)], check=False).returncode != 0:
        raise SystemExit("pip-audit could not be installed from requirements/audit.txt.")
    STAMP.write_text(digest)


def of_requirements(path: Path) -> Finding:
    """pip-audit's word on a lock: nothing is installed or resolved, the lock is taken as it is."""
    lock = f"requirements/{path.name}"
    options = [
        "--require-hashes",
        "--disable-pip",
        "--format",
        "json",
        "--progress-spinner",
        "off",
        "--requirement",
        str(path),
    ]
    said = _said([str(TOOL / "bin" / "pip-audit"), *options], ROOT)
    try:
        packages = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Finding(lock, 0, unknown="NOT CHECKED: pip-audit gave no answer")
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}"
        for package in packages
        for hole in package.get("vulns", ())
    ]
    return Finding(
        lock,
        len(packages),
        holes,
        f"NOT CHECKED: {len(skipped)} of them, PyPI told nothing of those" if skipped else "",
    )


def of_npm(folder: Path) -> Finding:
    """npm's word on the lock of a folder."""
    lock = (folder / "package-lock.json").relative_to(ROOT).as_posix()
    packages = len(json.loads((folder / "package-lock.json").read_text())["packages"]) - 1
    said = _said([*assets.npm_command(), "audit", "--json"], folder)
    try:
        found = json.loads(said)["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return Finding(lock, packages, unknown="NOT CHECKED: npm's registry gave no answer")
    return Finding(lock, packages, [f"{name}: {hole['severity']}, {hole['range']}" for name, hole in found.items()])


def _said(command: list[str], folder: Path) -> str:
    """What the program writes; it ends with an error both for holes and for no answer, so only its words count."""
    environment = assets.npm_environment(os.environ)
    try:
        ended = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return ended.stdout


if __name__ == "__main__":
    main()
