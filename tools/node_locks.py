"""Takes out of the node locks what installs nothing and names addresses, their authors' donation pages: `python -m
tools.node_locks`.
"""

from __future__ import annotations

import json
from pathlib import Path

LOCKS = (Path("package-lock.json"), Path("qa/package-lock.json"))


def main() -> None:
    """Part of `make lock`; npm reads a lock without these entries as it reads one with them."""
    for path in LOCKS:
        lock = json.loads(path.read_text())
        for entry in lock["packages"].values():
            entry.pop("funding", None)
        path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
