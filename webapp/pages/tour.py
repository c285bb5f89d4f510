"""The tour: the scenarios and calls worth showing, in the order to show them, and what to say at each. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from webapp.simulator import SCENARIOS, Scenario


class Shows(StrEnum):
    """What the page opens for a stop: nothing of its own, one call of the lookup, or *Try the API*."""

    RESULT = "result"
    CREATE = "create"
    STATUS = "status"
    LIST = "internet"
    CURL = "curl"
    TRY = "try"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the tour, counted from 1."""

    number: int
    scenario: Scenario
    title: str
    say: str
    shows: Shows

    @property
    def before(self) -> Stop | None:
        """The stop before this one; None at the beginning."""
        return STOPS_BY_NUMBER.get(self.number - 1)

    @property
    def following(self) -> Stop | None:
        """The next stop; None at the end."""
        return STOPS_BY_NUMBER.get(self.number + 1)


_CALLS = (
    (Shows.CREATE, "Create", "One POST opens the session and is never repeated by itself: a lookup is paid for once."),
    (Shows.STATUS, "Poll", "GET session until the address is matched. Each call says what changed since the last one."),
    (
        Shows.LIST,
        "List",
        "GET services/internet brings providers and plans. The first list with plans ends the lookup.",
    ),
    (
        Shows.CURL,
        "curl and HAR",
        "Any call can be repeated in a shell, and all of them saved as a HAR file. No key is in it.",
    ),
    (
        Shows.TRY,
        "Try the API",
        "Every endpoint as a form, with its raw answer. The session is that of the lookup before.",
    ),
)
_SCENARIOS = (
    ("late-plans", "Providers are shown as soon as Hum names them; plans follow. Nothing on the page jumps."),
    ("other-house", "Hum matched another house. We say so, word by word, before a customer is promised a price."),
    ("multiple", "Several addresses fit. This is not a no: add the unit or the ZIP code's last four digits."),
    (
        "no-providers",
        "Hum knows the address and lists no provider. Only this means no service found, and even this is no proof. One "
        "press lets an agent search the web; what it finds is never mixed with Hum's list.",
    ),
    (
        "never",
        "Hum may take longer than the 30 seconds it allows for asking. Keep checking goes on and costs no new lookup.",
    ),
    (
        "server-error-once",
        "Hum fails for two seconds. What was found stays, the next try is announced, and it recovers by itself.",
    ),
    ("rate-limited", "Hum asks us to slow down, with 429 in the calls. The page shows how long the wait is."),
    ("sixty-providers", "The longest answer: filters, order and the picture of price against speed keep it readable."),
)


def _stops() -> tuple[Stop, ...]:
    first = SCENARIOS["fast"]
    found = [
        Stop(
            1,
            first,
            first.title,
            "An address goes in, providers and prices come out. Beside them: every call.",
            Shows.RESULT,
        )
    ]
    for shows, title, say in _CALLS:
        found.append(Stop(len(found) + 1, first, title, say, shows))
    for key, say in _SCENARIOS:
        scenario = SCENARIOS[key]
        found.append(Stop(len(found) + 1, scenario, scenario.title, say, Shows.RESULT))
    return tuple(found)


STOPS = _stops()
STOPS_BY_NUMBER = {stop.number: stop for stop in STOPS}
