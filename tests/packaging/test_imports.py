"""What the program imports is declared: what another package happens to bring today may be gone with its next
release.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.paths import ROOT

TYPES_ONLY = {"_typeshed"}
"""Known to type checkers alone; never imported when the program runs."""


def imported_names(tree: ast.AST) -> Iterator[str]:
    """The first part of every absolute import, those inside functions included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def foreign_imports(files: list[Path]) -> dict[str, str]:
    """Imports that are neither the app's own nor in the standard library, each with a file that has it."""
    found = {
        name: str(path.relative_to(ROOT)) for path in files for name in imported_names(ast.parse(path.read_text()))
    }
    return {
        name: place for name, place in found.items() if name not in {"webapp"} | TYPES_ONLY | sys.stdlib_module_names
    }


def test_every_import_of_the_app_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}
    distributions = packages_distributions()
    imports = foreign_imports(sorted((ROOT / "webapp").rglob("*.py")))
    assert imports
    undeclared = {
        name: place
        for name, place in imports.items()
        if declared.isdisjoint(canonicalize_name(distribution) for distribution in distributions.get(name, []))
    }
    assert undeclared == {}, "add these to the dependencies in pyproject.toml"


def test_the_assets_are_made_with_the_standard_library_alone() -> None:
    """`make demo` and the build of the wheel run this tool; the build has none of our packages."""
    no_packages = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tools.assets",
    ]
    imported = subprocess.run(no_packages, capture_output=True, text=True, check=False)
    assert imported.returncode == 0, imported.stderr
