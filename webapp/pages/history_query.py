"""What the list of lookups is asked for in its address: words, an outcome, a place in the list. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.addresses.address import clean_text
from webapp.lookups.history import Cursor, Search, cursor
from webapp.lookups.lifecycle import Outcome
from webapp.lookups.store import LONGEST_QUERY
from webapp.pages.progress import WORDS

UNFINISHED = "unfinished"
CHOICES = {
    "": "Any outcome",
    **{outcome.value: WORDS[outcome].title for outcome in Outcome},
    UNFINISHED: "Not finished",
}
"""What can be chosen as an outcome, each with its words."""


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """What the query string asks for; whatever cannot be read is as if it were not there."""

    q: str
    outcome: str
    before: Cursor | None
    after: Cursor | None

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> HistoryQuery:
        """The query of a query string, or of the form of a button that leads back to the list."""
        outcome = given.get("outcome", "")
        if outcome not in CHOICES:
            outcome = ""
        return cls(
            q=clean_text(given.get("q", "")[:LONGEST_QUERY]) or "",
            outcome=outcome,
            before=cursor(given.get("before", "")),
            after=cursor(given.get("after", "")),
        )

    @property
    def search(self) -> Search:
        """The words and the outcome."""
        if self.outcome == UNFINISHED:
            return Search(self.q, unfinished=True)
        if not self.outcome:
            return Search(self.q)
        return Search(self.q, Outcome(self.outcome))

    @property
    def arguments(self) -> dict[str, str]:
        """Search and filter as a query string holds them."""
        return _stated({"q": self.q, "outcome": self.outcome})

    @property
    def place(self) -> dict[str, Any]:
        """The same with the place in the list."""
        return self.arguments | _stated({"before": self.before, "after": self.after})


def _stated(arguments: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in arguments.items() if value}
