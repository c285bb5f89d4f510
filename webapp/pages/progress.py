"""What a lookup looks like to a person: its named steps with seconds, the words of its outcome, and when the page asks
again. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from webapp.hum.sessions import AgentState
from webapp.lookups.lifecycle import Lookup, Outcome, Reason, State
from webapp.plans.figures import plural

LONGEST_DELAY = 3.0
IN_FLIGHT_DELAY = 0.25
SHORTEST_DELAY = 0.3


class Status(StrEnum):
    """How far a step is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Step:
    """One named step; `seconds` counts from the click, None for a step that has not begun or never will."""

    name: str
    status: Status
    text: str
    seconds: float | None = None


def steps(lookup: Lookup, now: float) -> tuple[Step, ...]:
    """Address, providers, plans: always three, in this order."""
    return (_address_step(lookup, now), _providers_step(lookup, now), _plans_step(lookup, now))


def refresh_delay(lookup: Lookup, now: float) -> float:
    """Our seconds until the page asks us again: just after the next answer of Hum is due, at most 3 s.

    While another viewer's request is asking Hum at this moment, its answer is worth a short second look; the longer Hum
    takes, the longer.
    """
    if lookup.next_poll_at is None or lookup.claimed_at is not None:
        return min(max(IN_FLIGHT_DELAY, (now - (lookup.claimed_at or now)) / 2), LONGEST_DELAY)
    return min(max(lookup.next_poll_at - now + 0.05, SHORTEST_DELAY), LONGEST_DELAY)


def waiting_note(lookup: Lookup, now: float) -> str | None:
    """Why a lookup is held up, in words that count down while it runs; None when it is not."""
    if lookup.can_resume and lookup.provider_count:
        return (
            "Hum stopped answering before every plan was listed. What came until then is below; Keep checking asks "
            "again."
        )
    if not lookup.being_asked or lookup.next_poll_at is None:
        return None
    seconds = max(1, round(lookup.next_poll_at - now))
    if lookup.reason is Reason.RATE_LIMITED:
        return (
            f"Hum asks us to slow down. The next try is in {plural(seconds, 'second')}; everything found so far is "
            "kept."
        )
    if lookup.reason is Reason.DOWN:
        return (
            f"Hum is not responding. The next try is in {plural(seconds, 'second')}; everything found so far is kept."
        )
    if lookup.reason is Reason.UNAVAILABLE:
        return (
            f"Hum did not answer properly. The next try is in {plural(seconds, 'second')}; everything found so far "
            "is kept."
        )
    return None


def headline(lookup: Lookup) -> str:
    """One sentence on where the lookup stands, for the tab's title and for screen readers."""
    outcome = lookup.outcome
    if outcome is Outcome.SERVED:
        return f"{plural(lookup.provider_count, 'provider')} found"
    if outcome is not None:
        return WORDS[outcome].title
    if lookup.provider_count:
        return f"{plural(lookup.provider_count, 'provider')} found, plans are still coming"
    if lookup.reason is not None:
        return "Waiting for Hum"
    if lookup.geocoded_at is not None:
        return "Address matched, finding providers"
    return "Looking up the address"


def _address_step(lookup: Lookup, now: float) -> Step:
    taken = _since(lookup, lookup.geocoded_at)
    if lookup.geocoding is AgentState.MULTIPLE:
        return Step("Address", Status.TROUBLE, "Several addresses match", taken)
    if lookup.geocoding is AgentState.FAILED:
        return Step("Address", Status.TROUBLE, "Address not recognized", _since(lookup, lookup.finished_at))
    if lookup.geocoded_at is not None:
        return Step("Address", Status.DONE, "Address matched", taken)
    if lookup.provider_count or not lookup.being_asked:
        return Step("Address", Status.TROUBLE, "No matched address received")
    return Step("Address", Status.RUNNING, "Matching the address", now - lookup.created_at)


def _providers_step(lookup: Lookup, now: float) -> Step:
    if lookup.provider_count:
        text = f"{plural(lookup.provider_count, 'provider')} found"
        return Step("Providers", Status.DONE, text, _since(lookup, lookup.providers_at))
    if lookup.state is State.DONE and lookup.geocoding is not AgentState.FAILED:
        return Step("Providers", Status.TROUBLE, "No providers found", _since(lookup, lookup.finished_at))
    if not lookup.being_asked:
        return Step("Providers", Status.WAITING, "Providers not known")
    if lookup.geocoded_at is None:
        return Step("Providers", Status.WAITING, "Providers")
    return Step("Providers", Status.RUNNING, "Finding providers", now - lookup.created_at)


