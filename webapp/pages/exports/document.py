"""Everything an export shows of one lookup. Frozen facts, made from the stored snapshot; Hum is not asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.addresses.address import Address
from webapp.plans.model import Provider


class Environment(StrEnum):
    """Where the answer came from. A demo must never pass for a real answer."""

    DEMO = "DEMO"
    SANDBOX = "SANDBOX"
    LIVE = "LIVE"
    CUSTOM = "CUSTOM"


@dataclass(frozen=True, slots=True)
class ResultDocument:
    """One lookup as exported.

    `outcome` is the key (`served`), `outcome_words` the sentence people read. `as_of` knows its offset; it is shown in
    that offset with `time_zone` (`EST`, `UTC`) after it. `flags` are warnings in words, such as a changed house number.
    `url` leads back to the lookup.
    """

    typed: Address
    matched: str | None
    outcome: str
    outcome_words: str
    as_of: datetime
    time_zone: str
    data_set: str | None
    environment: Environment
    providers: tuple[Provider, ...]
    providers_left_out: int = 0
    order_said: str = ""
    flags: tuple[str, ...] = ()
    url: str | None = None

    @property
    def as_of_text(self) -> str:
        """The stamp that every export carries: `2026-11-22 09:30 EST, data set 25041808, SANDBOX`."""
        data_set = f"data set {self.data_set}" if self.data_set else "data set not stated"
        return f"{self.as_of:%Y-%m-%d %H:%M} {self.time_zone}, {data_set}, {self.environment}"
