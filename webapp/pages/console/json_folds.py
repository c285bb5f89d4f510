"""A JSON body as pretty text with folds. The texts of all pieces in a row are the pretty-printed JSON, so a copy of it
is sound. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from webapp.plans.figures import plural

FOLDED_FROM = 8
"""Lines from which a list or an object can be folded; a shorter one is read faster than it is unfolded."""
OPEN_TO = 2
"""Depth to which folds are open at first: `meta` and `data`, but not each provider."""

NAMES = ("provider_name", "product_name", "name", "technology")
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """Some whole lines of the body; with `inside` a fold whose first line is `text` and whose last line is `end`.

    `note` says what is folded away, `is_open` whether it is shown at first.
    """

    text: str
    inside: tuple[Piece, ...] = ()
    end: str = ""
    note: str = ""
    is_open: bool = False


def parsed(body: str) -> object | None:
    """The JSON value of a body; None for any other body (empty, HTML, cut, nested beyond reading)."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value


def pretty_json(body: str) -> str:
    """The body with line breaks and indents; a body that is no JSON stays as it is."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body


def pieces(value: object) -> tuple[Piece, ...]:
    """The value in pieces."""
    return tuple(_merged(_of(value, "", "", 0)))


def note(value: object) -> str:
    """What a list or an object holds, in words; an object that has a name is called by it."""
    if isinstance(value, list):
        return plural(len(value), "entry", "entries")
    if not isinstance(value, dict):
        return plural(0, "member")
    count = plural(len(value), "member")
    for key in NAMES:
        name = value.get(key)
        if isinstance(name, str) and name:
            return f"{name[:LONGEST_NAME]}, {count}"
    return count


def _of(value: object, name: str, comma: str, depth: int) -> Iterator[Piece]:
    indent = "  " * depth
    if not isinstance(value, dict | list) or not value:
        yield Piece(f"{indent}{name}{json.dumps(value, ensure_ascii=False)}{comma}\n")
        return
    opening, closing = "{", "}"
    if isinstance(value, list):
        opening, closing = "[", "]"
    inside = tuple(_merged(_members(value, depth + 1)))
    head, end = f"{indent}{name}{opening}\n", f"{indent}{closing}{comma}\n"
    if depth and sum(map(_lines, inside)) >= FOLDED_FROM - 2:
        yield Piece(head, inside, end, note(value), is_open=depth <= OPEN_TO)
        return
    yield Piece(head)
    yield from inside
    yield Piece(end)


def _members(value: dict[str, object] | list[object], depth: int) -> Iterator[Piece]:
    commas = chain(repeat(",", len(value) - 1), [""])
    if isinstance(value, list):
        for item, comma in zip(value, commas, strict=True):
            yield from _of(item, "", comma, depth)
    else:
        for (key, item), comma in zip(value.items(), commas, strict=True):
            yield from _of(item, f"{json.dumps(key, ensure_ascii=False)}: ", comma, depth)


def _merged(parts: Iterator[Piece]) -> Iterator[Piece]:
    """Neighboring lines without a fold between them as one piece."""
    text = ""
    for part in parts:
        if not part.inside:
            text += part.text
            continue
        if text:
            yield Piece(text)
            text = ""
        yield part
    if text:
        yield Piece(text)


def _lines(piece: Piece) -> int:
    return piece.text.count("\n") + piece.end.count("\n") + sum(map(_lines, piece.inside))
