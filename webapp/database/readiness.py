"""Bringing the database up to date when a program starts: what is wrong with it is told in one message, and what may
pass is waited for.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import sqlalchemy as sa
from alembic.util import CommandError

from webapp.database import Unavailable, bring_up_to_date

TRY_AGAIN = 2.0
SAY_AGAIN = 60.0
"""Seconds between two attempts, and between two lines about them."""


class Unusable(Exception):
    """The database cannot be used as it is; the message says why and what to do, and holds no password."""


def make_ready(engine: sa.Engine) -> None:
    """Runs the missing migrations. Raises Unusable for what stays wrong, and one of `Unavailable` for what may pass."""
    try:
        bring_up_to_date(engine)
    except Unavailable:
        raise
    except CommandError:
        raise Unusable(
            "DATABASE_URL: the database was made by a newer release of this program. Start that one, or restore an "
            "older backup."
        ) from None
    except sa.exc.DBAPIError as error:
        raise Unusable(
            f"DATABASE_URL: the database cannot be brought up to date: {in_words(error, engine.url)}."
        ) from None


def make_ready_patiently(
    engine: sa.Engine, say: Callable[[str], None], *, sleep: Callable[[float], None] = time.sleep
) -> None:
    """`make_ready` once the database answers. `say` gets a line at once and then every minute. Raises Unusable.

    A server that is away comes back, and often starts later than this program. A SQLite file that cannot be opened
    stays as it is until a person does something.
    """
    waited = 0.0
    while True:
        try:
            make_ready(engine)
        except Unavailable as error:
            wrong = f"DATABASE_URL: the database cannot be used: {in_words(error, engine.url)}."
            if engine.dialect.name == "sqlite":
                raise Unusable(wrong) from None
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
    return line.replace(url.password, "***") if url.password else line
