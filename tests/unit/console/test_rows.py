"""What is said of each call: how it ended, what it repeats, where the time went."""

from __future__ import annotations

import pytest

from tests.unit.console.made_calls import START, call, recorded
from webapp.lookups.recorded_calls import RecordedCall, TurnKind
from webapp.pages.console.call_words import Tone, duration_text, size_text, status_words, tone
from webapp.pages.console.rows import CallRow, call_rows
from webapp.pages.console.waterfall import NARROWEST, waterfall

PENDING = {"meta": {"agent_status": {"internet": "pending"}, "responded_at": "1"}}
MATCHED = {"meta": {"agent_status": {"internet": "matched"}, "responded_at": "2"}}


def rows(*calls: RecordedCall) -> tuple[CallRow, ...]:
    return call_rows(calls, START, "https://hum.example.com")


@pytest.mark.parametrize(
    ("operation", "status", "error", "words", "expected"),
    [
        ("create", 201, None, "201 Created: session opened", Tone.GOOD),
        ("status", 202, None, "202 Accepted: accepted, not finished yet", Tone.PENDING),
        ("status", 429, None, "429 Too Many Requests: too many requests, told to wait", Tone.WARN),
        (
            "internet",
            404,
            None,
            "404 Not Found: no provider is listed yet, or the list is not ready",
            Tone.WARN,
        ),
        ("status", 404, None, "404 Not Found: Hum does not know this session", Tone.BAD),
        ("status", 502, None, "502 Bad Gateway: a gateway before Hum got no proper answer", Tone.BAD),
        ("status", 599, None, "599", Tone.BAD),
        ("status", None, "timeout", "No answer: no complete answer in time", Tone.BAD),
        ("status", None, "connection", "No answer: the connection failed", Tone.BAD),
        ("internet", 200, "too-large", "200 OK: answered, but the answer was too large to read", Tone.BAD),
    ],
)
def test_how_it_ended(operation: str, status: int | None, error: str | None, words: str, expected: Tone) -> None:
    ended = call(operation, status, error=error)
    assert status_words(ended) == words
    assert tone(ended) is expected


def test_polls_are_counted_and_the_first_call_of_a_turn_carries_our_share() -> None:
    made = rows(
        recorded(1, call("create", 201), TurnKind.START, took=150),
        recorded(2, call("status", started_at=START + 1)),
        recorded(3, call("status", started_at=START + 3), took=250),
        recorded(4, call("internet", started_at=START + 3.1), turn_at=START + 3, took=250),
        recorded(5, call("close", 204, started_at=START + 9), TurnKind.STOP, took=90),
    )
    assert [row.turn for row in made] == ["Form sent", "Poll 1", "Poll 2", "Poll 2", "Stop pressed"]
    assert [row.ours for row in made] == [50, 20, 50, None, 0]
    assert [round(row.offset, 1) for row in made] == [0.0, 1.0, 3.0, 3.1, 9.0]


def test_an_answer_is_compared_with_the_last_usable_one_to_the_same_question() -> None:
    made = rows(
        recorded(1, call("create", 201, body=PENDING), TurnKind.START),
        recorded(2, call("status", body=PENDING, started_at=START + 1)),
        recorded(3, call("status", 502, response_body="<html>", started_at=START + 2)),
        recorded(4, call("status", body=MATCHED, started_at=START + 3)),
    )
    assert [row.earlier.number if row.earlier else None for row in made] == [None, 1, None, 2]
    assert [(change.path, change.was, change.now) for change in made[3].changes] == [
        ("meta.agent_status.internet", "pending", "matched")
    ]
    assert made[3].asks_again is made[2]


def test_what_repeats_leads_to_where_it_was_first_said() -> None:
    made = rows(
        *(
            recorded(number, call("internet", body=MATCHED | {"n": number > 3}, started_at=START + number))
            for number in range(1, 6)
        )
    )
    assert [row.original.number if row.original else None for row in made] == [None, 1, 1, None, 4]


def test_a_create_sent_again_at_once_says_so() -> None:
    made = rows(
        recorded(1, call("create", None, error="connection"), TurnKind.START),
        recorded(2, call("create", 201, body=PENDING), TurnKind.START),
    )
    assert made[1].retry_of is made[0]
    assert made[1].asks_again is None


def test_a_body_that_is_no_json_is_shown_as_it_is() -> None:
    (row,) = rows(recorded(1, call("status", 502, response_body="<h1>Bad gateway</h1>")))
    assert [piece.text for piece in row.body] == ["<h1>Bad gateway</h1>"]


def test_bars_lie_where_the_time_was_spent() -> None:
    calls = (
        recorded(1, call("create", 201, milliseconds=1_000), TurnKind.START, took=1_200),
        recorded(2, call("status", None, error="timeout", started_at=START + 4, milliseconds=6_000), took=6_000),
        recorded(3, call("status", started_at=START + 10), took=0),
    )
    chart = waterfall(calls, START, START)
    create, hung, last = chart.bars
    second = create.width
    assert hung.width == pytest.approx(6 * second, abs=1)
    assert hung.x - create.x == pytest.approx(4 * second, abs=1)
    assert create.turn_width == pytest.approx(1.2 * second, abs=1)
    assert hung.wait_x == pytest.approx(create.x + 1.2 * second, abs=1)
    assert last.width >= NARROWEST
    assert (hung.tone, hung.text) == (Tone.BAD, "timeout, 6.00 s")
    assert all(0 <= bar.turn_x <= bar.x < chart.width for bar in chart.bars)
    assert chart.scale_text == "A line every 2 s, 10.00 s in all."
    assert chart.lines[0] == pytest.approx(create.x + 2 * second, abs=1)


def test_a_running_lookup_is_drawn_up_to_now() -> None:
    calls = (recorded(1, call("create", 201), TurnKind.START),)
    at_once, later = waterfall(calls, START, START), waterfall(calls, START, START + 20)
    assert later.bars[0].width < at_once.bars[0].width
    assert later.scale_text == "A line every 5 s, 20.00 s in all."


def test_figures_are_written_for_people() -> None:
    assert [duration_text(each) for each in (0, 312, 6_004)] == ["0 ms", "312 ms", "6.00 s"]
    assert [size_text(each) for each in (0, 606, 16_364, 508_057)] == ["0 bytes", "606 bytes", "16.4 kB", "508.1 kB"]
