"""Research rows. `claim` and `finish` are the lease of a lookup's poll again: one conditional UPDATE each, on any
database. The unique slot bounds how many run at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa

from webapp.database import writing
from webapp.lookups.recorded_calls import insert_calls
from webapp.lookups.schema import lookup_table
from webapp.research.answers import AnswerShape, stored_answer
from webapp.research.lifecycle import ACTIVE, Reason, Research, State, begun
from webapp.research.schema import research_table

_columns = research_table.c
_NAMES = tuple(field.name for field in fields(Research))
_ROW = sa.select(*(_columns[name] for name in _NAMES))
_ACTIVE = _columns.state.in_([state.value for state in ACTIVE])


class NoSlot(Exception):
    """As many researches run as may."""


class ResearchStore:
    """Reads and writes researches. Every write is one short transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def get(self, lookup_id: str) -> Research | None:
        """The research of a lookup. Whose lookup it is must have been asked before."""
        with self._engine.connect() as connection:
            row = connection.execute(_ROW.where(_columns.lookup_id == lookup_id)).mappings().first()
        return None if row is None else _from_row(row)

    def begin(self, lookup_id: str, seen: Research | None, *, slots: int, now: float, lease: float) -> Research | None:
        """Stores a research that begins now, in place of the one that was seen; None when another request was faster.
        Raises NoSlot.
        """
        attempt, polls = 1, 0
        if seen is not None:
            # The fence goes on counting, so that nothing that is still under way can write over the new attempt.
            attempt, polls = seen.attempt + 1, seen.polls + 1
        for slot in range(1, slots + 1):
            research = replace(begun(lookup_id, attempt, slot, now, lease), polls=polls)
            try:
                if self._put(research, seen):
                    return research
                return None
            except sa.exc.IntegrityError:
                # The slot is taken, or else the row is there already.
                if self.get(lookup_id) != seen:
                    return None
        raise NoSlot

    def _put(self, research: Research, seen: Research | None) -> bool:
        with writing(self._engine) as connection:
            if seen is None:
                connection.execute(sa.insert(research_table).values(_to_row(research)))
                return True
            again = sa.update(research_table).where(*_seen(seen), ~_ACTIVE, _columns.slot.is_(None))
            return bool(connection.execute(again.values(_to_row(research))).rowcount)

    def claim(self, seen: Research, *, now: float, lease_until: float) -> Research | None:
        """Takes the right to ask H until `lease_until`; None when no question is due or another request has it."""
        claimed = replace(seen, next_poll_at=lease_until, polls=seen.polls + 1)
        values = {"next_poll_at": lease_until, "polls": claimed.polls}
        with writing(self._engine) as connection:
            take = sa.update(research_table).where(*_seen(seen), _ACTIVE, _columns.next_poll_at <= now).values(values)
            won = connection.execute(take).rowcount
        return claimed if won else None

    def finish(self, claimed: Research, after: Research, calls: Sequence[dict[str, Any]] = ()) -> bool:
        """Writes what a claimed turn learned with the calls it made, and gives the lease back; False, with nothing
        written, when the row was written by someone else since.
        """
        with writing(self._engine) as connection:
            update = sa.update(research_table).where(*_seen(claimed)).values(_to_row(after))
            won = connection.execute(update).rowcount
            if won:
                insert_calls(connection, calls)
        return bool(won)

    def stop(self, seen: Research, after: Research) -> bool:
        """Writes a person's decision over an active research and fences out a turn under way."""
        with writing(self._engine) as connection:
            values = {**_to_row(after), "polls": seen.polls + 1}
            return bool(
                connection.execute(sa.update(research_table).where(*_seen(seen), _ACTIVE).values(values)).rowcount
            )

    def free(self, research: Research) -> None:
        """Writes that the session of this attempt is over."""
        own = (_columns.lookup_id == research.lookup_id, _columns.attempt == research.attempt, ~_ACTIVE)
        with writing(self._engine) as connection:
            connection.execute(sa.update(research_table).where(*own).values(slot=None))

    def abandoned(self, *, due_before: float, most: int) -> list[tuple[str, str]]:
        """Lookups whose research was to be asked about before `due_before` (epoch seconds), the longest ago first: the
        id and the viewer of each.
        """
        due = (
            sa.select(_columns.lookup_id, lookup_table.c.viewer)
            .join(lookup_table, lookup_table.c.id == _columns.lookup_id)
            .where(_ACTIVE, _columns.next_poll_at <= due_before)
            .order_by(_columns.next_poll_at)
            .limit(most)
        )
        with self._engine.connect() as connection:
            return [(row.lookup_id, row.viewer) for row in connection.execute(due)]

    def running_of(self, viewer: str) -> list[str]:
        """Lookups of a viewer whose research runs."""
        running = (
            sa.select(_columns.lookup_id)
            .join(lookup_table, lookup_table.c.id == _columns.lookup_id)
            .where(lookup_table.c.viewer == viewer, _ACTIVE)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(running).scalars())

    def left_open(self, *, finished_before: float, most: int) -> list[Research]:
        """Researches that ended before `finished_before` (epoch seconds) and whose sessions hold a place all the
        same.
        """
        left = _ROW.where(~_ACTIVE, _columns.slot.is_not(None), _columns.finished_at <= finished_before).limit(most)
        with self._engine.connect() as connection:
            return [_from_row(row) for row in connection.execute(left).mappings()]

    def of_batch(self, batch_id: str) -> bool:
        """Whether any lookup of a batch has a research with an answer."""
        found = (
            sa.select(_columns.lookup_id)
            .join(lookup_table, lookup_table.c.id == _columns.lookup_id)
            .where(lookup_table.c.batch_id == batch_id, _columns.answer.is_not(None))
            .limit(1)
        )
        with self._engine.connect() as connection:
            return connection.execute(found).first() is not None


def _seen(research: Research) -> tuple[sa.ColumnElement[bool], ...]:
    """The row as it was read."""
    return (
        _columns.lookup_id == research.lookup_id,
        _columns.attempt == research.attempt,
        _columns.polls == research.polls,
    )


def _to_row(research: Research) -> dict[str, Any]:
    row = {name: getattr(research, name) for name in _NAMES}
    row["state"] = research.state.value
    row["reason"] = None if research.reason is None else research.reason.value
    row["answer"] = None if research.answer.shape is AnswerShape.NONE else research.answer.as_json()
    return row


def _from_row(row: sa.RowMapping) -> Research:
    values = dict(row)
    values["state"] = State(values["state"])
    values["reason"] = None if values["reason"] is None else Reason(values["reason"])
    values["answer"] = stored_answer(values["answer"])
    return Research(**values)
