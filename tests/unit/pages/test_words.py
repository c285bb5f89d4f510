"""Every way a lookup can stand has words of its own, a next step, and a button for it."""

from __future__ import annotations

import pytest

from webapp.addresses.address import Address
from webapp.hum.sessions import AgentState
from webapp.lookups.lifecycle import Lookup, Outcome, Reason, State
from webapp.pages.progress import Status, headline, refresh_delay, steps, waiting_note, words

BORN = 1_763_800_000.0
MATCHED: dict[str, object] = {"geocoding": AgentState.MATCHED, "geocoded_at": BORN + 1}
RUNNING = {"next_poll_at": BORN + 2.0}
STANDS: dict[Outcome, dict[str, object]] = {
    Outcome.SERVED: {"state": State.DONE, "provider_count": 4, "geocoding": AgentState.MATCHED},
    Outcome.NO_SERVICE: {"state": State.DONE, "geocoding": AgentState.MATCHED},
    Outcome.NOT_RECOGNIZED: {"state": State.DONE, "geocoding": AgentState.FAILED},
    Outcome.AMBIGUOUS: {"state": State.DONE, "geocoding": AgentState.MULTIPLE},
    Outcome.STILL_UNKNOWN: {"state": State.INTERNET, "geocoding": AgentState.MATCHED, "token": "t"},
    Outcome.EXPIRED: {"state": State.EXPIRED},
    Outcome.REFUSED: {"state": State.FAILED, "reason": Reason.UNAVAILABLE},
    Outcome.STOPPED: {"state": State.FAILED, "reason": Reason.STOPPED},
}


def lookup(**facts: object) -> Lookup:
    return Lookup("id", "viewer", "key", "DEMO", Address("1 A St", zip="48226"), None, BORN, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_words_and_a_next_step(outcome: Outcome) -> None:
    stand = lookup(**STANDS[outcome])
    assert stand.outcome is outcome
    told = words(stand)
    assert told is not None
    assert all((told.title, told.meaning, told.next_step))
    assert told.tone in {"good", "warn", "bad", "quiet"}
    assert told.first in {"edit", "again", "keep", "new"}
    assert headline(stand)


def test_no_two_outcomes_can_be_taken_for_one_another() -> None:
    told = [words(lookup(**STANDS[outcome])) for outcome in Outcome]
    assert len({each.title for each in told if each}) == len(Outcome)
    assert len({each.meaning for each in told if each}) == len(Outcome)


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.STOPPED])
def test_every_refusal_says_why_and_what_to_do(reason: Reason) -> None:
    told = words(lookup(state=State.FAILED, reason=reason))
    assert told is not None
    assert told.title == "Hum could not answer"
    others = {
        words(lookup(state=State.FAILED, reason=other)).meaning
        for other in Reason
        if other not in {reason, Reason.STOPPED}
    }  # type: ignore[union-attr]
    assert told.meaning not in others
    assert told.next_step


@pytest.mark.parametrize(
    ("reason", "first"),
    [
        (Reason.INVALID, "edit"),
        (Reason.UNCERTAIN, "again"),
        (Reason.UNAVAILABLE, "again"),
        (Reason.NOT_AUTHORIZED, "again"),
    ],
)
def test_a_refusal_offers_the_button_that_helps(reason: Reason, first: str) -> None:
    told = words(lookup(state=State.FAILED, reason=reason))
    assert told is not None
    assert told.first == first


def test_a_lookup_that_was_refused_at_once_was_not_asked_about_three_times() -> None:
    told = words(lookup(state=State.FAILED, reason=Reason.UNAVAILABLE))
    assert told is not None
    assert "three times" not in told.meaning
    assert told.next_step.startswith("Nothing was started.")


def test_a_refusal_with_a_living_session_offers_to_keep_checking() -> None:
    told = words(lookup(state=State.INTERNET, reason=Reason.UNAVAILABLE, token="t"))
    assert told is not None
    assert told.first == "keep"


def test_a_running_lookup_has_no_outcome_words() -> None:
    assert words(lookup(**RUNNING)) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({**RUNNING}, [Status.RUNNING, Status.WAITING, Status.WAITING]),
        ({**RUNNING, **MATCHED}, [Status.DONE, Status.RUNNING, Status.WAITING]),
        (
            {**RUNNING, **MATCHED, "provider_count": 3, "plans_missing": 2},
            [Status.DONE, Status.DONE, Status.RUNNING],
        ),
        ({"state": State.DONE, "geocoding": AgentState.FAILED}, [Status.TROUBLE, Status.WAITING, Status.WAITING]),
        ({"state": State.DONE, "geocoding": AgentState.MULTIPLE}, [Status.TROUBLE, Status.WAITING, Status.WAITING]),
        (
            {"state": State.DONE, **MATCHED, "finished_at": BORN + 4},
            [Status.DONE, Status.TROUBLE, Status.WAITING],
        ),
    ],
)
def test_three_steps_tell_how_far_it_is(facts: dict[str, object], expected: list[Status]) -> None:
    shown = steps(lookup(**facts), BORN + 3)
    assert [step.status for step in shown] == expected
    assert all(step.text for step in shown)


def test_seconds_count_from_the_click_and_stop_when_a_step_is_done() -> None:
    running = lookup(**RUNNING, **MATCHED)
    address, providers, plans = steps(running, BORN + 3.5)
    assert address.seconds == 1
    assert providers.seconds == 3.5
    assert plans.seconds is None


@pytest.mark.parametrize(("due_in", "delay"), [(2.0, 2.05), (-5.0, 0.3), (0.0, 0.3), (60.0, 3.0)])
def test_the_page_asks_just_after_hum_is_due_within_bounds(due_in: float, delay: float) -> None:
    assert refresh_delay(lookup(next_poll_at=BORN + due_in), BORN) == pytest.approx(delay)


def test_while_another_request_asks_hum_its_answer_is_awaited_briefly() -> None:
    assert refresh_delay(lookup(next_poll_at=BORN + 20, claimed_at=BORN), BORN) == 0.25
    assert refresh_delay(lookup(next_poll_at=BORN + 20, claimed_at=BORN), BORN + 3) == 1.5, (
        "a slow Hum is not asked after four times a second"
    )


@pytest.mark.parametrize(
    ("reason", "said"), [(Reason.RATE_LIMITED, "slow down"), (Reason.UNAVAILABLE, "Hum did not answer properly")]
)
def test_a_pause_is_explained_with_its_length(reason: Reason, said: str) -> None:
    held = lookup(next_poll_at=BORN + 4, reason=reason)
    note = waiting_note(held, BORN)
    assert note is not None
    assert said in note
    assert "in 4 seconds" in note
    assert "in 1 second;" in str(waiting_note(held, BORN + 3.9))
    assert waiting_note(lookup(**RUNNING), BORN) is None
