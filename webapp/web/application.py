"""Puts the Flask application together: configuration, template environment, blueprints, headers, errors, static
files.
"""

from __future__ import annotations

from pathlib import Path

import jinja2
from flask import Flask, Response
from flask_htmx import HTMX

from webapp.pages.error_messages import LAST_RESORT
from webapp.pages.maps import load_maps
from webapp.services import Services
from webapp.telemetry import configure_logging, log, place_of
from webapp.web import commands, context, error_pages, filters, frames, presenter, security, static_files
from webapp.web.public_address import AnyHostFlask, with_public_address
from webapp.web.views import (
    address_form,
    batch_rows,
    batches,
    console,
    demo,
    embed,
    health,
    lookups,
    metrics,
    presenting,
    research,
    results,
    shares,
    state_coverage,
    status,
    try_it,
    your_lookups,
)

MAX_BODY = 64 * 1024
MAX_FORM_FIELD = 16 * 1024
MAX_FORM_PARTS = 50


class Application(AnyHostFlask):
    """Flask with our own reading of host names and a last resort that logs no request text."""

    def handle_exception(self, e: Exception) -> Response:
        """The answer where even the error page failed: plain text. Flask would log a traceback, which can hold what a
        person typed.
        """
        log.error("bug", kind=type(e).__name__, at=place_of(e))
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        return self.finalize_request((LAST_RESORT, 500, headers), from_error_handler=True)


def build_application(services: Services) -> Flask:
    """A Flask app around ready services."""
    settings = services.settings
    configure_logging(settings.log_level)
    app = Application("webapp", static_folder=None, template_folder=str(folder("templates")))
    app.config.update(
        SECRET_KEY=settings.derived_secret("cookies"),
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_FIELD,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        # A form left open over lunch must still be accepted; the token lives as long as the cookie.
        WTF_CSRF_TIME_LIMIT=None,
        **context.cookie_config(secure=settings.https),
    )
    app.session_interface = context.CookieSessions(services.clock, services.frames)
    app.extensions["services"] = services
    app.extensions["state_maps"] = load_maps(folder("static") / "vendor" / "maps" / "maps.json")
    app.jinja_env.globals |= {"environment": settings.environment, "presenting": presenter.active}
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    HTMX(app)
    context.register(app)
    security.register(app, https=settings.https)
    filters.register(app, settings.time_zone)
    static_files.register(app, folder("static"), https=settings.https, for_frames=bool(settings.embed_origins))
    if settings.embed_origins:
        frames.register(app, services)
    app.wsgi_app = with_public_address(  # type: ignore[assignment,method-assign]
        app.wsgi_app, proxy_hops=settings.proxy_hops, https=settings.https, prefix=settings.script_name
    )
    error_pages.register(app)
    commands.register(app)
    if settings.auth != "none":
        from webapp.web import signing_in  # noqa: PLC0415 - see there

        signing_in.register(app, services)
    app.register_blueprint(health.views)
    app.register_blueprint(metrics.views)
    app.register_blueprint(lookups.views)
    app.register_blueprint(address_form.views)
    for blueprint in (
        results.views,
        your_lookups.views,
        shares.views,
        state_coverage.views,
        research.views,
        console.views,
    ):
        app.register_blueprint(blueprint)
    for blueprint in (batches.views, batch_rows.views):
        app.register_blueprint(blueprint)
    for blueprint in (demo.views, presenting.views, try_it.views, status.views, embed.views):
        app.register_blueprint(blueprint)
    return app


def folder(name: str) -> Path:
    """`templates` or `static`: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    if (package / name).is_dir():
        return package / name
    return package.parent / name
