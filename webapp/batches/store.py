"""Batch rows in the database. Every write is one short transaction; what it changes is said in its WHERE, so that two
that write at once, a page and a worker, cannot undo each other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from webapp.addresses.address import FIELDS, Address
from webapp.batches.batch import UNFINISHED_ROWS, Batch, BatchCounts, BatchRow, BatchState, RowState, RowVerdict
from webapp.batches.schema import batch_row_table, batch_table
from webapp.batches.verdicts import address_key, as_duplicate, as_ready, mark_duplicates
from webapp.database import writing
from webapp.lookups.schema import lookup_table

ROWS_AT_ONCE = 500
"""Rows written by one statement."""

_batches = batch_table.c
_rows = batch_row_table.c
_ADDRESS_COLUMNS = {name: "state_code" if name == "state" else name for name in FIELDS}
_BATCH_FIELDS = tuple(field.name for field in fields(Batch))
_ROW_FIELDS = tuple(field.name for field in fields(BatchRow) if field.name != "address")
_UNFINISHED = _rows.state.in_([state.value for state in UNFINISHED_ROWS])


class BatchStore:
    """Reads and writes batches and their rows."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    # Made by pages.

    def add(self, batch: Batch, rows: Sequence[BatchRow]) -> None:
        """Stores a new batch with its rows, all or nothing."""
        values = [_row_values(row) for row in rows]
        with writing(self._engine) as connection:
            connection.execute(sa.insert(batch_table), _batch_values(batch))
            _insert_rows(connection, values)

    def get(self, batch_id: str, viewer: str) -> Batch | None:
        """The viewer's own batch; None for unknown ids and for other people's."""
        if "\0" in batch_id:  # names nothing, and PostgreSQL refuses to look for it
            return None
        return self._one_batch(_batches.id == batch_id, _batches.viewer == viewer)

    def of_viewer(self, viewer: str, most: int) -> list[Batch]:
        """The viewer's newest batches, newest first."""
        newest = sa.select(batch_table).where(_batches.viewer == viewer)
        newest = newest.order_by(_batches.created_at.desc(), _batches.id.desc()).limit(most)
        return [_batch_from(row) for row in self._all(newest)]

    def newest(self, most: int) -> list[Batch]:
        """Everybody's newest batches, newest first."""
        newest = sa.select(batch_table).order_by(_batches.created_at.desc(), _batches.id.desc()).limit(most)
        return [_batch_from(row) for row in self._all(newest)]

    def count_all(self) -> int:
        """How many batches there are, of everybody."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(batch_table)).scalar_one()

    def hand_over(self, viewer: str, heir: str) -> None:
        """Makes a viewer's batches those of another. Their lookups are handed over with all others of the viewer."""
        with writing(self._engine) as connection:
            connection.execute(sa.update(batch_table).where(_batches.viewer == viewer).values(viewer=heir))

    def change_state(self, batch_id: str, state: BatchState, *, among: Iterable[BatchState], **values: Any) -> bool:
        """Moves a batch to a state if it is in one of `among`; False when it is not. `values` are further columns."""
        allowed = [before.value for before in among]
        change = sa.update(batch_table).where(_batches.id == batch_id, _batches.state.in_(allowed))
        with writing(self._engine) as connection:
            return bool(connection.execute(change.values(state=state.value, **values)).rowcount)

    def replace_rows(self, batch_id: str, roles: Sequence[str], rows: Sequence[BatchRow]) -> bool:
        """Writes what the columns of a draft hold and its rows as they are read by that; False when it is no draft."""
        draft = sa.update(batch_table).where(_batches.id == batch_id, _batches.state == BatchState.DRAFT.value)
        values = [_row_values(row) for row in rows]
        with writing(self._engine) as connection:
            if not connection.execute(draft.values(roles=json.dumps(roles))).rowcount:
                return False
            connection.execute(sa.delete(batch_row_table).where(_rows.batch_id == batch_id))
            _insert_rows(connection, values)
            return True

    def mend(self, row: BatchRow) -> bool:
        """Writes a row of a draft that a person has mended; False when it is no draft. Rows that were its duplicates
        become those of the first of them, and it becomes the duplicate of a ready row with its new address.
        """
        draft = sa.select(_batches.id).where(_batches.id == row.batch_id, _batches.state == BatchState.DRAFT.value)
        with writing(self._engine) as connection:
            if connection.execute(draft.with_for_update()).first() is None:
                return False
            _part_from(connection, row)
            if row.verdict is RowVerdict.READY:
                row = _with_twin(connection, row)
            own = sa.update(batch_row_table).where(_rows.batch_id == row.batch_id, _rows.position == row.position)
            return bool(connection.execute(own.values(_row_values(row))).rowcount)

    def retry_failed(self, batch_id: str, now: float) -> bool:
        """Lets all failed rows of a batch wait for another lookup, and the batch run; False when there are none, or it
        was canceled.
        """
        failed = (_rows.batch_id == batch_id, _rows.state == RowState.FAILED.value)
        again = {"state": RowState.WAITING.value, "attempt": _rows.attempt + 1}
        afresh = dict.fromkeys(("lookup_id", "outcome", "error", "begun_at", "ended_at"))
        may_run = _batches.state.in_([state.value for state in (BatchState.FINISHED, BatchState.PAUSED)])
        run = sa.update(batch_table).where(_batches.id == batch_id, may_run, sa.exists().where(*failed))
        values = {"state": BatchState.RUNNING.value, "pause_reason": None, "started_at": now, "finished_at": None}
        with writing(self._engine) as connection:
            if not connection.execute(run.values(values)).rowcount:
                return False
            connection.execute(sa.update(batch_row_table).where(*failed).values(**again, **afresh))
            return True

    def delete_old(self, before: float, most: int) -> int:
        """Deletes at most `most` batches that were made before `before` (epoch seconds) and do not run; how many."""
        rests = _batches.state != BatchState.RUNNING.value
        oldest = sa.select(_batches.id).where(_batches.created_at < before, rests)
        oldest = oldest.order_by(_batches.created_at).limit(most)
        with writing(self._engine) as connection:
            return connection.execute(sa.delete(batch_table).where(_batches.id.in_(oldest))).rowcount

    def delete_lookups(self, batch: Batch, most: int) -> int:
        """Deletes at most `most` lookups of a batch, each with all that hangs on it; how many."""
        own = (lookup_table.c.viewer == batch.viewer, lookup_table.c.batch_id == batch.id)
        some = sa.select(lookup_table.c.id).where(*own).limit(most)
        with writing(self._engine) as connection:
            return connection.execute(sa.delete(lookup_table).where(lookup_table.c.id.in_(some))).rowcount

    def delete(self, batch_id: str) -> None:
        """Deletes a batch with its rows; its lookups stay."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(batch_table).where(_batches.id == batch_id))

    # Read and written by the worker.

    def find(self, batch_id: str) -> Batch | None:
        """The batch of an id, whoever it belongs to."""
        return self._one_batch(_batches.id == batch_id)

    def running(self, environment: str) -> list[Batch]:
        """All batches that are to be worked on, the one that was started first at the head."""
        state = _batches.state == BatchState.RUNNING.value
        wanted = sa.select(batch_table).where(state, _batches.environment == environment)
        return [_batch_from(row) for row in self._all(wanted.order_by(_batches.started_at, _batches.id))]

    def waiting(self, batch_id: str, most: int, *, after: int = 0) -> list[BatchRow]:
        """The next rows that wait to be looked up, in the order of the sheet, those past the position `after`."""
        return self.rows(batch_id, most, after=after, states=(RowState.WAITING,))

    def looking(self, environment: str) -> list[BatchRow]:
        """All rows that are being looked up, of whatever batch; those that began first at the head."""
        may_have_some = _batches.state.not_in([BatchState.DRAFT.value, BatchState.FINISHED.value])
        wanted = sa.select(batch_row_table).join(batch_table).where(_batches.environment == environment, may_have_some)
        wanted = wanted.where(_rows.state == RowState.LOOKING.value)
        return [_row_from(row) for row in self._all(wanted.order_by(_rows.begun_at))]

    def row(self, batch_id: str, position: int) -> BatchRow | None:
        """One row."""
        found = self._all(_rows_of(batch_id).where(_rows.position == position))
        return _row_from(found[0]) if found else None

    def begin_row(self, batch_id: str, position: int, now: float) -> bool:
        """Marks a waiting row of a running batch as being looked up; False when it no longer waits or the batch was
        paused.
        """
        is_running = sa.exists().where(_batches.id == batch_id, _batches.state == BatchState.RUNNING.value)
        waits = _rows.state == RowState.WAITING.value
        return self._change_row(batch_id, position, waits, is_running, state=RowState.LOOKING.value, begun_at=now)

    def note_lookup(self, batch_id: str, position: int, lookup_id: str) -> bool:
        """Notes which lookup a row has become."""
        return self._change_row(batch_id, position, _UNFINISHED, lookup_id=lookup_id)

    def give_back(self, batch_id: str, position: int) -> bool:
        """Lets a row wait again: its lookup was not begun."""
        looking = _rows.state == RowState.LOOKING.value
        return self._change_row(batch_id, position, looking, state=RowState.WAITING.value, begun_at=None)

    def end_row(
        self,
        batch_id: str,
        position: int,
        state: RowState,
        now: float,
        *,
        lookup_id: str | None = None,
        outcome: str | None = None,
        error: str | None = None,
    ) -> bool:
        """Writes how a row ended (`done` or `failed`); False when it had ended already."""
        values = {"state": state.value, "outcome": outcome, "error": error, "ended_at": now}
        if lookup_id is not None:
            values["lookup_id"] = lookup_id
        return self._change_row(batch_id, position, _UNFINISHED, **values)

    def pause(self, batch_id: str, reason: str) -> bool:
        """Pauses a running batch for a reason other than a person's wish."""
        return self.change_state(batch_id, BatchState.PAUSED, among=(BatchState.RUNNING,), pause_reason=reason)

    def finish(self, batch_id: str, now: float) -> bool:
        """Ends a running batch when no row of it is left to be looked up."""
        left = sa.exists().where(_rows.batch_id == batch_id, _UNFINISHED)
        ended = sa.update(batch_table).where(
            _batches.id == batch_id, _batches.state == BatchState.RUNNING.value, sa.not_(left)
        )
        with writing(self._engine) as connection:
            values = {"state": BatchState.FINISHED.value, "finished_at": now}
            return bool(connection.execute(ended.values(values)).rowcount)

    # Read by both.

    def counts(self, batch_id: str) -> BatchCounts:
        """How many rows there are of each kind."""
        kinds = (_rows.verdict, _rows.state, _rows.outcome)
        grouped = sa.select(*kinds, sa.func.count()).where(_rows.batch_id == batch_id).group_by(*kinds)
        verdicts: Counter[RowVerdict] = Counter()
        states: Counter[RowState] = Counter()
        outcomes: Counter[str] = Counter()
        with self._engine.connect() as connection:
            for verdict, state, outcome, count in connection.execute(grouped):
                verdicts[RowVerdict(verdict)] += count
                states[RowState(state)] += count
                if outcome is not None:
                    outcomes[outcome] += count
        return BatchCounts(dict(verdicts), dict(states), dict(outcomes))

    def page_of_rows(self, batch_id: str, wanted: Sequence[RowVerdict], skip: int, most: int) -> list[BatchRow]:
        """Rows with one of these verdicts in the order of the sheet, without the first `skip`."""
        verdicts = [verdict.value for verdict in wanted]
        found = _rows_of(batch_id).where(_rows.verdict.in_(verdicts)).order_by(_rows.position)
        return [_row_from(row) for row in self._all(found.offset(skip).limit(most))]

    def last_ended(self, batch_id: str, most: int) -> list[BatchRow]:
        """The rows that ended last, the newest first."""
        ended = _rows_of(batch_id).where(_rows.ended_at.is_not(None))
        newest = ended.order_by(_rows.ended_at.desc(), _rows.position.desc()).limit(most)
        return [_row_from(row) for row in self._all(newest)]

    def ended_since(self, batch_id: str, since: float) -> int:
        """How many rows have ended since then (epoch seconds)."""
        late = sa.select(sa.func.count()).where(_rows.batch_id == batch_id, _rows.ended_at >= since)
        with self._engine.connect() as connection:
            return connection.execute(late).scalar_one()

    def rows(self, batch_id: str, most: int, *, after: int = 0, states: Sequence[RowState] = ()) -> list[BatchRow]:
        """Rows past the position `after` in the order of the sheet, those in one of `states` if any are named."""
        wanted = _rows_of(batch_id).where(_rows.position > after)
        if states:
            wanted = wanted.where(_rows.state.in_([state.value for state in states]))
        return [_row_from(row) for row in self._all(wanted.order_by(_rows.position).limit(most))]

    def _one_batch(self, *conditions: sa.ColumnElement[bool]) -> Batch | None:
        found = self._all(sa.select(batch_table).where(*conditions))
        return _batch_from(found[0]) if found else None

    def _all(self, statement: sa.Select[Any]) -> Sequence[sa.RowMapping]:
        with self._engine.connect() as connection:
            return connection.execute(statement).mappings().all()

    def _change_row(self, batch_id: str, position: int, *conditions: sa.ColumnElement[bool], **values: Any) -> bool:
        own = (_rows.batch_id == batch_id, _rows.position == position)
        with writing(self._engine) as connection:
            change = sa.update(batch_row_table).where(*own, *conditions).values(values)
            return bool(connection.execute(change).rowcount)


