"""The two informational calls, which need no session: coverage of areas, facts of census blocks."""

from __future__ import annotations

from flask import Blueprint, Response, request

from webapp.simulator import coverage
from webapp.simulator.answers import DATA_SET, as_json, date
from webapp.simulator.catalog import Json
from webapp.simulator.refusals import Refusal
from webapp.simulator.state import simulator

blueprint = Blueprint("areas", __name__)


@blueprint.get("/coverage", endpoint="coverage")
def coverage_by_area() -> Response:
    """The providers of states, counties, tracts or blocks."""
    query = {name: request.args.getlist(f"{name}[]") for name in coverage.AREAS}
    if errors := coverage.query_errors(query):
        raise Refusal(422, message="The query could not be answered. See errors for details.", errors=errors)
    asked = {name: given for name, given in query.items() if given}
    providers = coverage.covering(query)
    title = "; ".join(f"{name}: {', '.join(given)}" for name, given in asked.items())
    return _answer(f"Coverage for {title}", providers, {"provider_count": len(providers), "query": asked})


@blueprint.get("/blocks")
def blocks() -> Response:
    """Census facts and providers of up to 100 blocks."""
    geoids = request.args.getlist("geoids[]")
    if errors := coverage.geoids_errors(geoids):
        raise Refusal(422, message="The query could not be answered. See errors for details.", errors=errors)
    found = coverage.blocks(geoids)
    return _answer(
        "Blocks retrieved successfully", found, {"blocks_found": len(found), "blocks_requested": len(geoids)}
    )


def _answer(message: str, data: list[Json], meta: Json) -> Response:
    dated = {"responded_at": date(simulator().clock()), "hum_data_set": DATA_SET, **meta}
    return as_json(200, {"message": message, "request_status": "ok", "data": data, "meta": dated})
