"""Makes the database ready when a program starts: brings the schema up to date, says in one message what is wrong, and
waits for what may pass.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import sqlalchemy as sa
from alembic.util import CommandError

from webapp.database import DatabaseUnavailable, bring_up_to_date

TRY_AGAIN = 2.0
SAY_AGAIN = 60.0
"""Seconds between two attempts, and between two lines about them."""


class DatabaseUnusable(Exception):
    """The database cannot be used as it is; the message says why and what to do, and holds no password."""


def make_ready(engine: sa.Engine) -> None:
    """Runs the missing migrations. Raises DatabaseUnusable for what stays wrong, and one of `DatabaseUnavailable` for
    what may pass.
    """
    try:
        bring_up_to_date(engine)
    except DatabaseUnavailable:
        raise
    except CommandError:
        raise DatabaseUnusable(
            "DATABASE_URL: the database was made by a newer release of this program. Start that one, or restore an "
            "older backup."
        ) from None
    except sa.exc.DBAPIError as error:
        raise DatabaseUnusable(
            f"DATABASE_URL: the database cannot be brought up to date: {in_words(error, engine.url)}."
        ) from None


def make_ready_patiently(
    engine: sa.Engine, say: Callable[[str], None], *, sleep: Callable[[float], None] = time.sleep
) -> None:
    """`make_ready` once the database answers. `say` gets a line at once and then every minute. Raises DatabaseUnusable.

    A server that is away comes back, and often starts later than this program. A SQLite file that cannot be opened
    stays as it is until a person does something.
    """
    waited = 0.0
    while True:
        try:
            make_ready(engine)
        except DatabaseUnavailable as error:
            wrong = f"DATABASE_URL: the database cannot be used: {in_words(error, engine.url)}."
            if engine.dialect.name == "sqlite":
                raise DatabaseUnusable(wrong) from None
            if waited % SAY_AGAIN == 0:
                say(f"{wrong} Waiting for it.")
            sleep(TRY_AGAIN)
            waited += TRY_AGAIN
        else:
            return


def in_words(error: Exception, url: sa.URL) -> str:
    """The first line of what the driver said, without the statement and its parameters, and without the password."""
    cause = getattr(error, "orig", None) or error
    line = (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
    if not url.password:
        return line
    return line.replace(url.password, "***")
