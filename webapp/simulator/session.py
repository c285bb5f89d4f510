"""What a session looks like at a given age: pure, and the only place that reads a scenario's times."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.simulator.catalog import Json
from webapp.simulator.envelopes import DATA_SET, DATA_SET_V1, date
from webapp.simulator.faults.timing import plans_at
from webapp.simulator.normalized import Matched, matched
from webapp.simulator.scenario import AddressText, Generation
from webapp.simulator.session_tokens import PACKED_FIELDS, Ticket
from webapp.simulator.shapes import listed

_UNMATCHED = ("pending", "multiple", "failed")
"""Words of the geocoding agent without a match."""


@dataclass(frozen=True, slots=True)
class View:
    """A session at one moment. `age` and `changed_at`, the age at the last change, are seconds after creation."""

    geocoding: str | None
    internet: str
    address: Matched | None
    age: float
    changed_at: float
    geocoded: bool
    searched: bool

    def agent_status(self) -> dict[str, str]:
        """The agents as Hum names them; checkout never begins."""
        others = {"internet": self.internet, "checkout": "pending"}
        if self.geocoding is None:
            return others
        return {"geocoding": self.geocoding, **others}


def internet_at(ticket: Ticket) -> float | None:
    """When the provider search ends: the scenario's second, or 4 to 6 s by street in the normal flow. None: never."""
    if not ticket.scenario.internet_by_address:
        return ticket.scenario.internet_at
    digest = hashlib.sha256(ticket.params["street1"].encode("utf-8", "replace")).digest()
    return 4.0 + int.from_bytes(digest[:2], "big") % 2_001 / 1_000


def at(ticket: Ticket, age: float) -> View:
    """The session `age` seconds after its creation."""
    scenario = ticket.scenario
    ready_at = internet_at(ticket)
    geocoded = age >= scenario.geocoded_at
    searched = ready_at is not None and age >= ready_at
    geocoding: str | None = "pending"
    internet = "pending"
    address = None
    if geocoded or scenario.geocoding is None:
        geocoding = scenario.geocoding
    if geocoded and geocoding not in _UNMATCHED:
        address = matched(ticket.params, other_house=scenario.other_house)
    if searched:
        internet = scenario.internet
    changed_at = 0.0
    for moment in (scenario.geocoded_at, ready_at, plans_at(ticket)):
        if moment is not None and changed_at < moment <= age:
            changed_at = moment
    return View(
        geocoding=geocoding,
        internet=internet,
        address=address,
        age=age,
        changed_at=changed_at,
        geocoded=geocoded,
        searched=searched,
    )


def status_code(ticket: Ticket, view: View) -> int:
    """202 until the first agent is done; in `accepted-then-ready` until all are."""
    if view.searched or (view.geocoded and not ticket.scenario.accepted_until_ready):
        return 200
    return 202


def address_data(ticket: Ticket, view: View) -> Json:
    """The service address as the data of a status. Hum's description demands a text in every answer: until an address
    is matched, and where none is, it is the one that was asked for. Only `agent_status` says whether it is a match.

    The oldest generation sends an object, and null until there is a match.
    """
    text = ticket.scenario.address_text
    if text is AddressText.ABSENT:
        return {}
    if text is AddressText.EMPTY:
        return {"service_address": ""}
    if view.address is None and ticket.scenario.generation is not Generation.V1:
        return {"service_address": matched(ticket.params).line()}
    return {"service_address": _matched_address(ticket, view)}


def _matched_address(ticket: Ticket, view: View) -> str | Json | None:
    if view.address is None or ticket.scenario.address_text is not AddressText.PRESENT:
        return None
    if ticket.scenario.generation is Generation.V1:
        return view.address.as_object()
    return view.address.line()


def providers(ticket: Ticket, view: View) -> list[Json]:
    """The providers of a session whose search is done; empty when it failed or found none."""
    if view.address is None or view.internet != "matched":
        return []
    plans_ready_at = plans_at(ticket)
    late = plans_ready_at is not None and view.age < plans_ready_at
    return listed(ticket.scenario, view.address, with_products=not late)


def session_meta(token: str, ticket: Ticket, view: View, now: float) -> Json:
    """Everything documented: statuses, the echo of the input, dates."""
    return {
        **brief_meta(token, ticket, now),
        "agent_status": view.agent_status(),
        "session_params": _echo(ticket),
        "service_address": _matched_address(ticket, view),
        "created_at": date(ticket.born),
        "updated_at": date(ticket.moment(view.changed_at)),
    }


def brief_meta(token: str, ticket: Ticket, now: float) -> Json:
    """The four fields every generation has."""
    data_set = DATA_SET
    if ticket.scenario.generation is Generation.V1:
        data_set = DATA_SET_V1
    return {
        "session_token": token,
        "session_status": "open",
        "responded_at": date(now),
        "hum_data_set": data_set,
    }


def _echo(ticket: Ticket) -> Mapping[str, object]:
    echo: dict[str, object] = {}
    for name in PACKED_FIELDS:
        if name in ticket.params:
            echo[name] = ticket.params[name]
    for name in ("latitude", "longitude"):
        if name in echo:
            echo[name] = float(ticket.params[name])
    if ticket.scenario.generation is Generation.V1 and "zip" in echo:
        echo["zip"] = int(ticket.params["zip"][:5])
    return echo
