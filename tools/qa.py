"""The Node tools that measure the running site, in `qa/node_modules/`: installed from `qa/package-lock.json`, run by
the locked node.

They are no part of the app. Each is driven by a small script in `qa/`, which gets its task as JSON and answers with
JSON lines.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

from tools import assets

FOLDER = assets.ROOT / "qa"
INSTALLED = FOLDER / "node_modules"
STAMP = INSTALLED / ".made-from"
SOURCES = ("package.json", "package-lock.json", ".npmrc")


class QaError(Exception):
    """The tools could not be installed or run; the message is for the person at the terminal."""


def install() -> None:
    """Makes `qa/node_modules/` what the lock says; nothing is done when it is."""
    locked = hashlib.sha256(b"".join((FOLDER / name).read_bytes() for name in SOURCES)).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == locked:
        return
    print("Installing the tools of qa/ ...", flush=True)
    npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    STAMP.write_text(locked)


def npm(arguments: list[str]) -> None:
    """Runs the locked npm in `qa/`."""
    with tempfile.TemporaryDirectory() as cache:
        command = [*assets.locked_npm(), *arguments, f"--cache={cache}"]
        ended = subprocess.run(
            command,
            cwd=FOLDER,
            env=assets.npm_environment(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=assets.NPM_SECONDS,
            check=False,
        )
    if ended.returncode != 0:
        raise QaError(f"npm could not install the locked packages:\n{ended.stderr.strip()}")


def run(script: str, task: Mapping[str, Any], **environment: str) -> Iterator[dict[str, Any]]:
    """What a script of `qa/` says of its task, line by line, as it comes."""
    command = [assets.locked_npm()[0], str(FOLDER / script)]
    with subprocess.Popen(
        command, cwd=FOLDER, env=os.environ | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as node:
        if node.stdin is None or node.stdout is None:
            raise QaError("there is no way to talk to node")
        node.stdin.write(json.dumps(task))
        node.stdin.close()
        for line in node.stdout:
            yield json.loads(line)
    if node.returncode != 0:
        raise QaError(f"{script} ended with status {node.returncode}")
