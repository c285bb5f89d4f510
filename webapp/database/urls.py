"""Database URLs: checked before anything is opened, and rewritten for the installed drivers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import quote

import psycopg
import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

_POSTGRES = {"postgres", "postgresql", "postgresql+psycopg"}
_UNREADABLE = (
    "cannot be read as a URL such as postgresql://user:password@host:5432/name; "
    "in a password, write @ as %40, : as %3A, / as %2F and % as %25"
)


def check_url(text: str) -> str:
    """The URL as the program uses it: hosting platforms hand out URLs without naming a driver, and psycopg 3 is the one
    installed.

    Raises ValueError saying what to change, never with a part of the URL, since a misread password may be anywhere in
    it.
    """
    scheme, _, rest = text.partition(":")
    if scheme in _POSTGRES:
        return _check_postgres(f"postgresql+psycopg:{rest}")
    if not text.startswith("sqlite:///"):
        raise ValueError("must be a sqlite:/// or postgresql:// URL")
    try:
        url = sa.make_url(text)
    except (ValueError, sa.exc.ArgumentError):
        raise ValueError("must be sqlite:/// and the path of a file") from None
    if not url.database or url.database.startswith((":memory:", "file:")):
        raise ValueError("must be sqlite:/// and the path of a file: all workers share it")
    if url.query:
        raise ValueError("must be sqlite:/// and the path of a file, without options; a ? in the path is written %3F")
    return text


def _check_postgres(text: str) -> str:
    try:
        url = sa.make_url(text)
        arguments = url.get_dialect()().create_connect_args(url)[1]
    except (ValueError, sa.exc.ArgumentError):
        raise ValueError(_UNREADABLE) from None
    if url.port is not None and not 0 < url.port < 65536:
        raise ValueError("must have a port from 1 to 65535")
    try:
        make_conninfo(**arguments)
    except psycopg.ProgrammingError:
        raise ValueError(
            "has an option after ? that PostgreSQL does not know; sslmode=require is one it knows"
        ) from None
    return text


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{quote(str(path), safe='/ ')}"


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite URL that `check_url` gave; None for PostgreSQL."""
    found = sa.make_url(url)
    if found.get_backend_name() != "sqlite":
        return None
    return Path(found.database or "").absolute()


def unusable_folder(folder: Path) -> str | None:
    """Why no file can be created in a folder, which need not exist yet; None when one can.

    This creates a file instead of reading permissions: root may write against them, and no one on a read-only file
    system.
    """
    nearest = folder
    while not _is_there(nearest) and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        return f"{nearest} is a file, not a folder"
    try:
        with tempfile.TemporaryFile(dir=nearest):
            return None
    except OSError as error:
        return f"nothing can be written in {nearest} ({error.strerror or 'refused'})"


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        # It is there, but may not be looked into: trying to write will show what is wrong.
        return True
    return True


def unusable_file(path: Path) -> str | None:
    """Why SQLite cannot keep a database in this file, whose folder must exist; None when it can."""
    if not _is_there(path.parent):
        return f"there is no folder {path.parent}"
    if path.is_dir():
        return f"{path} is a folder, not a file"
    return unusable_folder(path.parent)
