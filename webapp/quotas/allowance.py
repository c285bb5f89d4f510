"""What all workers together have left of Hum's limit. Each write is one conditional statement, so that no worker
overwrites the count of another.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import sqlalchemy as sa

from webapp.database import DatabaseUnavailable, writing
from webapp.quotas.fair_share import Start, Window, may_start
from webapp.quotas.schema import allowance_table, recent_start_table
from webapp.upstream.limits import BACKGROUND_RESERVE, LONGEST_WAIT, Grant, next_in_a_row

SAME_WINDOW = 1.5
"""Seconds by which two ends of one window may differ."""

MINUTE = 60.0

_row, _recent = allowance_table.c, recent_start_table.c


class AllowanceStore:
    """The `SharedAllowance` of one environment. While the database is away it knows no limit, and each worker goes by
    the answers that it receives itself.
    """

    def __init__(self, engine: sa.Engine, environment: str) -> None:
        self._engine = engine
        self._own = _row.environment == environment
        self._environment = environment

    def take(self, now: float, *, interactive: bool) -> Grant | None:
        """Takes one call; None when no limit is known."""
        try:
            with writing(self._engine) as connection:
                self._begin_window(connection, now)
                # Locked: before the next statement another call's answer may name another end of the window.
                window = sa.select(_row.most, _row.reset_at).where(self._own).with_for_update()
                found = connection.execute(window).first()
                if found is None or not found.most:
                    return None
                reserved = 0 if interactive else _reserve(found.most)
                take_one = (
                    sa.update(allowance_table)
                    .where(self._own, _row.remaining > reserved)
                    .values(remaining=_row.remaining - 1)
                )
                taken = connection.execute(take_one).rowcount == 1
                return Grant(taken, found.reset_at)
        except DatabaseUnavailable:
            return None

    def wait_of_a_batch(self, now: float) -> float:
        """The seconds that a call which nobody waits for would have to wait; 0 for none. Takes nothing."""
        state = sa.select(_row.most, _row.remaining, _row.reset_at, _row.pause_until).where(self._own)
        try:
            with self._engine.connect() as connection:
                found = connection.execute(state).first()
        except DatabaseUnavailable:
            return 0.0
        if found is None:
            return 0.0
        is_used_up = found.most > 0 and found.remaining <= _reserve(found.most)
        free_at = max(found.pause_until, found.reset_at if is_used_up else 0.0)
        return max(0.0, float(free_at) - now)

    def stated_limit(self) -> int:
        """Calls a minute, as an answer of Hum last stated them; 0 while none has."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(_row.most).where(self._own)).scalar() or 0

    def start(self, connection: sa.Connection, who: str, now: float) -> Window | None:
        """Notes that `who` starts a lookup now, if that is within a fair share of Hum's limit; else gives the limit as
        it is now. `connection` is in a transaction that writes.
        """
        self._begin_window(connection, now)
        # Changes nothing, but locks the row: workers decide one after the other, each knowing what the one before it
        # has started.
        connection.execute(sa.update(allowance_table).where(self._own).values(most=_row.most))
        found = connection.execute(sa.select(_row.most, _row.remaining, _row.reset_at).where(self._own)).first()
        since = (_recent.environment == self._environment, _recent.started_at > now - MINUTE)
        recent = [Start(*row) for row in connection.execute(sa.select(_recent.who, _recent.started_at).where(*since))]
        window = Window(*found) if found and found.most else None
        if window is not None and not may_start(window, recent, who, now):
            return window
        connection.execute(sa.delete(recent_start_table).where(_recent.started_at <= now - MINUTE))
        connection.execute(sa.insert(recent_start_table).values(environment=self._environment, who=who, started_at=now))
        return None

    def heard(self, limit: int, remaining: int, reset_at: float, now: float) -> None:
        """Takes note of what an answer said: a new window, or that less is left than we thought."""
        same = sa.or_(_row.assumed, sa.func.abs(_row.reset_at - reset_at) <= SAME_WINDOW)
        # Within a window calls are counted when they are taken, Hum counts them when they are made: the lower count
        # holds.
        lower = sa.case(
            (sa.and_(same, _row.reset_at > now, _row.remaining < remaining), _row.remaining), else_=remaining
        )
        news = {"most": limit, "remaining": lower, "reset_at": reset_at, "assumed": False}
        changed = sa.or_(_row.reset_at != reset_at, _row.remaining > remaining, _row.most != limit, _row.assumed)
        self._put(
            sa.update(allowance_table).where(self._own, changed).values(news),
            most=limit,
            remaining=remaining,
            reset_at=reset_at,
        )

    def pause(self, until: float) -> None:
        """No call is made before `until` (epoch seconds). A pause is never shortened."""
        longer = sa.update(allowance_table).where(self._own, _row.pause_until < until).values(pause_until=until)
        self._put(longer, pause_until=until)

    def paused_until(self) -> float:
        """When the last pause ends or ended; 0 without one."""
        try:
            with self._engine.connect() as connection:
                return connection.execute(sa.select(_row.pause_until).where(self._own)).scalar() or 0.0
        except DatabaseUnavailable:
            return 0.0

    def back_off(self, now: float, wait_after: Callable[[int], float]) -> float | None:
        """Begins the pause after a 429 that names no wait; its end in epoch seconds. Of workers that were refused at
        the same time one begins it, and the others wait until the same end.
        """
        known = sa.select(_row.refusals, _row.pause_until).where(self._own).with_for_update()
        try:
            with writing(self._engine) as connection:
                found = connection.execute(known).first()
                if found is not None and found.pause_until > now:
                    return float(found.pause_until)
                if found is not None:
                    refusals = next_in_a_row(found.refusals, found.pause_until, now)
                    until = now + wait_after(refusals)
                    change = sa.update(allowance_table).where(self._own)
                    connection.execute(change.values(refusals=refusals, pause_until=until))
                    return until
        except DatabaseUnavailable:
            return None
        until = now + wait_after(1)
        self._put(
            sa.update(allowance_table).where(self._own, _row.pause_until < until).values(pause_until=until),
            pause_until=until,
            refusals=1,
        )
        return until

    def answered(self) -> None:
        """Counts 429s without a wait anew."""
        anew = sa.update(allowance_table).where(self._own, _row.refusals > 0).values(refusals=0)
        try:
            with writing(self._engine) as connection:
                connection.execute(anew)
        except DatabaseUnavailable:
            # The count is forgotten a minute after the last pause anyway.
            return

    def _begin_window(self, connection: sa.Connection, now: float) -> None:
        """The first call after a window's end begins the next window, with the whole limit and an assumed end: workers
        must not each begin one of their own.
        """
        whole = {"remaining": _row.most, "reset_at": now + LONGEST_WAIT, "assumed": True}
        connection.execute(sa.update(allowance_table).where(self._own, _row.reset_at <= now).values(whole))

    def _put(self, change: sa.Update, **first: float) -> None:
        row = {
            "environment": self._environment,
            "most": 0,
            "remaining": 0,
            "reset_at": 0.0,
            "assumed": False,
            "pause_until": 0.0,
            "refusals": 0,
            **first,
        }
        try:
            with writing(self._engine) as connection:
                if (
                    connection.execute(change).rowcount
                    or connection.execute(sa.select(_row.most).where(self._own)).first()
                ):
                    return
                connection.execute(sa.insert(allowance_table).values(row))
        except (*DatabaseUnavailable, sa.exc.IntegrityError):
            # Another worker was first, or the database is away: the next answer brings the same news.
            return


def _reserve(limit: int) -> int:
    """Calls that are left to people who wait."""
    return math.ceil(limit * BACKGROUND_RESERVE)
