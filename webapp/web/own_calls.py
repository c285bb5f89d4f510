"""The calls of one of the viewer's lookups, ready to draw: on the console's own page, or beside the result."""

from __future__ import annotations

from flask import request

from webapp.lookups.lifecycle import Lookup
from webapp.pages.console.meter import meter
from webapp.pages.console.page import ConsolePage
from webapp.pages.tour import Shows
from webapp.settings.values import PRODUCTION_URL, SANDBOX_URL
from webapp.web import presenter
from webapp.web.context import services
from webapp.web.own_lookups import OwnerLinks, carried_arguments, tour_stop

URLS = {"SANDBOX": SANDBOX_URL, "LIVE": PRODUCTION_URL}
LOCAL_SIMULATOR, LOCAL_AGENT_SIMULATOR = "http://127.0.0.1:8900", "http://127.0.0.1:8920"
"""In demo mode the simulator answers inside this program; a command in a shell needs one that listens."""


def calls_of(lookup: Lookup, *, beside: bool = False) -> ConsolePage:
    """The console of a lookup for a browser that shows the calls up to the one that this request names as `seen`;
    `beside` as in `ConsolePage`.
    """
    now = services().clock()
    stop = tour_stop()
    return ConsolePage(
        presenter.shown_lookup(lookup),
        presenter.shown_calls(services().calls.of_lookup(lookup.id), lookup),
        meter(services().limiter, services().calls.newest_headers(), now),
        links=OwnerLinks(lookup.id, carried_arguments()),
        schedule=services().lookups.poll_schedule,
        now=now,
        base_url=base_url(lookup, LOCAL_SIMULATOR),
        agent_url=agent_url(LOCAL_AGENT_SIMULATOR),
        kept_days=services().settings.calls_kept_days,
        seen=request.args.get("seen", 0, type=int),
        beside=beside,
        shows=stop.shows if stop else Shows.RESULT,
    )


def base_url(lookup: Lookup, simulator: str) -> str:
    """Where this lookup's Hum is: a lookup keeps its environment when the installation moves to another."""
    if lookup.environment == "DEMO":
        return simulator
    return URLS.get(lookup.environment, services().settings.upstream_url)


def agent_url(simulator: str) -> str:
    """Where H Company's agents are."""
    if services().settings.demo:
        return simulator
    return services().settings.agent_url
