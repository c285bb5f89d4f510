"""What a lookup looks like to a person: its named steps with seconds, the words of its outcome, and when the page asks
again. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from webapp.addresses.address import Address
from webapp.addresses.address_words import words_of_address
from webapp.hum.sessions import AgentState
from webapp.lookups.lifecycle import Lookup, Outcome, Reason, State, is_left
from webapp.lookups.polling import SESSION_LIFE, CheckResult, PlanCheck
from webapp.plans.figures import dollars, plural

LONGEST_DELAY = 3.0
IN_FLIGHT_DELAY = 0.25
SHORTEST_DELAY = 0.3
SPEAK_EVERY = 10.0
"""Seconds between two announcements of a running lookup."""


class Status(StrEnum):
    """How far a step is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Step:
    """One named step; `seconds` counts from the click, None for a step that has not begun or never will, and where
    nobody watched when it ended.
    """

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
    if outcome is None:
        return _running_headline(lookup)
    if outcome is not Outcome.SERVED:
        return WORDS[outcome].title
    found = f"{plural(lookup.provider_count, 'provider')} found"
    if lookup.geocoding is AgentState.MULTIPLE:
        return f"{found}, but more than one address matches"
    return found


def _running_headline(lookup: Lookup) -> str:
    if lookup.provider_count:
        return f"{plural(lookup.provider_count, 'provider')} found, plans are still coming"
    if lookup.reason is not None:
        return "Waiting for Hum"
    return _SEARCHING.get(lookup.geocoding, "Looking up the address")


_SEARCHING: dict[AgentState | None, str] = {
    AgentState.MATCHED: "Address matched, finding providers",
    AgentState.MULTIPLE: "More than one address matches, finding providers",
}


def spoken(lookup: Lookup, now: float) -> str:
    """What a screen reader is told: where the lookup stands, how long it has run, and at the end the lowest price."""
    said = headline(lookup)
    if not lookup.being_asked:
        if lookup.lowest_price is None:
            return f"{said}."
        return f"{said}. Lowest price {dollars(lookup.lowest_price)} a month in the first year."
    elapsed = now - lookup.created_at
    if elapsed < SPEAK_EVERY:
        return f"{said}."
    return f"{said}, {elapsed_text(elapsed)} so far."


def speech_turn(lookup: Lookup, now: float, earlier: str) -> str:
    """Differs from the `earlier` turn (empty: none) when a screen reader is to be told something: at the start, at the
    end, and every 10 seconds at most.
    """
    if not lookup.being_asked:
        return "end"
    elapsed = max(0.0, now - lookup.created_at)
    if re.fullmatch("[0-9]{1,9}", earlier) and abs(elapsed - int(earlier)) < SPEAK_EVERY:
        return earlier
    return f"{ceil(elapsed)}"


def elapsed_text(seconds: float) -> str:
    """`63 seconds`, from two minutes on `2 minutes`."""
    if seconds < 120:
        return plural(round(seconds), "second")
    return plural(round(seconds / 60), "minute")


def _address_step(lookup: Lookup, now: float) -> Step:
    taken = since_start(lookup, lookup.geocoded_at)
    if lookup.geocoding is AgentState.MULTIPLE:
        return Step("Address", Status.TROUBLE, "More than one address matches", taken)
    if lookup.geocoding is AgentState.FAILED:
        return Step("Address", Status.TROUBLE, "Address not recognized", since_start(lookup, lookup.finished_at))
    if lookup.geocoding is AgentState.MATCHED:
        return Step("Address", Status.DONE, "Address matched", taken)
    if lookup.provider_count or not lookup.being_asked:
        return Step("Address", Status.TROUBLE, "No matched address received")
    return Step("Address", Status.RUNNING, "Matching the address", _so_far(lookup, now))


def _providers_step(lookup: Lookup, now: float) -> Step:
    if lookup.provider_count:
        text = f"{plural(lookup.provider_count, 'provider')} found"
        return Step("Providers", Status.DONE, text, since_start(lookup, lookup.providers_at))
    if lookup.outcome is Outcome.NO_SERVICE:
        return Step("Providers", Status.TROUBLE, "No providers found", since_start(lookup, lookup.finished_at))
    if not lookup.being_asked:
        return Step("Providers", Status.WAITING, "Providers not known")
    if lookup.geocoded_at is None:
        return Step("Providers", Status.WAITING, "Providers")
    return Step("Providers", Status.RUNNING, "Finding providers", _so_far(lookup, now))


