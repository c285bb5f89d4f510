"""A row of a batch becomes one lookup, whatever happens on the way, and says how it ended."""

from __future__ import annotations

import pytest

from tests.integration.lookups.stage import VIEWER, Stage
from tests.integration.worker.rows import BATCH, RowStage
from webapp.batches.batch import BatchState, RowState
from webapp.batches.running import DailyLimitReached, PauseReason
from webapp.lookups.lifecycle import Reason
from webapp.lookups.polling import NoQuota

ENDS = {
    "fast": (RowState.DONE, "served", None),
    "no-providers": (RowState.DONE, "no_service", None),
    "geocode-failed": (RowState.DONE, "not_recognized", None),
    "multiple": (RowState.DONE, "ambiguous", None),
    "never": (RowState.DONE, "still_unknown", None),
    "server-error-once": (RowState.DONE, "served", None),
    "invalid": (RowState.FAILED, "refused", "invalid"),
}


@pytest.mark.parametrize("scenario", ENDS)
def test_a_row_ends_as_its_lookup_does(rows: RowStage, scenario: str) -> None:
    rows.add(scenario)
    rows.run_all()
    row = rows.row()
    assert (row.state, row.outcome, row.error) == ENDS[scenario]
    lookup = rows.lookup(row)
    assert (lookup.batch_id, lookup.viewer) == (BATCH, VIEWER)
    assert rows.batch().state is BatchState.FINISHED


def test_a_batch_is_worked_off_on_both_databases(any_rows: RowStage) -> None:
    any_rows.add("fast", "no-providers", "fast")
    any_rows.run_all()
    assert [any_rows.row(position).outcome for position in (1, 2, 3)] == ["served", "no_service", "served"]
    assert any_rows.batch().finished_at is not None
    assert any_rows.store.looking("DEMO") == []


def test_a_row_that_is_done_again_costs_nothing_more(rows: RowStage) -> None:
    rows.add("fast")
    rows.running.begin_rows()
    ended = rows.run()
    calls = len(rows.stage.calls)
    assert rows.run() == ended
    assert len(rows.stage.calls) == calls


def test_a_worker_that_ends_leaves_the_row_to_the_next(rows: RowStage) -> None:
    rows.add("fast")
    rows.running.begin_rows()
    rows.on_wait = lambda seconds: seconds > 0
    assert rows.run().state is RowState.WAITING
    rows.on_wait = lambda _: False
    rows.run_all()
    assert rows.row().outcome == "served"
    assert rows.stage.asked("create") == 1


def test_a_row_whose_worker_was_killed_goes_on_where_it_was(rows: RowStage) -> None:
    rows.add("fast")
    (row,) = rows.running.begin_rows()

    def die(_: float) -> bool:
        raise KeyboardInterrupt

    rows.on_wait = lambda seconds: seconds > 0 and die(seconds)
    with pytest.raises(KeyboardInterrupt):
        rows.run()
    rows.on_wait = lambda _: False
    assert rows.running.begun_long_ago() == []
    rows.stage.clock.sleep(11)
    assert [lost.position for lost in rows.running.begun_long_ago()] == [row.position]
    assert rows.run().outcome == "served"
    assert rows.stage.asked("create") == 1


def test_a_create_without_an_answer_is_said_and_not_repeated(rows: RowStage) -> None:
    rows.add("fast")
    rows.running.begin_rows()
    rows.stage.outage, rows.stage.outage_body = "200 OK", "{}"
    row = rows.run()
    assert (row.state, row.error) == (RowState.FAILED, Reason.UNCERTAIN)
    rows.stage.outage = None
    rows.run_all()
    assert rows.stage.asked("create") == 1
    assert rows.store.retry_failed(BATCH, rows.stage.clock())
    rows.run_all()
    assert rows.row().outcome == "served", "a person has pressed Retry"
    assert rows.stage.asked("create") == 2


def test_a_create_that_hum_refuses_is_tried_three_times(rows: RowStage) -> None:
    rows.add("fast")
    rows.running.begin_rows()
    rows.stage.outage = "503 Service Unavailable"
    row = rows.run()
    assert (row.state, row.error) == (RowState.FAILED, Reason.UNAVAILABLE)
    assert rows.stage.asked("create") == 3


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_bad_key_pauses_the_batch_and_fails_no_row(rows: RowStage, status: str) -> None:
    rows.add("fast", "fast")
    rows.stage.outage = status
    rows.run_all()
    assert (rows.batch().state, rows.batch().pause_reason) == (BatchState.PAUSED, PauseReason.NOT_AUTHORIZED)
    assert [rows.row(position).state for position in (1, 2)] == [RowState.WAITING] * 2
    assert rows.stage.asked("create") == 1, "the second row sees that the batch is paused"
    rows.stage.outage = None
    rows.go_on()
    rows.run_all()
    assert [rows.row(position).outcome for position in (1, 2)] == ["served"] * 2


