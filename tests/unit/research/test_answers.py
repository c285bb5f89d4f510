"""What an agent may answer, and what of it is shown."""

from __future__ import annotations

import json

import pytest

from tests.integration.attacks.payloads import EVERY
from webapp.research.answers import LONGEST_TEXT, AnswerShape, WebAnswer, WebProvider, read_answer, stored_answer

SOURCE = "https://towns.example.org/providers"
ONE = {"providers": [{"name": "Lakeshore Fiber", "source_url": SOURCE}]}
READ = WebAnswer(AnswerShape.LIST, (WebProvider("Lakeshore Fiber", source_url=SOURCE),))


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        (None, WebAnswer(AnswerShape.NONE)),
        ("", WebAnswer(AnswerShape.NONE)),
        (" \n", WebAnswer(AnswerShape.NONE)),
        (ONE, READ),
        (ONE["providers"], READ),
        (json.dumps(ONE), READ),
        (f"  {json.dumps(ONE)}\n", READ),
        (f"```json\n{json.dumps(ONE)}\n```", READ),
        (f"Here it is:\n```\n{json.dumps(ONE)}\n```\nPlease check.", READ),
        ({"providers": []}, WebAnswer(AnswerShape.LIST)),
        ('{"providers": []}', WebAnswer(AnswerShape.LIST)),
        ("I found nothing.", WebAnswer(AnswerShape.TEXT, text="I found nothing.")),
        ('{"providers": [', WebAnswer(AnswerShape.TEXT, text='{"providers": [')),
        ("12", WebAnswer(AnswerShape.TEXT, text="12")),
        ({"result": 1}, WebAnswer(AnswerShape.UNUSABLE)),
        ({"providers": {"name": "x"}}, WebAnswer(AnswerShape.UNUSABLE)),
        ({"providers": [1, None, {}, {"name": " "}]}, WebAnswer(AnswerShape.UNUSABLE, left_out=4)),
        (17, WebAnswer(AnswerShape.UNUSABLE)),
        (True, WebAnswer(AnswerShape.UNUSABLE)),
    ],
)
def test_every_shape_of_an_answer_is_read(answer: object, read: WebAnswer) -> None:
    assert read_answer(answer) == read


@pytest.mark.parametrize(
    ("member", "value", "field", "read"),
    [
        ("max_download_mbps", 300, "download_mbps", 300.0),
        ("max_download_mbps", "250.5", "download_mbps", 250.5),
        ("max_download_mbps", "300 Mbps", "download_mbps", None),
        ("max_download_mbps", 0, "download_mbps", None),
        ("max_download_mbps", -5, "download_mbps", None),
        ("max_download_mbps", 1e12, "download_mbps", None),
        ("max_download_mbps", True, "download_mbps", None),
        ("max_upload_mbps", 0.5, "upload_mbps", 0.5),
        ("max_upload_mbps", [20], "upload_mbps", None),
        ("min_price_usd", 49.99, "price_cents", 4999),
        ("min_price_usd", "59.95", "price_cents", 5995),
        ("min_price_usd", {"$gt": 0}, "price_cents", None),
        ("min_price_usd", 10_001, "price_cents", None),
        ("technology", "fiber", "technology", "fiber"),
        ("technology", "", "technology", None),
        ("technology", 7, "technology", None),
        ("url", "https://isp.example.com/a?b=1", "url", "https://isp.example.com/a?b=1"),
        ("url", "javascript:alert(1)", "url", None),
        ("url", "//evil.example/", "url", None),
        ("url", "data:text/html,x", "url", None),
        ("url", "https://user:pass@isp.example.com/", "url", None),
        ("url", 'https://isp.example.com/"onclick=x', "url", None),
        ("source_url", "ftp://isp.example.com/", "source_url", None),
        ("source_url", None, "source_url", None),
        ("confidence", "HIGH", "confidence", "high"),
        ("confidence", "very", "confidence", None),
        ("confidence", 0.9, "confidence", None),
    ],
)
def test_every_member_is_checked(member: str, value: object, field: str, read: object) -> None:
    answer = read_answer({"providers": [{"name": "X", member: value}]})
    assert getattr(answer.providers[0], field) == read


def test_at_most_fifteen_are_kept_once_each() -> None:
    many = [{"name": f"ISP {number}"} for number in range(20)]
    answer = read_answer({"providers": [*many, many[0], "no object"]})
    assert [provider.name for provider in answer.providers] == [f"ISP {number}" for number in range(15)]
    assert answer.left_out == 7


def test_texts_are_one_visible_line_of_limited_length() -> None:
    name = read_answer({"providers": [{"name": "\u202eA\0\nB\u200b" + "x" * 500}]}).providers[0].name
    assert name.startswith("A Bx")
    assert len(name) == 100
    assert len(read_answer("word " * 10_000).text) == LONGEST_TEXT


def test_no_payload_becomes_a_link() -> None:
    for payload in EVERY:
        (provider,) = read_answer({"providers": [{"name": "X", "url": payload, "source_url": payload}]}).providers
        assert provider.url is None or provider.url.startswith(("http://", "https://"))
        assert provider.source_url is None or '"' not in provider.source_url


def test_what_is_stored_is_read_again_as_it_was() -> None:
    for answer in (READ, read_answer("Überall \u00e9 text"), read_answer({"x": 1}), read_answer(None)):
        assert stored_answer(answer.as_json()) == answer
    assert stored_answer(None) == read_answer(None)


def test_a_deep_or_huge_text_is_a_text() -> None:
    assert read_answer("[" * 100_000).shape is AnswerShape.TEXT
    assert read_answer('{"providers": ' + "[" * 100_000).shape is AnswerShape.TEXT