def _plans_step(lookup: Lookup, now: float) -> Step:
    if not lookup.provider_count and lookup.being_asked:
        return Step("Plans", Status.WAITING, "Plans")
    if not lookup.provider_count:
        return Step("Plans", Status.WAITING, "Plans not known")
    listed = plural(lookup.plan_count, "plan")
    if lookup.being_asked and lookup.plans_missing:
        return Step("Plans", Status.RUNNING, f"{listed} so far", _so_far(lookup, now))
    if not lookup.plan_count:
        return Step("Plans", Status.DONE, "No plan details listed", since_start(lookup, lookup.finished_at))
    text = f"{listed} listed"
    if lookup.plans_missing:
        text = f"{text}; {plural(lookup.plans_missing, 'provider')} without plan details"
    return Step("Plans", Status.DONE, text, since_start(lookup, lookup.finished_at))


def since_start(lookup: Lookup, moment: float | None) -> float | None:
    """Seconds from the click to a moment; None where it is not known."""
    if moment is None or not is_timed(lookup, moment):
        return None
    return max(0.0, moment - lookup.created_at)


def _so_far(lookup: Lookup, now: float) -> float | None:
    if lookup.left_at is not None or is_left(lookup.next_poll_at, now):
        return None
    return now - lookup.created_at


def is_timed(lookup: Lookup, moment: float) -> bool:
    """Whether what was learned at a moment became so about then: not where it was merely found when somebody looked
    again.
    """
    return lookup.left_at is None or moment <= lookup.left_at


