"""What an operator can do from a shell: `flask --app webapp prune`, `backup FILE`, and `sign-out`."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from webapp.database import DatabaseUnavailable, sqlite
from webapp.database.urls import sqlite_path
from webapp.plans.figures import plural
from webapp.web.context import services


@click.command("prune")
@with_appcontext
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


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write a copy of the SQLite database to a new FILE, while the app goes on. PostgreSQL has pg_dump."""
    database = sqlite_path(services().settings.database_url)
    if database is None:
        raise click.ClickException("The database is PostgreSQL. Its own command makes the copy: pg_dump.")
    try:
        sqlite.copy(database, file)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already, and stays as it is. Name a new file.") from None
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written ({error.strerror}).") from None
    except sqlite.NotCopied as error:
        raise click.ClickException(f"No copy was made: {error}.") from None
    click.echo(f"Written: {file}.")


@click.command("sign-out")
@click.option("--person", metavar="SUB", help="What the provider calls the person: the claim `sub`.")
@click.option("--everybody", is_flag=True, help="All people.")
@with_appcontext
def sign_out(person: str | None, everybody: bool) -> None:
    """End sign-ins in all browsers, for an account that was closed at the provider."""
    if (person is not None) == everybody:
        raise click.UsageError("Name one: --person SUB, or --everybody.")
    sign_ins = services().sign_ins
    try:
        ended = sign_ins.end_everybodys() if person is None else sign_ins.end_all_of_subject(person)
    except DatabaseUnavailable:
        raise click.ClickException("The database cannot be used right now. Nobody was signed out.") from None
    click.echo(f"Signed out of {plural(ended, 'browser')}.")


def register(app: Flask) -> None:
    """Adds the commands to `flask --app webapp`."""
    for command in (prune, backup, sign_out):
        app.cli.add_command(command)
