"""All calls of a lookup on one time axis: where each bar begins and ends in viewBox units. No HTML, no style. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.lookups.recorded_calls import RecordedCall, Turn
from webapp.pages.charts import Tick
from webapp.pages.console.call_words import Tone, duration_text, short_status, tone

WIDTH = 960.0
LEFT, RIGHT, TOP, ROW, FOOT = 130.0, 150.0, 8.0, 24.0, 26.0
NARROWEST = 4.0
MOST_TICKS = 8
_STEPS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One call: its row's middle `y`, Hum's time from `x`, and around it from `turn_x` the time of the turn it belongs
    to.

    `wait_x` is where the waiting before the turn begins, None for a call that followed another at once.
    """

    number: int
    name: str
    y: float
    x: float
    width: float
    turn_x: float
    turn_width: float
    wait_x: float | None
    tone: Tone
    text: str
    text_x: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Bars below each other, the first call on top, in a viewBox of `width` x `height`; `floor` is where the axis
    lies.
    """

    width: float
    height: float
    floor: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def waterfall(calls: Sequence[RecordedCall], started_at: float, until: float) -> Waterfall:
    """The drawing from `started_at` to the end of the last turn, or to `until` if that is later (both epoch
    seconds).
    """
    end = until
    for each in calls:
        end = max(end, ended_at(each.turn))
    scale = _Scale(started_at, max(end - started_at, _STEPS[0]))
    floor = TOP + ROW * len(calls)
    return Waterfall(WIDTH, floor + FOOT, floor, tuple(_bars(calls, scale)), scale.ticks())


def ended_at(turn: Turn) -> float:
    """The end of a turn in epoch seconds."""
    return turn.started_at + turn.milliseconds / 1000


@dataclass(frozen=True, slots=True)
class _Scale:
    started_at: float
    seconds: float

    def at(self, moment: float) -> float:
        share = min(max((moment - self.started_at) / self.seconds, 0.0), 1.0)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)

    def width(self, milliseconds: float) -> float:
        return round(max((WIDTH - LEFT - RIGHT) * milliseconds / 1000 / self.seconds, NARROWEST), 1)

    def ticks(self) -> tuple[Tick, ...]:
        step = self._step()
        marks = []
        for number in range(int(self.seconds / step) + 1):
            marks.append(Tick(self.at(self.started_at + number * step), f"{number * step:g} s"))
        return tuple(marks)

    def _step(self) -> float:
        for step in _STEPS:
            if self.seconds / step <= MOST_TICKS:
                return step
        return self.seconds / MOST_TICKS


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
                number=number,
                name=f"{number} {call.method} {call.operation}",
                y=TOP + ROW * (number - 0.5),
                x=x,
                width=width,
                turn_x=turn_x,
                turn_width=turn_width,
                wait_x=waited_from,
                tone=tone(call),
                text=f"{short_status(call)}, {duration_text(call.milliseconds)}",
                text_x=round(max(x + width, turn_x + turn_width) + 6, 1),
            )
        )
        before = turn
    return bars
