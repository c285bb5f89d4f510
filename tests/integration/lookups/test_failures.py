"""What upstream trouble does to a running lookup: it waits, pauses or ends, keeps what it has, and never asks too
often.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.integration.lookups.stage import START, Stage
from webapp.hum.errors import SessionGone
from webapp.lookups.failures import LONGEST_WAIT, MAX_FAILURES
from webapp.lookups.lifecycle import POLL_WINDOW, Lookup, Outcome, Reason, State
from webapp.lookups.polling import POLL_LEASE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NINE = 9
"""Polls of one window, at most."""


def test_a_rate_limit_pauses_until_hum_says(stage: Stage) -> None:
    paused = stage.watch(stage.start("rate-limited"), until=lambda lookup: lookup.reason is Reason.RATE_LIMITED)
    assert paused.next_poll_at == START + 5, "the reset that the 429 named"
    assert paused.being_asked
    assert paused.outcome is None
    assert paused.failures == 0, "a pause is not a failure"
    assert paused.window_seconds == POLL_WINDOW + 3, "the pause is Hum's time, not the lookup's"

    asked = len(stage.calls)
    stage.clock.now = START + 4.9
    assert stage.service.refresh(paused) == paused
    assert len(stage.calls) == asked

    ended = stage.watch(paused)
    assert (ended.outcome, ended.reason) == (Outcome.SERVED, None)


def test_an_outage_in_mid_poll_is_said_and_recovers(stage: Stage) -> None:
    troubled = stage.watch(stage.start("server-error-once"), until=lambda lookup: lookup.reason is not None)
    assert (troubled.reason, troubled.failures) == (Reason.UNAVAILABLE, 1)
    assert troubled.being_asked
    assert troubled.state is not State.FAILED

    ended = stage.watch(troubled)
    assert (ended.outcome, ended.reason, ended.failures) == (Outcome.SERVED, None, 0)


def test_three_failures_in_a_row_pause_with_their_reason_and_keep_what_is_known(stage: Stage) -> None:
    lookup = stage.watch(stage.start("slow"), until=lambda lookup: lookup.state is State.INTERNET)
    stage.outage = "503 Service Unavailable"
    asked = len(stage.calls)
    paused = stage.watch(lookup)

    assert [call.operation for call in stage.calls[asked:]] == ["internet"] * MAX_FAILURES
    assert (paused.reason, paused.outcome) == (Reason.UNAVAILABLE, Outcome.REFUSED)
    assert paused.state is State.INTERNET
    assert paused.matched_address == lookup.matched_address
    assert paused.can_resume


def test_failures_wait_longer_each_time(stage: Stage) -> None:
    lookup = stage.start("slow")
    stage.outage = "500 Internal Server Error"
    stage.watch(lookup)
    asked_at = [call.started_at - START for call in stage.calls if call.operation == "status"]
    assert asked_at == [2, 4, 8]


@pytest.mark.parametrize("outage", ["503 Service Unavailable", "429 Too Many Requests"])
@pytest.mark.parametrize(
    ("is_address_known", "polls_before"),
    [(True, count) for count in range(8)] + [(False, count) for count in range(NINE + 1)],
)
def test_trouble_never_adds_polls_to_the_nine_of_a_window(
    stage: Stage, outage: str, is_address_known: bool, polls_before: int
) -> None:
    def undecided(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET":
            return stage.app(environ, start_response)
        start_response("202 Accepted", [("Content-Type", "application/json")])
        return [b'{"request_status": "ok", "meta": {"agent_status": {"geocoding": "pending", "internet": "pending"}}}']

    if not is_address_known:
        stage.upstream = undecided
    lookup = stage.start("never")
    for _ in range(polls_before):
        lookup = stage.refresh_when_due(lookup)
    stage.outage = outage
    ended = stage.watch(lookup)
    assert ended.polls <= NINE
    # Only a last poll that still does not know the address asks for both.
    assert stage.asked("status") + stage.asked("internet") == ended.polls + (polls_before == NINE)
    assert ended.can_resume


def test_a_revoked_key_pauses_at_once_and_a_new_key_resumes(stage: Stage) -> None:
    lookup = stage.refresh_when_due(stage.start("fast"))
    stage.outage = "401 Unauthorized"
    paused = stage.refresh_when_due(lookup)
    assert (paused.reason, paused.outcome, paused.being_asked) == (Reason.NOT_AUTHORIZED, Outcome.REFUSED, False)
    assert paused.can_resume

    stage.outage = None
    assert stage.watch(stage.service.resume(paused)).outcome is Outcome.SERVED
    assert stage.asked("create") == 1


def test_a_session_that_ends_takes_no_shown_provider_with_it(stage: Stage) -> None:
    early = stage.watch(stage.start("late-plans"), until=lambda lookup: lookup.provider_count > 0)
    assert early.token is not None
    stage.hum.close_session(early.token)
    ended = stage.watch(early)
    assert (ended.state, ended.outcome) == (State.DONE, Outcome.SERVED)
    assert ended.provider_count == early.provider_count
    listed = stage.service.providers(ended)
    assert listed is not None
    assert len(listed.providers) == early.provider_count


def test_a_session_that_ends_before_any_provider_has_expired(stage: Stage) -> None:
    ended = stage.watch(stage.start("gone-mid-poll"))
    assert (ended.state, ended.outcome, ended.reason) == (State.EXPIRED, Outcome.EXPIRED, None)
    assert ended.finished_at == stage.clock.now
    assert not ended.can_resume


def test_a_finished_lookup_outlives_its_session(any_stage: Stage) -> None:
    ended = any_stage.watch(any_stage.start("fast"))
    listed = any_stage.service.providers(ended)
    any_stage.clock.sleep(2 * 3600)
    with pytest.raises(SessionGone):
        any_stage.hum.get_session(str(ended.token))
    asked = len(any_stage.calls)

    again = any_stage.service.find(ended.id, ended.viewer)
    assert again is not None
    assert any_stage.service.refresh(again) == ended
    assert any_stage.service.providers(again) == listed
    assert listed is not None
    assert len(listed.providers) == ended.provider_count > 0
    assert len(any_stage.calls) == asked


def test_a_lookup_left_alone_until_its_session_is_gone_expires_when_it_is_opened_again(stage: Stage) -> None:
    lookup = stage.watch(stage.start("never"), until=lambda lookup: lookup.state is State.INTERNET)
    stage.clock.sleep(3600)
    ended = stage.watch(lookup)
    assert ended.outcome is Outcome.EXPIRED
    assert ended.matched_address == lookup.matched_address


def test_a_token_is_never_sent_to_another_environment(stage: Stage) -> None:
    lookup = stage.refresh_when_due(stage.start("fast"))
    assert lookup.next_poll_at is not None
    stage.clock.now = lookup.next_poll_at
    asked = len(stage.calls)

    ended = stage.service_for("LIVE").refresh(lookup)
    assert (ended.state, ended.outcome) == (State.EXPIRED, Outcome.EXPIRED)
    assert len(stage.calls) == asked


def test_a_poll_that_is_not_due_or_is_under_way_does_not_ask_hum(any_stage: Stage) -> None:
    lookup = any_stage.refresh_when_due(any_stage.start("never"))
    assert lookup.next_poll_at is not None
    asked = len(any_stage.calls)
    any_stage.clock.now = lookup.next_poll_at - 0.001
    assert any_stage.service.refresh(lookup) == lookup

    any_stage.clock.now = lookup.next_poll_at
    claimed = any_stage.store.claim_poll(lookup, now=any_stage.clock.now, lease_until=any_stage.clock.now + POLL_LEASE)
    assert claimed is not None
    waiting = any_stage.service.refresh(lookup)
    assert (waiting.polls, waiting.state) == (claimed.polls, lookup.state)
    assert len(any_stage.calls) == asked


def test_a_late_answer_of_an_overtaken_worker_is_dropped(any_stage: Stage) -> None:
    lookup = any_stage.start("fast")
    slow = any_stage.claim_when_due(lookup)
    any_stage.clock.sleep(POLL_LEASE)
    ended = any_stage.watch(any_stage.service.refresh(any_stage.stored(lookup)))
    assert ended.outcome is Outcome.SERVED

    assert not any_stage.store.finish_poll(
        slow, replace(slow, state=State.GEOCODING, next_poll_at=any_stage.clock.now), "[]"
    )
    assert any_stage.stored(lookup) == ended
    listed = any_stage.service.providers(ended)
    assert listed is not None
    assert len(listed.providers) == ended.provider_count


def test_a_worker_overtaken_while_hum_kept_it_waiting_shows_what_the_faster_one_learned(stage: Stage) -> None:
    faster: list[Lookup] = []

    def overtake(_: float) -> None:
        stage.wait = stage.clock.sleep
        stage.clock.sleep(POLL_LEASE)
        faster.append(stage.watch(stage.service.refresh(stage.stored(lookup))))

    lookup = stage.start("timeout")
    stage.clock.sleep(2)
    stage.wait = overtake
    shown = stage.service.refresh(lookup)
    assert [shown] == faster
    assert shown.outcome is Outcome.SERVED


def test_no_list_yet_is_no_end(stage: Stage) -> None:
    """Some answers say `matched` a moment before the list exists: 404 on the list alone is not the session's end."""

    def no_list(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith("/services/internet") and stage.clock.now < START + 10:
            start_response("404 Not Found", [("Content-Type", "application/json")])
            return [b'{"message": "Session not found", "request_status": "error"}']
        return stage.app(environ, start_response)

    stage.upstream = no_list
    lookup = stage.watch(stage.start("fast"), until=lambda _: stage.asked("internet") > 0)
    assert lookup.state is State.INTERNET
    assert [call.operation for call in stage.calls[-2:]] == ["internet", "status"], "which says that the session lives"
    assert stage.watch(lookup).outcome is Outcome.SERVED


def test_no_list_a_moment_after_the_status_is_no_question(stage: Stage) -> None:
    def no_list(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith("/services/internet"):
            start_response("404 Not Found", [("Content-Type", "application/json")])
            return [b'{"message": "Session not found", "request_status": "error"}']
        return stage.app(environ, start_response)

    lookup = stage.start("fast")
    stage.clock.sleep(5)
    stage.upstream = no_list
    after = stage.service.refresh(lookup)
    assert [call.operation for call in stage.calls] == ["create", "status", "internet"]
    assert (after.state, after.being_asked) == (State.INTERNET, True)


REFUSAL_BODIES = {
    '{"message": "The session is malformed", "request_status": "error"}': "The session is malformed",
    '{"message": "See errors.", "errors": {"zip": ["is\\u202e outside", "our area"]}}': "Zip: is outside Zip: our area",
    '{"errors": {"errors": {"base": ["<b>No</b>"]}}}': "<b>No</b>",
    "<html>no</html>": None,
}


@pytest.mark.parametrize(("body", "said"), REFUSAL_BODIES.items())
@pytest.mark.parametrize("status", [400, 406, 422])
def test_a_refusal_for_good_is_asked_for_once_and_kept_in_hums_words(
    stage: Stage, status: int, body: str, said: str | None
) -> None:
    lookup = stage.refresh_when_due(stage.start("fast"))
    stage.outage, stage.outage_body = f"{status} No", body
    ended = stage.watch(lookup)
    assert (ended.state, ended.reason, ended.outcome) == (State.FAILED, Reason.REJECTED, Outcome.REFUSED)
    assert ended.warning == said
    assert (stage.asked("status"), stage.asked("internet")) == (1, 1)
    assert not ended.can_resume


def test_a_refusal_for_good_leaves_the_providers_that_were_found(stage: Stage) -> None:
    lookup = stage.watch(stage.start("late-plans"), until=lambda lookup: lookup.provider_count > 0)
    stage.outage = "422 No"
    ended = stage.watch(lookup)
    assert (ended.state, ended.outcome) == (State.DONE, Outcome.SERVED)
    assert ended.provider_count == lookup.provider_count


@pytest.mark.parametrize("headers", [{}, {"X-RateLimit-Reset": "never"}, {"Retry-After": "60"}])
def test_429_forever_ends_within_five_minutes(stage: Stage, headers: dict[str, str]) -> None:
    lookup = stage.refresh_when_due(stage.start("fast"))
    stage.outage, stage.outage_headers = "429 Too Many Requests", headers
    ended = stage.watch(lookup)
    assert (ended.reason, ended.can_resume) == (Reason.RATE_LIMITED, True)
    assert ended.window_polls <= NINE
    assert stage.clock.now - ended.window_started_at <= LONGEST_WAIT


def test_429s_without_a_wait_are_asked_again_ever_later(stage: Stage) -> None:
    lookup = stage.refresh_when_due(stage.start("fast"))
    stage.outage = "429 Too Many Requests"
    waits = []
    for _ in range(4):
        lookup = stage.refresh_when_due(lookup)
        assert lookup.next_poll_at is not None
        waits.append(lookup.next_poll_at - stage.clock.now)
    assert waits == [pytest.approx(3 / 4 * longest) for longest in (4, 8, 16, 32)]
