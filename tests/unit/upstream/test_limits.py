"""Who waits for a lookup may use the last call, everything else leaves a fifth; a pause holds for everybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from webapp.upstream.limits import RateLimiter

NOW = 1_763_800_000.0


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def headers(remaining: object, limit: object = 100, reset: object = int(NOW) + 30) -> CaseInsensitiveDict[str]:
    values = {"X-RateLimit-Limit": limit, "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset}
    return CaseInsensitiveDict({name: str(value) for name, value in values.items()})


def spent(budget: RateLimiter, *, interactive: bool) -> int:
    """How many calls may be made until one is held back."""
    return next(number for number in range(200) if budget.spend(interactive=interactive))


def test_a_person_may_use_the_last_call_and_everything_else_leaves_a_fifth() -> None:
    budget = RateLimiter(Clock())
    budget.update(headers(99), NOW)
    assert spent(budget, interactive=False) == 79
    assert spent(budget, interactive=True) == 20


@pytest.mark.parametrize(("remaining", "person", "background"), [(21, 21, 1), (20, 20, 0), (1, 1, 0), (0, 0, 0)])
def test_near_the_end_only_people_are_served(remaining: int, person: int, background: int) -> None:
    for interactive, expected in ((True, person), (False, background)):
        budget = RateLimiter(Clock())
        budget.update(headers(remaining), NOW)
        assert spent(budget, interactive=interactive) == expected


def test_whoever_is_held_back_is_told_when_the_window_ends() -> None:
    budget = RateLimiter(Clock())
    budget.update(headers(0), NOW)
    assert budget.spend(interactive=True) == pytest.approx(30)


def test_a_limit_that_no_answer_has_named_is_free() -> None:
    budget = RateLimiter(Clock())
    budget.update(CaseInsensitiveDict({"X-RateLimit-Remaining": "many"}), NOW)
    assert budget.remaining is None
    assert budget.spend(interactive=False) == 0


@pytest.mark.parametrize(("reset", "seconds"), [(int(NOW) + 30, 30), (int(NOW) + 3000, 60), ("junk", 60)])
def test_what_the_headers_said_ends_with_the_reset_but_within_a_minute(reset: object, seconds: float) -> None:
    clock = Clock()
    budget = RateLimiter(clock)
    budget.update(headers(0, reset=reset), NOW)
    clock.now = NOW + seconds - 1
    assert budget.spend(interactive=True) > 0
    clock.now = NOW + seconds
    assert budget.spend(interactive=False) == 0


def test_a_pause_holds_for_every_call_and_is_never_shortened() -> None:
    clock = Clock()
    budget = RateLimiter(clock)
    budget.update(headers(99), NOW)
    budget.pause(NOW + 10)
    budget.pause(NOW + 3)
    clock.now = NOW + 9
    assert budget.spend(interactive=True) == pytest.approx(1)
    clock.now = NOW + 10
    assert budget.spend(interactive=True) == 0


def test_a_budget_that_does_not_bind_only_listens() -> None:
    budget = RateLimiter(Clock(), binding=False)
    budget.update(headers(0), NOW)
    budget.pause(NOW + 10)
    assert (budget.remaining, budget.spend(interactive=False)) == (0, 0)


@given(
    st.dictionaries(
        st.sampled_from(["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"]), st.text(max_size=40)
    )
)
def test_no_header_can_hold_a_call_back_for_more_than_a_minute(said: dict[str, str]) -> None:
    budget = RateLimiter(Clock())
    budget.update(CaseInsensitiveDict(said), NOW)
    assert 0 <= budget.spend(interactive=True) <= 60


@pytest.mark.parametrize(("chance", "waits"), [(0.0, [2, 4, 8, 16, 30, 30, 30]), (1.0, [4, 8, 16, 32, 60, 60, 60])])
def test_429s_that_name_no_wait_are_waited_for_twice_as_long_each_time(chance: float, waits: list[float]) -> None:
    clock = Clock()
    budget = RateLimiter(clock, chance=lambda: chance)
    waited = []
    for _ in waits:
        waited.append(budget.back_off(clock.now))
        assert budget.spend(interactive=True) == pytest.approx(waited[-1])
        clock.now += waited[-1]
    assert waited == pytest.approx(waits)


def test_waits_are_spread() -> None:
    draws = iter([0.25, 0.5, 0.75])
    waits = [RateLimiter(Clock(), chance=lambda: next(draws)).back_off(NOW) for _ in range(3)]
    assert waits == pytest.approx([2.5, 3.0, 3.5])


def test_answers_to_calls_that_were_under_way_count_once() -> None:
    clock = Clock()
    budget = RateLimiter(clock, chance=lambda: 1.0)
    assert [budget.back_off(clock.now) for _ in range(3)] == [4, 4, 4]
    clock.now += 1
    budget.answered(clock.now)
    assert budget.back_off(clock.now) == pytest.approx(3)
    clock.now += 3
    assert budget.back_off(clock.now) == 8


@pytest.mark.parametrize(("later", "is_answered"), [(10, True), (64, False)])
def test_a_row_of_429s_ends_with_an_answer_or_a_quiet_minute(later: float, is_answered: bool) -> None:
    clock = Clock()
    budget = RateLimiter(clock, chance=lambda: 1.0)
    budget.back_off(clock.now)
    clock.now += later
    if is_answered:
        budget.answered(clock.now)
    assert budget.back_off(clock.now) == 4
