"""What the console draws: one row per call with what changed, where the time went, and the rate limit. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from webapp.lookups.lifecycle import Lookup, PollSchedule
from webapp.lookups.recorded_calls import RecordedCall, Turn, TurnKind
from webapp.pages.console import call_words
from webapp.pages.console.meter import Meter, slowing
from webapp.pages.console.rows import CallRow, call_rows
from webapp.pages.console.waterfall import Waterfall, ended_at, waterfall
from webapp.pages.links import Links
from webapp.pages.progress import headline, refresh_delay
from webapp.pages.tour import Shows

CLOCK_SLACK = 0.1
"""Seconds by which the clock of a turn and that of its outcome may differ."""


@dataclass(frozen=True, slots=True)
class Times:
    """Where the seconds went, in milliseconds: Hum answering, our own work around it, and waiting until it was time to
    ask again.
    """

    total: int
    hum: int
    ours: int

    @property
    def waiting(self) -> int:
        """Neither Hum nor we were at work."""
        return max(0, self.total - self.hum - self.ours)


class ConsolePage:
    """The console of one lookup for one rendering. `seen` is the id of the newest call this browser already shows;
    `beside` says that it stands beside the result, which tells the outcome itself; `shows` what a stop of the tour
    points at. `base_url` is Hum's, `agent_url` H Company's, whose calls are counted by themselves.
    """

    def __init__(
        self,
        lookup: Lookup,
        calls: Sequence[RecordedCall],
        meter: Meter,
        *,
        links: Links,
        schedule: PollSchedule,
        now: float,
        base_url: str,
        agent_url: str = "",
        kept_days: int,
        seen: int = 0,
        beside: bool = False,
        shows: Shows = Shows.RESULT,
    ) -> None:
        self.lookup = lookup
        self.calls = tuple(each for each in calls if each.turn.kind is not TurnKind.RESEARCH)
        self._agent_calls = tuple(each for each in calls if each.turn.kind is TurnKind.RESEARCH)
        self._agent_url = agent_url
        self.meter = meter
        self.links = links
        self.slowing = slowing(schedule)
        self.kept_days = kept_days
        self._now = now
        self._base_url = base_url
        self._seen = seen
        self.beside = beside
        self.shows = shows

    @cached_property
    def rows(self) -> tuple[CallRow, ...]:
        """Every call in order."""
        return call_rows(self.calls, self.lookup.created_at, self._base_url)

    @cached_property
    def agent_rows(self) -> tuple[CallRow, ...]:
        """Every call of the web search in order."""
        return call_rows(self._agent_calls, self.lookup.created_at, self._agent_url)

    @cached_property
    def steps(self) -> dict[str, str]:
        """The step of the lookup that each of these calls completed: the id of its row -> address, providers or plans.
        Of the turn in which it happened the address is what the first call told, the others what the last one did.
        """
        moments = {
            "address": (self.lookup.geocoded_at, 0),
            "providers": (self.lookup.providers_at, -1),
            "plans": (self.lookup.finished_at, -1),
        }
        found: dict[str, str] = {}
        for step, (moment, place) in moments.items():
            rows = [row for row in self.rows if moment is not None and _covers(row.recorded.turn, moment)]
            if rows:
                found.setdefault(rows[place].id, step)
        return found

    @cached_property
    def shown_row(self) -> CallRow | None:
        """The call that the stop of the tour points at: the first of its kind, or the last list."""
        wanted = {Shows.CURL: Shows.LIST}.get(self.shows, self.shows)
        rows = [row for row in self.rows if row.call.operation == wanted]
        if not rows:
            return None
        if wanted is Shows.LIST:
            return rows[-1]
        return rows[0]

    @property
    def new_rows(self) -> tuple[CallRow, ...]:
        """The calls this browser does not show yet."""
        return tuple(row for row in self.rows if row.recorded.id > self._seen)

    @property
    def newest(self) -> int:
        """The id of the newest call; 0 without any."""
        if not self.calls:
            return 0
        return self.calls[-1].id

    @cached_property
    def waterfall(self) -> Waterfall:
        """All calls on one axis."""
        return waterfall(self.calls, self.lookup.created_at, self._until)

    @cached_property
    def times(self) -> Times:
        """Where the time went so far."""
        hum = ours = 0
        for row in self.rows:
            hum += row.call.milliseconds
            ours += row.ours or 0
        return Times(round(max(0.0, self._until - self.lookup.created_at) * 1000), hum, ours)

    @property
    def failures(self) -> int:
        """How many calls brought nothing."""
        return sum(call_words.failed(each.call) for each in self.calls)

    @property
    def headline(self) -> str:
        """Where the lookup stands."""
        return headline(self.lookup)

    @property
    def delay_ms(self) -> int:
        """Milliseconds until the page asks again."""
        return round(refresh_delay(self.lookup, self._now) * 1000)

    @property
    def _until(self) -> float:
        """The end of what is shown: now while it runs, else the end of the last turn."""
        if self.lookup.being_asked:
            return self._now
        ended = max(self.lookup.created_at, self.lookup.finished_at or 0.0)
        for each in self.calls:
            ended = max(ended, ended_at(each.turn))
        return ended


def _covers(turn: Turn, moment: float) -> bool:
    """Whether a moment of the lookup is one of this turn, whose clock may have been read a little earlier or later."""
    return turn.started_at - CLOCK_SLACK <= moment <= ended_at(turn) + CLOCK_SLACK
