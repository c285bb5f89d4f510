"""Every way a lookup can go, from the click to its end, as an open page would drive it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.integration.lookups.stage import START, Stage
from webapp.hum.sessions import AgentState
from webapp.lookups.lifecycle import POLL_WINDOW, Outcome, Reason, State
from webapp.simulator import SCENARIOS

MOST_STATUS_POLLS = 9

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
    assert stage.app.extensions["simulator"].counts().get("status", 0) <= MOST_STATUS_POLLS


def test_polls_begin_two_seconds_apart_and_then_slow_down(stage: Stage) -> None:
    stage.watch(stage.start("never"))
    asked_at = [call.started_at - START for call in stage.calls if call.operation == "status"]
    gaps = [later - earlier for earlier, later in pairwise(asked_at)]
    assert asked_at[0] == 0
    assert gaps[:2] == [2, 2], "the address is matched at 1.2 s, which the poll at 2 s shows: a change"
    # The last gap is whatever is left of the window: its poll lands on the end.
    assert gaps[2:-1] == sorted(gaps[2:-1])
    assert gaps[-2] > 2
    assert asked_at[-1] == POLL_WINDOW


def test_a_change_brings_the_short_interval_back(stage: Stage) -> None:
    lookup = stage.start("slow")
    intervals = []
    while lookup.being_asked and lookup.state is not State.PLANS:
        lookup = stage.refresh_when_due(lookup)
        intervals.append(lookup.poll_interval)
    assert lookup.provider_count > 0
    assert max(intervals) > 2


def test_the_steps_are_seen_one_after_the_other(stage: Stage) -> None:
    lookup = stage.start("fast")
    states = [lookup.state]
    while lookup.being_asked:
        lookup = stage.refresh_when_due(lookup)
        states.append(lookup.state)
    # One provider of the region lists no plan, so the list is watched a little longer.
    assert list(dict.fromkeys(states)) == [State.GEOCODING, State.INTERNET, State.PLANS, State.DONE]
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