def test_a_key_that_goes_bad_in_between_pauses_the_batch_and_loses_no_session(rows: RowStage) -> None:
    rows.add("fast")
    rows.running.begin_rows()

    def revoke(_: float) -> bool:
        rows.stage.outage = "401 Unauthorized"
        return False

    rows.on_wait = lambda seconds: seconds > 0 and revoke(seconds)
    assert rows.run().state is RowState.WAITING
    assert rows.batch().pause_reason == PauseReason.NOT_AUTHORIZED
    rows.stage.outage, rows.on_wait = None, lambda _: False
    rows.go_on()
    rows.run_all()
    assert rows.row().outcome == "served"


def test_a_429_is_waited_for_and_the_lookup_is_begun_once(rows: RowStage) -> None:
    rows.add("fast")
    rows.running.begin_rows()
    rows.stage.outage = "429 Too Many Requests"
    rows.stage.outage_headers = {"Retry-After": "7"}
    began = rows.stage.clock()

    def until_it_is_over(_: float) -> bool:
        if rows.stage.clock() >= began + 7:
            rows.stage.outage = None
        return False

    rows.on_wait = until_it_is_over
    row = rows.run()
    assert row.outcome == "served"
    assert rows.lookup(row).created_at >= began + 7
    with rows.stage.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lookup").scalar() == 1, "what was refused is not kept"


def test_nothing_is_begun_while_the_limit_is_left_to_people(rows: RowStage) -> None:
    rows.add("fast")
    rows.running.begin_rows()
    rows.foreseen = [30.0, 30.0]
    began = rows.stage.clock()
    row = rows.run()
    assert row.outcome == "served"
    assert rows.lookup(row).created_at >= began + 60


class Day(NoQuota):
    """So many lookups may still be begun."""

    def __init__(self, left: int) -> None:
        self.left = left

    def count(self, *, viewer: str, network: str) -> None:
        if self.left == 0:
            raise DailyLimitReached
        self.left -= 1


def test_the_limit_of_the_day_pauses_the_batch(stage: Stage) -> None:
    rows = RowStage(stage, quota=Day(1))
    rows.add("fast", "fast", "fast")
    rows.run_all()
    assert (rows.batch().state, rows.batch().pause_reason) == (BatchState.PAUSED, PauseReason.DAILY_LIMIT)
    assert [rows.row(position).state for position in (1, 2, 3)] == [RowState.DONE, RowState.WAITING, RowState.WAITING]


def test_a_pause_lets_end_what_was_paid_for_and_begins_nothing(rows: RowStage) -> None:
    rows.add("fast", "fast")
    rows.running.begin_rows()

    def pause(_: float) -> bool:
        rows.store.change_state(BATCH, BatchState.PAUSED, among=(BatchState.RUNNING,))
        return False

    rows.on_wait = lambda seconds: seconds > 0 and pause(seconds)
    assert rows.run(1).outcome == "served"
    assert rows.run(2).state is RowState.WAITING
    assert rows.running.begin_rows() == []


def test_a_lookup_that_waited_in_vain_is_checked_further_as_long_as_its_session_lives(rows: RowStage) -> None:
    """A person would have pressed *Keep checking*."""
    rows.add("fast")
    rows.running.begin_rows()
    rows.on_wait = lambda seconds: seconds > 0
    rows.run()
    with rows.stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE lookup SET reason = 'down', next_poll_at = NULL")
    rows.on_wait = lambda _: False
    rows.run_all()
    assert rows.row().outcome == "served"
    assert rows.stage.asked("create") == 1


def test_our_own_fault_fails_one_row_alone(rows: RowStage) -> None:
    rows.add("fast")
    rows.running.begin_rows()
    rows.on_wait = lambda seconds: 1 / seconds < 0  # no wait of 0 s was foreseen
    row = rows.run()
    assert (row.state, row.error) == (RowState.FAILED, "bug")


def test_a_lookup_that_is_deleted_ends_its_row(rows: RowStage) -> None:
    rows.add("fast")
    rows.running.begin_rows()

    def delete(_: float) -> bool:
        with rows.stage.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM lookup")
        return False

    rows.on_wait = lambda seconds: seconds > 0 and delete(seconds)
    assert rows.run().state is RowState.FAILED
    assert rows.stage.asked("create") == 1


def test_running_batches_share_what_may_be_looked_up_at_once(stage: Stage) -> None:
    rows = RowStage(stage, stated_limit=100)
    rows.add(*["fast"] * 20, batch_id="one")
    rows.add(*["fast"] * 20, batch_id="two")
    begun = [row.batch_id for row in rows.running.begin_rows()]
    assert (begun.count("one"), begun.count("two")) == (4, 4)
    assert rows.running.begin_rows() == [], "no more until one of them has ended"
    rows.run(begun.index("two") - 3, "two")
    assert len(rows.running.begin_rows()) == 1
