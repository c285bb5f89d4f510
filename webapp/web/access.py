"""Who may use which route, and the audit log. With AUTH=none everybody may use all of them, and nothing here runs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Protocol

from flask import Flask, Response, g, request
from werkzeug.wrappers import Response as WerkzeugResponse

from webapp.addresses.address import FIELDS
from webapp.identity.person import Person
from webapp.telemetry import log
from webapp.web.context import frame_of_request, services
from webapp.web.refused_requests import ForOperators, NotAMember


class Access(Enum):
    """Whom a route answers."""

    MACHINES = auto()
    """Anyone, and nobody is looked for: it must answer while the database is away."""
    ANYONE = auto()
    PERSON = auto()
    OPERATOR = auto()
    OPERATOR_WHEN_LIVE = auto()
    """Whoever is signed in, and operators only where a call costs money."""


class Door(Protocol):
    """A way to sign in."""

    def person(self) -> Person | None:
        """Who sent this request."""

    def ask_in(self) -> WerkzeugResponse | tuple[str, int]:
        """The answer to a request of nobody."""


ACCESS: Mapping[str, Access] = {
    **dict.fromkeys(("health.healthz", "metrics.page", "favicon", "sign_in.out_at_provider"), Access.MACHINES),
    # A shared page is for whoever has its link; the sign-in for whoever has no account yet.
    **dict.fromkeys(
        (
            "embedding.check",
            "embedding.ended",
            "embedding.refused",
            "embedding.script",
            "shares.shared",
            "shares.print_page",
            "sign_in.begin",
            "sign_in.back",
            "sign_in.out",
        ),
        Access.ANYONE,
    ),
    **dict.fromkeys(
        (
            "address_form.answer",
            "address_form.begin",
            "batch_rows.edit",
            "batch_rows.save",
            "batches.act",
            "batches.columns",
            "batches.confirm_delete",
            "batches.create",
            "batches.delete",
            "batches.export",
            "batches.index",
            "batches.page",
            "batches.progress",
            "batches.sample",
            "batches.start",
            "console.archive",
            "console.live",
            "console.page",
            "coverage.ask",
            "coverage.page",
            "demo.choose_speed",
            "demo.run",
            "demo.scenarios",
            "demo.tour_page",
            "embedding.share",
            "history.clear",
            "history.confirm_clear",
            "history.delete",
            "history.page",
            "lookups.again",
            "lookups.check_plans",
            "lookups.create",
            "lookups.form",
            "lookups.keep_checking",
            "lookups.next_step",
            "lookups.page",
            "lookups.progress",
            "lookups.stop",
            "presenting.page",
            "presenting.switch",
            "research.progress",
            "research.start",
            "research.stop",
            "results.comparison",
            "results.export",
            "results.plan",
            "results.print_page",
            "results.provider",
            "results.report",
            "results.row",
            "shares.create",
            "shares.page",
            "shares.revoke",
            "sign_in.earlier",
            "sign_in.end_one",
            "sign_in.end_others",
            "sign_in.mine",
        ),
        Access.PERSON,
    ),
    **dict.fromkeys(
        ("status.page", "status.trace", "operators.delete_batch", "operators.sign_out", "operators.sign_out_everybody"),
        Access.OPERATOR,
    ),
    **dict.fromkeys(("try_it.page", "try_it.call"), Access.OPERATOR_WHEN_LIVE),
}
"""By the name of the route; one that is missing here is for operators."""

AUDITED: Mapping[str, str] = {
    "lookups.create": "lookup started",
    "lookups.again": "lookup started",
    "lookups.stop": "lookup stopped",
    "lookups.check_plans": "plans checked",
    "coverage.ask": "coverage asked",
    "research.start": "web search started",
    "research.stop": "web search stopped",
    "batches.create": "batch made",
    "batches.start": "batch started",
    "batches.act": "batch changed",
    "batches.delete": "batch deleted",
    "batches.export": "batch exported",
    "operators.delete_batch": "batch of another deleted",
    "operators.sign_out": "another signed out",
    "operators.sign_out_everybody": "everybody signed out",
    "history.delete": "lookup deleted",
    "history.clear": "all lookups deleted",
    "results.export": "lookup exported",
    "console.archive": "calls exported",
    "shares.create": "link made",
    "shares.revoke": "link revoked",
    "sign_in.back": "signed in",
    "sign_in.out": "signed out",
    "sign_in.earlier": "earlier lookups",
    "sign_in.end_one": "signed out elsewhere",
    "sign_in.end_others": "signed out elsewhere",
    "try_it.call": "call by hand",
}
"""What is written down, by the name of the route."""


def register(app: Flask, door: Door) -> None:
    """Lets requests in by the list above, and writes down what persons did."""

    @app.before_request
    def admit() -> WerkzeugResponse | tuple[str, int] | None:
        if frame_of_request() is not None:
            # Whoever may frame the site, and with EMBED_SECRET whoever an intranet has named, sees their own lookups.
            return None
        access = ACCESS.get(request.endpoint or "", Access.OPERATOR)
        g.person = None
        if access is not Access.MACHINES:
            g.person = door.person()
        if access in {Access.MACHINES, Access.ANYONE} or request.endpoint is None:
            return None
        if g.person is None:
            return door.ask_in()
        if not g.person.roles:
            raise NotAMember
        if not g.person.is_operator and _is_for_operators(access):
            raise ForOperators
        return None

    @app.after_request
    def write_down(response: Response) -> Response:
        act = AUDITED.get(request.endpoint or "")
        person = g.get("person")
        if act is not None and person is not None:
            log.info(
                "audit",
                who=person.subject,
                act=act,
                outcome=response.status_code,
                lookup=_lookup(response),
                batch=(request.view_args or {}).get("batch_id"),
                **_address(act),
            )
        return response


def _is_for_operators(access: Access) -> bool:
    if access is Access.OPERATOR_WHEN_LIVE:
        return services().settings.environment in {"LIVE", "CUSTOM"}
    return access is Access.OPERATOR


def _lookup(response: Response) -> str | None:
    """The lookup that a request names, or that its answer leads to."""
    named: str | None = (request.view_args or {}).get("lookup_id")
    _, found, begun = (response.location or "").partition("/lookups/")
    if named is None and found:
        return begun.partition("?")[0]
    return named


def _address(act: str) -> dict[str, str]:
    """What was typed, where a setting says that it may be written down."""
    if act != "lookup started" or not services().settings.audit_addresses:
        return {}
    typed = [request.form.get(name, "") for name in (*FIELDS, "paste")]
    return {"address": ", ".join(filter(None, typed))[:500]}
