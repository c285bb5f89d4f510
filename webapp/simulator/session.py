"""What a session looks like at a given age: pure, and the only place that reads a scenario's times."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from webapp.simulator.catalog import Json
from webapp.simulator.faults.strike import plans_at
from webapp.simulator.normalized import Matched, matched
from webapp.simulator.scenario import Generation
from webapp.simulator.shapes import listed
from webapp.simulator.tokens import Ticket


@dataclass(frozen=True, slots=True)
class View:
    """A session at one moment. `age` and `changed_at`, the age at the last change, are seconds after creation."""

    geocoding: str
    internet: str
    address: Matched | None
    age: float
    changed_at: float
    geocoded: bool
    searched: bool

    def agent_status(self) -> dict[str, str]:
        """The three agents as Hum names them; checkout never begins."""
        return {"geocoding": self.geocoding, "internet": self.internet, "checkout": "pending"}


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
    address = (
        matched(ticket.params, other_house=scenario.other_house)
        if geocoded and scenario.geocoding == "matched"
        else None
    )
    moments = [0.0, scenario.geocoded_at, ready_at, plans_at(ticket)]
    return View(
        geocoding=scenario.geocoding if geocoded else "pending",
        internet=scenario.internet if searched else "pending",
        address=address,
        age=age,
        changed_at=max(moment for moment in moments if moment is not None and moment <= age),
        geocoded=geocoded,
        searched=searched,
    )


def status_code(ticket: Ticket, view: View) -> int:
    """202 until the first agent is done; in `accepted-then-ready` until all are."""
    done = view.searched if ticket.scenario.accepted_until_ready else view.geocoded
    return 200 if done else 202


def service_address(ticket: Ticket, view: View) -> str | Json | None:
    """The matched address in the shape of the session's generation; None until, and unless, one is matched."""
    if view.address is None:
        return None
    return view.address.as_object() if ticket.scenario.generation is Generation.V1 else view.address.line()


def providers(ticket: Ticket, view: View) -> list[Json]:
    """The providers of a session whose search is done; empty when it failed or found nobody."""
    if view.address is None or view.internet != "matched":
        return []
    plans_ready_at = plans_at(ticket)
    late = plans_ready_at is not None and view.age < plans_ready_at
    return listed(ticket.scenario, view.address, with_products=not late)
