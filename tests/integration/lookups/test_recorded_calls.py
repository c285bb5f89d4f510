"""What a lookup asked of Hum is recorded as it happened, kept for some days, and never at the lookup's expense."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from tests.integration.lookups.stage import VIEWER, Stage, request_for
from webapp.hum.errors import HumError
from webapp.lookups.history import History, HistoryStore
from webapp.lookups.lifecycle import Lookup, Outcome
from webapp.lookups.polling import LookupService
from webapp.lookups.recorded_calls import MOST_BODY_CHARACTERS, CallStore, TurnKind


def recording(stage: Stage) -> CallStore:
    """Lets the stage's service record."""
    calls = CallStore(stage.engine)
    stage.service = LookupService(stage.store, stage.hum, environment="DEMO", clock=stage.clock, calls=calls)
    return calls


@pytest.fixture
def log(stage: Stage) -> CallStore:
    return recording(stage)


def rows(stage: Stage) -> int:
    with stage.engine.connect() as connection:
        return connection.execute(sa.text('SELECT count(*) FROM "call"')).scalar_one()


@pytest.mark.parametrize("scenario", ["fast", "late-plans", "html-error", "timeout", "rate-limited", "null-fields"])
def test_every_call_is_recorded_in_order_and_as_it_was(any_stage: Stage, scenario: str) -> None:
    log = recording(any_stage)
    lookup = any_stage.watch(any_stage.start(scenario))
    assert len(any_stage.calls) > 2
    assert [recorded.call for recorded in log.of_lookup(lookup.id)] == any_stage.calls


@pytest.mark.parametrize(
    "scenario", ["unauthorized", "invalid", "create-rate-limited", "create-server-error", "create-timeout"]
)
def test_a_refused_start_is_recorded_too(stage: Stage, log: CallStore, scenario: str) -> None:
    with pytest.raises(HumError):
        stage.start(scenario)
    kept = stage.store.find_submitted(VIEWER, request_for(scenario).key)
    assert kept is not None
    assert [recorded.call for recorded in log.of_lookup(kept.id)] == stage.calls
    assert stage.calls


def test_a_turn_says_why_hum_was_asked_and_holds_all_its_calls(stage: Stage, log: CallStore) -> None:
    lookup = stage.start("never")
    lookup = stage.watch(lookup, until=lambda seen: seen.polls == 2)
    stage.service.stop(lookup)
    recorded = log.of_lookup(lookup.id)
    assert [(each.turn.kind, each.call.operation) for each in recorded] == [
        (TurnKind.START, "create"),
        (TurnKind.POLL, "status"),
        (TurnKind.POLL, "internet"),
        (TurnKind.STOP, "close"),
    ]
    assert len({each.turn for each in recorded}) == 4
    assert all(each.turn.milliseconds >= each.call.milliseconds for each in recorded)


def test_status_and_services_of_one_poll_are_one_turn(stage: Stage, log: CallStore) -> None:
    """A status that comes so late that the search is over already."""
    lookup = stage.start("fast")
    stage.clock.sleep(5)
    lookup = stage.watch(lookup, until=lambda seen: seen.provider_count > 0)
    status, services = log.of_lookup(lookup.id)[-2:]
    assert (status.call.operation, services.call.operation) == ("status", "internet")
    assert status.turn == services.turn


def test_a_poll_that_asks_nothing_records_nothing(stage: Stage, log: CallStore) -> None:
    lookup = stage.start("never")
    after = stage.refresh_when_due(lookup)
    count = rows(stage)
    stage.service.refresh(after)
    stage.service.refresh(lookup)
    assert rows(stage) == count == 2


def test_calls_that_belong_to_no_lookup_are_not_recorded(stage: Stage, log: CallStore) -> None:
    stage.hum.ping()
    stage.hum.get_coverage(["MI"])
    assert len(stage.calls) == 2
    assert rows(stage) == 0


def test_lookups_at_the_same_time_do_not_mix(any_stage: Stage) -> None:
    log = recording(any_stage)
    scenarios = ["fast", "slow", "never", "multiple"]

    def start(scenario: str) -> Lookup:
        return any_stage.service.start(request_for(scenario, submit_key=scenario)).lookup

    with ThreadPoolExecutor(len(scenarios)) as threads:
        started = list(threads.map(start, scenarios))
        any_stage.clock.sleep(2)
        lookups = list(threads.map(any_stage.service.refresh, started))
    for lookup in lookups:
        create, status = log.of_lookup(lookup.id)
        assert json.loads(create.call.request_body or "")["street1"] == lookup.address.street1
        assert lookup.address.street1 in status.call.response_body


def test_of_a_huge_answer_the_beginning_is_kept_and_marked(stage: Stage, log: CallStore) -> None:
    lookup = stage.watch(stage.start("sixty-providers"))
    huge = [each for each in log.of_lookup(lookup.id) if each.call.operation == "internet"]
    whole = [call for call in stage.calls if call.operation == "internet"]
    assert all(
        each.cut and each.call.response_body == call.response_body[:MOST_BODY_CHARACTERS]
        for each, call in zip(huge, whole, strict=True)
    )
    assert all(each.call.size > 500_000 for each in huge)
    assert not any(each.cut for each in log.of_lookup(lookup.id) if each.call.operation != "internet")


@pytest.mark.own_database
def test_a_store_that_fails_is_told_in_the_log_and_harms_no_lookup(any_stage: Stage) -> None:
    recording(any_stage)
    with any_stage.engine.begin() as connection:
        connection.execute(sa.text('DROP TABLE "call"'))
    with capture_logs() as logged:
        lookup = any_stage.watch(any_stage.start("fast"))
    assert lookup.outcome is Outcome.SERVED
    failures = [entry for entry in logged if entry["event"] == "calls_not_recorded"]
    assert len(failures) > 2
    assert "Scenario" not in repr(failures)


def test_they_go_with_their_lookup(any_stage: Stage) -> None:
    log = recording(any_stage)
    gone, kept = any_stage.start("fast"), any_stage.start("slow", submit_key="second")
    History(HistoryStore(any_stage.engine), any_stage.service, clock=any_stage.clock).delete(gone)
    assert log.of_lookup(gone.id) == ()
    assert len(log.of_lookup(kept.id)) == 1


def test_without_a_store_nothing_is_recorded(stage: Stage) -> None:
    lookup = stage.watch(stage.start("fast"))
    assert lookup.outcome is Outcome.SERVED
    assert rows(stage) == 0


def test_the_newest_headers_are_those_of_any_lookup(any_stage: Stage) -> None:
    log = recording(any_stage)
    assert log.newest_headers() is None
    any_stage.start("fast")
    any_stage.clock.now += 10
    any_stage.start("slow", submit_key="second")
    newest = log.newest_headers()
    assert newest is not None
    when, headers = newest
    assert when >= any_stage.clock.now
    assert headers["X-RateLimit-Remaining"] == any_stage.calls[-1].response_headers["X-RateLimit-Remaining"]
