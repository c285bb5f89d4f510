"""What this installation is made of, for the operator who reports a fault."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("flask", "requests", "sqlalchemy", "gunicorn")


def versions() -> dict[str, str]:
    """Name -> version; the app itself says `checkout` where it is not installed as a package."""
    return {
        "Hum ISP Lookup": _version("hum-isp-lookup", "checkout"),
        "Python": platform.python_version(),
        **{name: _version(name, "not installed") for name in PACKAGES},
    }


def _version(package: str, missing: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return missing
