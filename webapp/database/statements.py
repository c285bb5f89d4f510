"""The few statements that run with every poll, sent straight to the database's driver. What comes of them is the same.

SQLAlchemy words each of them once, for the database at hand, opens and pools the connections, and names the errors.
Handing every statement through its engine costs several times what SQLite itself takes for it, and polls are what this
program does all day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPICursor

from webapp.database import named_by_meaning, write_lock


class Statement:
    """A statement with named parameters (`sqlalchemy.bindparam`), put into the driver's words at its first use on each
    kind of database.

    It holds no list whose length is found out late, as `in_` makes one.
    """

    def __init__(self, statement: sa.ClauseElement) -> None:
        self._statement = statement
        self._worded: dict[str, tuple[str, Mapping[str, Any], tuple[str, ...] | None]] = {}

    def worded(self, dialect: sa.Dialect, values: Mapping[str, Any]) -> tuple[str, Any]:
        """The text and the parameters as the driver takes them. Raises KeyError for a parameter without a value."""
        if dialect.name not in self._worded:
            compiled: Any = self._statement.compile(dialect=dialect)
            literal = {name: bind.value for name, bind in compiled.binds.items() if bind.value is not None}
            self._worded[dialect.name] = (
                str(compiled),
                literal,
                tuple(compiled.positiontup) if compiled.positional else None,
            )
        text, given, order = self._worded[dialect.name]
        everything = {**given, **values}
        return text, everything if order is None else [everything[name] for name in order]


class DirectConnection:
    """A connection of the pool on which `Statement`s run. Raises what SQLAlchemy raises."""

    def __init__(self, engine: sa.Engine, connection: sa.PoolProxiedConnection) -> None:
        self._engine = engine
        self._connection = connection
        self._cursor: DBAPICursor = connection.cursor()
        self._error = engine.dialect.loaded_dbapi.Error

    def execute(self, statement: Statement, values: Mapping[str, Any]) -> DBAPICursor:
        """Runs a statement. Its rows and their number are the cursor's until the next one runs."""
        return self.run(*statement.worded(self._engine.dialect, values))

    def run(self, text: str, parameters: Any = ()) -> DBAPICursor:
        """Runs a text in the driver's own words."""
        try:
            self._cursor.execute(text, parameters)
        except self._error as error:
            raise _named(self._engine, text, self._connection, error) from None
        return self._cursor


@contextmanager
def reading(engine: sa.Engine) -> Iterator[DirectConnection]:
    """A connection to read from."""
    with _connected(engine) as connection:
        yield DirectConnection(engine, connection)


@contextmanager
def writing(engine: sa.Engine) -> Iterator[DirectConnection]:
    """A transaction that writes, as `webapp.database.writing` is one."""
    with write_lock(engine) as begin, _connected(engine) as connection:
        direct = DirectConnection(engine, connection)
        begin(direct.run)
        yield direct
        try:
            connection.commit()
        except engine.dialect.loaded_dbapi.Error as error:
            raise _named(engine, "COMMIT", connection, error) from None


@contextmanager
def _connected(engine: sa.Engine) -> Iterator[sa.PoolProxiedConnection]:
    try:
        connection = engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        raise _named(engine, "CONNECT", None, error) from None
    try:
        yield connection
    finally:
        # The pool rolls back whatever was not committed.
        connection.close()


def _named(
    engine: sa.Engine, text: str, connection: sa.PoolProxiedConnection | None, error: Any
) -> sa.exc.StatementError:
    """SQLAlchemy's own error for a driver's. A connection that is gone leaves the pool."""
    gone = connection is not None and engine.dialect.is_disconnect(error, connection, None)
    if connection is not None and gone:
        connection.invalidate(error)
    # Without parameters: they are what people typed.
    kind = engine.dialect.loaded_dbapi.Error
    named = sa.exc.DBAPIError.instance(text, None, error, kind, connection_invalidated=gone, dialect=engine.dialect)
    return named_by_meaning(error, named)
