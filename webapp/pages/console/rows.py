"""One row per call: the question, how it ended, what changed since the answer before, and the command that sends it
again. Pure.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from functools import cached_property

from webapp.lookups.recorded_calls import RecordedCall, TurnKind
from webapp.pages.console import call_words
from webapp.pages.console.changes import MOST_CHANGES, Change, changes
from webapp.pages.console.json_folds import Piece, parsed, pieces
from webapp.upstream.call import Call


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
        return call_words.ASKED.get(self.call.operation, self.call.operation)

    @property
    def status(self) -> str:
        """How it ended, in words."""
        return call_words.status_words(self.call)

    @property
    def tone(self) -> call_words.Tone:
        """Fine, not ready, told to wait, or failed."""
        return call_words.tone(self.call)

    @cached_property
    def value(self) -> object | None:
        """The answer's JSON; None where it has none."""
        return parsed(self.call.response_body)

    @property
    def body(self) -> tuple[Piece, ...]:
        """The answer's body with folds; plain text as one piece."""
        if self.value is not None:
            return pieces(self.value)
        if self.call.response_body:
            return (Piece(self.call.response_body),)
        return ()

    @property
    def request_body(self) -> tuple[Piece, ...]:
        """What was sent; nothing with most calls."""
        value = parsed(self.call.request_body or "")
        if value is None:
            return ()
        return pieces(value)

    @cached_property
    def all_changes(self) -> tuple[Change, ...] | None:
        """What differs from the answer before; None where there is nothing to compare."""
        if self.earlier is None:
            return None
        if self.call.response_body == self.earlier.call.response_body:
            return ()
        if self.value is None or self.earlier.value is None:
            return None
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
    def variables(self) -> str:
        """The shell variables that the command needs, in words."""
        if call_words.is_of_research(self.call):
            return "H_API_KEY and H_SESSION_ID" if "{id}" in self.call.path else "H_API_KEY"
        return "HUM_API_KEY and SESSION_TOKEN" if "{token}" in self.call.path else "HUM_API_KEY"

    @property
    def curl(self) -> str:
        """The call as a command."""
        return curl(self.call, self._base_url)


LEFT_OUT = frozenset({"authorization", "accept-encoding", "user-agent"})
"""Headers that curl sends by itself, or in words of its own."""


def curl(call: Call, base_url: str) -> str:
    """The call as a command for a shell. Key and session token are shell variables: the command holds no secret.

    `base_url` must have been checked by `webapp.hum.operations.check_base_url`: it is quoted, not escaped.
    """
    url = base_url + call.path.replace("{token}", "$SESSION_TOKEN").replace("{id}", "$H_SESSION_ID")
    key = "H_API_KEY" if call_words.is_of_research(call) else "HUM_API_KEY"
    parts = [f'curl --request {call.method} "{url}"', f'--header "Authorization: Bearer ${key}"']
    for name, value in call.request_headers.items():
        if name.lower() not in LEFT_OUT:
            parts.append(f"--header {shlex.quote(f'{name}: {value}')}")
    if call.request_body is not None:
        parts.append(f"--data {shlex.quote(call.request_body)}")
    return " \\\n  ".join(parts)


def call_rows(calls: Sequence[RecordedCall], created_at: float, base_url: str) -> tuple[CallRow, ...]:
    """A row for each call in order; `created_at` is the lookup's, in epoch seconds."""
    rows: list[CallRow] = []
    polls = 0
    turn = ""
    for number, recorded in enumerate(calls, start=1):
        own_work = None
        if not rows or rows[-1].recorded.turn != recorded.turn:
            own_work = ours(recorded, calls)
            turn = call_words.TURNS[recorded.turn.kind]
            if recorded.turn.kind is TurnKind.POLL:
                polls += 1
                turn = f"{turn} {polls}"
        offset = max(0.0, recorded.call.started_at - created_at)
        rows.append(CallRow(number, recorded, base_url, offset=offset, turn=turn, ours=own_work))
    _relate(rows)
    return tuple(rows)


def ours(recorded: RecordedCall, calls: Sequence[RecordedCall]) -> int:
    """Our own milliseconds of a call's turn: those in which Hum was not answering."""
    own_work = recorded.turn.milliseconds
    for each in calls:
        if each.turn == recorded.turn:
            own_work -= each.call.milliseconds
    return max(0, own_work)


def _relate(rows: Sequence[CallRow]) -> None:
    answered: dict[str, CallRow] = {}
    failed: dict[str, CallRow] = {}
    for row in rows:
        operation = row.call.operation
        if not call_words.failed(row.call):
            row.earlier = answered.get(operation)
            if row.earlier is None and operation == "status":
                # A create answers with the same envelope as a status.
                row.earlier = answered.get("create")
        before = failed.pop(operation, None)
        if before is not None and before.recorded.turn == row.recorded.turn:
            row.retry_of = before
        else:
            row.asks_again = before
        if call_words.failed(row.call):
            failed[operation] = row
        elif row.call.response_body:
            answered[operation] = row
