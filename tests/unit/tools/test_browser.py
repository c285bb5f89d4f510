"""Which browser the tests drive."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import browser

ROOT = Path(browser.__file__).resolve().parents[1]


def program(folder: Path, name: str) -> str:
    """An executable file of that name."""
    path = folder / name
    path.touch(mode=0o755)
    return str(path)


def test_the_one_named_by_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "chromium")
    chosen = program(tmp_path, "my-browser")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROMIUM", chosen)
    assert browser.find() == chosen


def test_a_name_that_is_no_program_is_said_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nothing"))
    with pytest.raises(SystemExit, match="nothing is not a program"):
        browser.find()


def test_the_lightest_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.find() is None
    for name in ("google-chrome", "chromium", "chromium-headless-shell"):
        path = program(tmp_path, name)
        assert browser.find() == path


APT_GET = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/apt-get.log"
[ "$1" = update ] || { printf '#!/bin/sh\n' > "$(dirname "$0")/chromium"; chmod +x "$(dirname "$0")/chromium"; }
"""
"""A machine's package manager, in the folder that is PATH: writes down what it is asked, and installs a browser."""


def ensure_browser(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`python -m tools.browser` on a machine without a browser and without a way to download one."""
    apt_get = folder / "apt-get"
    apt_get.write_text(APT_GET)
    apt_get.chmod(0o755)
    for name in ("sh", "dirname", "chmod"):
        (folder / name).symlink_to(f"/bin/{name}")
    environment = {"PATH": str(folder), "HOME": str(folder), "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9"}
    command = [sys.executable, "-m", "tools.browser", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.soak
def test_without_a_browser_the_command_to_type_is_said_and_nothing_is_installed(tmp_path: Path) -> None:
    ended = ensure_browser(tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.endswith("apt-get install chromium\n"), ended.stderr
    assert not (tmp_path / "apt-get.log").exists()


@pytest.mark.soak
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may install packages")
def test_a_package_is_installed_where_that_is_asked_for(tmp_path: Path) -> None:
    ended = ensure_browser(tmp_path, "--install")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.endswith(f"Browser tests use {tmp_path / 'chromium'}.\n")
    assert (tmp_path / "apt-get.log").read_text().splitlines()[0] == "update"


def test_make_asks_for_no_installation_of_system_packages() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert "tools.browser" in makefile
    assert "--install" not in makefile
    assert "apt-get" not in makefile


def test_a_downloaded_browser_without_its_libraries_does_not_count(tmp_path: Path) -> None:
    broken = tmp_path / "chrome"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    assert not browser.starts(str(broken))
    assert not browser.starts(str(tmp_path / "nothing"))
    assert browser.starts(sys.executable)
