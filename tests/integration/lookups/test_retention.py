"""What is old enough is deleted, in small pieces and inside an index; what is young or under way stays."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.integration.lookups.many import fill, plan_of, statements
from tests.integration.lookups.stage import START, Stage
from webapp.hum.coverage import Coverage
from webapp.hum.providers import ProviderList
from webapp.lookups.polling import LookupService
from webapp.lookups.recorded_calls import CallStore
from webapp.lookups.retention import DAY, MOST_LOOKUPS, MOST_ROWS, Pruned, Retention, RetentionStore
from webapp.lookups.sharing import ShareStore, Sharing
from webapp.lookups.state_coverage import CoverageStore

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NOTHING = Pruned(lookups=0, calls=0, links=0, coverage=0)


def retention(stage: Stage, *, lookups_kept_days: int = 30, calls_kept_days: int = 7) -> Retention:
    return Retention(
        RetentionStore(stage.engine),
        CallStore(stage.engine),
        lookups_kept_days=lookups_kept_days,
        calls_kept_days=calls_kept_days,
        clock=stage.clock,
        sleep=stage.clock.sleep,
    )


def record_calls(stage: Stage) -> None:
    calls = CallStore(stage.engine)
    stage.service = LookupService(stage.store, stage.hum, environment="DEMO", clock=stage.clock, calls=calls)


def sharing(stage: Stage) -> Sharing:
    return Sharing(ShareStore(stage.engine), stage.service, secret=b"s" * 32, clock=stage.clock)


def count(stage: Stage, table: str) -> int:
    with stage.engine.connect() as connection:
        return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_a_lookup_goes_after_its_days_with_all_that_hangs_on_it(any_stage: Stage) -> None:
    record_calls(any_stage)
    old = any_stage.watch(any_stage.start("fast"))
    sharing(any_stage).share(old, 30)
    any_stage.clock.now = START + 30 * DAY - 60
    young = any_stage.watch(any_stage.start("slow", submit_key="second"))
    sharing(any_stage).share(young, 30)
    calls = count(any_stage, "call")
    assert retention(any_stage, calls_kept_days=365).prune() == NOTHING

    any_stage.clock.now = START + 30 * DAY + 60
    pruned = retention(any_stage, calls_kept_days=365).prune()
    assert (pruned.lookups, pruned.links) == (1, 0), "its link went with it"
    assert pruned.calls == calls - count(any_stage, "call") > 0, "no call outlives the days of lookups"
    assert any_stage.store.get(old.id, old.viewer) is None
    assert any_stage.store.providers(old.id) is None
    assert any_stage.stored(young) == young
    assert [count(any_stage, table) for table in ("lookup", "snapshot", "share")] == [1, 1, 1]


def test_calls_go_before_their_lookup(any_stage: Stage) -> None:
    record_calls(any_stage)
    old = any_stage.watch(any_stage.start("fast"))
    any_stage.clock.now = START + 2 * DAY - 60
    any_stage.start("slow", submit_key="second")
    calls = count(any_stage, "call")
    keeper = retention(any_stage, calls_kept_days=2)
    assert keeper.prune() == NOTHING
    any_stage.clock.now += 120
    assert keeper.prune() == Pruned(lookups=0, calls=calls - 1, links=0, coverage=0)
    assert any_stage.stored(old) == old


def test_a_link_that_has_ended_stays_listed_for_a_week(any_stage: Stage) -> None:
    lookup = any_stage.watch(any_stage.start("fast"))
    shares = sharing(any_stage)
    day, week, month, revoked = (shares.share(lookup, days) for days in (1, 7, 30, 30))
    assert shares.revoke(lookup, revoked.id)
    left = []
    for days in (6.9, 7.1, 7.9, 8.1, 13.9, 14.1, 29):
        any_stage.clock.now = START + days * DAY
        retention(any_stage, lookups_kept_days=90).prune()
        left.append({share.id for share in shares.links(lookup)})
    everything = {day.id, week.id, month.id, revoked.id}
    assert left[0] == everything
    assert left[1] == left[2] == everything - {revoked.id}
    assert left[3] == left[4] == {week.id, month.id}
    assert left[5] == left[6] == {month.id}


def test_the_list_of_a_state_goes_after_a_week(any_stage: Stage) -> None:
    store = CoverageStore(any_stage.engine)
    nobody = Coverage(ProviderList((), 0, raw=[]), None)
    store.put("MI", "DEMO", any_stage.clock.now, nobody)
    any_stage.clock.now += 7 * DAY - 60
    store.put("OH", "DEMO", any_stage.clock.now, nobody)
    assert retention(any_stage).prune() == NOTHING
    any_stage.clock.now += 120
    assert retention(any_stage).prune().coverage == 1
    assert store.get("OH", "DEMO", 0) is not None


def test_a_lookup_under_way_is_left_alone_and_one_that_was_left_alone_is_not(any_stage: Stage) -> None:
    forgotten = any_stage.refresh_when_due(any_stage.start("never"))
    any_stage.clock.now += DAY + 60
    running = any_stage.refresh_when_due(any_stage.start("never", submit_key="second"))
    any_stage.clock.now += 31 * 60
    assert retention(any_stage, lookups_kept_days=1).prune().lookups == 1
    assert any_stage.stored(running) == running
    assert forgotten.being_asked, "it would have gone on, had anybody come back"


def test_a_lookup_that_is_deleted_while_hum_is_asked_is_an_end_and_no_error(any_stage: Stage) -> None:
    record_calls(any_stage)
    lookup = any_stage.start("normal")
    pruned = []

    def prune(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = any_stage.app(environ, start_response)
        any_stage.clock.now += 31 * DAY
        pruned.append(retention(any_stage).prune().lookups)
        return answer

    any_stage.upstream = prune
    any_stage.refresh_when_due(lookup)
    assert pruned[0] == 1
    assert [count(any_stage, table) for table in ("lookup", "snapshot", "call")] == [0, 0, 0]


def test_many_go_in_small_pieces_found_by_index_with_room_for_others_between(any_stage: Stage) -> None:
    old = 1234
    fill(any_stage, 20_000)
    before = any_stage.clock.now = START + 30 * DAY + old + 0.5
    sent, deleted = statements(any_stage.engine), pieces(any_stage.engine)
    assert retention(any_stage).prune().lookups == old + 1, "the pattern they were made by is the oldest"
    assert count(any_stage, "lookup") == 20_000 - old
    assert max(deleted["lookup"]) == MOST_LOOKUPS <= 500
    assert MOST_ROWS <= 500
    assert any_stage.clock.now > before, "it rested"

    plans = {
        statement: plan_of(any_stage.engine, statement, parameters)
        for statement, parameters in tuple(sent)
        if "DELETE" in statement
    }
    assert len(plans) == 1
    for plan in plans.values():
        assert "ix_lookup_created_at" in plan
        assert not any(words in plan for words in ("SCAN lookup", "Seq Scan on lookup", "USE TEMP B-TREE", "Sort")), (
            plan
        )


def pieces(engine: sa.Engine) -> dict[str, list[int]]:
    """How many rows each DELETE takes from now on, by table."""
    taken: dict[str, list[int]] = {}

    def note(
        _connection: object, cursor: Any, statement: str, _parameters: object, _context: object, _many: bool
    ) -> None:
        if statement.startswith("DELETE"):
            taken.setdefault(statement.split()[2], []).append(cursor.rowcount)

    sa.event.listen(engine, "after_cursor_execute", note)
    return taken


def test_two_that_prune_at_once_delete_everything_once(any_stage: Stage) -> None:
    fill(any_stage, 2000)
    any_stage.clock.now = START + 31 * DAY
    together = threading.Barrier(2)
    pruned: list[Pruned] = []

    def prune() -> None:
        together.wait(10)
        pruned.append(retention(any_stage).prune())

    threads = [threading.Thread(target=prune) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(each.lookups for each in pruned) == 2001
    assert len(pruned) == 2
    assert count(any_stage, "lookup") == 0


@pytest.mark.parametrize("kept_days", [0, 7])
def test_an_empty_database_has_nothing_to_delete(stage: Stage, kept_days: int) -> None:
    assert retention(stage, calls_kept_days=kept_days).prune() == NOTHING