def _insert_rows(connection: sa.Connection, values: Sequence[dict[str, Any]]) -> None:
    for begin in range(0, len(values), ROWS_AT_ONCE):
        connection.execute(sa.insert(batch_row_table), values[begin : begin + ROWS_AT_ONCE])


def _part_from(connection: sa.Connection, row: BatchRow) -> None:
    """Gives the duplicates of a row that changes to the first of them, which is ready from now on."""
    followers = _rows_of(row.batch_id).where(_rows.duplicate_of == row.position).order_by(_rows.position)
    found = [_row_from(each) for each in connection.execute(followers).mappings()]
    heirs = mark_duplicates([as_ready(each) for each in found])
    for heir in heirs:
        own = sa.update(batch_row_table).where(_rows.batch_id == heir.batch_id, _rows.position == heir.position)
        connection.execute(own.values(_row_values(heir)))


def _with_twin(connection: sa.Connection, row: BatchRow) -> BatchRow:
    """The row as the duplicate of a ready one with its address, if there is one."""
    same = (_rows.address_key == address_key(row.address), _rows.verdict == RowVerdict.READY.value)
    twin = _rows_of(row.batch_id).where(*same, _rows.position != row.position).order_by(_rows.position).limit(1)
    found = connection.execute(twin).mappings().first()
    if found is None:
        return row
    return as_duplicate(row, _row_from(found))


