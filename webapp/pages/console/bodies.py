"""A JSON body as pretty text with folds. The texts of all pieces in a row are the pretty-printed JSON, so a copy of it
is sound. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.plans.figures import plural

FOLDED_FROM = 8
"""Lines from which a list or an object can be folded; shorter ones are read faster than unfolded."""
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
    """The JSON value of a body; None for a body that is none (empty, HTML, cut, nested beyond reading)."""
    try:
        return json.loads(body) if body.strip() else None
    except (ValueError, RecursionError):
        return None


def pieces(value: object) -> tuple[Piece, ...]:
    """The value in pieces."""
    return tuple(_merged(_of(value, "", "", 0)))


def note(value: object) -> str:
    """What a list or an object holds, in words; an object that has a name is called by it."""
    if isinstance(value, list):
        return plural(len(value), "entry", "entries")
    members = dict(_items(value))
    name = next((text for key in NAMES if isinstance(text := members.get(key), str) and text), "")
    return ", ".join(filter(None, (name[:LONGEST_NAME], plural(len(members), "member"))))


def _of(value: object, name: str, comma: str, depth: int) -> Iterator[Piece]:
    indent = "  " * depth
    if not isinstance(value, dict | list) or not value:
        yield Piece(f"{indent}{name}{json.dumps(value, ensure_ascii=False)}{comma}\n")
        return
    opening, closing = ("[", "]") if isinstance(value, list) else ("{", "}")
    items = _items(value)
    inside = tuple(
        _merged(
            piece
            for number, (key, item) in enumerate(items, start=1)
            for piece in _of(
                item,
                f"{json.dumps(key, ensure_ascii=False)}: " if key is not None else "",
                "," * (number < len(items)),
                depth + 1,
            )
        )
    )
    head, end = f"{indent}{name}{opening}\n", f"{indent}{closing}{comma}\n"
    if depth and sum(map(_lines, inside)) >= FOLDED_FROM - 2:
        yield Piece(head, inside, end, note(value), is_open=depth <= OPEN_TO)
        return
    yield Piece(head)
    yield from inside
    yield Piece(end)


def _items(value: object) -> list[tuple[str | None, object]]:
    if isinstance(value, dict):
        return list(value.items())
    return [(None, item) for item in value] if isinstance(value, list) else []


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
