"""What an operator can do from a shell: `flask --app webapp prune-calls`."""

from __future__ import annotations

import click
from flask import Flask

from webapp.offers.figures import plural
from webapp.web.context import services


def register(app: Flask) -> None:
    """Adds the commands to `flask --app webapp`."""

    @app.cli.command("prune-calls")
    def prune_calls() -> None:
        """Delete recorded calls that are older than CALLS_KEPT_DAYS."""
        click.echo(f"{plural(services().calls.prune(), 'recorded call')} deleted.")