def unfinished_text(provider_count: int, next_poll_at: float | None, now: float) -> str:
    """A lookup without an outcome, in a list that does not ask Hum itself. `next_poll_at` is when Hum was to be asked
    next.
    """
    found = ""
    if provider_count:
        found = f"{plural(provider_count, 'provider')} so far, "
    if next_poll_at is None or not is_left(next_poll_at, now):
        return _sentence(f"{found}still searching")
    if now - next_poll_at < SESSION_LIFE:
        return _sentence(f"{found}left while Hum was searching. Open it to see the result.")
    return _sentence(f"{found}left before Hum had finished")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


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
        "Check the address, or ask the local providers directly.",
        "quiet",
        "edit",
    ),
    Outcome.NOT_RECOGNIZED: Words(
        "Address not recognized",
        "Hum could not find this address, so it never asked who serves it.",
        "Check the house number and spelling. New buildings can be missing.",
        "warn",
        "edit",
    ),
    Outcome.AMBIGUOUS: Words(
        "More than one address matches",
        "Hum could not check availability: it cannot tell which address you mean.",
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
        "Hum closed the session before it had an answer.",
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
    Reason.REJECTED: (
        "Hum refused to say more about this lookup, and would refuse again.",
        "Check the address, then look it up again. If it happens again, tell the person who runs this page.",
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
    """The words of a lookup's outcome, made precise by what is known of it; None while it runs."""
    outcome = lookup.outcome
    if outcome is None:
        return None
    if outcome is Outcome.REFUSED and lookup.reason in REFUSALS:
        return _words_of_refusal(lookup, lookup.reason)
    if outcome in _PRECISE:
        return _PRECISE[outcome](lookup)
    return WORDS[outcome]


def words_for_others(lookup: Lookup) -> Words | None:
    """The same for people who did not start the lookup and can do nothing with it: no next step, and nothing about this
    installation.
    """
    told = words(lookup)
    if told is None:
        return None
    if lookup.outcome is Outcome.REFUSED:
        told = WORDS[Outcome.REFUSED]
    if lookup.outcome is Outcome.STOPPED:
        told = replace(told, meaning="The lookup was stopped before there was an answer.")
    return replace(told, next_step="")


def _words_of_refusal(lookup: Lookup, reason: Reason) -> Words:
    meaning, next_step = REFUSALS[reason]
    if reason is Reason.UNAVAILABLE and lookup.state is State.FAILED:
        meaning, next_step = NEVER_BEGUN
    first = "again"
    if lookup.can_resume:
        first = "keep"
    elif reason is Reason.INVALID:
        first = "edit"
    return replace(WORDS[Outcome.REFUSED], meaning=meaning, next_step=next_step, first=first)


def _words_of_served(lookup: Lookup) -> Words:
    told = WORDS[Outcome.SERVED]
    if lookup.geocoding is not AgentState.MULTIPLE:
        return told
    return replace(
        told,
        meaning="More than one address matches, so these providers may belong to another one.",
        next_step=f"{_more_precise(lookup.address)} {told.next_step}",
        tone="warn",
    )


def _words_of_no_service(lookup: Lookup) -> Words:
    told = WORDS[Outcome.NO_SERVICE]
    if lookup.geocoding is AgentState.MATCHED or lookup.matched_address:
        return told
    return replace(
        told,
        meaning="Hum lists no internet provider, and does not say which address it matched. That is not proof that no "
        "provider serves it.",
    )


def _words_of_not_recognized(lookup: Lookup) -> Words:
    told = WORDS[Outcome.NOT_RECOGNIZED]
    if lookup.address.zip:
        return told
    next_step = "Check the house number and spelling, or add the ZIP code. New buildings can be missing."
    return replace(told, next_step=next_step)


def _words_of_ambiguous(lookup: Lookup) -> Words:
    return replace(WORDS[Outcome.AMBIGUOUS], next_step=_more_precise(lookup.address))


def _words_of_still_unknown(lookup: Lookup) -> Words:
    elapsed = (lookup.answered_at or lookup.window_ends_at) - lookup.created_at
    meaning = f"Hum is still searching after {elapsed_text(elapsed)}. We don't know yet who serves this address."
    return replace(WORDS[Outcome.STILL_UNKNOWN], meaning=meaning)


_PRECISE: dict[Outcome, Callable[[Lookup], Words]] = {
    Outcome.SERVED: _words_of_served,
    Outcome.NO_SERVICE: _words_of_no_service,
    Outcome.NOT_RECOGNIZED: _words_of_not_recognized,
    Outcome.AMBIGUOUS: _words_of_ambiguous,
    Outcome.STILL_UNKNOWN: _words_of_still_unknown,
}


def _more_precise(address: Address) -> str:
    """What would tell one address from the others. It never asks for what was given."""
    missing = []
    if not words_of_address(address).units:
        missing.append("the unit")
    if not address.city:
        missing.append("the city")
    if not address.zip:
        missing.append("the ZIP code with its last four digits")
    elif len(address.zip) == 5:
        missing.append("the last four digits of the ZIP code")
    if not missing:
        return "Check the direction of the street (N, S, E, W) and its type (St, Ave), and look up again."
    if len(missing) == 1:
        return f"Add {missing[0]}, and look up again."
    return f"Add {', '.join(missing[:-1])} or {missing[-1]}, and look up again."


def check_text(check: PlanCheck) -> str:
    """What came of *Check for more plans*, for the page and for screen readers."""
    if check.result is CheckResult.ANSWERED:
        return _news_text(check.before, check.lookup)
    if check.result is CheckResult.SESSION_GONE:
        return "Hum no longer has this session; look the address up again."
    when = "in a moment"
    if check.wait:
        when = f"in {plural(max(1, round(check.wait)), 'second')}"
    if check.result is CheckResult.TOO_SOON:
        return f"Hum was asked a moment ago. Check again {when}."
    return f"Hum could not answer just now. Everything found is kept; check again {when}."


def _news_text(before: Lookup, after: Lookup) -> str:
    news = []
    if after.plan_count > before.plan_count:
        news.append(plural(after.plan_count - before.plan_count, "new plan"))
    if after.provider_count > before.provider_count:
        news.append(plural(after.provider_count - before.provider_count, "new provider"))
    if news:
        return f"{' and '.join(news)} found."
    if after.snapshot_digest != before.snapshot_digest:
        return "No new plans. Some details of the list have changed."
    return "No new plans."