def _rows_of(batch_id: str) -> sa.Select[Any]:
    return sa.select(batch_row_table).where(_rows.batch_id == batch_id)


def _batch_values(batch: Batch) -> dict[str, Any]:
    values = {name: getattr(batch, name) for name in _BATCH_FIELDS}
    for name in ("header", "roles", "above"):
        values[name] = json.dumps(values[name])
    return values | {"state": batch.state.value}


def _batch_from(row: sa.RowMapping) -> Batch:
    values = dict(row)
    above = json.loads(values["above"])
    return Batch(
        **values
        | {
            "state": BatchState(values["state"]),
            "header": tuple(json.loads(values["header"])),
            "roles": tuple(json.loads(values["roles"])),
            "above": tuple(tuple(cells) for cells in above),
        }
    )


def _row_values(row: BatchRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _ROW_FIELDS}
    for name, column in _ADDRESS_COLUMNS.items():
        values[column] = getattr(row.address, name)
    values["cells"] = json.dumps(row.cells)
    values["address_key"] = address_key(row.address)
    return values | {"verdict": row.verdict.value, "state": row.state.value}


def _row_from(row: sa.RowMapping) -> BatchRow:
    values = dict(row)
    del values["address_key"]
    address = Address(**{name: values.pop(column) for name, column in _ADDRESS_COLUMNS.items()})
    return BatchRow(
        **values
        | {
            "cells": tuple(json.loads(values["cells"])),
            "verdict": RowVerdict(values["verdict"]),
            "state": RowState(values["state"]),
        },
        address=address,
    )
