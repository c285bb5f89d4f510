"""Each lookup becomes one trace, once it has ended, whoever sends it and whatever HoneyHive does meanwhile."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import migrated
from tests.integration.lookups.stage import Stage
from tests.integration.tracing.conftest import API_KEY, HoneyHive, TraceStage
from webapp.lookups.lifecycle import Lookup, Outcome
from webapp.lookups.polling import SESSION_LIFE, CheckResult
from webapp.simulator.catalog import Json
from webapp.tracing.exporting import DROPPED_AFTER, LONGEST_PAUSE
from webapp.tracing.trace import session_id_of

DAY = 86_400.0


@pytest.fixture
def quick(tmp_path: Path, honeyhive: HoneyHive) -> Iterator[TraceStage]:
    """Traces on SQLite."""
    opened = TraceStage(migrated.begin(f"sqlite:///{tmp_path / 'lookups.sqlite3'}"), honeyhive)
    yield opened
    opened.stage.close()


def ended(stage: Stage, scenario: str, key: str = "first") -> Lookup:
    """A lookup that was watched to its end."""
    return stage.watch(stage.start(scenario, submit_key=key))


def tree(traced: TraceStage, lookup: Lookup) -> list[Json]:
    """The session and its children, as HoneyHive holds them."""
    return traced.honeyhive.events.of_session(session_id_of(lookup.id))


def test_a_lookup_is_a_session_with_its_calls_and_its_outcome(traced: TraceStage) -> None:
    lookup = ended(traced.stage, "fast")
    assert traced.export_later() == 1
    session, *children = tree(traced, lookup)
    assert (session["event_type"], session["event_name"], session["source"]) == (
        "session",
        "isp-lookup",
        "hum-isp-lookup",
    )
    assert session["inputs"] == {"state": "MI", "zip3": "482", "has_unit": False}
    assert session["outputs"] == {
        "outcome": "served",
        "geocoding": "matched",
        "internet": "matched",
        "providers_count": lookup.provider_count,
        "plans_count": lookup.plan_count,
        "elapsed_ms": 5500,
    }
    assert session["metadata"]["environment"] == "DEMO"
    assert session["metadata"]["hum_data_set"] == "25041808"
    assert (session["start_time"], session["end_time"], session["duration"]) == (
        round(lookup.created_at * 1000),
        round((lookup.finished_at or 0) * 1000),
        5500,
    )
    assert session["metrics"] == {"hum_calls": 3, "hum_failures": 0, "address_ms": 2000, "providers_ms": 5500}
    assert [child["event_name"] for child in children] == ["hum.create", "hum.poll", "hum.internet"]
    assert {child["parent_id"] for child in children} == {session["event_id"]}
    assert children[1]["outputs"] == {
        "count": 1,
        "failures": 0,
        "path": [{"at_ms": 2000, "status": 200, "geocoding": "matched", "internet": "pending"}],
    }
    assert children[0]["inputs"] == {"method": "POST", "path": "/sessions"}
    assert children[0]["outputs"]["status"] == 201
    assert traced.store.summary().sent == 1
    assert traced.export_later() == 0, "it was sent"


SCENARIOS = {
    "no-providers": "no_service",
    "geocode-failed": "not_recognized",
    "multiple": "ambiguous",
    "server-error-once": "served",
    "invalid": "refused",
    "unauthorized": "refused",
    "gone-mid-poll": "expired",
}


@pytest.mark.parametrize(("scenario", "outcome"), SCENARIOS.items())
def test_every_end_is_told(quick: TraceStage, scenario: str, outcome: str) -> None:
    lookup = quick.stage.started(scenario)
    if lookup.being_asked:
        quick.stage.watch(lookup)
    assert quick.export_later() == 1
    session, *children = tree(quick, lookup)
    assert session["outputs"]["outcome"] == outcome
    failed = [child["error"] for child in children if child["error"]]
    assert bool(failed) == (scenario in {"server-error-once", "invalid", "unauthorized", "gone-mid-poll"})


def test_no_address_token_or_key_leaves(quick: TraceStage) -> None:
    lookup = ended(quick.stage, "normal")
    quick.export_later()
    stored = quick.stage.stored(lookup)
    everything = json.dumps([call.request_body for call in quick.honeyhive.calls])
    assert len(quick.honeyhive.calls) == 3
    address = stored.address
    matched = str(stored.matched_address)
    for secret in (address.street1, address.city, address.zip, stored.viewer, stored.token, API_KEY, "key", matched):
        assert str(secret) not in everything
    assert str(address.zip)[:3] in everything
    assert hashlib.sha256(str(stored.token).encode()).hexdigest() in everything


def test_a_lookup_is_sent_once_by_many_workers(traced: TraceStage) -> None:
    lookups = [ended(traced.stage, "instant", key=f"key-{number}") for number in range(12)]
    traced.clock.sleep(60)
    workers = [traced.worker() for _ in range(4)]
    traced.exporter.export()  # notes them, and sends them if nobody else does
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda worker: worker.export(), workers))
    assert traced.honeyhive.asked()["start_session"] == len(lookups)
    assert traced.store.summary().sent == len(lookups)


def test_workers_that_begin_together_share_the_work(traced: TraceStage) -> None:
    lookups = [ended(traced.stage, "instant", key=f"key-{number}") for number in range(12)]
    traced.clock.sleep(60)
    workers = [traced.worker() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda worker: worker.export(), workers))
    traced.exporter.export()
    assert traced.honeyhive.asked()["start_session"] == len(lookups)
    assert all(len(tree(traced, lookup)) > 1 for lookup in lookups)


def test_what_a_killed_worker_had_begun_is_sent_again_and_is_the_same_trace(quick: TraceStage) -> None:
    lookup = ended(quick.stage, "fast")
    quick.honeyhive.break_down("reset")  # everything is stored, and nobody learns of it
    assert quick.export_later() == 0
    quick.honeyhive.break_down(None)
    assert quick.export_later() == 1
    assert quick.export_later() == 0
    assert len(tree(quick, lookup)) == 4


def test_a_lease_that_ran_out_is_taken_by_another_worker(quick: TraceStage) -> None:
    ended(quick.stage, "instant")
    quick.clock.sleep(60)
    quick.honeyhive.break_down("500")
    quick.exporter.export()
    (due,) = quick.store.due(quick.clock() + DAY, 9)
    claimed = quick.store.claim(due, quick.clock() + 60)
    assert claimed is not None
    assert quick.store.claim(due, quick.clock() + 60) is None
    quick.honeyhive.break_down(None)
    other = quick.worker()
    assert other.export() == 0
    quick.clock.sleep(61)
    assert other.export() == 1
    quick.store.sent(claimed, polls=99, last_call_id=99, now=quick.clock())
    quick.store.failed(claimed, "down", next_at=0.0)
    assert quick.store.summary().waiting == 0, "the slow worker changes nothing any more"


def test_a_lookup_that_is_still_asked_about_is_not_sent(quick: TraceStage) -> None:
    lookup = quick.stage.start("slow")
    assert quick.export_later() == 0
    quick.stage.watch(quick.stage.stored(lookup))
    assert quick.export_later(1) == 0, "its last calls may still be stored"
    assert quick.export_later() == 1


def test_a_pause_is_sent_when_nobody_can_go_on_with_it(quick: TraceStage) -> None:
    lookup = ended(quick.stage, "never")
    assert lookup.outcome is Outcome.STILL_UNKNOWN
    assert quick.export_later() == 0
    assert quick.export_later(SESSION_LIFE) == 1
    assert tree(quick, lookup)[0]["outputs"]["outcome"] == "still_unknown"


def test_what_happens_after_it_was_sent_is_sent_too(quick: TraceStage) -> None:
    lookup = ended(quick.stage, "fast")
    quick.export_later()
    before = tree(quick, lookup)
    assert quick.stage.service.check_plans(quick.stage.stored(lookup)).result is CheckResult.ANSWERED
    assert quick.export_later() == 1
    after = tree(quick, lookup)
    assert [event["event_name"] for event in after[len(before) :]] == ["hum.internet"]
    assert after[-1]["metadata"]["turn"] == "check"
    assert after[0]["metrics"]["hum_calls"] == before[0]["metrics"]["hum_calls"] + 1


def test_a_lookup_without_calls_is_traced_alone(tmp_path: Path, honeyhive: HoneyHive) -> None:
    url = migrated.begin(f"sqlite:///{tmp_path / 'lookups.sqlite3'}")
    traced = TraceStage(url, honeyhive, keeps_calls=False)
    lookup = ended(traced.stage, "fast")
    assert traced.export_later() == 1
    (session,) = tree(traced, lookup)
    assert session["outputs"]["outcome"] == "served"
    assert session["metrics"] == {"address_ms": 2000, "providers_ms": 5500}
    assert "add_events" not in honeyhive.asked()
    traced.stage.close()


def test_a_lookup_that_was_left_has_no_seconds_that_nobody_measured(quick: TraceStage) -> None:
    left = quick.stage.start("normal")
    quick.clock.sleep(600)
    quick.stage.service.refresh(quick.stage.stored(left))
    quick.export_later()
    (session, *_) = tree(quick, left)
    assert session["outputs"]["outcome"] == "served"
    assert "elapsed_ms" not in session["outputs"]
    assert session["metadata"]["left"] is True


@pytest.mark.soak
def test_a_backlog_outlives_an_outage_of_nearly_a_day(traced: TraceStage) -> None:
    lookups = [ended(traced.stage, "instant", key=f"key-{number}") for number in range(5)]
    traced.honeyhive.break_down("503")
    until = traced.clock() + DAY - 7200
    attempts = 0
    while traced.clock() < until:
        assert traced.export_later(2 * LONGEST_PAUSE) == 0
        attempts += 1
    asked = traced.honeyhive.asked()["start_session"]
    assert asked <= attempts, "it is asked once a round at most, whatever waits"
    summary = traced.store.summary()
    assert (summary.waiting, summary.error, summary.dropped) == (5, "server error", 0)
    traced.honeyhive.break_down(None)
    for _ in range(4):
        traced.export_later(LONGEST_PAUSE)
    assert traced.store.summary().sent == 5
    assert {len(tree(traced, lookup)) for lookup in lookups} == {3}, "each once, with its two calls"


def test_after_a_day_a_trace_is_dropped_and_counted(traced: TraceStage) -> None:
    ended(traced.stage, "instant")
    traced.honeyhive.break_down("401")
    traced.export_later()
    assert traced.store.summary().error == "key"
    traced.export_later(DROPPED_AFTER)
    traced.honeyhive.break_down(None)
    assert traced.export_later(LONGEST_PAUSE) == 0
    summary = traced.store.summary()
    assert (summary.waiting, summary.dropped, summary.sent, summary.error) == (0, 1, 0, None)


def test_what_is_older_than_a_day_when_traces_are_switched_on_stays_here(quick: TraceStage) -> None:
    ended(quick.stage, "instant")
    quick.clock.sleep(DAY)
    assert quick.exporter.export() == 0
    assert quick.store.summary().waiting == 0


def test_one_trace_that_is_refused_holds_up_no_other(quick: TraceStage) -> None:
    for number in range(3):
        ended(quick.stage, "instant", key=f"key-{number}")
    quick.honeyhive.break_down("success-false")
    quick.export_later()
    assert quick.honeyhive.asked()["start_session"] == 3, "each is tried: the refusal concerns one"
    assert quick.store.summary().error == "refused"
    quick.honeyhive.break_down(None)
    assert quick.export_later() == 3


def test_a_deleted_lookup_is_not_sent(quick: TraceStage) -> None:
    ended(quick.stage, "instant")
    quick.honeyhive.break_down("503")
    quick.export_later()
    with quick.stage.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM lookup")
    assert quick.store.summary().waiting == 0
    quick.honeyhive.break_down(None)
    assert quick.export_later(LONGEST_PAUSE) == 0


def test_lookups_of_another_environment_are_not_sent(quick: TraceStage) -> None:
    ended(quick.stage, "instant")
    with quick.stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE lookup SET environment = 'LIVE'")
    assert quick.export_later() == 0


def test_a_worker_that_is_to_end_begins_no_further_trace(quick: TraceStage) -> None:
    for number in range(3):
        ended(quick.stage, "instant", key=f"key-{number}")
    quick.clock.sleep(60)
    answers = iter([False, True])
    assert quick.exporter.export(lambda: next(answers)) == 1


def test_hums_answers_cannot_spoil_a_trace(quick: TraceStage) -> None:
    lookup = ended(quick.stage, "fast")
    bodies = [
        "",
        "[]",
        "null",
        '{"meta": []}',
        '{"meta": {"agent_status": {"geocoding": ["x"], "internet": "secret"}}}',
    ]
    for body in [*bodies, "[" * 60_000]:
        with quick.stage.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE call SET response_body = ?, response_headers = ? WHERE operation = 'status'",
                (body, json.dumps({"X-Request-Id": "a\u202eb" * 500})),
            )
            connection.exec_driver_sql("DELETE FROM trace")
        assert quick.export_later() == 1
        (poll,) = [event for event in tree(quick, lookup) if event["event_name"] == "hum.poll"]
        assert set(poll["outputs"]["path"][0]) <= {"at_ms", "status", "geocoding", "internet"}
        assert "secret" not in json.dumps(poll)
        assert uuid.UUID(poll["event_id"])
