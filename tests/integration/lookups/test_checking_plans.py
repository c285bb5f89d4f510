"""*Check for more plans*: one call about a finished lookup, which adds to what is known and never takes from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.integration.lookups.stage import START, Clock, Stage, request_for
from webapp.lookups.lifecycle import Lookup, Outcome, State
from webapp.lookups.polling import CHECK_PAUSE, CheckResult
from webapp.simulator import SCENARIOS, create_app

PLANS_AT = 100.0
LATE = replace(SCENARIOS["late-plans"], number=200, key="very-late-plans", plans_at=PLANS_AT)


@pytest.fixture
def late(sqlite_url: str) -> Iterator[Stage]:
    """A worker whose Hum lists plans only after 100 seconds."""
    clock = Clock()
    app = create_app(clock=clock, sleep=clock.sleep, rate_limit=100_000, more_scenarios=[LATE])
    stage = Stage(sqlite_url, clock=clock, upstream=app)
    yield stage
    stage.close()


def finished(stage: Stage, scenario: str = "fast") -> Lookup:
    return stage.watch(stage.start(scenario))


def finished_without_plans(stage: Stage) -> Lookup:
    chosen = replace(request_for("normal"), campaign_id=f"scenario:{LATE.key}")
    ended = stage.watch(stage.service.start(chosen).lookup)
    assert (ended.state, ended.plan_count) == (State.DONE, 0)
    return ended


def listing(**plans: int) -> str:
    """The answer of a list of providers by name, with so many plans each."""
    providers = []
    for name, count in plans.items():
        products = [{"name": f"Plan {number}", "price": 30 + number} for number in range(count)]
        providers.append({"provider_name": name, "product_catalog": [{"products": products}]})
    return json.dumps({"message": "", "request_status": "ok", "data": {"internet": providers}, "meta": {}})


def ended_with(stage: Stage, **plans: int) -> Lookup:
    """A lookup that ended with this list."""
    lookup = stage.refresh_when_due(stage.start("fast"))
    answer_with(stage, listing(**plans))
    ended = stage.watch(lookup)
    stage.clock.sleep(60)
    return ended


def answer_with(stage: Stage, body: str, status: str = "200 OK") -> None:
    stage.outage, stage.outage_body = status, body


def test_it_asks_once_and_adds_the_plans_that_have_come(late: Stage) -> None:
    ended = finished_without_plans(late)
    before = len(late.calls)
    late.clock.now = START + PLANS_AT + 1
    check = late.service.check_plans(ended)
    assert [call.operation for call in late.calls[before:]] == ["internet"]
    assert check.result is CheckResult.ANSWERED
    after = late.stored(ended)
    assert check.lookup == after
    assert after.plan_count > 0
    assert (after.outcome, after.provider_count) == (Outcome.SERVED, ended.provider_count)
    assert (after.answered_at, after.providers_at) == (late.clock.now, ended.providers_at)
    assert after.left_at == ended.finished_at, "nobody knows when they came"
    listed = late.service.providers(after)
    assert listed is not None
    assert sum(len(provider.plans) for provider in listed.providers) == after.plan_count


@pytest.mark.parametrize(
    ("news", "merged"),
    [
        ({"A": 2, "B": 1}, {"A": 2, "B": 1}),
        ({"A": 2}, {"A": 2, "B": 1}),
        ({"B": 3}, {"B": 3, "A": 2}),
        ({"A": 1, "B": 2}, {"A": 2, "B": 2}),
        ({"C": 1}, {"C": 1, "A": 2, "B": 1}),
        ({"B": 0, "A": 0}, {"B": 1, "A": 2}),
        ({}, {"A": 2, "B": 1}),
    ],
)
def test_new_plans_are_added_and_known_ones_stay(stage: Stage, news: dict[str, int], merged: dict[str, int]) -> None:
    ended = ended_with(stage, A=2, B=1)
    answer_with(stage, listing(**news))
    after = stage.service.check_plans(ended).lookup
    listed = stage.service.providers(after)
    assert listed is not None
    assert {provider.name: len(provider.plans) for provider in listed.providers} == merged
    assert (after.provider_count, after.plan_count) == (len(merged), sum(merged.values()))
    is_newest = bool(news) and news == merged
    assert after.answered_at == (stage.clock.now if is_newest else ended.answered_at)


def test_the_same_list_again_renews_its_time_and_nothing_else(stage: Stage) -> None:
    ended = finished(stage)
    stage.clock.sleep(60)
    after = stage.service.check_plans(ended).lookup
    assert after.answered_at == stage.clock.now
    changed = {"answered_at", "next_poll_at", "polls", "claimed_at"}
    assert {name: getattr(after, name) for name in after.__slots__ if name not in changed} == {
        name: getattr(ended, name) for name in ended.__slots__ if name not in changed
    }


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        ("500 No", "{}", CheckResult.FAILED),
        ("429 No", "{}", CheckResult.FAILED),
        ("401 No", "{}", CheckResult.FAILED),
        ("422 No", "{}", CheckResult.FAILED),
        ("200 OK", "<html>", CheckResult.FAILED),
        ("404 No", "{}", CheckResult.SESSION_GONE),
        ("410 No", "{}", CheckResult.SESSION_GONE),
        ("202 Accepted", "", CheckResult.ANSWERED),
        ("200 OK", listing(), CheckResult.ANSWERED),
        ("200 OK", '{"data": {"internet": ["?", 3]}}', CheckResult.ANSWERED),
    ],
)
def test_an_answer_that_fails_or_is_empty_leaves_what_is_known(
    stage: Stage, status: str, body: str, result: CheckResult
) -> None:
    ended = finished(stage)
    answer_with(stage, body, status)
    before = len(stage.calls)
    check = stage.service.check_plans(ended)
    assert (check.result, len(stage.calls) - before) == (result, 1)
    after = stage.stored(ended)
    assert replace(after, polls=ended.polls, next_poll_at=None) == ended


def test_it_cannot_be_pressed_into_a_storm(any_stage: Stage) -> None:
    ended = finished(any_stage)
    before = len(any_stage.calls)
    with ThreadPoolExecutor(8) as pool:
        results = [check.result for check in pool.map(any_stage.service.check_plans, [ended] * 16)]
    assert results.count(CheckResult.ANSWERED) == len(any_stage.calls) - before == 1
    assert results.count(CheckResult.TOO_SOON) == 15
    again = any_stage.service.check_plans(any_stage.stored(ended))
    assert (again.result, again.wait) == (CheckResult.TOO_SOON, CHECK_PAUSE)
    any_stage.clock.sleep(CHECK_PAUSE)
    assert any_stage.service.check_plans(any_stage.stored(ended)).result is CheckResult.ANSWERED


@pytest.mark.parametrize("scenario", ["never", "no-providers", "geocode-failed"])
def test_only_a_finished_list_is_checked(stage: Stage, scenario: str) -> None:
    ended = finished(stage, scenario)
    before = len(stage.calls)
    assert not ended.can_check_plans
    assert stage.service.check_plans(ended).result is CheckResult.SESSION_GONE
    assert len(stage.calls) == before
    other = finished(stage, "fast")
    assert stage.service_for("LIVE").check_plans(other).result is CheckResult.SESSION_GONE, "a token must not travel"
