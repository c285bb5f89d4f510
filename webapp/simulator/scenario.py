"""What a scenario is: a row of times (seconds after creation), shapes and faults. `session` follows it; `scenarios`
holds the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.simulator.faults import AnswerFault

SCENARIO_STREET = "Scenario Way"
FIRST_HOUSE_NUMBER = 901


class Generation(StrEnum):
    """Which of Hum's documented answer shapes a session speaks."""

    V1 = "V1"
    V2 = "V2"
    V3 = "V3"
    V4 = "V4"


class Catalog(StrEnum):
    """Which providers a session finds."""

    REGIONAL = "regional"
    NO_PROVIDERS = "no providers"
    NO_PRODUCTS = "providers without products"
    SIXTY = "sixty providers"
    SLOPPY = "null, missing and odd fields"
    RANGES = "speeds as ranges"


class AddressText(StrEnum):
    """What answers give as the service address, however far the matching is."""

    PRESENT = "present"
    ABSENT = "absent"
    EMPTY = "empty"


class FaultKind(StrEnum):
    """What a call answers instead of its normal answer."""

    UNAUTHORIZED = "401"
    NOT_FOUND = "404"
    GONE = "410"
    INVALID = "422"
    RATE_LIMITED = "429"
    SERVER_ERROR = "500"
    HTML = "502 with an HTML page"
    HANG = "no answer for 30 seconds"


@dataclass(frozen=True, slots=True)
class PollFault:
    """A fault on the two GETs from `start` until `end` (seconds of session age; None: forever)."""

    kind: FaultKind
    start: float = 0.0
    end: float | None = None

    def covers(self, age: float) -> bool:
        """Whether a session of this age is inside the fault."""
        return self.start <= age and (self.end is None or age < self.end)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One named way a lookup can go. Times are seconds after creation; None means never.

    `geocoding` is what its agent says from `geocoded_at` on, in any word; None when answers never name it.
    `internet_at` None with `internet_by_address` lets the street decide (4 to 6 s). `number` is stable: it is stored in
    tokens. `answer_fault` makes it a fault of the catalog; one `before_http` happens before there is a connection, so
    no request can choose it on a server.
    """

    number: int
    key: str
    title: str
    line: str
    extra: bool = False
    generation: Generation = Generation.V4
    immediate: bool = False
    accepted_until_ready: bool = False
    geocoding: str | None = "matched"
    geocoded_at: float = 1.2
    internet: str = "matched"
    internet_at: float | None = 4.0
    internet_by_address: bool = False
    plans_at: float | None = None
    catalog: Catalog = Catalog.REGIONAL
    other_house: bool = False
    address_text: AddressText = AddressText.PRESENT
    create_fault: FaultKind | None = None
    poll_fault: PollFault | None = None
    answer_fault: AnswerFault | None = None
    before_http: bool = False

    @property
    def house_number(self) -> int | None:
        """The house number on Scenario Way that chooses this scenario; None for the normal flow, which needs no
        choosing.
        """
        if self.internet_by_address:
            return None
        return FIRST_HOUSE_NUMBER + self.number

    @property
    def address(self) -> dict[str, str]:
        """An address that chooses this scenario: street1, city, state, zip."""
        street = "1001 Woodward Ave"
        if self.house_number is not None:
            street = f"{self.house_number} {SCENARIO_STREET}"
        return {"street1": street, "city": "Detroit", "state": "MI", "zip": "48226"}
