"""One row a call: the question, how it ended, what changed since the answer before, and what it takes to send it again.
Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from webapp.lookups.recorded_calls import RecordedCall, TurnKind
from webapp.pages.console import words
from webapp.pages.console.bodies import Piece, parsed, pieces
from webapp.pages.console.changes import MOST_CHANGES, Change, changes
from webapp.pages.console.curl import curl


class CallRow:
    """One call as drawn. `offset` counts seconds from the form, `turn` names the turn, whose `ours` the first call of
    it carries.

    `earlier` is the last usable answer to the same question. `retry_of` is the failed call of the same turn that this
    one repeats at once, `asks_again` the failed call of an earlier turn whose question this one asks again.
    """

    def __init__(
        self, number: int, recorded: RecordedCall, base_url: str, *, offset: float, turn: str, ours: int | None
    ) -> None:
        self.number = number
        self.recorded = recorded
        self.call = recorded.call
        self.offset = offset
        self.turn = turn
        self.ours = ours
        self.earlier: CallRow | None = None
        self.retry_of: CallRow | None = None
        self.asks_again: CallRow | None = None
        self._base_url = base_url

    @property
    def id(self) -> str:
        """Names the row in the page; it stays the same however many calls follow."""
        return f"call-{self.recorded.id}"

    @property
    def asked(self) -> str:
        """The question in words."""
        return words.ASKED.get(self.call.operation, self.call.operation)

    @property
    def status(self) -> str:
        """How it ended, in words."""
        return words.status_words(self.call)

    @property
    def tone(self) -> words.Tone:
        """Fine, not ready, told to wait, or failed."""
        return words.tone(self.call)

    @cached_property
    def value(self) -> object | None:
        """The answer's JSON; None where it has none."""
        return parsed(self.call.response_body)

    @property
    def body(self) -> tuple[Piece, ...]:
        """The answer's body with folds; plain text as one piece."""
        if self.value is not None:
            return pieces(self.value)
        return (Piece(self.call.response_body),) if self.call.response_body else ()

    @property
    def request_body(self) -> tuple[Piece, ...]:
        """What was sent; nothing with most calls."""
        value = parsed(self.call.request_body or "")
        return () if value is None else pieces(value)

    @cached_property
    def all_changes(self) -> tuple[Change, ...] | None:
        """What differs from the answer before; None where there is nothing to compare."""
        if self.earlier is None:
            return None
        if self.value is None or self.earlier.value is None:
            same = self.call.response_body == self.earlier.call.response_body
            return () if same else None
        return changes(self.earlier.value, self.value)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The differences that are listed."""
        return (self.all_changes or ())[:MOST_CHANGES]

    @property
    def more_changes(self) -> int:
        """How many are not listed."""
        return max(0, len(self.all_changes or ()) - MOST_CHANGES)

    @property
    def original(self) -> CallRow | None:
        """The first call whose body says the same, so that it need not be shown again."""
        if self.earlier is None or self.all_changes != ():
            return None
        return self.earlier.original or self.earlier

    @property
    def curl(self) -> str:
        """The call as a command."""
        return curl(self.call, self._base_url)


def call_rows(calls: Sequence[RecordedCall], created_at: float, base_url: str) -> tuple[CallRow, ...]:
    """A row for each call in order; `created_at` is the lookup's, in epoch seconds."""
    rows: list[CallRow] = []
    polls = 0
    for number, recorded in enumerate(calls, start=1):
        opens_turn = not rows or rows[-1].recorded.turn != recorded.turn
        polls += opens_turn and recorded.turn.kind is TurnKind.POLL
        turn = f"Poll {polls}" if recorded.turn.kind is TurnKind.POLL else words.TURNS[recorded.turn.kind]
        offset = max(0.0, recorded.call.started_at - created_at)
        rows.append(
            CallRow(
                number, recorded, base_url, offset=offset, turn=turn, ours=ours(recorded, calls) if opens_turn else None
            )
        )
    _relate(rows)
    return tuple(rows)


def ours(recorded: RecordedCall, calls: Sequence[RecordedCall]) -> int:
    """Our own milliseconds of a call's turn: those in which Hum was not answering."""
    hum = sum(each.call.milliseconds for each in calls if each.turn == recorded.turn)
    return max(0, recorded.turn.milliseconds - hum)


def _relate(rows: Sequence[CallRow]) -> None:
    answered: dict[str, CallRow] = {}
    failed: dict[str, CallRow] = {}
    for row in rows:
        operation = row.call.operation
        if not words.failed(row.call):
            # A create answers with the same envelope as a status.
            row.earlier = answered.get(operation) or (answered.get("create") if operation == "status" else None)
        before = failed.pop(operation, None)
        if before is not None and before.recorded.turn == row.recorded.turn:
            row.retry_of = before
        else:
            row.asks_again = before
        if words.failed(row.call):
            failed[operation] = row
        elif row.call.response_body:
            answered[operation] = row