def _plans_step(lookup: Lookup, now: float) -> Step:
    if not lookup.provider_count and lookup.being_asked:
        return Step("Plans", Status.WAITING, "Plans")
    if not lookup.provider_count:
        return Step("Plans", Status.WAITING, "Plans not known")
    listed = plural(lookup.plan_count, "plan")
    if lookup.being_asked and lookup.plans_missing:
        return Step("Plans", Status.RUNNING, f"{listed} so far", now - lookup.created_at)
    if not lookup.plan_count:
        return Step("Plans", Status.DONE, "No plan details listed", _since(lookup, lookup.finished_at))
    text = f"{listed} listed"
    if lookup.plans_missing:
        text = f"{text}; {plural(lookup.plans_missing, 'provider')} without plan details"
    return Step("Plans", Status.DONE, text, _since(lookup, lookup.finished_at))


def _since(lookup: Lookup, moment: float | None) -> float | None:
    if moment is None:
        return None
    return max(0.0, moment - lookup.created_at)


@dataclass(frozen=True, slots=True)
class Words:
    """An outcome in words: what it is, what it means, what to do next.

    `tone` picks icon and color, `first` names the button to press next: edit, again, keep or new.
    """

    title: str
    meaning: str
    next_step: str
    tone: str
    first: str


WORDS: dict[Outcome, Words] = {
    Outcome.SERVED: Words(
        "Providers found",
        "These providers say they serve this address.",
        "The provider confirms availability and price at checkout.",
        "good",
        "new",
    ),
    Outcome.NO_SERVICE: Words(
        "No service found",
        "Hum knows the address but lists no internet provider for it. That is not proof that no provider serves it.",
        "Check the unit and ZIP code, or ask the local providers directly.",
        "quiet",
        "edit",
    ),
    Outcome.NOT_RECOGNIZED: Words(
        "Address not recognized",
        "Hum could not find this address, so it never asked who serves it.",
        "Check the house number and spelling, or add the ZIP code. New buildings can be missing.",
        "warn",
        "edit",
    ),
    Outcome.AMBIGUOUS: Words(
        "More than one address matches",
        "More than one address fits what you entered, so Hum could not check availability.",
        "Add a unit or the ZIP+4.",
        "warn",
        "edit",
    ),
    Outcome.STILL_UNKNOWN: Words(
        "Still unknown",
        "Hum is still searching. We don't know yet who serves this address.",
        "Keep checking (no extra charge).",
        "warn",
        "keep",
    ),
    Outcome.EXPIRED: Words(
        "This lookup has expired",
        "Hum closed the session before it had an answer. What was found until then is kept below.",
        "Look up again starts a new one with the same address.",
        "warn",
        "again",
    ),
    Outcome.REFUSED: Words(
        "Hum could not answer",
        "The lookup service refused or could not be reached. This says nothing about service at the address.",
        "",
        "bad",
        "again",
    ),
    Outcome.STOPPED: Words(
        "Stopped",
        "You stopped this lookup before there was an answer.",
        "Look up again starts a new one with the same address.",
        "quiet",
        "again",
    ),
}

REFUSALS: dict[Reason, tuple[str, str]] = {
    Reason.INVALID: ("Hum refused the address as it was typed.", "Edit the address and look it up again."),
    Reason.NOT_AUTHORIZED: (
        "Hum does not accept this installation's key.",
        "Tell the person who runs this page. The lookup is kept and can continue once the key is right.",
    ),
    Reason.RATE_LIMITED: (
        "Hum is receiving too many requests from us.",
        "Wait a minute, then try again. Nothing is lost.",
    ),
    Reason.UNAVAILABLE: (
        "Hum could not be reached, or its answers could not be read, three times in a row.",
        "Try again in a moment. Nothing is lost.",
    ),
    Reason.DOWN: (
        "Hum is not responding, so this lookup was not sent.",
        "Nothing was started. Try again in a moment; we keep looking whether Hum is back.",
    ),
    Reason.UNCERTAIN: (
        "The connection broke while the lookup was being started, so we do not know whether Hum began it.",
        "Look up again asks you to confirm first, since Hum may count a new one as a second lookup.",
    ),
}

NEVER_BEGUN = (
    "Hum could not be reached, or its answer could not be read, when the lookup was to be started.",
    "Nothing was started. Try again in a moment.",
)
"""In place of `REFUSALS[Reason.UNAVAILABLE]` for a lookup that was refused at its first call."""


def words(lookup: Lookup) -> Words | None:
    """The words of a lookup's outcome, made precise by its reason; None while it runs."""
    outcome = lookup.outcome
    if outcome is None:
        return None
    if outcome is not Outcome.REFUSED or lookup.reason not in REFUSALS:
        return WORDS[outcome]
    meaning, next_step = REFUSALS[lookup.reason]
    if lookup.reason is Reason.UNAVAILABLE and lookup.state is State.FAILED:
        meaning, next_step = NEVER_BEGUN
    first = "again"
    if lookup.can_resume:
        first = "keep"
    elif lookup.reason is Reason.INVALID:
        first = "edit"
    return replace(WORDS[outcome], meaning=meaning, next_step=next_step, first=first)
