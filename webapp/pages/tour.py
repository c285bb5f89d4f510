"""The tour: the scenarios worth showing, in the order to show them, and what to say at each. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.simulator import SCENARIOS, Scenario


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the tour, counted from 1."""

    number: int
    scenario: Scenario
    say: str

    @property
    def before(self) -> Stop | None:
        """The stop before this one; None at the beginning."""
        return STOPS_BY_NUMBER.get(self.number - 1)

    @property
    def following(self) -> Stop | None:
        """The next stop; None at the end."""
        return STOPS_BY_NUMBER.get(self.number + 1)


_SAID = (
    (
        "fast",
        "An address goes in, providers and prices come out. Beside them: one call opens the session, the others ask.",
    ),
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
STOPS = tuple(Stop(number, SCENARIOS[key], say) for number, (key, say) in enumerate(_SAID, 1))
STOPS_BY_NUMBER = dict(enumerate(STOPS, 1))
