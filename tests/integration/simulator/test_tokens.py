"""Tokens carry the session, fit Hum's pattern, and cannot be forged."""

from __future__ import annotations

import base64
import re

from hypothesis import given
from hypothesis import strategies as st

from webapp.simulator import SCENARIOS
from webapp.simulator.session_tokens import HIGHEST_SPEED, PACKED_FIELDS, Ticket, issue
from webapp.simulator.session_tokens import read as read_token

SECRET = b"secret of these tests"
PATTERN = re.compile(r"[A-Za-z0-9_-]{8,128}")
ADDRESS = {
    "street1": "29090 Tiffany Drive E",
    "street2": "Apt A2",
    "city": "Southfield",
    "state": "MI",
    "zip": "48034-1234",
}


def read(token: str, secret: bytes) -> Ticket | None:
    """The ticket, where all scenarios and no faults are known."""
    numbered = {scenario.number: scenario for scenario in SCENARIOS.values()}
    return read_token(token, secret, numbered.get)


tickets = st.builds(
    Ticket,
    st.sampled_from(list(SCENARIOS.values())),
    st.integers(0, 4_000_000_000_000).map(lambda milliseconds: milliseconds / 1000),
    st.fixed_dictionaries(
        {"street1": st.text(min_size=1, max_size=100)}, optional=dict.fromkeys(PACKED_FIELDS[1:], st.text(max_size=100))
    ),
    st.integers(1, HIGHEST_SPEED),
)


@given(tickets)
def test_any_ticket_makes_a_token_that_fits_and_says_when_and_what(ticket):
    token = issue(ticket, SECRET)
    again = read(token, SECRET)
    assert PATTERN.fullmatch(token)
    assert again is not None
    assert (again.scenario, again.born, again.speed) == (ticket.scenario, ticket.born, ticket.speed)
    assert again.params.keys() <= ticket.params.keys()


def test_a_usual_address_survives_whole():
    ticket = Ticket(SCENARIOS["fast"], 1_790_000_000.5, {**ADDRESS, "campaign_id": "scenario:fast"})
    assert read(issue(ticket, SECRET), SECRET) == ticket


def test_what_does_not_fit_is_lost_from_the_least_needed_end():
    noise = "q8Zw!xK2@vB7#nM4$pL9%tR3^yH6&jD1*gF5(sA0)cE-uI=oP+"
    ticket = Ticket(
        SCENARIOS["fast"], 1.0, {"street1": noise, "zip": "48226", "street2": noise[::-1], "campaign_id": noise}
    )
    again = read(issue(ticket, SECRET), SECRET)
    assert again is not None
    assert again.params == {"street1": noise, "zip": "48226"}


def test_one_changed_byte_makes_a_stranger():
    token = issue(Ticket(SCENARIOS["fast"], 1.0, ADDRESS), SECRET)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for index in range(len(raw)):
        forged = bytearray(raw)
        forged[index] ^= 1
        assert read(base64.urlsafe_b64encode(forged).rstrip(b"=").decode(), SECRET) is None
    assert read(token, b"another secret") is None


@given(st.text(max_size=150) | st.from_regex(PATTERN, fullmatch=True))
def test_an_unsigned_text_is_not_a_token(text):
    assert read(text, SECRET) is None
