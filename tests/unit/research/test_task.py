"""What H is asked: the same body for the same click, another key for another body."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from webapp.addresses.address import Address
from webapp.agent_simulator import SCENARIOS
from webapp.research.task import ANSWER_FORMAT, Caps, Task, idempotency_key

TASK = Task("h/web-surfer-flash", Address("5201 Woodward Ave", city="Detroit", state="MI", zip="48202"), Caps())


def test_the_body_is_the_same_each_time() -> None:
    assert TASK.body(with_format=True) == TASK.body(with_format=True)
    body = json.loads(TASK.body(with_format=True))
    assert body["answer_format"] == ANSWER_FORMAT
    assert {"agent", "messages", "max_steps", "max_time_s", "group_id", "answer_format"} == set(body)
    assert "5201 Woodward Ave, Detroit, MI 48202" in body["messages"][0]["message"]
    assert "answer_format" not in json.loads(TASK.body(with_format=False))


def test_an_address_with_braces_is_a_text() -> None:
    words = json.loads(Task("a", Address("{most} {0} St"), Caps()).body(with_format=False))["messages"][0]["message"]
    assert "{most} {0} St" in words


def test_keys_differ_where_the_body_or_the_click_does() -> None:
    keys = {
        idempotency_key(secret, lookup_id, attempt, with_format=with_format)
        for secret in (b"a", b"b")
        for lookup_id in ("one", "two")
        for attempt in (1, 2)
        for with_format in (True, False)
    }
    assert len(keys) == 16
    assert {len(key) for key in keys} == {64}


def test_the_form_asked_for_is_the_form_that_the_simulator_answers_in() -> None:
    Draft202012Validator.check_schema(ANSWER_FORMAT)
    Draft202012Validator(ANSWER_FORMAT).validate(SCENARIOS["finds-three"].answer)
