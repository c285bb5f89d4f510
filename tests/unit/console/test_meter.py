"""The rate limit in words, whichever process heard of it last."""

from __future__ import annotations

from webapp.lookups.lifecycle import PollSchedule
from webapp.pages.console.meter import meter, slowing
from webapp.upstream.limits import RateLimiter

NOW = 1_790_000_000.0


def headers(remaining: int, reset_in: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": "500",
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(int(NOW + reset_in)),
    }


def test_before_hum_has_said_anything() -> None:
    shown = meter(RateLimiter(lambda: NOW), None, NOW)
    assert shown.said == "Hum has not said yet how many requests it allows."
    assert shown.reset_said == shown.pause_said == ""


def test_the_newest_answer_of_any_process_counts() -> None:
    budget = RateLimiter(lambda: NOW)
    budget.update(headers(400, 40), NOW - 5)
    shown = meter(budget, (NOW - 1, headers(120, 30)), NOW)
    assert shown.said == "120 of 500 requests left."
    assert shown.reset_said == "Resets in 30 seconds."
    assert shown.pause_said == ""


def test_an_answer_without_the_headers_leaves_what_was_heard() -> None:
    budget = RateLimiter(lambda: NOW)
    budget.update(headers(400, 40), NOW - 5)
    assert meter(budget, (NOW - 1, {}), NOW).said == "400 of 500 requests left."


def test_a_pause_and_a_reset_count_down_and_end() -> None:
    budget = RateLimiter(lambda: NOW)
    budget.pause(NOW + 12)
    assert meter(budget, (NOW, headers(0, 12)), NOW).pause_said == "Hum told us to wait; the pause ends in 12 seconds."
    later = meter(budget, (NOW, headers(0, 12)), NOW + 13)
    assert later.pause_said == ""
    assert (later.said.endswith("has reset."), later.reset_said) == (True, "")


def test_the_schedule_is_told_as_it_is_kept() -> None:
    polls, plans, _, checks, limited, failed = slowing(PollSchedule(interval=3.0, lists=(6.0, 9.5)))
    assert polls == (
        "The session's status is asked for after 3, 6, 9 seconds and so on, until the address is known or refused. "
        "From then on the list of providers is asked for alone, after 6, 9.5 and 30 seconds, until it comes. At most "
        "9 polls are made in 30 seconds."
    )
    assert plans == (
        "A list with a plan in it ends the lookup at once; a list without any is read once more 5 seconds later."
    )
    assert checks.endswith("at most every 10 seconds.")
    assert "longer each time where it does not say" in limited
    assert failed.startswith("Polls that fail are spaced 3, then 6 seconds apart")
    assert failed.endswith("for at most 300 seconds.")
