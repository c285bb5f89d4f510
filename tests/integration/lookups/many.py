"""Very many lookups in a database, and how it would go about finding some of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.integration.lookups.stage import START, Stage
from webapp.addresses.address import Address
from webapp.lookups.lifecycle import Lookup, State
from webapp.lookups.schema import lookup_table


def fill(stage: Stage, many: int) -> None:
    """Many lookups in one statement: a 25th of them of one busy viewer, the rest of 96 others; one in ten found nobody.

    (For a viewer who owned half of the table PostgreSQL would rightly read all of it when words are looked for.)
    """
    pattern = Lookup(
        "pattern", "pattern", "pattern", "DEMO", Address("1 Main St"), None, START, state=State.DONE, provider_count=3
    )
    stage.store.add(pattern)
    changed = {
        "id": "'id-' || i",
        "viewer": "CASE WHEN i % 25 = 0 THEN 'viewer-0' ELSE 'viewer-' || (i % 100) END",
        "submit_key": "'key-' || i",
        "created_at": "created_at + i",
        "street1": "i || ' Main St'",
        "search_text": "i || ' main st, detroit, mi 48226 michigan'",
        "outcome": "CASE WHEN (i / 100) % 10 = 0 THEN 'no_service' ELSE 'served' END",
    }
    columns = [column.name for column in lookup_table.columns]
    statement = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many}) "
        f"INSERT INTO lookup ({', '.join(columns)}) "
        f"SELECT {', '.join(changed.get(column, column) for column in columns)} FROM lookup, n WHERE viewer = 'pattern'"
    )
    with stage.engine.begin() as connection:
        connection.execute(sa.text(statement))
        connection.execute(sa.text("ANALYZE lookup"))


def statements(engine: sa.Engine) -> list[tuple[str, Any]]:
    """Every statement on lookups that the engine sends from now on, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(
        _connection: object, _cursor: object, statement: str, parameters: Any, _context: object, _many: bool
    ) -> None:
        if "FROM lookup" in statement:
            sent.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    return sent


def plan_of(engine: sa.Engine, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN (COSTS OFF)"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    return "; ".join(str(row[-1]).strip() for row in rows)
