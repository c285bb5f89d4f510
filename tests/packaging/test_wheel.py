"""What the wheel holds: the program with its data, the pages and all that they ask for, and nothing else."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.packaging.fresh import ROOT

pytestmark = pytest.mark.packaging


def test_templates_and_static_files_are_in_the_wheel(wheel: Path) -> None:
    wanted = {
        f"webapp/{path.relative_to(ROOT)}"
        for name in ("templates", "static")
        for path in (ROOT / name).rglob("*")
        if path.is_file()
    }
    assert "webapp/static/vendor/htmx.min.js" in wanted
    assert wanted <= set(ZipFile(wheel).namelist())


def test_data_files_of_the_package_are_in_the_wheel(wheel: Path) -> None:
    package = ROOT / "webapp"
    wanted = {
        str(path.relative_to(ROOT)) for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= set(ZipFile(wheel).namelist())


def test_the_wheel_brings_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"webapp"}
