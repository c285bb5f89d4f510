"""Faults of the body: the right status over bytes that are not an answer, too many, or written in another way than they
should be.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from functools import cache

from flask import Response, request

from webapp.simulator.faults import AnswerFault

_PIECE = 64 * 1024
_TEN_MEGABYTES = 10 * 1024 * 1024
_BOMB_MEMBERS = 400
_PROVIDERS, _PLANS = 500, 60
_DEPTH = 100_000
_DIGITS = 5_000
_MOST_HUGE_NUMBERS = 50
_NUMBER = re.compile(rb"(?<=: )[0-9]+(?:\.[0-9]+)?")


def rewritten(make: Callable[[bytes], bytes]) -> AnswerFault:
    """The answer with its body as `make` writes it; a streamed or empty one stays."""

    def apply(answer: Response) -> Response:
        answer.set_data(make(answer.get_data()))
        return answer

    return apply


def gzip_bomb(answer: Response) -> Response:
    """400 kB that unpack to 400 MB."""
    response = Response(_bomb(), answer.status, content_type="application/json")
    response.headers["Content-Encoding"] = "gzip"
    return response


def ten_megabytes(answer: Response) -> Response:
    """The answer, then blanks up to 10 MB; its length is not announced."""
    return _streamed(answer, _padded(answer.get_data()))


def many_plans(answer: Response) -> Response:
    """500 providers of 60 whole plans each: some 30 MB of good JSON."""
    plans = []
    for number in range(_PLANS):
        plans.append({"name": f"Plan {number}", "download_speed": str(number), "description": "very many words " * 50})
    return _with_providers(answer, plans)


def many_lean_plans(answer: Response) -> Response:
    """The same 30,000 plans with a name and a speed each: just over 1 MB, so that it can be read."""
    return _with_providers(answer, [{"name": f"P{number}", "download_speed": str(number)} for number in range(_PLANS)])


empty = rewritten(lambda body: b"")
truncated = rewritten(lambda body: body[: len(body) // 2])
in_a_list = rewritten(lambda body: b"[" + body + b"]")
with_mark = rewritten(lambda body: b"\xef\xbb\xbf" + body)
in_utf_16 = rewritten(lambda body: body.decode().encode("utf-16"))
too_deep = rewritten(lambda body: b'{"message": "", "data": ' + b"[" * _DEPTH + b"]" * _DEPTH + b"}")
huge_numbers = rewritten(lambda body: _NUMBER.sub(b"9" * _DIGITS, body, count=_MOST_HUGE_NUMBERS))


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * 1_000_000) * _BOMB_MEMBERS


def _streamed(answer: Response, pieces: Iterator[bytes]) -> Response:
    """A body of unknown length under the answer's own status and headers."""
    response = Response(pieces, answer.status, answer.headers.copy())
    del response.headers["Content-Length"]
    return response


def _padded(body: bytes) -> Iterator[bytes]:
    yield body
    for _ in range(_TEN_MEGABYTES // _PIECE):
        yield b" " * _PIECE


def _with_providers(answer: Response, plans: list[dict[str, str]]) -> Response:
    """The answer with the plans under 500 providers in it; a status, which has no list, stays as it is."""
    if request.endpoint == "hum.status":
        return answer
    before, _, after = json.dumps({**answer.get_json(), "data": {"internet": []}}).partition("[]")
    catalog = json.dumps([{"products": plans}], separators=(",", ":"))
    return _streamed(answer, _providers(before, catalog, after))


def _providers(before: str, catalog: str, after: str) -> Iterator[bytes]:
    start = f"{before}["
    for number in range(1, _PROVIDERS + 1):
        yield f'{start}{{"provider_name":"Broadside {number}","product_catalog":{catalog}}}'.encode()
        start = ","
    yield f"]{after}".encode()
