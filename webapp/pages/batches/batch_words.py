"""Batches in words: where one stands, why it paused, what became of a row, how long something takes. Pure."""

from __future__ import annotations

import math

from webapp.batches.batch import Batch, BatchRow, BatchState, RowState, RowVerdict
from webapp.batches.columns import ColumnRole
from webapp.batches.estimates import Estimate
from webapp.lookups.lifecycle import Outcome, Reason
from webapp.pages.progress import REFUSALS, WORDS
from webapp.plans.figures import plural

ROLE_CHOICES = (
    (ColumnRole.NOTHING, "Not part of the address"),
    (ColumnRole.LINE, "Whole address, or part of a line"),
    (ColumnRole.STREET, "Street address"),
    (ColumnRole.UNIT, "Unit"),
    (ColumnRole.CITY, "City"),
    (ColumnRole.STATE, "State"),
    (ColumnRole.ZIP, "ZIP code"),
)

DOWNLOADS = (
    ("xlsx", "", "Excel, a row for each address"),
    ("csv", "", "CSV, a row for each address"),
    ("xlsx", "plan", "Excel, a row for each plan"),
    ("csv", "plan", "CSV, a row for each plan"),
)
"""The files of a batch: their kind, what a row of them is (an address, if nothing is said), and their words."""
STATE_WORDS = {
    BatchState.DRAFT: "Not started",
    BatchState.RUNNING: "Running",
    BatchState.PAUSED: "Paused",
    BatchState.CANCELED: "Canceled",
    BatchState.FINISHED: "Finished",
}
STATE_TONES = {
    BatchState.DRAFT: "waiting",
    BatchState.RUNNING: "running",
    BatchState.PAUSED: "warn",
    BatchState.CANCELED: "quiet",
    BatchState.FINISHED: "good",
}
VERDICT_WORDS = {
    RowVerdict.READY: "Ready",
    RowVerdict.DUPLICATE: "Duplicate",
    RowVerdict.ASK: "Question",
    RowVerdict.CANNOT: "Cannot be looked up",
}
VERDICT_TONES = {
    RowVerdict.READY: "good",
    RowVerdict.DUPLICATE: "quiet",
    RowVerdict.ASK: "warn",
    RowVerdict.CANNOT: "bad",
}
PAUSE_REASONS = {
    "not_authorized": "Hum does not accept this installation's key. No further row was begun, and going on will not "
    "help until the key is right. Tell the person who runs this page.",
    "daily_limit": "Today's lookups are used up. No further row was begun; go on after midnight.",
}
BY_HAND = "No further row is begun until you go on. Rows that had begun are finished."
ANOTHER_REASON = "No further row was begun. Go on when the trouble is over."


def pause_text(batch: Batch) -> str:
    """Why a paused batch does."""
    if batch.pause_reason is None:
        return BY_HAND
    return PAUSE_REASONS.get(batch.pause_reason, ANOTHER_REASON)


def outcome_title(key: str | None) -> str:
    """The outcome of a lookup in words, by its key."""
    for outcome in Outcome:
        if outcome.value == key:
            return WORDS[outcome].title
    return "No answer"


def outcome_tone(key: str | None) -> str:
    """Which icon an outcome has."""
    for outcome in Outcome:
        if outcome.value == key:
            return WORDS[outcome].tone
    return "bad"


def row_result(row: BatchRow) -> str:
    """What became of a row: the title of its outcome, or why it has none."""
    if row.state is RowState.DONE:
        return outcome_title(row.outcome)
    if row.state is RowState.FAILED:
        return f"Failed. {error_text(row.error)}".strip()
    if row.state is RowState.LOOKING:
        return "Being looked up"
    if row.state is RowState.WAITING:
        return "Not looked up yet"
    return f"{VERDICT_WORDS[row.verdict]}. {row.why}".strip()


def error_text(error: str | None) -> str:
    """What kept a row from being answered."""
    for reason in Reason:
        if reason.value == error and reason in REFUSALS:
            return REFUSALS[reason][0]
    return "Something went wrong while it was looked up."


def duration_words(minutes: float) -> str:
    """`less than a minute`, `12 minutes`, `3 hours 20 minutes`."""
    if minutes < 1:
        return "less than a minute"
    whole = math.ceil(minutes)
    if whole < 90:
        return plural(whole, "minute")
    if whole > 600:
        return plural(math.ceil(whole / 60), "hour")
    hours, rest = divmod(math.ceil(whole / 10) * 10, 60)
    words = plural(hours, "hour")
    if rest:
        words += f" {rest} minutes"
    return words


def estimate_text(estimate: Estimate) -> str:
    """What looking up costs, in a sentence."""
    cost = f"{plural(estimate.lookups, 'lookup')}, at most {plural(estimate.calls, 'call')} to Hum"
    if estimate.minutes is None:
        return f"{cost}."
    return f"{cost}, about {duration_words(estimate.minutes)} at Hum's rate limit."


def column_letter(place: int) -> str:
    """The name of a column in a spreadsheet: A for 0, AA for 26."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
