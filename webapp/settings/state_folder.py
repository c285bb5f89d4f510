"""`STATE_DIR`: the folder that holds the SQLite file and the generated secret where the environment names neither."""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path

from webapp.database.urls import unusable_file, unusable_folder
from webapp.settings.values import SHORTEST_SECRET

DATABASE_FILE, SECRET_FILE = "lookups.sqlite3", "secret_key"


def fault_of(folder: Path, *, holds_database: bool, holds_secret: bool) -> str | None:
    """Why the folder cannot hold what it is needed for; None where it can, or is needed for nothing."""
    if not holds_database and (not holds_secret or _has_secret(folder)):
        return None
    fault = unusable_folder(folder.absolute())
    if fault is None and holds_database and folder.is_dir():
        return unusable_file(folder.absolute() / DATABASE_FILE)
    return fault


def database_file(folder: Path) -> Path:
    """The absolute path of the SQLite file. Makes the folder; raises OSError where that fails."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve() / DATABASE_FILE


def kept_secret(folder: Path) -> str:
    """One random secret for all workers of this folder; the first process to come writes it, the others wait for it and
    read it. Raises OSError where it can be neither read nor written.

    The lock is the operating system's, which ends it with its process: no file is left that would have to be cleared
    away. A text too short for a secret is what a process that was killed has left; it has never been used.
    """
    path = folder / SECRET_FILE
    if not _has_secret(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not _is_secret(file.read()):
                file.seek(0)
                file.truncate()
                file.write(secrets.token_urlsafe(48).encode())
                file.flush()
                os.fsync(file.fileno())
    return _locked_text(path).decode().strip()


def _has_secret(folder: Path) -> bool:
    try:
        return _is_secret(_locked_text(folder / SECRET_FILE))
    except OSError:
        return False


def _locked_text(path: Path) -> bytes:
    """What the file holds once no other process is writing to it."""
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return file.read()


def _is_secret(found: bytes) -> bool:
    text = found.strip()
    return len(text) >= SHORTEST_SECRET and text.isascii() and text.decode("ascii").isprintable()
