"""The `meta` of a session's answers in the shape of its generation."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.simulator import session
from webapp.simulator.answers import DATA_SET, DATA_SET_V1, date
from webapp.simulator.catalog import Json
from webapp.simulator.scenario import Generation
from webapp.simulator.session import View
from webapp.simulator.tokens import PACKED_FIELDS, Ticket


def session_meta(token: str, ticket: Ticket, view: View, now: float) -> Json:
    """Everything documented: statuses, the echo of the input, dates."""
    return {
        **brief_meta(token, ticket, now),
        "agent_status": view.agent_status(),
        "session_params": _echo(ticket),
        "service_address": session.service_address(ticket, view),
        "created_at": date(ticket.born),
        "updated_at": date(ticket.moment(view.changed_at)),
    }


def brief_meta(token: str, ticket: Ticket, now: float) -> Json:
    """The four fields every generation has."""
    return {
        "session_token": token,
        "session_status": "open",
        "responded_at": date(now),
        "hum_data_set": DATA_SET_V1 if ticket.scenario.generation is Generation.V1 else DATA_SET,
    }


def _echo(ticket: Ticket) -> Mapping[str, object]:
    echo: dict[str, object] = {name: ticket.params[name] for name in PACKED_FIELDS if name in ticket.params}
    for name in ("latitude", "longitude"):
        if name in echo:
            echo[name] = float(ticket.params[name])
    if ticket.scenario.generation is Generation.V1 and "zip" in echo:
        echo["zip"] = int(ticket.params["zip"][:5])
    return echo
