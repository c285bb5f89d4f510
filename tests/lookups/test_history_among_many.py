"""*Your lookups* among a hundred thousand of many viewers: every statement stays inside an index, on both databases.

The plans can be read: `pytest -k hundred -o log_cli=true --log-cli-level=info`.
"""

from __future__ import annotations

import logging
from typing import Any

import sqlalchemy as sa

from tests.lookups.stage import START, Stage
from webapp.address import Address
from webapp.lookups.history import PAGE_SIZE, History
from webapp.lookups.history_store import HistoryStore
from webapp.lookups.lifecycle import Lookup, Outcome, State
from webapp.lookups.listing import Entry, Search
from webapp.lookups.schema import lookup_table

MANY = 100_000
log = logging.getLogger(__name__)


def test_among_a_hundred_thousand_lookups_every_question_stays_inside_an_index(any_stage: Stage) -> None:
    fill(any_stage)
    history = History(HistoryStore(any_stage.engine), any_stage.service, clock=any_stage.clock)
    asked = statements(any_stage.engine)
    busy, usual = "viewer-0", "viewer-7"
    for viewer in (busy, usual):
        page = history.page(viewer, Search())
        assert len(page.entries) == PAGE_SIZE
        history.page(viewer, Search(), before=page.older)
        history.page(viewer, Search(), after=page.older)
        assert history.page(viewer, Search("no such street")).entries == ()
        assert {entry.outcome for entry in history.page(viewer, Search("main", Outcome.NO_SERVICE)).entries} == {Outcome.NO_SERVICE}
        assert history.page(viewer, Search(outcome=Outcome.AMBIGUOUS)).entries == ()
        assert history.page(viewer, Search(unfinished=True)).entries == ()
        assert history.count(viewer) == (MANY // 25 if viewer == busy else MANY // 100)
        history.delete(stored(any_stage, page.entries[0]))
    for statement, parameters in tuple(asked):
        plan = plan_of(any_stage.engine, statement, parameters)
        log.info("%s\n    %s", " ".join(statement.split()), plan)
        assert not any(words in plan for words in ("SCAN lookup", "Seq Scan on lookup", "USE TEMP B-TREE")), f"{statement}\n{plan}"
        assert any(words in plan for words in ("USING INDEX", "USING COVERING INDEX", "Index Scan", "Index Only Scan")), plan


def stored(stage: Stage, entry: Entry) -> Lookup:
    with stage.engine.connect() as connection:
        viewer = connection.execute(sa.select(lookup_table.c.viewer).where(lookup_table.c.id == entry.id)).scalar_one()
    found = stage.store.get(entry.id, viewer)
    assert found is not None
    return found


def fill(stage: Stage) -> None:
    """Many lookups in one statement: a 25th of them of one busy viewer, the rest of 96 others; one in ten found nobody.

    (For a viewer who owned half of the table PostgreSQL would rightly read all of it when words are looked for.)
    """
    pattern = Lookup("pattern", "pattern", "pattern", "DEMO", Address("1 Main St"), None, START, state=State.DONE, provider_count=3)
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
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) "
        f"INSERT INTO lookup ({', '.join(columns)}) "
        f"SELECT {', '.join(changed.get(column, column) for column in columns)} FROM lookup, n WHERE viewer = 'pattern'"
    )
    with stage.engine.begin() as connection:
        connection.execute(sa.text(statement))
        connection.execute(sa.text("ANALYZE lookup"))


def statements(engine: sa.Engine) -> list[tuple[str, Any]]:
    """Every statement on lookups that the engine sends from now on, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, _context: object, _many: bool) -> None:
        if "FROM lookup" in statement:
            sent.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    return sent


def plan_of(engine: sa.Engine, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN (COSTS OFF)"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    return "; ".join(str(row[-1]).strip() for row in rows)
