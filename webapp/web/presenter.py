"""What a presenter has chosen for this browser: whether house numbers, units, phones and tokens are hidden on every
page, and how fast time passes in the demo.

Views draw what the `shown_` functions return; without presenter mode that is what went in. The speed is real time,
fast, or step by step. The simulator keeps the time; the speed only chooses the headers that tell it how. Real answers
take their own time.

Step by step, a page of a running lookup does not ask by itself. *Next* asks as if the moment of the next poll had come,
and until then the page stands at the moment of the last one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import session

from webapp.addresses.address import Address
from webapp.hum.providers import ProviderList
from webapp.lookups.history import Page
from webapp.lookups.lifecycle import Lookup
from webapp.lookups.recorded_calls import RecordedCall, TurnKind
from webapp.pages.masks import (
    HIDDEN,
    identifying_words,
    masked_address,
    masked_call,
    masked_lookup,
    masked_providers,
)
from webapp.simulator import AGE_HEADER, SPEED_HEADER
from webapp.upstream.call import Call
from webapp.web.context import services

TYPE_AGAIN = "Type the hidden part of the address again: the lookup it came from is no longer kept."

_PRESENTING = "presenter"


def active() -> bool:
    """Whether this browser presents."""
    return session.get(_PRESENTING) is True


def switch(*, on: bool) -> None:
    """Remembered in the browser's cookie, so that it holds in new tabs and after a restart."""
    if on:
        session.permanent = True
        session[_PRESENTING] = True
    else:
        session.pop(_PRESENTING, None)


def shown_lookup(lookup: Lookup) -> Lookup:
    """A lookup to draw, never to store."""
    if not active():
        return lookup
    return masked_lookup(lookup)


def shown_providers(listed: ProviderList) -> ProviderList:
    """A provider list to draw."""
    if not active():
        return listed
    return masked_providers(listed)


def shown_page(page: Page) -> Page:
    """A page of the list of lookups to draw."""
    if not active():
        return page
    return replace(page, entries=tuple(replace(entry, address=masked_address(entry.address)) for entry in page.entries))


def shown_call(call: Call) -> Call:
    """A call to show."""
    if not active():
        return call
    return masked_call(call)


def shown_calls(recorded: Sequence[RecordedCall], lookup: Lookup) -> Sequence[RecordedCall]:
    """The recorded calls of a lookup to show."""
    if not active():
        return recorded
    words = identifying_words(lookup)
    shown = []
    for each in recorded:
        call = masked_call(each.call, words, in_json=each.turn.kind is TurnKind.RESEARCH)
        shown.append(replace(each, call=call))
    return shown


def as_kept(shown: Address, kept: Lookup) -> Address:
    """The address of a form that was filled from a lookup: a part that comes back as it was masked stands for the part
    itself.
    """
    masked, entered = masked_lookup(kept).address.as_dict(), shown.as_dict()
    unchanged = {}
    for name, value in kept.address.as_dict().items():
        if value and entered[name] == masked[name]:
            unchanged[name] = value
    return replace(shown, **unchanged)


def is_masked(address: Address) -> bool:
    """Whether a part of it is still hidden, so that it names no place."""
    return HIDDEN in address.one_line()


# How fast time passes.

_SPEED = "speed"
_LAST_STEP = "last_step"


@dataclass(frozen=True, slots=True)
class DemoSpeed:
    """One choice. `start_headers` go with the create call of a lookup; `note` stands on the page of a running one."""

    key: str
    title: str
    line: str
    start_headers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


REAL = DemoSpeed("real", "Real time", "As long as Hum would take.")
FAST = DemoSpeed(
    "fast",
    "Fast",
    "Five simulated seconds pass in one, for lookups you start from now on. What lasts only a moment may be skipped.",
    {SPEED_HEADER: "5"},
    "Fast: five simulated seconds pass in one for lookups started at this speed. The seconds shown are real ones.",
)
STEP = DemoSpeed(
    "step",
    "Step by step",
    "The simulated clock stands still until you press Next on a lookup's page; each step asks once.",
)
SPEEDS = (REAL, FAST, STEP)
_SPEED_BY_KEY = {choice.key: choice for choice in SPEEDS}


def chosen_speed() -> DemoSpeed:
    """This browser's choice; real time outside the demo."""
    key = session.get(_SPEED)
    if key is None or not services().settings.demo:
        return REAL
    return _SPEED_BY_KEY.get(str(key), REAL)


def choose_speed(key: str) -> None:
    """Remembers a choice; an unknown one changes nothing."""
    if key in _SPEED_BY_KEY:
        session[_SPEED] = key


def is_stepping() -> bool:
    """Whether this browser moves the simulated clock by hand."""
    return session.get(_SPEED) == STEP.key and services().settings.demo


def moment_of(lookup: Lookup) -> float:
    """The time in a lookup's life as this browser sees it, in epoch seconds: now, or the time of the last step."""
    if not is_stepping():
        return services().clock()
    stepped, moment = _last_step()
    if stepped != lookup.id:
        moment = lookup.created_at
    # The step counts too, because one to which Hum gave no proper answer left no time of its own in the lookup.
    recorded = (lookup.window_started_at, lookup.claimed_at, lookup.answered_at, lookup.finished_at)
    return max(moment, lookup.created_at, *filter(None, recorded))


def call_headers(lookup: Lookup, moment: float) -> dict[str, str]:
    """What a call about the lookup carries: step by step, the age of its session at that moment."""
    if not is_stepping():
        return {}
    return {AGE_HEADER: f"{max(0.0, moment - lookup.created_at):.3f}"}


def next_step(lookup: Lookup) -> Lookup:
    """*Next*: asks Hum as if the moment of the next poll had come. A poll that is under way is not repeated."""
    moment = lookup.next_poll_at
    if not is_stepping() or moment is None or lookup.claimed_at is not None:
        return lookup
    begun = services().clock()
    after = services().lookups.refresh(lookup, now=moment, headers=call_headers(lookup, moment))
    # A call that hung has taken its seconds from the lookup's time too.
    session[_LAST_STEP] = [lookup.id, moment + services().clock() - begun]
    return after


def refresh(lookup: Lookup) -> Lookup:
    """The lookup brought up to date, as its page asks by itself: step by step, as stored."""
    if is_stepping():
        return lookup
    return services().lookups.refresh(lookup)


def speed_note(lookup: Lookup, moment: float) -> str:
    """How time passes for a lookup that is still asked about; "" in real time."""
    if not lookup.being_asked or lookup.next_poll_at is None:
        return ""
    if not is_stepping():
        return chosen_speed().note
    at, following = max(0.0, moment - lookup.created_at), max(0.0, lookup.next_poll_at - lookup.created_at)
    return f"Step by step: the simulated clock stands at {at:.1f} s. Next moves it to {following:.1f} s and asks Hum."


def _last_step() -> tuple[str, float]:
    kept = session.get(_LAST_STEP)
    if not isinstance(kept, list) or len(kept) != 2:
        return "", 0.0
    lookup_id, moment = kept
    return str(lookup_id), float(moment)
