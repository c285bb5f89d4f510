"""Hum ISP Lookup: paste an address, see which internet providers serve it. `create_app` is what a WSGI server calls."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from webapp.services import Services
    from webapp.settings import Settings

CANNOT_START = 3
"""The exit status of a process that must not be started again as it is: gunicorn ends with a worker that says so."""


def create_app(settings: Settings | None = None, *, services: Services | None = None) -> Flask:
    """The web application. Without arguments everything is read from the environment, by a server or a command that a
    person has started: what is wrong with it ends the process with a message and no traceback.
    """
    # Imported here so that `webapp.simulator` and the pure modules can be used without Flask's web layer and a database
    # driver.
    from webapp.database.readiness import DatabaseUnusable
    from webapp.services import build_services
    from webapp.settings import SettingsError, load
    from webapp.web.application import build_application

    try:
        return build_application(services or build_services(settings or load()))
    except (SettingsError, DatabaseUnusable) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(CANNOT_START) from None
