"""Batches and rows: what is stored comes back, to its owner only, and a row is begun and ended once."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
import sqlalchemy as sa

from tests.integration.lookups.stage import START, VIEWER
from webapp.addresses.address import Address
from webapp.batches.batch import Batch, BatchRow, BatchState, RowState, RowVerdict
from webapp.batches.store import BatchStore
from webapp.lookups.history import HistoryStore, Search
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.store import LookupStore

FULL = Batch(
    id="0123456789abcdefghijkl",
    viewer=VIEWER,
    name="Libraries \N{SNOWMAN}.xlsx",
    environment="DEMO",
    created_at=START + 0.5,
    row_count=2,
    header=("Name", "Address\0 \ud800"),
    roles=("", "line"),
    above=(("A title",), ()),
    state=BatchState.PAUSED,
    pause_reason="not_authorized",
    started_at=START + 1,
    finished_at=START + 2,
)
DONE = BatchRow(
    batch_id=FULL.id,
    position=1,
    line=4,
    cells=("Main library", "5201 Woodward Ave\0"),
    address=Address("5201 Woodward Ave", "Room 1", "Detroit", "MI", "48202"),
    verdict=RowVerdict.READY,
    why="Nothing",
    is_mended=True,
    duplicate_of=7,
    state=RowState.DONE,
    attempt=2,
    lookup_id="lookup",
    outcome="served",
    error="down",
    begun_at=START + 3,
    ended_at=START + 4,
)


def waiting(*positions: int) -> list[BatchRow]:
    address = Address("1 Main St", None, None, None, "48226")
    return [BatchRow(FULL.id, at, at + 1, (), address, RowVerdict.READY, state=RowState.WAITING) for at in positions]


def running() -> Batch:
    return replace(FULL, state=BatchState.RUNNING, pause_reason=None, finished_at=None)


def test_every_field_survives_being_stored(batches: BatchStore) -> None:
    for example in (FULL, DONE):
        by_default = [field.name for field in fields(example) if getattr(example, field.name) == field.default]
        assert by_default == []
    batches.add(FULL, [DONE])
    assert batches.get(FULL.id, VIEWER) == FULL
    assert batches.rows(FULL.id, 10) == [DONE]
    assert batches.of_viewer(VIEWER, 10) == [FULL]


@pytest.mark.parametrize(("batch_id", "viewer"), [(FULL.id, "another"), ("unknown", VIEWER), ("\0", VIEWER)])
def test_a_batch_is_its_viewers(batches: BatchStore, batch_id: str, viewer: str) -> None:
    batches.add(FULL, [])
    assert batches.get(batch_id, viewer) is None


def test_a_row_is_begun_and_ended_once(batches: BatchStore) -> None:
    batches.add(running(), waiting(1, 2))
    assert [batch.id for batch in batches.running("DEMO")] == [FULL.id]
    assert batches.running("LIVE") == []
    assert [row.position for row in batches.waiting(FULL.id, 5, after=1)] == [2]
    assert batches.begin_row(FULL.id, 1, START)
    assert not batches.begin_row(FULL.id, 1, START)
    assert batches.end_row(FULL.id, 1, RowState.DONE, START, lookup_id="a", outcome="served")
    assert not batches.end_row(FULL.id, 1, RowState.FAILED, START, error="down")
    assert not batches.finish(FULL.id, START)
    assert batches.begin_row(FULL.id, 2, START)
    assert batches.give_back(FULL.id, 2)
    assert batches.begin_row(FULL.id, 2, START)
    assert batches.end_row(FULL.id, 2, RowState.FAILED, START, error="down")
    assert batches.finish(FULL.id, START)
    assert batches.running("DEMO") == []


def test_no_row_of_a_paused_batch_is_begun(batches: BatchStore) -> None:
    batches.add(running(), waiting(1))
    assert batches.pause(FULL.id, "per_day")
    assert not batches.begin_row(FULL.id, 1, START)
    assert not batches.pause(FULL.id, "not_authorized")
    paused = batches.find(FULL.id)
    assert paused is not None
    assert (paused.state, paused.pause_reason) == (BatchState.PAUSED, "per_day")


def test_a_batchs_lookups_are_no_part_of_the_personal_history(engine: sa.Engine, batches: BatchStore) -> None:
    lookups, history = LookupStore(engine), HistoryStore(engine)
    address = Address("1 Main St", None, None, None, "48226")
    for batch_id in (None, FULL.id):
        lookups.add(
            Lookup(f"of {batch_id}"[:22], VIEWER, f"key {batch_id}", "DEMO", address, None, START, batch_id=batch_id)
        )
    assert [entry.id for entry in history.newest(VIEWER, Search(), 10)] == ["of None"]
    assert history.count(VIEWER) == 1
    assert history.clear(VIEWER, START, 10) == 1
    batches.add(FULL, [DONE])
    assert batches.delete_lookups(FULL, 10) == 1
    batches.delete(FULL.id)
    assert batches.get(FULL.id, VIEWER) is None
    assert batches.rows(FULL.id, 10) == []


def test_old_batches_are_pruned_unless_they_run(batches: BatchStore) -> None:
    old = replace(FULL, created_at=START - 100)
    batches.add(old, [DONE])
    batches.add(replace(old, id="runs", state=BatchState.RUNNING), [])
    batches.add(replace(FULL, id="new"), [])
    assert [batches.delete_old(START, 1), batches.delete_old(START, 1)] == [1, 0]
    assert {batch.id for batch in batches.of_viewer(VIEWER, 10)} == {"runs", "new"}
    assert batches.rows(old.id, 10) == []


def test_a_retry_is_another_lookup_of_the_failed_rows_alone(batches: BatchStore) -> None:
    batches.add(replace(running(), state=BatchState.FINISHED), [DONE, replace(DONE, position=2, state=RowState.FAILED)])
    before = batches.row(FULL.id, 2)
    assert batches.retry_failed(FULL.id, START)
    assert not batches.retry_failed(FULL.id, START)
    first, again = batches.rows(FULL.id, 10)
    assert before is not None
    assert first == DONE
    assert (again.state, again.attempt, again.lookup_id, again.error) == (
        RowState.WAITING,
        before.attempt + 1,
        None,
        None,
    )
    assert again.submit_key != before.submit_key
