"""Puts the sign-in in front of the routes. Imported only where people sign in: Authlib and its cryptography cost every
worker memory.
"""

from __future__ import annotations

from flask import Flask

from webapp.services import Services
from webapp.web import access, earlier_lookups
from webapp.web.provider_door import ProviderDoor
from webapp.web.proxy_door import OnlyFromProxies, ProxyDoor
from webapp.web.views import operators, sign_in


def register(app: Flask, services: Services) -> None:
    """Lets in whom the proxy or the provider names, by the list of who may use which route."""
    app.register_blueprint(sign_in.views)
    app.register_blueprint(operators.views)
    app.jinja_env.globals["earlier_lookups"] = earlier_lookups.offered
    settings = services.settings
    app.jinja_env.globals["signs_out_here"] = settings.auth == "oidc"
    app.jinja_env.globals["sign_out_url"] = settings.auth_sign_out_url
    door = _door(app, services)
    app.extensions["door"] = door
    access.register(app, door)


def _door(app: Flask, services: Services) -> ProxyDoor | ProviderDoor:
    settings = services.settings
    if settings.auth == "oidc":
        return ProviderDoor(app, services)
    app.wsgi_app = OnlyFromProxies(  # type: ignore[method-assign]
        app.wsgi_app, settings.identity_headers, settings.auth_proxy_addresses
    )
    return ProxyDoor(services)
