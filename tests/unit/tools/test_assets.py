"""The browser's third-party files: what is served is what was locked, and a change is noticed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tools import assets


def test_what_is_served_is_what_the_manifest_says() -> None:
    manifest = json.loads((assets.VENDOR / assets.MANIFEST).read_text())
    assert manifest["made_from"] == assets.fingerprint()
    assert manifest["sha256"].keys() > {*assets.FILES, "maps/MI.svg"}
    assert manifest["sha256"] == {name: assets.sha256(assets.VENDOR / name) for name in manifest["sha256"]}


def test_no_map_is_heavier_than_a_small_picture() -> None:
    maps = {path.name: path.stat().st_size for path in (assets.VENDOR / assets.MAPS).glob("*.svg")}
    assert len(maps) == 52
    assert max(maps.values()) <= 25 * 1024, maps


def test_htmx_is_the_version_that_is_pinned() -> None:
    pin = json.loads((assets.ROOT / "package.json").read_text())["dependencies"]["htmx.org"]
    assert f'version:"{pin}"' in (assets.VENDOR / "htmx.min.js").read_text()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the files that decide what is current, with the vendor folder they made."""
    for name in assets.SOURCES:
        shutil.copy(assets.ROOT / name, tmp_path / name)
    shutil.copytree(assets.VENDOR, tmp_path / "vendor")
    return tmp_path


def test_unchanged_files_need_no_work(project: Path) -> None:
    assert assets.is_current(project / "vendor", project)


@pytest.mark.parametrize("name", [*assets.FILES, "maps/maps.json", assets.MANIFEST])
def test_a_changed_or_missing_file_is_noticed(project: Path, name: str) -> None:
    path = project / "vendor" / name
    path.write_text(path.read_text() + "//")
    assert not assets.is_current(project / "vendor", project)
    path.unlink()
    assert not assets.is_current(project / "vendor", project)


@pytest.mark.parametrize("name", assets.SOURCES)
def test_another_lock_asks_for_other_files(project: Path, name: str) -> None:
    (project / name).write_text((project / name).read_text() + "\n")
    assert not assets.is_current(project / "vendor", project)


def test_node_is_told_of_a_private_authority(tmp_path: Path) -> None:
    bundle = tmp_path / "authority.pem"
    bundle.touch()
    assert assets.npm_environment({"PIP_CERT": str(bundle)})["NODE_EXTRA_CA_CERTS"] == str(bundle)
    assert (
        assets.npm_environment({"SSL_CERT_FILE": str(bundle), "NODE_EXTRA_CA_CERTS": "own"})["NODE_EXTRA_CA_CERTS"]
        == "own"
    )
