"""Beginning a lookup: a session costs money, so none is made twice, and none is lost without a trace."""

from __future__ import annotations

import json

import pytest

from tests.integration.lookups.stage import START, VIEWER, Stage, request_for
from webapp.addresses.address import Address
from webapp.hum.errors import HumError, InvalidAddress, NotAuthorized, RateLimited, Unavailable
from webapp.lookups.lifecycle import Lookup, Outcome, Reason, State
from webapp.lookups.polling import CREATE_LEASE, Request


class WorkerDied(BaseException):
    """What a killed process does to the code it ran: nothing after this line happens, no `except Exception` sees it."""


def die(_: float) -> None:
    raise WorkerDied


def test_a_second_click_finds_the_first_lookup(any_stage: Stage) -> None:
    first = any_stage.start("fast")
    second = any_stage.start("fast")
    assert second.id == first.id
    assert any_stage.asked("create") == 1


def test_a_second_form_is_a_second_lookup(any_stage: Stage) -> None:
    first = any_stage.start("fast")
    second = any_stage.start("fast", submit_key="second")
    assert second.id != first.id
    assert second.token != first.token
    assert any_stage.asked("create") == 2


def test_the_same_form_with_another_address_is_another_lookup(any_stage: Stage) -> None:
    first, second = any_stage.start("fast"), any_stage.start("slow")
    assert second.id != first.id
    assert second.address == request_for("slow").address
    assert [any_stage.start(scenario).id for scenario in ("slow", "fast")] == [second.id, first.id], (
        "each of them is found by a second click"
    )
    assert any_stage.asked("create") == 2


def test_two_viewers_never_share_a_lookup_by_submit_key(any_stage: Stage) -> None:
    mine = any_stage.start("fast")
    theirs = any_stage.start("fast", viewer="another-viewer")
    assert theirs.id != mine.id
    assert any_stage.asked("create") == 2


def test_the_lookup_is_stored_before_hum_is_asked_and_a_click_meanwhile_finds_it(stage: Stage) -> None:
    found: list[Lookup] = []

    def click_again(seconds: float) -> None:
        stage.clock.sleep(seconds)
        found.append(stage.start("create-timeout"))

    stage.wait = click_again
    with pytest.raises(Unavailable):
        stage.start("create-timeout")
    assert [(lookup.state, lookup.being_asked, lookup.token) for lookup in found] == [(State.CREATED, True, None)]
    assert stage.asked("create") == 1


@pytest.mark.parametrize(
    ("scenario", "error", "reason"),
    [
        ("unauthorized", NotAuthorized, Reason.NOT_AUTHORIZED),
        ("invalid", InvalidAddress, Reason.INVALID),
        ("create-rate-limited", RateLimited, Reason.RATE_LIMITED),
        ("create-server-error", Unavailable, Reason.UNAVAILABLE),
        ("create-timeout", Unavailable, Reason.UNCERTAIN),
    ],
)
def test_a_refused_create_is_kept_as_failed_and_never_repeated(
    any_stage: Stage, scenario: str, error: type[HumError], reason: Reason
) -> None:
    with pytest.raises(error):
        any_stage.start(scenario)

    kept = any_stage.start(scenario)
    assert (kept.state, kept.reason, kept.outcome) == (State.FAILED, reason, Outcome.REFUSED)
    assert kept.finished_at == any_stage.clock.now
    assert not kept.being_asked
    assert not kept.can_resume

    any_stage.clock.sleep(CREATE_LEASE + 1)
    assert any_stage.service.refresh(kept) == any_stage.service.resume(kept) == any_stage.service.stop(kept) == kept
    assert len(any_stage.calls) == 1


def test_a_gateway_that_gave_up_leaves_it_open_whether_a_session_was_made(stage: Stage) -> None:
    stage.outage = "504 Gateway Timeout"
    with pytest.raises(Unavailable):
        stage.start("fast")
    assert stage.start("fast").reason is Reason.UNCERTAIN
    assert stage.asked("create") == 1


def test_a_worker_that_died_in_create_leaves_an_uncertain_lookup_and_no_second_session(any_stage: Stage) -> None:
    any_stage.wait = die
    with pytest.raises(WorkerDied):
        any_stage.start("create-timeout")
    any_stage.wait = any_stage.clock.sleep

    orphan = any_stage.start("create-timeout")
    assert (orphan.state, orphan.reason, orphan.being_asked) == (State.CREATED, None, True)
    any_stage.clock.now = START + CREATE_LEASE - 0.1
    assert any_stage.service.refresh(orphan) == orphan

    any_stage.clock.now = START + CREATE_LEASE
    ended = any_stage.service.refresh(orphan)
    assert (ended.state, ended.reason, ended.outcome) == (State.FAILED, Reason.UNCERTAIN, Outcome.REFUSED)
    assert any_stage.stored(orphan) == ended
    # The worker died before it could even note its own call, and nobody else has made one.
    assert any_stage.calls == []


def test_hum_gets_the_address_without_what_it_would_refuse(stage: Stage) -> None:
    address = Address("1600 Pennsylvania Ave NW", None, "Washington", "DC", "20500")
    stage.service.start(Request(address, VIEWER, "first", campaign_id="summer"))
    sent = json.loads(stage.calls[0].request_body or "")
    assert sent == {
        "street1": "1600 Pennsylvania Ave NW",
        "city": "Washington",
        "zip": "20500",
        "campaign_id": "summer",
    }


def test_a_started_lookup_is_due_two_seconds_later_as_its_first_answer_told_how_far_hum_is(stage: Stage) -> None:
    lookup = stage.start("fast")
    assert lookup.window_started_at == START
    assert lookup.next_poll_at == START + 2
    assert stage.service.refresh(lookup) == lookup
    assert [call.operation for call in stage.calls] == ["create"]
    assert lookup.claimed_at is None
    assert stage.stored(lookup) == lookup


def test_ids_cannot_be_guessed_from_one_another_or_from_the_token(stage: Stage) -> None:
    lookups = [stage.service.start(request_for("fast", submit_key=str(number))).lookup for number in range(20)]
    assert len({lookup.id for lookup in lookups}) == 20
    for lookup in lookups:
        assert len(lookup.id) == 22, "128 bits in base64url"
        assert lookup.token is not None
        assert lookup.id not in lookup.token
        assert lookup.submit_key != lookup.id
