"""What is installed: locked by hash, from no particular address, and never older than the versions that closed known
holes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.paths import ROOT

LOCKS = [ROOT / "requirements" / name for name in ("app.txt", "dev.txt", "node.txt", "audit.txt", "bench.txt")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

FLOORS = {
    "flask": "3.1.3",
    "werkzeug": "3.1.6",
    "gunicorn": "26.1",
    "requests": "2.33",
    "urllib3": "2.6.3",
    "jinja2": "3.1.6",
    "idna": "3.7",
}
"""Older versions have known vulnerabilities: shared caches, form floods, request smuggling, leaked credentials,
decompression bombs.
"""


def locked(path: Path) -> dict[str, Requirement]:
    """The requirements of a lock by canonical name, their hashes left out."""
    text = re.sub(r"\s*\\\n\s*--hash=\S+", "", path.read_text())
    found = [Requirement(line) for line in text.splitlines() if line.strip()]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_no_package_with_a_known_hole_is_installed(package: str, floor: str) -> None:
    assert Version(version(package)) >= Version(floor)


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_the_lock_holds_no_package_with_a_known_hole(package: str, floor: str) -> None:
    (pin,) = locked(ROOT / "requirements" / "app.txt")[package].specifier
    assert Version(pin.version) >= Version(floor)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_one_exact_version_and_its_hashes(path: Path) -> None:
    entries = re.split(r"\n(?=\S)", path.read_text().strip())
    assert entries
    for entry in entries:
        first, *hashes = entry.split("\\\n")
        assert re.match(r"[a-z0-9.-]+(\[[a-z,]+\])?==[^\s;]+( ;.*)?\s*$", first), first
        assert hashes, f"{first} has no hash"
        assert all(re.fullmatch(r"\s+--hash=sha256:[0-9a-f]{64}\s*", line) for line in hashes), entry


@pytest.mark.parametrize(
    "path",
    [*LOCKS, ROOT / "package-lock.json", ROOT / "qa" / "package-lock.json"],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_a_lock_names_no_address_so_that_every_mirror_will_do(path: Path) -> None:
    assert "://" not in path.read_text()
    assert "index-url" not in path.read_text()


def test_the_tests_run_on_the_versions_that_are_served() -> None:
    served, tested = ({name: requirement.specifier for name, requirement in locked(lock).items()} for lock in LOCKS[:2])
    assert {name: tested.get(name) for name in served} == served


def test_the_locks_cover_what_the_project_asks_for() -> None:
    served, tested = locked(LOCKS[0]), locked(LOCKS[1])
    extras = PROJECT["optional-dependencies"]
    for lock, wanted in ((served, PROJECT["dependencies"]), (tested, [*extras["test"], *extras["lint"]])):
        for requirement in map(Requirement, wanted):
            (pin,) = lock[canonicalize_name(requirement.name)].specifier
            assert requirement.specifier.contains(pin.version), f"{requirement} is locked at {pin.version}"


def missing_from_lock(lock: dict[str, Requirement], wanted: list[Requirement]) -> set[str]:
    """What `wanted` and, in turn, what it asks for needs on this machine, and the lock does not have at a version that
    will do.
    """
    missing, done, queue = set(), set(), list(wanted)
    while queue:
        requirement = queue.pop()
        if str(requirement) in done:
            continue
        done.add(str(requirement))
        pin = lock.get(canonicalize_name(requirement.name))
        if pin is None or not all(requirement.specifier.contains(exact.version) for exact in pin.specifier):
            missing.add(str(requirement))
            continue
        for text in requires(requirement.name) or []:
            needed = Requirement(text)
            if any(
                needed.marker is None or needed.marker.evaluate({"extra": extra}) for extra in {"", *requirement.extras}
            ):
                queue.append(needed)
    return missing


def test_the_app_lock_holds_what_its_packages_ask_for() -> None:
    assert missing_from_lock(locked(LOCKS[0]), [Requirement(text) for text in PROJECT["dependencies"]]) == set()


def test_installed_packages_agree_with_each_other() -> None:
    checked = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("folder", [ROOT, ROOT / "qa"], ids=["browser", "qa"])
def test_node_packages_are_pinned_exactly_and_locked_by_hash(folder: Path) -> None:
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    lock = json.loads((folder / "package-lock.json").read_text())["packages"]
    for name, pin in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", pin), f"{name} is not pinned exactly"
        assert lock[f"node_modules/{name}"]["version"] == pin
    for place, entry in lock.items():
        assert not place or entry["integrity"].startswith("sha512-"), f"{place} has no hash"
        assert "resolved" not in entry, f"{place} names an address"
