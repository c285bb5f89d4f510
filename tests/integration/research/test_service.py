"""One click, one session: however often it is pressed, watched, interrupted or left; and nothing stays open at H."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tests.integration.research.stage import ResearchStage
from webapp.research.answers import AnswerShape
from webapp.research.lifecycle import Reason, State
from webapp.research.service import ABANDONED_AFTER, GIVEN_UP_AFTER, LEASE
from webapp.research.store import NoSlot
from webapp.research.task import Caps, Task, idempotency_key


def test_a_research_finds_three_and_leaves_nothing_open(any_stage: ResearchStage) -> None:
    begun = any_stage.service.start(any_stage.lookup)
    assert (begun.state, begun.slot, begun.attempt) == (State.RUNNING, 1, 1)
    ended = any_stage.watch()
    assert (ended.state, ended.reason, ended.slot) == (State.DONE, None, None)
    assert [provider.name for provider in ended.answer.providers] == [
        "Lakeshore Fiber Cooperative",
        "Prairie Sky Wireless",
        "Orbit North Satellite",
    ]
    assert (ended.steps, ended.cost) == (8, 0.032)
    assert any_stage.simulator.active() == []
    # A session that has completed holds no place, so there is nothing to end.
    assert any_stage.asked("h_delete") == 0
    assert any_stage.asked("h_create") == 1
    assert any_stage.service.find(any_stage.lookup.id) == ended


@pytest.mark.parametrize(
    ("scenario", "state", "reason", "shape"),
    [
        ("finds-none", State.DONE, None, AnswerShape.LIST),
        ("json-text", State.DONE, None, AnswerShape.LIST),
        ("fenced-json", State.DONE, None, AnswerShape.LIST),
        ("free-text", State.DONE, None, AnswerShape.TEXT),
        ("outside-schema", State.DONE, None, AnswerShape.UNUSABLE),
        ("hostile-html", State.DONE, None, AnswerShape.LIST),
        ("idle", State.DONE, None, AnswerShape.LIST),
        ("times-out", State.FAILED, Reason.TOO_LONG, AnswerShape.NONE),
        ("quota-old", State.FAILED, Reason.CAPACITY, AnswerShape.NONE),
        ("quota", State.FAILED, Reason.CAPACITY, AnswerShape.NONE),
        ("in-flight", State.DONE, None, AnswerShape.LIST),
        ("other-body", State.FAILED, Reason.REFUSED, AnswerShape.NONE),
        ("slow", State.DONE, None, AnswerShape.LIST),
        ("never", State.FAILED, Reason.TOO_LONG, AnswerShape.NONE),
        ("fails", State.FAILED, Reason.AGENT, AnswerShape.NONE),
        ("queued", State.DONE, None, AnswerShape.LIST),
        ("dear", State.DONE, None, AnswerShape.LIST),
        ("no-credit", State.FAILED, Reason.CREDIT, AnswerShape.NONE),
        ("unauthorized", State.FAILED, Reason.KEY, AnswerShape.NONE),
        ("error-once", State.DONE, None, AnswerShape.LIST),
        ("no-format", State.DONE, None, AnswerShape.LIST),
        ("old-shapes", State.DONE, None, AnswerShape.LIST),
        ("no-answer", State.FAILED, Reason.AGENT, AnswerShape.NONE),
        ("gone", State.FAILED, Reason.GONE, AnswerShape.NONE),
        ("bad-gateway", State.FAILED, Reason.UNAVAILABLE, AnswerShape.NONE),
    ],
)
def test_every_scenario_ends_within_two_minutes_and_holds_no_place(
    stage: ResearchStage, scenario: str, state: State, reason: Reason | None, shape: AnswerShape
) -> None:
    stage.play(scenario)
    begun_at = stage.clock.now
    stage.service.start(stage.lookup)
    ended = stage.watch()
    assert (ended.state, ended.reason, ended.answer.shape) == (state, reason, shape)
    assert stage.clock.now - begun_at <= 120
    assert (ended.slot, stage.lookup.id) == (None, ended.lookup_id)
    if scenario != "gone":
        # Its sessions cannot be asked about, and are deleted as unknown ones are.
        assert stage.simulator.active() == []
    assert len(stage.simulator.sessions) <= 1
    assert stage.store.left_open(finished_before=stage.clock.now + 1e6, most=9) == []


def test_a_second_click_and_other_tabs_find_the_first_session(any_stage: ResearchStage) -> None:
    first = any_stage.service.start(any_stage.lookup)
    assert any_stage.service.start(any_stage.lookup) == any_stage.service_with(Caps()).start(any_stage.lookup) == first
    any_stage.watch()
    assert any_stage.service.start(any_stage.lookup).state is State.DONE
    assert (any_stage.asked("h_create"), len(any_stage.simulator.sessions)) == (1, 1)


def test_clicks_at_the_same_moment_make_one_session(any_stage: ResearchStage) -> None:
    workers = [any_stage.service_with(Caps()) for _ in range(6)]
    at_once = threading.Barrier(len(workers))

    def click(number: int) -> None:
        at_once.wait(10)
        workers[number].start(any_stage.lookup)

    threads = [threading.Thread(target=click, args=(number,)) for number in range(len(workers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (any_stage.asked("h_create"), len(any_stage.simulator.sessions)) == (1, 1)


def test_however_many_watch_h_is_asked_once_an_interval(any_stage: ResearchStage) -> None:
    begun = any_stage.service.start(any_stage.lookup)
    assert begun.next_poll_at is not None
    any_stage.clock.now = begun.next_poll_at
    any_stage.before_answer = lambda _: [any_stage.service_with(Caps()).refresh(any_stage.lookup) for _ in range(3)]
    any_stage.service.refresh(any_stage.lookup)
    any_stage.before_answer = lambda _: None
    for _ in range(3):
        any_stage.service.refresh(any_stage.lookup)
    assert any_stage.asked("h_changes") == 1


class Killed(BaseException):
    """What ends a process in the middle of a call."""


@pytest.mark.parametrize("reached_h", [False, True], ids=["before H", "after H"])
def test_a_process_killed_in_its_create_call_is_taken_over_without_a_second_session(
    any_stage: ResearchStage, reached_h: bool
) -> None:
    def kill(_: str) -> None:
        if reached_h:
            client = any_stage.app.test_client()
            client.open("/api/v2/sessions", method="POST", data=sent["body"], headers=sent["headers"])
        raise Killed

    sent: dict[str, object] = {}
    catch_body(any_stage, sent)
    any_stage.before_answer = kill
    with pytest.raises(Killed):
        any_stage.service.start(any_stage.lookup)
    any_stage.before_answer = lambda _: None
    assert any_stage.stored().state is State.STARTING
    # Until its lease is over, nobody may ask in its place.
    any_stage.service.refresh(any_stage.lookup)
    assert any_stage.stored().session_id is None
    any_stage.clock.sleep(LEASE)
    any_stage.service.refresh(any_stage.lookup)
    assert any_stage.watch().state is State.DONE
    assert len(any_stage.simulator.sessions) == 1


def catch_body(stage: ResearchStage, sent: dict[str, object]) -> None:
    """Learns what the create call sends, so that it can reach H although its sender is killed."""
    body = Task("h/web-surfer-flash", stage.lookup.address, Caps()).body(with_format=True)
    key = idempotency_key(b"secret of the tests", stage.lookup.id, 1, with_format=True)
    headers = {"Authorization": "Bearer hk-key-of-the-tests-0123456789", "Idempotency-Key": key}
    sent |= {"body": body, "headers": headers}


def test_stop_ends_the_session_at_once(any_stage: ResearchStage) -> None:
    any_stage.service.start(any_stage.lookup)
    any_stage.refresh_when_due()
    stopped = any_stage.service.stop(any_stage.lookup)
    assert stopped is not None
    assert (stopped.state, stopped.slot) == (State.STOPPED, None)
    assert any_stage.simulator.active() == []
    assert any_stage.asked("h_delete") == 1
    # Pressed again, nothing happens.
    any_stage.service.stop(any_stage.lookup)
    assert any_stage.asked("h_delete") == 1


def test_stop_while_the_session_is_being_made_ends_it_too(any_stage: ResearchStage) -> None:
    def press_stop(method: str) -> None:
        if method == "POST":
            any_stage.service_with(Caps()).stop(any_stage.lookup)

    any_stage.before_answer = press_stop
    after = any_stage.service.start(any_stage.lookup)
    assert after.state is State.STOPPED
    assert len(any_stage.simulator.sessions) == 1
    assert any_stage.simulator.active() == []
    assert any_stage.stored().slot is None


def test_stop_while_an_answer_is_under_way_wins(any_stage: ResearchStage) -> None:
    any_stage.service.start(any_stage.lookup)

    def press_stop(method: str) -> None:
        if method == "GET":
            any_stage.service_with(Caps()).stop(any_stage.lookup)

    any_stage.before_answer = press_stop
    assert any_stage.refresh_when_due().state is State.STOPPED
    assert any_stage.stored().answer.shape is AnswerShape.NONE
    assert any_stage.simulator.active() == []


def test_an_idle_session_is_deleted_when_its_answer_is_read(stage: ResearchStage) -> None:
    stage.play("idle")
    stage.service.start(stage.lookup)
    assert stage.watch().state is State.DONE
    assert stage.asked("h_delete") == 1
    assert stage.simulator.active() == []


def test_no_more_run_at_once_than_may(any_stage: ResearchStage) -> None:
    second, third = any_stage.another_lookup("second"), any_stage.another_lookup("third")
    any_stage.service.start(any_stage.lookup)
    any_stage.service.start(second)
    with pytest.raises(NoSlot):
        any_stage.service.start(third)
    assert any_stage.service.find(third.id) is None
    assert any_stage.asked("h_create") == 2
    any_stage.service.stop(second)
    assert any_stage.service.start(third).slot == 2


def test_clicks_at_the_same_moment_on_many_lookups_keep_to_the_limit(any_stage: ResearchStage) -> None:
    lookups = [any_stage.another_lookup(f"lookup {number}") for number in range(5)]
    at_once, refused = threading.Barrier(len(lookups)), []

    def click(number: int) -> None:
        service = any_stage.service_with(Caps())
        at_once.wait(10)
        try:
            service.start(lookups[number])
        except NoSlot:
            refused.append(number)

    threads = [threading.Thread(target=click, args=(number,)) for number in range(len(lookups))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(refused), any_stage.asked("h_create")) == (3, 2)


def test_search_again_after_a_failure_is_a_session_of_its_own(any_stage: ResearchStage) -> None:
    any_stage.play("fails")
    any_stage.service.start(any_stage.lookup)
    assert any_stage.watch().state is State.FAILED
    any_stage.play("finds-three")
    again = any_stage.service.start(any_stage.lookup)
    assert (again.attempt, again.state, again.steps, again.cost) == (2, State.RUNNING, 0, None)
    assert any_stage.watch().state is State.DONE
    assert len(any_stage.simulator.sessions) == 2


def test_the_worker_finishes_what_nobody_watches(any_stage: ResearchStage) -> None:
    any_stage.play("idle")
    any_stage.service.start(any_stage.lookup)
    any_stage.clock.sleep(4)
    assert any_stage.service.finish_abandoned() == 0
    any_stage.clock.sleep(ABANDONED_AFTER)
    assert any_stage.service.finish_abandoned() == 1
    ended = any_stage.stored()
    assert (ended.state, len(ended.answer.providers), ended.slot) == (State.DONE, 3, None)
    assert any_stage.simulator.active() == []
    assert any_stage.service.finish_abandoned() == 0


def test_the_worker_ends_one_that_runs_past_its_time(stage: ResearchStage) -> None:
    stage.play("never")
    stage.service.start(stage.lookup)
    stage.clock.sleep(200)
    stage.service.finish_abandoned()
    ended = stage.stored()
    assert (ended.state, ended.reason, ended.slot) == (State.FAILED, Reason.TOO_LONG, None)
    assert stage.simulator.active() == []


def test_a_session_that_cannot_be_ended_is_ended_later(any_stage: ResearchStage) -> None:
    any_stage.service.start(any_stage.lookup)
    any_stage.service_with(Caps(), key="wrong-key").stop(any_stage.lookup)
    assert any_stage.stored().slot == 1
    assert len(any_stage.simulator.active()) == 1
    any_stage.clock.sleep(ABANDONED_AFTER)
    assert any_stage.service.finish_abandoned() == 1
    assert any_stage.stored().slot is None
    assert any_stage.simulator.active() == []


def test_a_session_that_can_never_be_ended_does_not_hold_its_place_forever(stage: ResearchStage) -> None:
    locked_out = stage.service_with(Caps(), key="wrong-key")
    stage.service.start(stage.lookup)
    locked_out.stop(stage.lookup)
    stage.clock.sleep(GIVEN_UP_AFTER - 1)
    locked_out.finish_abandoned()
    assert stage.stored().slot == 1
    stage.clock.sleep(2)
    locked_out.finish_abandoned()
    assert stage.stored().slot is None


def test_an_agent_that_costs_enough_is_asked_for_its_answer(stage: ResearchStage) -> None:
    stage.play("dear")
    stage.service.start(stage.lookup)
    ended = stage.watch()
    assert (ended.state, stage.asked("h_force_answer")) == (State.DONE, 1)
    assert ended.cost is not None
    assert ended.cost < 1.5


def test_the_task_holds_the_caps_and_the_address_and_nothing_else_of_the_lookup(stage: ResearchStage) -> None:
    stage.service_with(Caps(45, 12, 0.1)).start(stage.lookup)
    (create,) = [call for call in stage.calls if call.operation == "h_create"]
    body = create.request_body or ""
    for part in ('"max_steps": 12', '"max_time_s": 45', '"group_id": "isp-fallback"', "909 Scenario Way, Detroit, MI"):
        assert part in body
    assert stage.lookup.id not in body
    assert str(stage.lookup.token) not in body


def test_the_calls_are_recorded_without_key_and_session_id(any_stage: ResearchStage) -> None:
    any_stage.play("idle")
    any_stage.service.start(any_stage.lookup)
    ended = any_stage.watch()
    recorded = any_stage.recorded()
    assert [each.call.operation for each in recorded] == [call.operation for call in any_stage.calls]
    everything = str(recorded)
    assert str(ended.session_id) not in everything
    assert "hk-key" not in everything
    assert "Idempotency" not in everything


def test_a_lookup_deleted_meanwhile_leaves_no_session_behind(any_stage: ResearchStage) -> None:
    def delete(method: str) -> None:
        if method == "POST":
            with any_stage.lookups.engine.begin() as connection:
                connection.exec_driver_sql("DELETE FROM lookup")

    any_stage.before_answer = delete
    any_stage.service.start(any_stage.lookup)
    assert len(any_stage.simulator.sessions) == 1
    assert any_stage.simulator.active() == []


def test_a_session_of_another_lookup_is_not_touched(stage: ResearchStage) -> None:
    other = stage.another_lookup("second")
    stage.service.start(stage.lookup)
    stage.service.start(other)
    stage.service.stop(replace(other, campaign_id=None))
    assert stage.stored().active
    assert len(stage.simulator.active()) == 1
