"""What an operator can do from a shell: `flask --app webapp prune`."""

from __future__ import annotations

import click
from flask import Flask

from webapp.database import DatabaseUnavailable
from webapp.plans.figures import plural
from webapp.web.context import services


def register(app: Flask) -> None:
    """Adds the commands to `flask --app webapp`."""

    @app.cli.command("prune")
    def prune() -> None:
        """Delete what is older than LOOKUPS_KEPT_DAYS and CALLS_KEPT_DAYS, and what has ended. For cron, once a day."""
        try:
            pruned = services().retention.prune()
        except DatabaseUnavailable:
            # The driver's message would quote the statement; the next run finds what this one left.
            raise click.ClickException(
                "The database cannot be used right now. The next run deletes what is left."
            ) from None
        counts = (
            plural(pruned.lookups, "lookup"),
            plural(pruned.calls, "recorded call"),
            plural(pruned.links, "ended link"),
            plural(pruned.coverage, "list of a state", "lists of a state"),
            plural(pruned.batches, "batch", "batches"),
        )
        click.echo(f"Deleted: {', '.join(counts)}.")
