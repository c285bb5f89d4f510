"""Every room stands on the map that a newcomer reads first."""

from __future__ import annotations

import subprocess

from tests.paths import ROOT

MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
TOP_LEVEL = ("templates", "static", "tools", "tests", "deploy", "qa")


def test_every_room_is_on_the_map() -> None:
    tracked = subprocess.run(["git", "ls-files", "webapp"], cwd=ROOT, capture_output=True, text=True, check=False)
    parts = {line.split("/")[1] for line in tracked.stdout.splitlines()}
    parts = parts or {path.name for path in (ROOT / "webapp").iterdir() if path.name != "__pycache__"}
    rooms = {f"webapp/{name}" if name.endswith(".py") else f"webapp/{name}/" for name in parts - {"__init__.py"}}
    rooms |= {f"{name}/" for name in TOP_LEVEL}
    assert {room for room in rooms if f"`{room}`" not in MAP} == set()
