"""Hum ISP Lookup: paste an address, see which internet providers serve it. `create_app` is what a WSGI server calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from webapp.services import Services
    from webapp.settings import Settings


def create_app(settings: Settings | None = None, *, services: Services | None = None) -> Flask:
    """The web application. Without arguments everything is read from the environment.

    Raises webapp.settings.SettingsError naming every fault of the environment at once.
    """
    # Imported here so that `webapp.simulator` and the pure modules can be used without Flask's web layer and a database driver.
    from webapp.lookups.strain import Strain
    from webapp.services import build_services
    from webapp.settings import load
    from webapp.web.application import build_application

    return build_application(services or build_services(settings or load(), strain=Strain()))
