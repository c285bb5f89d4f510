"""Durable work on DBOS: what was handed over is done by one worker or another, whichever of them die. Nothing else
imports DBOS, and pages never do: that would cost each web process a second and 60 MB.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from webapp.database.sqlite import know_parts_of_a_second
from webapp.database.urls import sqlite_path, sqlite_url
from webapp.telemetry import log

APPLICATION = "hum-isp-lookup"
VERSION = "1"
"""Changes only with the workflow's name or arguments: a worker leaves the work of another version alone. It is part of
a run's id, so that a release with another version is handed everything anew.
"""
QUEUE, WORKFLOW = "rows", "look_up_row"
LOOK_EACH = 0.5
"""Seconds between two looks at the queue."""
CONNECTIONS = 5
"""Of the engine, beside those of the app. Its statements take milliseconds, and a server allows 100 in all unless told
otherwise: refused one, the engine waits ever longer, up to a minute and a half.
"""
ENGINE_FILE = "worker.sqlite3"
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
CLEARED_AT_ONCE = 500


class EngineUnusable(Exception):
    """The engine cannot work on its own tables; the message says what to do."""


class RowRun(NamedTuple):
    """A row that is to be looked up. The name is a new one each time that a row is begun."""

    name: str
    batch_id: str
    position: int


class Engine:
    """This process's part in the work that all workers share.

    `do` is given a batch's id and a row's position. It is called again for a row that a dead worker had begun, perhaps
    while that worker is not dead after all, and must not raise.
    """

    def __init__(self, database_url: str, state_dir: Path, worker_id: str, do: Callable[[str, int], None]) -> None:
        _quiet_logging()
        know_parts_of_a_second()
        DBOS(config=_config(database_url, state_dir, worker_id))

        @DBOS.workflow(name=WORKFLOW)
        def look_up_row(batch_id: str, position: int) -> None:
            do(batch_id, position)

        self._workflow = look_up_row

    def start(self) -> None:
        """Makes or renews the engine's own tables, and begins to take work. Raises EngineUnusable."""
        try:
            DBOS.launch()
            DBOS.register_queue(QUEUE, polling_interval_sec=LOOK_EACH, on_conflict="always_update")
        except Exception as error:
            # Its text may quote the URL of the database.
            raise EngineUnusable(
                f"The worker's own tables cannot be used ({type(error).__name__}). They are in the schema `dbos` of a "
                f"PostgreSQL database, or in {ENGINE_FILE} in STATE_DIR; this program must be allowed to make and "
                "change them."
            ) from None

    def stop(self, patience: float) -> None:
        """Takes no more work, and waits at most `patience` seconds for what is being done to end."""
        DBOS.destroy(workflow_completion_timeout_sec=round(patience))

    def hand_over(self, runs: Sequence[RowRun]) -> None:
        """Queues runs; those that are queued or begun already stay as they are."""
        ids = {f"{VERSION}-{run.name}": run for run in runs}
        if not ids:
            return
        known = DBOS.list_workflows(workflow_ids=list(ids), load_input=False, load_output=False)
        for workflow_id in ids.keys() - {workflow.workflow_id for workflow in known}:
            with SetWorkflowID(workflow_id):
                run = ids[workflow_id]
                DBOS.enqueue_workflow(QUEUE, self._workflow, run.batch_id, run.position)

    def take_over(self, living: Collection[str]) -> int:
        """Queues again what workers had begun that are not among the `living`; how much that was."""
        begun = DBOS.list_workflows(status="PENDING", app_version=VERSION, load_input=False, load_output=False)
        lost = [workflow.workflow_id for workflow in begun if workflow.executor_id not in living]
        if lost:
            DBOS.resume_workflows(lost, queue_name=QUEUE)
        return len(lost)

    def forget_other_versions(self, living: Collection[str]) -> None:
        """Forgets what another version had queued, or begun and lost: it is handed over anew, as work of this one."""
        unfinished = DBOS.list_workflows(status=["ENQUEUED", "PENDING"], load_input=False, load_output=False)
        others = [workflow for workflow in unfinished if workflow.app_version != VERSION]
        lost = [workflow.workflow_id for workflow in others if workflow.executor_id not in living]
        if lost:
            DBOS.delete_workflows(lost)

    def clear(self) -> None:
        """Forgets what has ended: the rows themselves tell of it."""
        while True:
            ended = DBOS.list_workflows(status=ENDED, limit=CLEARED_AT_ONCE, load_input=False, load_output=False)
            if not ended:
                return
            DBOS.delete_workflows([workflow.workflow_id for workflow in ended])


def _config(database_url: str, state_dir: Path, worker_id: str) -> DBOSConfig:
    return DBOSConfig(
        name=APPLICATION,
        system_database_url=_own_database(database_url, state_dir),
        sys_db_pool_size=CONNECTIONS,
        executor_id=worker_id,
        application_version=VERSION,
        # Its default, pickle, runs whatever somebody has written into the table.
        serializer=DBOSPortableJSONSerializer(),
        log_level="WARNING",
        # Nothing waits for a message, and connection poolers refuse to LISTEN.
        use_listen_notify=False,
    )


def _own_database(database_url: str, state_dir: Path) -> str:
    """PostgreSQL holds the engine's tables in a schema of their own; SQLite, which lets one write at a time, in a file
    of their own.
    """
    if sqlite_path(database_url) is None:
        return database_url
    state_dir.mkdir(parents=True, exist_ok=True)
    return sqlite_url(state_dir.resolve() / ENGINE_FILE)


class _Events(logging.Handler):
    """Turns the engine's log lines into events. Their own texts can quote statements and addresses of servers."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        kind = None if error is None else type(error).__name__
        log.log(record.levelno, "engine", at=f"{record.filename}:{record.lineno}", kind=kind)


def _quiet_logging() -> None:
    """DBOS adds no handler of its own to a logger that has one."""
    logger = logging.getLogger("dbos")
    logger.handlers = [_Events()]
    logger.propagate = False
