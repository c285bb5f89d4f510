"""*Your lookups* among a hundred thousand of many viewers: every statement stays inside an index, on both databases.

The plans can be read: `pytest -k hundred -o log_cli=true --log-cli-level=info`.
"""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa

from tests.integration.lookups.many import fill, plan_of, statements
from tests.integration.lookups.stage import Stage
from webapp.lookups.history import PAGE_SIZE, Entry, History, HistoryStore, Search
from webapp.lookups.lifecycle import Lookup, Outcome
from webapp.lookups.schema import lookup_table

pytestmark = pytest.mark.own_database  # it fills one

MANY = 100_000
log = logging.getLogger(__name__)


@pytest.mark.soak
def test_among_a_hundred_thousand_lookups_every_question_stays_inside_an_index(any_stage: Stage) -> None:
    fill(any_stage, MANY)
    history = History(HistoryStore(any_stage.engine), any_stage.service, clock=any_stage.clock)
    asked = statements(any_stage.engine)
    busy, usual = "viewer-0", "viewer-7"
    for viewer in (busy, usual):
        page = history.page(viewer, Search())
        assert len(page.entries) == PAGE_SIZE
        history.page(viewer, Search(), before=page.older)
        history.page(viewer, Search(), after=page.older)
        assert history.page(viewer, Search("no such street")).entries == ()
        assert {entry.outcome for entry in history.page(viewer, Search("main", Outcome.NO_SERVICE)).entries} == {
            Outcome.NO_SERVICE
        }
        assert history.page(viewer, Search(outcome=Outcome.AMBIGUOUS)).entries == ()
        assert history.page(viewer, Search(unfinished=True)).entries == ()
        assert history.count(viewer) == (MANY // 25 if viewer == busy else MANY // 100)
        history.delete(stored(any_stage, page.entries[0]))
    for statement, parameters in tuple(asked):
        plan = plan_of(any_stage.engine, statement, parameters)
        log.info("%s\n    %s", " ".join(statement.split()), plan)
        assert not any(words in plan for words in ("SCAN lookup", "Seq Scan on lookup", "USE TEMP B-TREE")), (
            f"{statement}\n{plan}"
        )
        assert any(
            words in plan for words in ("USING INDEX", "USING COVERING INDEX", "Index Scan", "Index Only Scan")
        ), plan


def stored(stage: Stage, entry: Entry) -> Lookup:
    with stage.engine.connect() as connection:
        viewer = connection.execute(sa.select(lookup_table.c.viewer).where(lookup_table.c.id == entry.id)).scalar_one()
    found = stage.store.get(entry.id, viewer)
    assert found is not None
    return found
