"""Where the labels of a scatter can stand without covering each other. Pure and deterministic: earlier points choose
first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

LETTER, LINE, GAP = 7.6, 16.0, 7.0
"""A letter's width, a line's height and the distance from the point, for 13 px text in viewBox units."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A drawn point and the text that belongs to it."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle: the room that labels may use, or the room that one of them takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Frame) -> bool:
        """Whether the two overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def place_labels(spots: Sequence[Spot], frame: Frame) -> list[tuple[float, float] | None]:
    """For each spot the baseline start (x, y) of its label, or None where every place would cover something or leave
    the frame.
    """
    taken = _Taken()
    for spot in spots:
        taken.add(Frame(spot.x - 4, spot.y - 4, spot.x + 4, spot.y + 4))
    places: list[tuple[float, float] | None] = []
    for spot in spots:
        free = _first_free(_candidates(spot), frame, taken)
        if free is None:
            places.append(None)
        else:
            places.append((round(free.left, 1), round(free.bottom - 3, 1)))
            taken.add(free)
    return places


class _Taken:
    """The rooms that are taken, by the lines they reach into: only those in the same lines can be in the way."""

    def __init__(self) -> None:
        self._by_line: defaultdict[int, list[Frame]] = defaultdict(list)

    def add(self, box: Frame) -> None:
        for line in _lines(box):
            self._by_line[line].append(box)

    def leaves_free(self, box: Frame) -> bool:
        return not any(box.meets(other) for line in _lines(box) for other in self._by_line[line])


def _lines(box: Frame) -> range:
    return range(int(box.top // LINE), int(box.bottom // LINE) + 1)


def _first_free(boxes: Sequence[Frame], frame: Frame, taken: _Taken) -> Frame | None:
    for box in boxes:
        if _fits(box, frame) and taken.leaves_free(box):
            return box
    return None


def _candidates(spot: Spot) -> list[Frame]:
    width = LETTER * len(spot.label)
    middle = spot.y - LINE / 2
    lefts_and_tops = (
        (spot.x + GAP, middle),
        (spot.x - GAP - width, middle),
        (spot.x - width / 2, spot.y - GAP - LINE),
        (spot.x - width / 2, spot.y + GAP),
    )
    return [Frame(left, upper, left + width, upper + LINE) for left, upper in lefts_and_tops]


def _fits(box: Frame, frame: Frame) -> bool:
    return box.left >= frame.left and box.right <= frame.right and box.top >= frame.top and box.bottom <= frame.bottom
