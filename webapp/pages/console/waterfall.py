"""All calls of a lookup on one time axis: where each bar begins and ends in viewBox units. No HTML, no style. Pure.

A bar is drawn as wide as its page has room, with its words above it: so the whole axis is seen beside a result and on a
phone, and the words keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.lookups.recorded_calls import RecordedCall, Turn
from webapp.pages.console.call_words import Tone, duration_text, short_status, tone

WIDTH, HEIGHT = 1000.0, 16.0
NARROWEST = 8.0
MOST_LINES = 8
_STEPS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One call in a viewBox of `WIDTH` x `HEIGHT`: Hum's time from `x`, and around it from `turn_x` that of its turn.

    `wait_x` is where the waiting before the turn begins, None for a call that followed another at once.
    """

    name: str
    text: str
    x: float
    width: float
    turn_x: float
    turn_width: float
    wait_x: float | None
    tone: Tone


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Bars in the order of the calls. `lines` are where whole steps of time lie; `scale_text` says how long a step is
    and how long it all took.
    """

    bars: tuple[Bar, ...]
    lines: tuple[float, ...]
    scale_text: str
    width: float = WIDTH
    height: float = HEIGHT


def waterfall(calls: Sequence[RecordedCall], started_at: float, until: float) -> Waterfall:
    """The drawing from `started_at` to the end of the last turn, or to `until` if that is later (both epoch
    seconds).
    """
    end = until
    for each in calls:
        end = max(end, ended_at(each.turn))
    scale = _Scale(started_at, max(end - started_at, _STEPS[0]))
    return Waterfall(tuple(_bars(calls, scale)), scale.lines(), scale.text())


def ended_at(turn: Turn) -> float:
    """The end of a turn in epoch seconds."""
    return turn.started_at + turn.milliseconds / 1000


@dataclass(frozen=True, slots=True)
class _Scale:
    started_at: float
    seconds: float

    def at(self, moment: float) -> float:
        share = min(max((moment - self.started_at) / self.seconds, 0.0), 1.0)
        # What began at the very end is still to be seen.
        return round(min(WIDTH * share, WIDTH - NARROWEST), 1)

    def width(self, milliseconds: float) -> float:
        return round(max(WIDTH * milliseconds / 1000 / self.seconds, NARROWEST), 1)

    def lines(self) -> tuple[float, ...]:
        between = WIDTH * self._step() / self.seconds
        count = int(self.seconds / self._step())
        return tuple(round(between * number, 1) for number in range(1, count + 1))

    def text(self) -> str:
        return f"A line every {self._step():g} s, {duration_text(self.seconds * 1000)} in all."

    def _step(self) -> float:
        for step in _STEPS:
            if self.seconds / step <= MOST_LINES:
                return step
        return self.seconds / MOST_LINES


def _bars(calls: Sequence[RecordedCall], scale: _Scale) -> list[Bar]:
    bars: list[Bar] = []
    before: Turn | None = None
    for number, recorded in enumerate(calls, start=1):
        call, turn = recorded.call, recorded.turn
        x, width = scale.at(call.started_at), scale.width(call.milliseconds)
        turn_x, turn_width = scale.at(turn.started_at), scale.width(turn.milliseconds)
        waited_from = None
        if before is not None and turn != before:
            waited_from = scale.at(ended_at(before))
        bars.append(
            Bar(
                name=f"{number} {call.method} {call.operation}",
                text=f"{short_status(call)}, {duration_text(call.milliseconds)}",
                x=x,
                width=width,
                turn_x=turn_x,
                turn_width=turn_width,
                wait_x=waited_from,
                tone=tone(call),
            )
        )
        before = turn
    return bars
