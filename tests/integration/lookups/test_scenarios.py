"""Every way a lookup can go, from the click to its end, as an open page would drive it."""

from __future__ import annotations

import pytest

from tests.integration.lookups.stage import START, Stage
from webapp.hum.sessions import AgentState
from webapp.lookups.lifecycle import PLANS_FOLLOW_AFTER, POLL_WINDOW, Outcome, Reason, State
from webapp.simulator import SCENARIOS

MOST_POLLS = 9

SERVED_SCENARIOS = (
    "instant fast slow accepted-then-ready empty-catalog sixty-providers null-fields range-speeds old-promo "
    "object-address other-house rate-limited server-error-once html-error timeout late-plans normal"
)
ENDS: dict[str, tuple[Outcome, Reason | None]] = dict.fromkeys(SERVED_SCENARIOS.split(), (Outcome.SERVED, None)) | {
    "never": (Outcome.STILL_UNKNOWN, None),
    "multiple": (Outcome.AMBIGUOUS, None),
    "geocode-failed": (Outcome.NOT_RECOGNIZED, None),
    "internet-failed": (Outcome.NO_SERVICE, None),
    "no-providers": (Outcome.NO_SERVICE, None),
    "not-found": (Outcome.EXPIRED, None),
    "gone-mid-poll": (Outcome.EXPIRED, None),
    "unauthorized": (Outcome.REFUSED, Reason.NOT_AUTHORIZED),
    "invalid": (Outcome.REFUSED, Reason.INVALID),
    "create-timeout": (Outcome.REFUSED, Reason.UNCERTAIN),
    "create-rate-limited": (Outcome.REFUSED, Reason.RATE_LIMITED),
    "create-server-error": (Outcome.REFUSED, Reason.UNAVAILABLE),
}


def test_the_table_covers_every_scenario() -> None:
    assert set(ENDS) == set(SCENARIOS)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_ends_in_bounded_time_and_few_polls_with_the_outcome_that_fits(stage: Stage, scenario: str) -> None:
    lookup = stage.watch(stage.started(scenario))

    assert (lookup.outcome, lookup.reason) == ENDS[scenario]
    assert not lookup.being_asked
    assert stage.stored(lookup) == lookup
    faulty = SCENARIOS[scenario].poll_fault or SCENARIOS[scenario].create_fault
    # Time that Hum itself asked for or lost us is not the lookup's own: the window grows by it.
    assert stage.clock.now - START <= (lookup.window_seconds + 20 if faulty else POLL_WINDOW)
    assert stage.asked("create") == 1
    assert lookup.polls <= MOST_POLLS
    counted = stage.app.extensions["simulator"].counts()
    assert counted.get("status", 0) + counted.get("internet", 0) <= lookup.polls + 1


def calls_made(stage: Stage) -> list[tuple[float, str]]:
    return [(call.started_at - START, call.operation) for call in stage.calls]


def test_once_the_address_is_known_the_list_alone_is_asked_for_and_the_last_time_at_the_end(stage: Stage) -> None:
    stage.watch(stage.start("never"))
    lists = [(time, "internet") for time in (*stage.service.poll_schedule.lists, POLL_WINDOW)]
    assert calls_made(stage) == [(0, "create"), (2, "status"), *lists]


def test_the_first_list_with_a_plan_ends_the_lookup(stage: Stage) -> None:
    lookup = stage.watch(stage.start("fast"))
    assert calls_made(stage) == [(0, "create"), (2, "status"), (stage.service.poll_schedule.lists[0], "internet")]
    assert (lookup.state, lookup.finished_at) == (State.DONE, lookup.providers_at)
    assert lookup.plans_missing, "one provider of the region lists no plan, which is not waited for"


def test_a_list_without_a_plan_is_read_once_more(stage: Stage) -> None:
    first = stage.service.poll_schedule.lists[0]
    lookup = stage.watch(stage.start("empty-catalog"))
    assert calls_made(stage)[2:] == [(first, "internet"), (first + PLANS_FOLLOW_AFTER, "internet")]
    assert (lookup.state, lookup.plan_count) == (State.DONE, 0)


def test_the_steps_are_seen_one_after_the_other(stage: Stage) -> None:
    lookup = stage.start("fast")
    states = [lookup.state]
    while lookup.being_asked:
        lookup = stage.refresh_when_due(lookup)
        states.append(lookup.state)
    assert states == [State.GEOCODING, State.INTERNET, State.DONE]
    assert lookup.geocoded_at is not None
    assert lookup.providers_at is not None
    assert lookup.finished_at is not None
    assert START < lookup.geocoded_at < lookup.providers_at <= lookup.finished_at
    assert lookup.geocoding is AgentState.MATCHED
    assert lookup.matched_address is not None
    assert "DETROIT" in lookup.matched_address.upper()


def test_instant_shows_providers_from_the_answer_to_create(stage: Stage) -> None:
    lookup = stage.start("instant")
    assert lookup.provider_count > 0
    assert lookup.providers_at == START
    assert stage.asked("status") == stage.asked("internet") == 0
    providers = stage.service.providers(lookup)
    assert providers is not None
    assert len(providers.providers) == lookup.provider_count

    ended = stage.watch(lookup)
    assert ended.matched_address, "the create answer has none, so the status is asked for it once"
    assert ended.providers_at == START
    assert stage.asked("status") == 1


def test_late_plans_are_waited_for_while_the_providers_show(stage: Stage) -> None:
    early = stage.watch(stage.start("late-plans"), until=lambda lookup: lookup.provider_count > 0)
    assert early.state is State.PLANS
    assert early.being_asked
    assert early.plan_count == 0
    shown = stage.service.providers(early)
    assert shown is not None
    assert len(shown.providers) == early.provider_count

    ended = stage.watch(early)
    assert ended.state is State.DONE
    assert ended.plan_count > 0
    assert ended.plans_missing < early.plans_missing == early.provider_count
    listed = stage.service.providers(ended)
    assert listed is not None
    assert sum(len(provider.plans) for provider in listed.providers) == ended.plan_count


def test_providers_that_never_list_plans_are_not_waited_for_until_the_window_ends(stage: Stage) -> None:
    lookup = stage.watch(stage.start("empty-catalog"))
    assert lookup.state is State.DONE
    assert lookup.plan_count == 0
    assert stage.clock.now - START < POLL_WINDOW


def test_old_address_objects_bring_their_coordinates(stage: Stage) -> None:
    lookup = stage.watch(stage.start("object-address"))
    assert lookup.latitude is not None
    assert lookup.longitude is not None
    assert 24 < lookup.latitude < 50
    assert lookup.longitude < -66


def test_a_warning_of_hum_is_kept(stage: Stage) -> None:
    assert stage.watch(stage.start("null-fields")).warning
    assert stage.watch(stage.start("fast", submit_key="second")).warning is None
